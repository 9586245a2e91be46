"""Tiny codecs with random weights."""

from dataclasses import replace
from typing import Any, Final

from musearoo.engines.neural.encodec.shape import CodecShape

TINY: Final = CodecShape(
    rate=32_000,
    ratios=(4, 3, 2),
    filters=4,
    dimension=12,
    codebooks=3,
    cardinality=32,
    residuals=1,
    dilation_growth=2,
    compress=2,
    recurrent_layers=2,
    kernel=7,
    last_kernel=7,
    residual_kernel=3,
    mirrors=True,
    has_shortcut=False,
)

SHAPES: Final = {
    "as the published one": TINY,
    "silence beyond the ends": replace(TINY, mirrors=False),
    "two residual blocks a level, with convolutions beside": replace(TINY, residuals=2, has_shortcut=True),
    "nothing that remembers": replace(TINY, recurrent_layers=0),
    "other sizes": replace(TINY, ratios=(5, 2), kernel=5, last_kernel=3, residual_kernel=5, compress=1, filters=6),
}


def make_weights(shape: CodecShape, seed: int = 0) -> dict[str, Any]:
    """Return weights that keep values at about the same magnitude from layer to layer."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    weights = {}
    for name, size in shape.sizes().items():
        spread = 1.0 if name.startswith("codebooks") else (size[-1] if len(size) < 3 else size[1] * size[2]) ** -0.5
        weights[name] = spread * torch.randn(size, generator=generator)
    return weights


def make_codes(shape: CodecShape, frames: int, channels: int = 1, seed: int = 0) -> Any:
    """Return random codes (codebooks, frames)."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, shape.cardinality, (shape.codebooks * channels, frames), generator=generator)


def describe_for_audiocraft(shape: CodecShape, norm: str = "weight_norm") -> dict[str, Any]:
    """Return the settings for audiocraft to build a codec of that shape."""
    return {
        "device": "cpu",
        "compression_model": "encodec",
        "encodec": {
            "autoencoder": "seanet",
            "quantizer": "rvq",
            "sample_rate": shape.rate,
            "channels": 1,
            "causal": False,
            "renormalize": False,
        },
        "seanet": {
            "dimension": shape.dimension,
            "channels": 1,
            "causal": False,
            "n_filters": shape.filters,
            "n_residual_layers": shape.residuals,
            "ratios": list(shape.ratios),
            "activation": "ELU",
            "activation_params": {"alpha": 1.0},
            "norm": norm,
            "norm_params": {},
            "kernel_size": shape.kernel,
            "residual_kernel_size": shape.residual_kernel,
            "last_kernel_size": shape.last_kernel,
            "dilation_base": shape.dilation_growth,
            "pad_mode": "reflect" if shape.mirrors else "constant",
            "true_skip": not shape.has_shortcut,
            "compress": shape.compress,
            "lstm": shape.recurrent_layers,
            "disable_norm_outer_blocks": 0,
            "decoder": {"trim_right_ratio": 1.0, "final_activation": None, "final_activation_params": None},
            "encoder": {},
        },
        "rvq": {"n_q": shape.codebooks, "q_dropout": False, "bins": shape.cardinality, "kmeans_init": False},
    }


def describe_for_transformers(shape: CodecShape) -> dict[str, Any]:
    """Return the settings for transformers to build a codec of that shape."""
    bits = -(-shape.rate // shape.hop) * (shape.cardinality - 1).bit_length()
    return {
        "model_type": "encodec",
        "target_bandwidths": [shape.codebooks * bits / 1000],
        "sampling_rate": shape.rate,
        "audio_channels": 1,
        "normalize": False,
        "chunk_length_s": None,
        "overlap": None,
        "hidden_size": shape.dimension,
        "num_filters": shape.filters,
        "num_residual_layers": shape.residuals,
        "upsampling_ratios": list(shape.ratios),
        "norm_type": "weight_norm",
        "kernel_size": shape.kernel,
        "last_kernel_size": shape.last_kernel,
        "residual_kernel_size": shape.residual_kernel,
        "dilation_growth_rate": shape.dilation_growth,
        "use_causal_conv": False,
        "pad_mode": "reflect" if shape.mirrors else "constant",
        "compress": shape.compress,
        "num_lstm_layers": shape.recurrent_layers,
        "trim_right_ratio": 1.0,
        "codebook_size": shape.cardinality,
        "codebook_dim": shape.dimension,
        "use_conv_shortcut": shape.has_shortcut,
    }


def scramble(module: Any, seed: int = 0) -> Any:
    """Randomise a torch module's weights, including codebooks and norms that are trivial initially."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, values in module.state_dict().items():
            if name.endswith(".embed"):
                values.normal_(generator=generator)
            elif values.is_floating_point() and values.dim():
                values.mul_(1.0 + 0.2 * torch.rand(values.shape, generator=generator))
    return module.eval().requires_grad_(False)
