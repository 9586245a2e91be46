"""The sizes of the random models, and their settings files, as audiocraft writes them.

They have the sections required to build a model, with the values of audiocraft's own configuration of MusicGen.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

KINDS: Final = {
    "text": "musicgen-small",
    "melody": "musicgen-melody",
    "stereo": "musicgen-stereo-small",
    "stereo-melody": "musicgen-stereo-melody",
}
"""The task of each kind of model, and the published model it is named after."""

CARDINALITY: Final = 2048
CHROMA: Final = 12
NAMED_CODEC: Final = "facebook/encodec_32khz"
"""The content of a compression file without weights."""


@dataclass(frozen=True, slots=True)
class Size:
    """The sizes of a model's parts: its language model, its text encoder, its codec."""

    dim: int
    layers: int
    heads: int
    text: dict[str, Any]
    codec: dict[str, Any]


SIZES: Final = {
    "tiny": Size(
        dim=32,
        layers=2,
        heads=4,
        text={"d_model": 48, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4},
        codec={"num_filters": 4, "hidden_size": 16},
    ),
    "small": Size(
        dim=1024,
        layers=24,
        heads=16,
        text={"d_model": 768, "d_kv": 64, "d_ff": 3072, "num_layers": 12, "num_heads": 12},
        codec={"num_filters": 64, "hidden_size": 128},
    ),
}


def has_melody(kind: str) -> bool:
    """Return whether a model of that kind has melody conditioning."""
    return kind.endswith("melody")


def count_codebooks(kind: str) -> int:
    """Return the number of codebooks."""
    return 8 if kind.startswith("stereo") else 4


def language_settings(size: Size, kind: str) -> str:
    """Return the YAML settings of a language model."""
    codebooks = count_codebooks(kind)
    is_stereo = kind.startswith("stereo")
    melody = has_melody(kind)
    delays = [number // 2 if is_stereo else number for number in range(codebooks)]
    chroma = """
  self_wav:
    model: chroma_stem
    chroma_stem:
      sample_rate: ${sample_rate}
      n_chroma: 12
      radix2_exp: 14
      argmax: true
      match_len_on_eval: false
      eval_wavs: null
      n_eval_wavs: 100
      cache_path: null"""
    return f"""\
device: cuda
dtype: float32
autocast: true
autocast_dtype: float16
solver: musicgen
sample_rate: 32000
channels: {2 if is_stereo else 1}
compression_model_checkpoint: //pretrained/{NAMED_CODEC}
compression_model_n_q: {4 if is_stereo else "null"}
tokens:
  padding_with_special_token: false
interleave_stereo_codebooks:
  use: {json.dumps(is_stereo)}
  per_timestep: false
dataset:
  batch_size: 192
  segment_duration: 30
generate:
  audio:
    sample_rate: ${{sample_rate}}
optim:
  updates_per_epoch: 2000
  ema:
    updates: ${{optim.updates_per_epoch}}
lm_model: transformer_lm
classifier_free_guidance:
  training_dropout: {0.2 if melody else 0.3}
  inference_coef: 3.0
attribute_dropout: {{}}
fuser:
  cross_attention_pos_emb: false
  cross_attention_pos_emb_scale: 1
  sum: []
  prepend: {json.dumps(["self_wav", "description"] if melody else [])}
  cross: {json.dumps([] if melody else ["description"])}
  input_interpolate: []
conditioners:{chroma if melody else ""}
  description:
    model: t5
    t5:
      name: t5-base
      finetune: false
      word_dropout: {0.2 if melody else 0.3}
      normalize_text: false
codebooks_pattern:
  modeling: delay
  delay:
    delays: {delays}
    flatten_first: 0
    empty_initial: 0
  unroll:
    flattening: [0, 1, 2, 3]
    delays: [0, 0, 0, 0]
  music_lm:
    group_by: 2
transformer_lm:
  n_q: {codebooks}
  card: {CARDINALITY}
  dim: {size.dim}
  num_heads: {size.heads}
  num_layers: {size.layers}
  hidden_scale: 4
  dropout: 0.0
  emb_lr: null
  activation: gelu
  norm_first: true
  bias_ff: false
  bias_attn: false
  bias_proj: false
  past_context: null
  causal: true
  custom: false
  memory_efficient: true
  attention_as_float32: false
  layer_scale: null
  positional_embedding: sin
  xpos: false
  checkpointing: torch
  weight_init: gaussian
  depthwise_init: current
  zero_bias_init: true
  norm: layer_norm
  cross_attention: false
  qk_layer_norm: false
  qk_layer_norm_cross: false
  attention_dropout: null
  kv_repeat: 1
"""


def codec_settings(size: Size) -> str:
    """Return the YAML settings of a codec."""
    return f"""\
device: cuda
solver: compression
sample_rate: 32000
channels: 1
compression_model: encodec
encodec:
  autoencoder: seanet
  quantizer: rvq
  sample_rate: ${{sample_rate}}
  channels: ${{channels}}
  causal: false
  renormalize: false
seanet:
  dimension: {size.codec["hidden_size"]}
  channels: ${{channels}}
  causal: ${{encodec.causal}}
  n_filters: {size.codec["num_filters"]}
  n_residual_layers: 1
  ratios: [8, 5, 4, 4]
  activation: ELU
  activation_params:
    alpha: 1.0
  norm: weight_norm
  norm_params: {{}}
  kernel_size: 7
  residual_kernel_size: 3
  last_kernel_size: 7
  dilation_base: 2
  pad_mode: reflect
  true_skip: true
  compress: 2
  lstm: 2
  disable_norm_outer_blocks: 0
  decoder:
    trim_right_ratio: 1.0
    final_activation: null
    final_activation_params: null
  encoder: {{}}
rvq:
  n_q: 4
  q_dropout: false
  bins: {CARDINALITY}
  decay: 0.99
  kmeans_init: true
  kmeans_iters: 50
  threshold_ema_dead_code: 2
  orthogonal_reg_weight: 0.0
  orthogonal_reg_active_codes_only: false
no_quant: {{}}
"""
