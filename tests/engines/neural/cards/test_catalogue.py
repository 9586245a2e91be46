"""The model catalogue: cards are complete, match the packages that run them, and name what is missing."""

import re
from pathlib import Path

import pytest
import yaml

import musearoo.engines.neural.cards.catalogue as catalogue
from musearoo.engines.errors import ParamError
from musearoo.engines.music.stems import SIX_STEMS
from musearoo.engines.neural.cards.catalogue import MODELS, explain_missing_packages, find_model, list_models
from musearoo.engines.neural.cards.demucs import DEMUCS, DemucsForm
from musearoo.engines.neural.cards.description import ModelCard
from musearoo.engines.neural.cards.forms import CODECS, PackForm
from tests.each_case import each_case
from tests.optional import require


@each_case("card", MODELS)
def test_a_card_is_whole(card: ModelCard) -> None:
    assert find_model(card.name) is find_model(card.name, card.family) is card
    assert card in list_models(card.family)
    assert set(card.stems) <= set(SIX_STEMS)
    assert card.licence
    assert f"https://huggingface.co/{card.repository}" in card.terms
    assert card.bytes > 50_000_000
    assert card.setup.startswith("`python3 tools/dev.py setup --with ")
    for name in card.fetched_with:
        assert find_model(name).family in ("t5", "encodec")


def test_names_differ_ignoring_case() -> None:
    assert len({card.name for card in MODELS}) == len({card.repository for card in MODELS}) == len(MODELS)
    # A model's folder has its name, and some file systems ignore case.
    assert all(re.fullmatch(r"[a-z0-9_-]+", card.name) for card in MODELS)


@each_case("card", DEMUCS)
def test_checksums_cover_both_formats(card: ModelCard) -> None:
    assert isinstance(card.form, DemucsForm)
    for network in card.form.networks:
        assert all(re.fullmatch("[0-9a-f]{64}", digits) for digits in (network.pickle_sha256, network.sha256))
        assert card.form.find_sha256(f"{network.signature}.safetensors") == network.sha256
        assert card.form.find_sha256(f"{network.signature}-{network.pickle_sha256[:8]}.th") == network.pickle_sha256
    assert card.form.find_sha256("none.safetensors") == card.form.find_sha256("none-01234567.th") == ""


@each_case("card", DEMUCS)
def test_a_card_says_what_demucs_says(card: ModelCard) -> None:
    demucs = require("demucs")
    assert isinstance(card.form, DemucsForm)
    remote = Path(demucs.__file__).parent / "remote"
    theirs = yaml.safe_load((remote / f"{card.name}.yaml").read_text(encoding="utf-8"))
    assert yaml.safe_load(card.form.recipe) == theirs
    published = (remote / "files.txt").read_text(encoding="utf-8")
    for network in card.form.networks:
        assert f"{network.signature}-{network.pickle_sha256[:8]}.th" in published


def test_every_musicgen_states_its_non_commercial_licence() -> None:
    cards = list_models("musicgen")
    assert len(cards) == 10
    for card in cards:
        assert "CC-BY-NC 4.0" in card.licence
        assert "https://creativecommons.org/licenses/by-nc/4.0/" in card.terms
        assert card.follows_melody == ("melody" in card.name)
        assert card.is_stereo == ("stereo" in card.name)
        assert "t5-base" in card.fetched_with


def test_sums_are_of_sha256() -> None:
    for card in MODELS:
        if isinstance(card.form, PackForm):
            assert all(re.fullmatch("[0-9a-f]{64}", digits) for digits in card.form.digits.values())


def test_codecs_that_may_be_named_are_models() -> None:
    for repository, name in CODECS.items():
        assert find_model(name).repository == repository


def test_an_unknown_name_is_the_users_error() -> None:
    with pytest.raises(ParamError, match=r"model must be one of htdemucs, .*, encodec_32khz, but was 'spleeter'"):
        find_model("spleeter")
    with pytest.raises(ParamError, match="model must be one of htdemucs, htdemucs_ft, htdemucs_6s, but was 'musicgen"):
        find_model("musicgen-small", "demucs")


def test_missing_packages_are_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "find_spec", lambda name: None if name in ("torch", "soxr") else name)
    assert explain_missing_packages(MODELS[0]) == (
        "htdemucs runs on packages that are not installed (torch, soxr): run `python3 tools/dev.py setup --with stems`."
    )
    assert explain_missing_packages(find_model("musicgen-small")).endswith("--with models`.")
    monkeypatch.setattr(catalogue, "find_spec", lambda name: name)
    assert explain_missing_packages(MODELS[0]) == ""
