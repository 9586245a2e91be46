"""The catalogue of models: that it agrees with the package that runs them, and what it says of missing ones."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

import engines.models.catalogue as catalogue
from engines.errors import ParamError
from engines.models.catalogue import MODELS, ModelCard, explain_missing_packages, find_model
from engines.music.stems import SIX_STEMS


@pytest.mark.parametrize("card", MODELS, ids=lambda card: card.name)
def test_a_card_is_whole(card: ModelCard) -> None:
    assert find_model(card.name) is card
    assert set(card.stems) <= set(SIX_STEMS)
    assert card.licence
    assert f"https://huggingface.co/{card.repository}" in card.terms
    assert card.bytes > 50_000_000
    for network in card.networks:
        assert card.find_network(network.signature) is network
        assert re.fullmatch("[0-9a-f]{8}", network.digits)
        assert re.fullmatch("([0-9a-f]{64})?", network.sha256)
    assert card.find_network("none") is None


@pytest.mark.parametrize("card", MODELS, ids=lambda card: card.name)
def test_a_card_says_what_demucs_says(card: ModelCard) -> None:
    spec = find_spec("demucs")
    if spec is None or not spec.origin:
        pytest.skip("demucs is not installed")
    remote = Path(spec.origin).parent / "remote"
    assert yaml.safe_load(card.settings) == yaml.safe_load((remote / f"{card.name}.yaml").read_text(encoding="utf-8"))
    published = (remote / "files.txt").read_text(encoding="utf-8")
    for network in card.networks:
        assert f"{network.signature}-{network.digits}.th" in published


def test_a_name_that_none_has_is_the_users_error() -> None:
    with pytest.raises(ParamError, match="model must be one of htdemucs, htdemucs_ft, htdemucs_6s, but was 'spleeter'"):
        find_model("spleeter")


def test_packages_that_lack_are_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "find_spec", lambda name: None if name in ("torch", "soxr") else name)
    assert explain_missing_packages(MODELS[0]) == (
        "htdemucs runs on packages that are not installed (torch, soxr): run `python3 tools/dev.py setup --with stems`."
    )
    monkeypatch.setattr(catalogue, "find_spec", lambda name: name)
    assert explain_missing_packages(MODELS[0]) == ""
