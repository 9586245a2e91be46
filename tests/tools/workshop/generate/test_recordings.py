"""The recorded sentences: they are what their table says, and what they ask for is what the parser reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.voice_table import read_understander
from musearoo.engines.errors import PresetError
from musearoo.engines.language.requests.commands import Intent
from musearoo.tools.bench.voice.music import Music, take_excerpt
from musearoo.tools.bench.voice.spoken import RATE
from musearoo.tools.workshop.generate import recordings
from musearoo.tools.workshop.generate.recordings import FOLDER, read_recordings
from tests.each_case import each_case

RECORDINGS = read_recordings()
MOST_BYTES = 70_000
"""Of a recording: they lie in the repository."""


@each_case("name", RECORDINGS)
def test_a_recording_is_short_and_as_recognisers_want_it(name: str) -> None:
    path = RECORDINGS[name].path
    facts = soundfile.info(path)
    assert (facts.samplerate, facts.channels, facts.subtype) == (RATE, 1, "PCM_16")
    assert path.stat().st_size < MOST_BYTES


def test_the_folder_has_what_the_table_names() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.flac")) == sorted(RECORDINGS)


def test_what_is_said_asks_for_what_the_table_says() -> None:
    understander = read_understander(read_styles())
    for recording in RECORDINGS.values():
        command = understander.understand(recording.said)
        assert (command.intent, command.slots) == (recording.intent, recording.slots), recording.said


def test_a_file_that_is_not_as_it_would_be_made_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(recordings, "FOLDER", tmp_path)
    (tmp_path / "recordings.yaml").write_text('- {file: hiss, said: "", intent: none}\n', encoding="utf-8")
    assert recordings.main(["--check"]) == 1
    assert "hiss is not as it would be made" in capsys.readouterr().err
    assert recordings.main([]) == 0
    assert recordings.main(["--check"]) == 0
    samples, _ = soundfile.read(tmp_path / "hiss.flac", dtype="int16")
    samples[100] += 50
    soundfile.write(tmp_path / "hiss.flac", samples, RATE)
    assert recordings.main(["--check"]) == 1


def test_a_broken_table_is_told_with_its_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "FOLDER", tmp_path)
    (tmp_path / "recordings.yaml").write_text('- {file: hiss, said: "", intent: shout}\n', encoding="utf-8")
    with pytest.raises(PresetError, match="shout"):
        read_recordings()


def test_nothing_is_asked_for_where_nobody_speaks() -> None:
    assert RECORDINGS["hiss"].intent is Intent.NONE


def test_excerpts_go_round_the_pieces_and_never_begin_where_the_last_did() -> None:
    pieces = [Music("one", np.arange(1_000, dtype=np.float32)), Music("two", -np.arange(500, dtype=np.float32))]
    taken = [take_excerpt(pieces, number, 600) for number in range(6)]
    assert {len(excerpt) for excerpt in taken} == {600}
    assert [excerpt.max() > 0 for excerpt in taken] == [True, False] * 3
    assert len({float(excerpt[0]) for excerpt in taken[1:]}) == 5
