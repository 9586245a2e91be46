"""A tiny Stable Audio 3 with random weights, in the published file format.

Its parts are those of the published small models: a diffusion transformer with cross-attention, adaptive norms and
additive conditions per frame, an autoencoder of patches and resampling transformers, a T5Gemma encoder.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

TEXT_DIM: Final = 768
"""The only width of T5Gemma that the package supports."""
LATENT_DIM: Final = 8
PATCH: Final = 64
STRIDE: Final = 16
LETTERS: Final = ("<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "▁", *"abcdefghijklmnopqrstuvwxyz0123456789,.")

_RESAMPLING: Final[dict[str, Any]] = {
    "channels": 32,
    "latent_dim": LATENT_DIM,
    "c_mults": [1],
    "strides": [STRIDE],
    "transformer_depths": [2],
    "chunk_size": 2 * STRIDE,
    "chunk_midpoint_shift": True,
    "variable_stride": True,
    "dim_heads": 32,
    "differential": False,
}
CONFIG: Final[dict[str, Any]] = {
    "model_type": "diffusion_cond_inpaint",
    "sample_rate": 44_100,
    "sample_size": 5_292_032,
    "audio_channels": 2,
    "model": {
        "io_channels": LATENT_DIM,
        "pretransform": {
            "type": "autoencoder",
            "config": {
                "encoder": {"type": "same", "config": {**_RESAMPLING, "in_channels": 2 * PATCH}},
                "decoder": {"type": "same", "config": {**_RESAMPLING, "out_channels": 2 * PATCH, "mask_noise": 0.01}},
                "bottleneck": {"type": "softnorm", "config": {"dim": LATENT_DIM, "auto_scale": True}},
                "pretransform": {"type": "patched", "config": {"channels": 2, "patch_size": PATCH}},
                "latent_dim": LATENT_DIM,
                "downsampling_ratio": PATCH * STRIDE,
                "io_channels": 2,
            },
        },
        "conditioning": {
            "cond_dim": TEXT_DIM,
            "configs": [
                {
                    "id": "prompt",
                    "type": "t5gemma",
                    "config": {
                        "max_length": 32,
                        "padding_mode": "learned",
                        "repo_id": "stabilityai/stable-audio-3-small-music",
                        "subfolder": "t5gemma-b-b-ul2",
                    },
                },
                {
                    "id": "seconds_total",
                    "type": "number",
                    "config": {"min_val": 0, "max_val": 256, "fourier_features_type": "expo"},
                },
            ],
        },
        "diffusion": {
            "type": "dit",
            "diffusion_objective": "rf_denoiser",
            "cross_attention_cond_ids": ["prompt", "seconds_total"],
            "global_cond_ids": ["seconds_total"],
            "local_add_cond_ids": ["inpaint_mask", "inpaint_masked_input"],
            "config": {
                "io_channels": LATENT_DIM,
                "embed_dim": 64,
                "depth": 2,
                "num_heads": 2,
                "cond_token_dim": TEXT_DIM,
                "global_cond_dim": TEXT_DIM,
                "global_cond_type": "adaLN",
                "local_add_cond_dim": LATENT_DIM + 1,
                "timestep_features_type": "expo",
                "num_memory_tokens": 4,
                "attn_kwargs": {"qk_norm": "rms"},
            },
        },
    },
}


def write_random_stable_audio(folder: Path, seed: int = 5) -> Path:
    """Write the model into a folder, and return the folder."""
    import torch
    from safetensors.torch import save_file
    from stable_audio_3.factory import create_diffusion_cond_from_config

    folder.mkdir(parents=True, exist_ok=True)
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(seed)
        write_text_encoder(folder / "t5gemma-b-b-ul2")
        config = json.loads(json.dumps(CONFIG))
        text = config["model"]["conditioning"]["configs"][0]["config"]
        text["model_path"] = str(folder)
        model = create_diffusion_cond_from_config(config)
        for value in model.parameters():
            # Initially zero where layers join, which would disable the layers.
            value.data += 0.05 * torch.randn_like(value)
    save_file({name: value.contiguous() for name, value in model.state_dict().items()}, folder / "model.safetensors")
    (folder / "model_config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    return folder


def write_text_encoder(folder: Path) -> None:
    """Write a T5Gemma of one layer, and a matching tokenizer for LETTERS."""
    from transformers import GemmaTokenizer, T5GemmaConfig, T5GemmaForConditionalGeneration

    GemmaTokenizer(vocab={letter: number for number, letter in enumerate(LETTERS)}).save_pretrained(folder)
    layers = {
        "vocab_size": len(LETTERS),
        "hidden_size": TEXT_DIM,
        "intermediate_size": 64,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "head_dim": 16,
        "layer_types": ["full_attention"],
    }
    T5GemmaForConditionalGeneration(T5GemmaConfig(encoder=layers, decoder=layers)).save_pretrained(folder)
