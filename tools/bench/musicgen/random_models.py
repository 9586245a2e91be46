"""MusicGen models with random weights, in the file formats of the published ones.

They replace the real weights where those are not available. Names, layers, and with the size "small" also sizes, speed
and memory are those of facebook/musicgen-small (420 million values in its language model, 59 million in its codec, 110
million in t5-base); their output is noise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from musearoo.tools.bench.musicgen.random_settings import (
    CARDINALITY,
    CHROMA,
    KINDS,
    NAMED_CODEC,
    SIZES,
    Size,
    codec_settings,
    count_codebooks,
    has_melody,
    language_settings,
)

SEED: Final = 0
FORMS: Final = ("audiocraft", "transformers")

WORDS: Final = """
a acoustic ambient and arpeggio at back bars bass beat beats bell bells big blues bossa bpm brass bright build bumping
calm cello chords clap clean club cold crisp dark deep delay disco distorted dreamy drone drum drums dry dub dubstep
electric electronic energetic epic fast feel filter flute four fretless funk funky gentle groove guitar hall happy hard
harp hats heavy hi hip hop house in jazz key kick lead light lo fi loop loud low major marimba mellow melody metal
minimal minor modal mood music no noise of on organ pad pads percussion phrase piano plucked pop punchy quiet rap reggae
reverb rhodes rhythm riff rock sad saxophone shaker sharp flat slow smooth snare soft solo soul sparse staccato steel
strings sub swing synth synthesiser tape techno tempo the time trance trap tremolo trumpet vibraphone vinyl vocal voice
walking warm wet wide wind with without
"""
"""Words with a token of their own in the random text encoder; it spells all others."""

LETTERS: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZäöüéèêàçßÄÖÜ0123456789.,;:!?'\"()[]/&%+#-_*="
"""The letters with tokens: like t5-base's own vocabulary, only the alphabets of western Europe."""

RENAMED_IN_LAYERS: Final = {
    "norm1": "self_attn_layer_norm",
    "norm_cross": "encoder_attn_layer_norm",
    "norm2": "final_layer_norm",
    "linear1": "fc1",
    "linear2": "fc2",
    "self_attn": "self_attn",
    "cross_attention": "encoder_attn",
}
"""The parts of a layer: their names in audiocraft and in transformers."""


@dataclass(frozen=True, slots=True)
class RandomMusicGen:
    """Where a model was written: the arguments of `engines.neural.musicgen.loading.load_musicgen`."""

    folder: Path
    text_folder: Path | None
    codec_folder: Path | None


def write_random_musicgen(
    models: Path,
    size: str = "tiny",
    kind: str = "text",
    form: str = "audiocraft",
    seed: int = SEED,
    name: str = "",
    codec: str = "inside",
) -> RandomMusicGen:
    """Write a model into a folder of models, under its name, and return its location; the same weights in both formats.

    With audiocraft's format, separate models are written next to it: `t5-base`, and `encodec_32khz` if `codec` is
    "named" and not "inside". `size`: of `SIZES`; `kind`: of `KINDS`; `form`: of `FORMS`.
    """
    own = SIZES[size]
    folder = models / (name or KINDS[kind])
    folder.mkdir(parents=True, exist_ok=True)
    state = _make_language_state(own, kind, seed)
    text_model = _make_text_model(own, seed)
    codec_model = _make_codec(own, seed)
    if form == "transformers":
        _write_transformers(folder, own, kind, state, text_model, codec_model)
        return RandomMusicGen(folder, None, None)
    text_folder = models / "t5-base"
    _save(text_model, text_folder)
    make_tokenizer().save_pretrained(text_folder)
    codec_folder = models / "encodec_32khz" if codec == "named" else None
    if codec_folder:
        _save(codec_model, codec_folder)
    _write_audiocraft(folder, own, kind, state, None if codec_folder else codec_model)
    return RandomMusicGen(folder, text_folder, codec_folder)


def make_tokenizer() -> Any:
    """Return a tokenizer like T5's, made of `WORDS` and `LETTERS`."""
    from transformers import T5Tokenizer

    words = sorted({*WORDS.split(), *WORDS.title().split()})
    pieces = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -4.0)]
    pieces += [(f"▁{word}", -6.0) for word in words if len(word) > 1]
    pieces += [(letter, -8.0) for letter in LETTERS]
    pieces += [(f"<extra_id_{number}>", 0.0) for number in reversed(range(100))]
    return T5Tokenizer(vocab=pieces, model_max_length=512)


