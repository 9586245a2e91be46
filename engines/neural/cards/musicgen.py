"""The MusicGen models for audio generation, with the text encoder and codec they need."""

from __future__ import annotations

from typing import Final

from musearoo import how_to_install
from musearoo.engines.neural.cards.archives import CODEC_FILE
from musearoo.engines.neural.cards.description import ModelCard
from musearoo.engines.neural.cards.forms import Pack, PackForm

_SETUP: Final = f"`{how_to_install('models')}`"

_LANGUAGE_FILE: Final = "state_dict.bin"
"""Where audiocraft stores the language model."""

_TOKENIZER: Final = ("tokenizer.json", "spiece.model")
"""The text encoder's tokenizer, in either of two formats."""

_SETTINGS: Final = ("tokenizer_config.json", "special_tokens_map.json", "generation_config.json")

_AUDIOCRAFT: Final = Pack((_LANGUAGE_FILE, CODEC_FILE), needs=("t5-base",))
"""What audiocraft itself downloads: a third of the size of the other, since it is in half precision."""

_TRANSFORMERS: Final = Pack(
    ("config.json", "model.safetensors"),
    either=_TOKENIZER,
    spare=(*_SETTINGS, "preprocessor_config.json"),
    kinds=("musicgen", "musicgen_melody"),
)
"""What transformers reads: everything in one folder."""

_CODEC_SHA256: Final = "37d256b525d4117f8bbf790ab448a8e9f4746cd401900fe1ae72e154b1513a30"
"""Of the file that contains the codec: the same one in the repositories of small, medium, large and melody."""

_CODEC_NAME_SHA256: Final = "43c990a49a2c179f5d1a084db79f62a06384c186b4afc134c4eb49a8297a06a7"
"""Of the file that only names it: the same one in the repositories of the stereo models."""

_LICENCE: Final = "CC-BY-NC 4.0: not for commercial use"

_TERMS: Final = (
    "MusicGen was published by Meta (J. Copet and others, 2023), its code under the MIT licence, its trained weights "
    "under Creative Commons Attribution-NonCommercial 4.0 (https://creativecommons.org/licenses/by-nc/4.0/; page of "
    "this model: {page}). NonCommercial means: not primarily intended for or directed towards commercial advantage or "
    "monetary compensation. So these weights are for trying, learning and music of your own that earns nothing; the "
    "model card names research and amateurs as those it is made for, and says that it was trained on licensed music "
    "(https://github.com/facebookresearch/audiocraft/blob/main/model_cards/MUSICGEN_MODEL_CARD.md). Whether what a "
    "model makes is bound by the licence of its weights is not settled. MuseAroo is not their publisher and can give "
    "you no rights to them: before you release or sell what you make with them, judge for yourself or ask Meta."
)


def _card(name: str, purpose: str, bytes: int, language_sha256: str = "", names_codec: bool = False) -> ModelCard:
    """Return the card of a MusicGen model; `bytes` counts both of its files."""
    repository = f"facebook/musicgen-{name}"
    digits = {_LANGUAGE_FILE: language_sha256, CODEC_FILE: _CODEC_NAME_SHA256 if names_codec else _CODEC_SHA256}
    return ModelCard(
        f"musicgen-{name}",
        "musicgen",
        f"MusicGen {name}",
        purpose,
        _LICENCE,
        _TERMS.format(page=f"https://huggingface.co/{repository}"),
        repository,
        bytes,
        PackForm((_AUDIOCRAFT, _TRANSFORMERS), {file: sha256 for file, sha256 in digits.items() if sha256}),
        ("torch", "transformers", "safetensors", "soxr"),
        _SETUP,
        fetched_with=("t5-base", "encodec_32khz") if names_codec else ("t5-base",),
        follows_melody="melody" in name,
        is_stereo="stereo" in name,
    )


