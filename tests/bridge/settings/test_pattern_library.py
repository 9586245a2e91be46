"""The library on disk: what is written is read, and what cannot be read plays nothing and is logged."""

import logging
from pathlib import Path

import pytest

from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.settings.pattern_library import ROWS, PatternLibrary, open_patterns, write_patterns
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.players.library.patterns import Patterns
from tests.engines.players.library.test_library import a_pattern
from tests.engines.presets_on_disk import STYLES


def test_what_is_written_is_read(tmp_path: Path) -> None:
    written = [a_pattern((36, 43)), a_pattern((48, 50, 52), "harmony", "rock", 2)]
    write_patterns(Patterns.of(written, ["funk", "rock"]), tmp_path)
    read = open_patterns(tmp_path)
    assert [read[index] for index in range(len(read))] == written


@pytest.mark.parametrize("broken", [b"", b"\x93NUMPY\x01\x00", b"PK\x03\x04 no table"])
def test_a_broken_library_plays_nothing_and_is_logged(
    tmp_path: Path, broken: bytes, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LOG, "propagate", True)
    write_patterns(Patterns.of([a_pattern((36,))], ["funk"]), tmp_path)
    (tmp_path / ROWS).write_bytes(broken)
    library = PatternLibrary(tmp_path)
    with caplog.at_level(logging.WARNING, logger=LOG.name):
        for _ in range(2):
            assert library("bass", STYLES["funk"], MusicalContext.plain(), 4) is None
    assert len(caplog.records) == 1


def test_without_a_folder_nothing_is_played(tmp_path: Path) -> None:
    assert PatternLibrary(tmp_path / "nowhere")("bass", STYLES["funk"], MusicalContext.plain(), 4) is None