def _make_language_state(size: Size, kind: str, seed: int) -> dict[str, Any]:
    """Return the tensors of a language model and its conditioners, by audiocraft's names, in half precision."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    dim, wide = size.dim, 4 * size.dim

    def draw(*shape: int) -> Any:
        return (torch.randn(*shape, generator=generator) / shape[-1] ** 0.5).half()

    def norm(name: str) -> dict[str, Any]:
        # Near the initial ones and zeros of training, but different, so that an omission changes the output.
        scale = 1.0 + 0.1 * torch.randn(dim, generator=generator)
        return {f"{name}.weight": scale.half(), f"{name}.bias": (0.1 * torch.randn(dim, generator=generator)).half()}

    state: dict[str, Any] = {}
    given = {"description": size.text["d_model"], **({"self_wav": CHROMA} if has_melody(kind) else {})}
    for conditioner, width in given.items():
        place = f"condition_provider.conditioners.{conditioner}.output_proj"
        state |= {f"{place}.weight": draw(dim, width), f"{place}.bias": draw(dim)}
    for codebook in range(count_codebooks(kind)):
        state[f"emb.{codebook}.weight"] = draw(CARDINALITY + 1, dim)
    for layer in range(size.layers):
        place = f"transformer.layers.{layer}"
        attentions = ["self_attn"] if has_melody(kind) else ["self_attn", "cross_attention"]
        for attention in attentions:
            state[f"{place}.{attention}.in_proj_weight"] = draw(3 * dim, dim)
            state[f"{place}.{attention}.out_proj.weight"] = draw(dim, dim)
        state[f"{place}.linear1.weight"] = draw(wide, dim)
        state[f"{place}.linear2.weight"] = draw(dim, wide)
        for name in ["norm1", "norm2"] + ["norm_cross"] * (len(attentions) - 1):
            state |= norm(f"{place}.{name}")
    state |= norm("out_norm")
    for codebook in range(count_codebooks(kind)):
        state[f"linears.{codebook}.weight"] = draw(CARDINALITY, dim)
    if has_melody(kind):
        # The published file also contains the window of the chroma spectrum.
        state["condition_provider.conditioners.self_wav.chroma.spec.window"] = torch.hann_window(2**14)
    return state


def _make_text_model(size: Size, seed: int) -> Any:
    import torch
    from transformers import T5Config, T5EncoderModel

    config = T5Config(vocab_size=len(make_tokenizer()), decoder_start_token_id=0, **size.text)
    with torch.random.fork_rng(devices=()):
        torch.manual_seed(seed + 1)
        return T5EncoderModel(config).eval()


def _make_codec(size: Size, seed: int) -> Any:
    """Return a codec in transformers' format, whose random output is neither silent nor too loud."""
    import torch
    from transformers import EncodecConfig, EncodecModel

    config = EncodecConfig(
        target_bandwidths=[2.2],
        sampling_rate=32_000,
        upsampling_ratios=[8, 5, 4, 4],
        codebook_size=CARDINALITY,
        use_causal_conv=False,
        use_conv_shortcut=False,
        **size.codec,
    )
    with torch.random.fork_rng(devices=()), torch.no_grad():
        torch.manual_seed(seed + 2)
        model = EncodecModel(config).eval()
        for layer in model.quantizer.layers:
            layer.codebook.embed.normal_()
            layer.codebook.embed_avg.copy_(layer.codebook.embed)
        codes = torch.randint(0, CARDINALITY, (1, 1, 4, 50))
        spread = model.decode(codes, [None])[0].std()
        last = model.decoder.layers[-1].conv
        last.parametrizations.weight.original0.mul_(TYPICAL_SPREAD / spread)
        last.bias.zero_()
    return model


TYPICAL_SPREAD: Final = 0.1
"""The standard deviation of music samples at a usual level: 20 dB below full scale."""


def _write_audiocraft(folder: Path, size: Size, kind: str, state: dict[str, Any], codec: Any | None) -> None:
    import torch

    about = {"version": "1.3.0", "exported": True}
    torch.save({"best_state": state, "xp.cfg": language_settings(size, kind), **about}, folder / "state_dict.bin")
    compression: dict[str, Any] = {"pretrained": NAMED_CODEC}
    if codec is not None:
        compression = {"best_state": _as_audiocraft_names(codec), "xp.cfg": codec_settings(size)}
    torch.save(compression | about, folder / "compression_state_dict.bin")


