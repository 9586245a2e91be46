"""Reading the settings of audiocraft's models, and recognising other kinds of models."""

from typing import Final

import pytest

from musearoo.engines.neural.musicgen.faults import UnfitError
from musearoo.engines.neural.musicgen.settings import ChromaSettings, LanguageSettings, Settings, read_language_settings
from musearoo.tools.bench.musicgen.random_settings import SIZES, language_settings
from tests.each_case import each_case

TINY: Final = {"dim": 32, "layers": 2, "heads": 4, "hidden": 128, "cardinality": 2048}


def text_of(kind: str = "text", **changed: str) -> str:
    text = language_settings(SIZES["tiny"], kind)
    for old, new in changed.items():
        lines = [line for line in text.splitlines() if line.strip().startswith(f"{old}:")]
        text = text.replace(lines[0], lines[0].partition(":")[0] + f": {new}")
    return text


def test_a_model_of_words_in_mono() -> None:
    assert read_language_settings(Settings(text_of())) == LanguageSettings(
        **TINY, delays=(0, 1, 2, 3), seconds=30.0, channels=1, chroma=None
    )


def test_a_model_of_tunes_in_stereo() -> None:
    assert read_language_settings(Settings(text_of("stereo-melody"))) == LanguageSettings(
        **TINY, delays=(0, 0, 1, 1, 2, 2, 3, 3), seconds=30.0, channels=2, chroma=ChromaSettings(12, 14, True)
    )


def test_values_stand_for_others_through_several() -> None:
    settings = Settings("a: ${b.c}\nb: {c: '${d}'}\nd: {e: 5}\n")
    assert settings.get("a.e") == 5
    assert settings.get("b.c.e") == 5
    assert settings.get("a.f", "none") == "none"


def test_a_cycle_is_reported() -> None:
    with pytest.raises(UnfitError, match="goes in circles"):
        Settings("a: ${b}\nb: ${a}\n").get("a")


def test_the_oldest_files_have_their_delays_elsewhere() -> None:
    text = text_of(modeling="null") + "  q_modeling: delay\n"
    assert read_language_settings(Settings(text)).delays == (0, 1, 2, 3)


@each_case(
    "changed, message",
    [
        ({"lm_model": "transformer_lm_magnet"}, "MAGNeT"),
        ({"lm_model": "mystery"}, "of the kind 'mystery'"),
        ({"sample_rate": "16000"}, "it may be AudioGen"),
        ({"modeling": "parallel"}, "do not follow one another by delays"),
        ({"modeling": "null"}, "do not follow one another by delays"),
        ({"flatten_first": "1"}, "do not follow one another by delays"),
        ({"norm_first": "false"}, "its norm_first differs from the published"),
        ({"kv_repeat": "2"}, "its kv_repeat differs from the published"),
        ({"cross_attention_pos_emb": "true"}, "its cross_attention_pos_emb differs from the published"),
        ({"normalize_text": "true"}, "its normalize_text differs from the published"),
        ({"cross": "[]"}, "by another way"),
        ({"segment_duration": "null"}, "trained on None seconds"),
        ({"num_heads": "half"}, "num_heads is 'half'"),
        ({"model": "clap"}, "description by clap"),
        ({"per_timestep": "true", "use": "true"}, "follow one another in time"),
    ],
)
def test_other_models_are_recognised(changed: dict[str, str], message: str) -> None:
    with pytest.raises(UnfitError, match=message):
        read_language_settings(Settings(text_of(**changed)))


def test_musicgen_style_is_recognised() -> None:
    text = text_of("melody").replace("model: chroma_stem", "model: style")
    with pytest.raises(UnfitError, match="self_wav by style"):
        read_language_settings(Settings(text))


@each_case("text", ["", "- 1", "a: [", "just words"])
def test_what_is_no_settings(text: str) -> None:
    with pytest.raises(UnfitError):
        Settings(text)
