"""Engines of other packages: taken where they fit, left out with a word where not."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from musearoo.bridge.settings.engine_plugins import GROUP, read_engines
from musearoo.engines.players.band.catalogue import ENGINES, find_engine

CLAP = replace(ENGINES[0], name="clapparoo", title="ClapparOo")
"""What another package would offer."""

NO_ENGINE = "a text"
TAKEN = replace(ENGINES[0], title="Another DrummaRoo")


@pytest.fixture
def offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    # As pip installs a package.
    package = tmp_path / "claps-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: claps\nVersion: 1.0\n", encoding="utf-8")
    lines = ["good = CLAP", "text = NO_ENGINE", "taken = TAKEN", "missing = NOWHERE"]
    entries = "\n".join(line.replace("= ", f"= {__name__}:") for line in lines)
    (package / "entry_points.txt").write_text(f"[{GROUP}]\n{entries}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(logging.getLogger("musearoo"), "propagate", True)
    caplog.set_level(logging.WARNING)
    read_engines.cache_clear()
    yield
    read_engines.cache_clear()


@pytest.mark.usefixtures("offered")
def test_an_engine_of_another_package_joins_after_our_own(caplog: pytest.LogCaptureFixture) -> None:
    engines = read_engines()
    assert engines == (*ENGINES, CLAP)
    assert find_engine("clapparoo", engines) is CLAP
    assert find_engine("drums", engines) is ENGINES[0]
    told = caplog.text
    assert "NO_ENGINE is not an EngineRecord" in told
    assert "an engine named drummaroo already" in told
    assert "NOWHERE of another package cannot be loaded" in told


def test_without_other_packages_there_are_our_own() -> None:
    assert read_engines()[: len(ENGINES)] == ENGINES
