"""Finding an installed madmom, and the messages without one."""

from pathlib import Path

import pytest

from musearoo.engines.errors import EngineError
from musearoo.engines.neural.madmom import package as madmom_package
from musearoo.engines.neural.madmom.package import MadmomPackage, describe_madmom, find_madmom, require_madmom
from tests.optional import needs


@needs("madmom")
def test_the_licence_of_its_models_is_reported() -> None:
    package = find_madmom()
    assert package is not None
    assert describe_madmom() == f"madmom {package.version}, models CC BY-NC-SA 4.0 (non-commercial)"
    assert require_madmom() == package


def test_without_it_one_sentence_gives_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(madmom_package, "find_spec", lambda _name: None)
    assert find_madmom() is None
    assert describe_madmom().startswith("madmom is not installed: install it with `python3 tools/dev.py setup")
    with pytest.raises(EngineError, match="madmom is not installed: install it with"):
        require_madmom()


def test_missing_networks_are_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"madmom .+ in .* lacks its networks key/\*\.pkl"):
        MadmomPackage(tmp_path).list_networks("key/*.pkl")