def _as_audiocraft_names(codec: Any) -> dict[str, Any]:
    """Return the tensors of transformers' codec by audiocraft's names."""
    state = {}
    for name, values in codec.state_dict().items():
        own = re.sub(r"^(encoder|decoder)\.layers\.", r"\1.model.", name)
        own = own.replace("quantizer.layers.", "quantizer.vq.layers.").replace(".codebook.", "._codebook.")
        own = own.replace("parametrizations.weight.original0", "weight_g")
        own = own.replace("parametrizations.weight.original1", "weight_v")
        if ".conv." in own:
            # The decoder layers between the residual blocks upsample: 3, 6, 9, 12.
            stretches = re.match(r"decoder\.model\.(3|6|9|12)\.conv\.", own)
            own = own.replace(".conv.", ".convtr.convtr." if stretches else ".conv.conv.")
        state[own] = values.clone()
    return state


def _write_transformers(folder: Path, size: Size, kind: str, state: dict[str, Any], text: Any, codec: Any) -> None:
    """Write a transformers model with the same weights; transformers itself checks each name and shape."""
    from transformers import (
        MusicgenConfig,
        MusicgenDecoderConfig,
        MusicgenForConditionalGeneration,
        MusicgenMelodyConfig,
        MusicgenMelodyDecoderConfig,
        MusicgenMelodyForConditionalGeneration,
    )

    decoder = {
        "num_hidden_layers": size.layers,
        "ffn_dim": 4 * size.dim,
        "num_attention_heads": size.heads,
        "hidden_size": size.dim,
        "num_codebooks": count_codebooks(kind),
        "audio_channels": 2 if kind.startswith("stereo") else 1,
    }
    parts = {"text_encoder": text.config.to_dict(), "audio_encoder": codec.config.to_dict()}
    model: Any
    if has_melody(kind):
        melody_decoder = MusicgenMelodyDecoderConfig(**decoder).to_dict()
        model = MusicgenMelodyForConditionalGeneration(MusicgenMelodyConfig(**parts, decoder=melody_decoder))
    else:
        text_decoder = MusicgenDecoderConfig(**decoder).to_dict()
        model = MusicgenForConditionalGeneration(MusicgenConfig(**parts, decoder=text_decoder))
    model.text_encoder.load_state_dict(text.state_dict())
    model.audio_encoder.load_state_dict(codec.state_dict())
    named = _as_transformers_names(state)
    result = model.load_state_dict(named, strict=False)
    left = [name for name in result.missing_keys if not name.startswith(("text_encoder.", "audio_encoder."))]
    if result.unexpected_keys or left:
        raise ValueError(f"transformers wants {left} and does not know {result.unexpected_keys}")
    _save(model, folder)
    make_tokenizer().save_pretrained(folder)


def _save(model: Any, folder: Path) -> None:
    """Save a model with transformers, without its progress bar."""
    from transformers.utils import logging

    was_shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        model.save_pretrained(folder)
    finally:
        if was_shown:
            logging.enable_progress_bar()


def _as_transformers_names(state: dict[str, Any]) -> dict[str, Any]:
    """Return the tensors of audiocraft's language model by transformers' names."""
    named = {}
    for name, values in state.items():
        own = name.replace("condition_provider.conditioners.description.output_proj", "enc_to_dec_proj")
        own = own.replace("condition_provider.conditioners.self_wav.output_proj", "audio_enc_to_dec_proj")
        own = re.sub(r"^emb\.", "decoder.model.decoder.embed_tokens.", own)
        own = re.sub(r"^linears\.", "decoder.lm_heads.", own)
        own = re.sub(r"^out_norm\.", "decoder.model.decoder.layer_norm.", own)
        if layer := re.match(r"transformer\.layers\.(\d+)\.(\w+)\.(.*)", own):
            number, part, rest = layer.groups()
            place = f"decoder.model.decoder.layers.{number}.{RENAMED_IN_LAYERS[part]}"
            if rest == "in_proj_weight":
                for which, third in zip("qkv", values.float().chunk(3), strict=True):
                    named[f"{place}.{which}_proj.weight"] = third
                continue
            own = f"{place}.{rest}"
        if not own.endswith(".window"):
            named[own] = values.float()
    return named
