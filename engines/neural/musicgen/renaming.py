"""Map the names of a language model's tensors from transformers to audiocraft."""

from __future__ import annotations

import re
from typing import Any, Final

from musearoo.engines.neural.musicgen.faults import UnfitError
from musearoo.engines.neural.musicgen.tensors import Tensors

CONDITIONERS: Final = "condition_provider.conditioners."

OUTER: Final = (
    (re.compile(r"^decoder\.model\.decoder\.embed_tokens\.(\d+)\.weight$"), r"emb.\1.weight"),
    (re.compile(r"^decoder\.lm_heads\.(\d+)\.weight$"), r"linears.\1.weight"),
    (re.compile(r"^decoder\.model\.decoder\.layer_norm\.(weight|bias)$"), r"out_norm.\1"),
    (re.compile(r"^enc_to_dec_proj\.(weight|bias)$"), rf"{CONDITIONERS}description.output_proj.\1"),
    (re.compile(r"^audio_enc_to_dec_proj\.(weight|bias)$"), rf"{CONDITIONERS}self_wav.output_proj.\1"),
)
LAYER: Final = re.compile(r"^decoder\.model\.decoder\.layers\.(\d+)\.(\w+?)\.(.+)$")
PARTS: Final = {
    "self_attn_layer_norm": "norm1",
    "encoder_attn_layer_norm": "norm_cross",
    "final_layer_norm": "norm2",
    "fc1": "linear1",
    "fc2": "linear2",
    "self_attn": "self_attn",
    "encoder_attn": "cross_attention",
}
THIRDS: Final = ("q_proj", "k_proj", "v_proj")
"""Separate in transformers, one tensor in audiocraft, concatenated in this order."""

LEFT_OUT: Final = "decoder.model.decoder.embed_positions."
"""Sinusoidal positions, which both libraries compute."""


def as_audiocraft(state: Tensors) -> dict[str, Any]:
    """Return the tensors of transformers' MusicGen by audiocraft's names; raises UnfitError for an unknown one."""
    import torch

    named: dict[str, Any] = {}
    thirds: dict[str, dict[str, Any]] = {}
    for name, values in state.items():
        if name.startswith(LEFT_OUT):
            continue
        layer = LAYER.match(name)
        if layer and layer[2] in PARTS:
            place = f"transformer.layers.{layer[1]}.{PARTS[layer[2]]}"
            which, _, rest = layer[3].partition(".")
            if which in THIRDS:
                thirds.setdefault(f"{place}.in_proj_{rest}", {})[which] = values
            else:
                named[f"{place}.{layer[3]}"] = values
            continue
        own = next((pattern.sub(to, name) for pattern, to in OUTER if pattern.match(name)), "")
        if not own:
            raise UnfitError(f"it has the unknown tensor {name}")
        named[own] = values
    for place, found in thirds.items():
        if len(found) < len(THIRDS):
            raise UnfitError(f"it lacks {next(which for which in THIRDS if which not in found)} of {place}")
        named[place] = torch.cat([found[which] for which in THIRDS])
    return named
