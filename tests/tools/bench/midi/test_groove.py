"""What the bench of captured grooves measures, and that it can tell a groove that is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from musearoo.engines.improvisation.listening.played_notes import Recording
from musearoo.tools.bench.midi import groove
from musearoo.tools.bench.midi.groove import judge, judge_grooves, record, rows_of
from musearoo.tools.bench.midi.groove_ports import PortRecording
from musearoo.tools.bench.midi.player import GROOVES, Performance, perform


def performance() -> Performance:
    return perform("drums", GROOVES[2], 110.0, 8, 1)


def moved(recording: Recording, beats: float, number: int) -> Recording:
    """The recording with one note that came later."""
    note = recording.notes[number]
    late = replace(note, start=note.start._replace(beat=note.start.beat + beats))
    return replace(recording, notes=(*recording.notes[:number], late, *recording.notes[number + 1 :]))


def _play_through_nothing(performances: Sequence[Performance]) -> Iterator[PortRecording]:
    """As if ports were without fault."""
    for played in performances:
        yield PortRecording(played, record(played), (0.001,))


def test_a_player_keeps_the_groove_that_they_are_given() -> None:
    played = performance()
    assert played == performance()
    misses = [(note.beat - played.groove.beat(note.place, played.bpm)) * 60.0 / played.bpm for note in played.notes]
    assert max(abs(miss) for miss in misses) < 0.015
    assert (sum(miss * miss for miss in misses) / len(misses)) ** 0.5 == pytest.approx(0.003, rel=0.2)


def test_what_is_lost_is_told() -> None:
    played = performance()
    recording = record(played)
    assert judge(played, recording).is_exact
    assert not judge(played, replace(recording, notes=recording.notes[:-1])).is_exact
    assert not judge(played, moved(recording, 0.5, 20)).is_exact
    straight = replace(played, groove=GROOVES[0])
    assert max(judge(straight, recording).places) > 8.0


def test_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groove, "TEMPOS", (110.0,))
    monkeypatch.setattr(groove, "GROOVES", GROOVES[1:6:4])
    monkeypatch.setattr(groove, "STYLES", ("bass", "triplets"))
    monkeypatch.setattr(groove, "play_through_ports", _play_through_nothing)
    calls = []
    rows = list(judge_grooves(1, lambda *progress: calls.append(progress)))
    names = [row.name for row in rows]
    assert len(names) == len(set(names))
    assert {row.part for row in rows} == {"Groove"}
    assert all(row.ours is not None for row in rows)
    by_name = {row.name: row for row in rows}
    assert by_name["by the set's clock: notes exact"].met is True
    assert by_name["by the set's clock: off the groove, a place of the bar, p99.9"].met is True
    assert "of 3 " in by_name["by the set's clock: notes exact"].note
    assert calls[0] == ("grooves", 0, 3)


def test_a_row_says_what_misses_its_target() -> None:
    played = performance()
    straight = replace(played, groove=GROOVES[0])
    rows = {row.name: row for row in rows_of("here", [judge(straight, record(played))])}
    assert rows["here: off the groove, a place of the bar, p99.9"].met is False