MUSICGEN: Final[tuple[ModelCard, ...]] = (
    _card(
        "small",
        "sound from words, the quickest: 0.4 billion numbers",
        1_077_000_000,
        "830fe5771e2835cbd305f3ffdda22d3ff38718fbbe8274bd19dc203265de7244",
    ),
    _card(
        "medium",
        "sound from words, richer: 1.8 billion numbers, four times the work",
        3_913_670_534,
        "fbc9f401db2aba7518adf208ce5a56aca4ece335242e8274ce1ebd3dfbc86cf5",
    ),
    _card(
        "large",
        "sound from words: 3.3 billion numbers, for large GPUs",
        6_750_110_934,
        "1f0cf17b5e65c5dd8ba71767371c377f174e4ce1db44bc4d6657825769f26ffd",
    ),
    _card(
        "melody",
        "follows a melody that you play or hum, too; of medium size",
        3_006_000_000,
        "4dda87e5dfafc1b59351131d9610002b06fbecc50793a0e3c8ab2e534176cd7f",
    ),
    _card("melody-large", "follows a melody; of large size", 4_970_000_589, names_codec=True),
    _card(
        "stereo-small",
        "as small, in stereo",
        874_000_589,
        "4b2a5fd7544ce68f1f3576871697ee459b7a237488e352da2db073c84bd3be65",
        names_codec=True,
    ),
    _card(
        "stereo-medium",
        "as medium, in stereo",
        3_730_000_589,
        "8ff5720393cd2b5cd1e9f2acb6050fb5211ed308544e36f8dbdd7d61a10c86e9",
        names_codec=True,
    ),
    _card(
        "stereo-large",
        "as large, in stereo",
        6_580_000_589,
        "8c48998345be88a26fd5aab474033492a63a9511d0a5c256924d3b173cc303f4",
        names_codec=True,
    ),
    _card("stereo-melody", "follows a melody, in stereo; of medium size", 2_820_000_589, names_codec=True),
    _card("stereo-melody-large", "follows a melody, in stereo; of large size", 5_040_000_589, names_codec=True),
)
"""The default first. Lengths and SHA-256 sums are those on the hub's pages of these files or of copies of them;
where no page was found the length is computed from the model's shape (two bytes a number), and the sum is left out."""

T5: Final = ModelCard(
    "t5-base",
    "t5",
    "T5 base",
    "reads the words for MusicGen, which it is fetched with",
    "Apache-2.0",
    "T5 was published by Google (C. Raffel and others, 2019) under the Apache licence 2.0 "
    "(https://www.apache.org/licenses/LICENSE-2.0; page of this model: https://huggingface.co/google-t5/t5-base).",
    "google-t5/t5-base",
    894_000_000,
    PackForm((Pack(("config.json", "model.safetensors"), either=_TOKENIZER, spare=_SETTINGS, kinds=("t5",)),)),
    ("torch", "transformers", "safetensors"),
    _SETUP,
    earlier_repositories=("t5-base",),
)

ENCODEC: Final = ModelCard(
    "encodec_32khz",
    "encodec",
    "EnCodec for music at 32 kHz",
    "makes sound of what MusicGen says, where MusicGen's own files do not hold it",
    _LICENCE,
    "EnCodec was published by Meta (A. Défossez and others, 2022), its code under the MIT licence. The page of these "
    "weights (https://huggingface.co/facebook/encodec_32khz) names no licence; they are MusicGen's own, and audiocraft "
    "gives all its weights under Creative Commons Attribution-NonCommercial 4.0 "
    "(https://github.com/facebookresearch/audiocraft#license, https://creativecommons.org/licenses/by-nc/4.0/): not "
    "primarily intended for or directed towards commercial advantage or monetary compensation.",
    "facebook/encodec_32khz",
    236_000_000,
    PackForm(
        (
            Pack(("config.json", "model.safetensors"), spare=("preprocessor_config.json",), kinds=("encodec",)),
            Pack((CODEC_FILE,)),
        ),
        {CODEC_FILE: _CODEC_SHA256},
    ),
    ("torch", "transformers", "safetensors"),
    _SETUP,
)
