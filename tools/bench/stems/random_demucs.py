"""Demucs models with random weights, in the file format of the published ones.

They replace the real weights where those are not available: sizes, layers, speed and memory are the real ones, but the
stems are meaningless. Sizes are those of the published models as their users describe them: htdemucs 41,984,456 values,
htdemucs_6s 27,414,996, stored in half precision.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

FOUR: Final = ("drums", "bass", "other", "vocals")
SIX: Final = (*FOUR, "guitar", "piano")
"""The sources in the order of the published models."""

REAL: Final[dict[str, Any]] = {"dconv_mode": 3, "bottom_channels": 512, "segment": Fraction(39, 5)}
REAL_SIX: Final[dict[str, Any]] = {"dconv_mode": 3, "bottom_channels": 0, "segment": Fraction(39, 5)}
TINY: Final[dict[str, Any]] = {
    "channels": 8,
    "nfft": 512,
    "depth": 3,
    "dconv_mode": 3,
    "bottom_channels": 0,
    "t_layers": 3,
    "t_heads": 2,
    "t_hidden_scale": 1.0,
    "segment": Fraction(1),
}
"""The same kinds of layers as the real ones, but small: a second of sound takes a few hundredths of a second."""

MODELS: Final = ("htdemucs", "htdemucs_ft", "htdemucs_6s")
SEED: Final = 5


def write_random_demucs(folder: Path, name: str = "htdemucs", tiny: bool = False, seed: int = SEED) -> Path:
    """Write a model with a name (one of `MODELS`) as `<name>.yaml` and its weights, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = SIX if name == "htdemucs_6s" else FOUR
    size = TINY if tiny else REAL_SIX if name == "htdemucs_6s" else REAL
    signatures = [f"random{number}" for number in range(len(FOUR) if name == "htdemucs_ft" else 1)]
    for number, signature in enumerate(signatures):
        _write_weights(folder / f"{name}-{signature}.safetensors", sources, size, seed + number)
    lines = [f"models: {[f'{name}-{signature}' for signature in signatures]}"]
    if len(signatures) > 1:
        weights = [[float(own == other) for other in range(len(signatures))] for own in range(len(signatures))]
        lines.append(f"weights: {weights}")
    (folder / f"{name}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _write_weights(path: Path, sources: tuple[str, ...], size: dict[str, Any], seed: int) -> None:
    import torch
    from demucs.htdemucs import HTDemucs
    from safetensors.torch import save_file

    with torch.random.fork_rng(devices=()):
        torch.manual_seed(seed)
        model = HTDemucs(list(sources), **size)
        for name, value in model.named_parameters():
            # As in trained models: layer scales near 1 make every layer effective; initial ones are near 0.
            if name.endswith((".scale", "gamma_1.scale", "gamma_2.scale")):
                value.data.uniform_(0.1, 0.5)
    state = {name: value.half().contiguous() for name, value in model.state_dict().items()}
    kwargs = {name: _as_json(value) for name, value in size.items()}
    metadata = {
        "klass": "demucs.htdemucs.HTDemucs",
        "args": json.dumps([list(sources)]),
        "kwargs": json.dumps(kwargs),
    }
    save_file(state, str(path), metadata)


def _as_json(value: Any) -> Any:
    if isinstance(value, Fraction):
        return {"_type": "fraction", "numerator": value.numerator, "denominator": value.denominator}
    return value
