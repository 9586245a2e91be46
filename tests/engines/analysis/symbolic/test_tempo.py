"""The tempo of notes without a click, and beats counted by it."""

from __future__ import annotations

import pytest

from musearoo.engines.analysis.symbolic.tempo import LEAST_ONSETS, ONSETS, NoteTempo, find_note_tempo, retime
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from tests.each_case import each_case


def click(period: float, count: int, first: float = 0.0) -> list[tuple[float, float]]:
    return [(first + period * number, 90.0) for number in range(count)]


@each_case("period", [0.31, 0.42, 0.5, 0.66, 0.85, 0.98])
def test_an_even_beat_is_found_where_people_tap(period: float) -> None:
    """Between 60 and 200 BPM the beat that is played is found, or one half or twice as quick."""
    found = find_note_tempo(click(period, 40))
    assert found is not None
    assert min(abs(found.period * part / period - 1.0) for part in (0.5, 1.0, 2.0)) < 0.005
    assert found.confidence == pytest.approx(0.8, abs=0.02)


def test_of_even_steps_the_beat_near_115_is_meant() -> None:
    for step, period in ((0.13, 0.52), (0.26, 0.52), (0.52, 0.52), (1.04, 0.52)):
        found = find_note_tempo(click(step, 60))
        assert found is not None
        assert found.period == pytest.approx(period, rel=0.005), step


def test_eight_onsets_tell_a_tempo_and_seven_do_not() -> None:
    assert find_note_tempo(click(0.5, LEAST_ONSETS)) is not None
    assert find_note_tempo(click(0.5, LEAST_ONSETS - 1)) is None
    chords = [(0.5 * number + late, 90.0) for number in range(7) for late in (0.0, 0.02)]
    assert find_note_tempo(chords) is None, "notes within 0.03 s are one onset"


def test_only_the_first_minute_is_asked() -> None:
    steady = click(0.5, ONSETS)
    later = click(0.37, 200, first=steady[-1][0] + 0.37)
    assert find_note_tempo(steady + later) == find_note_tempo(steady)


def test_a_player_a_little_early_begins_on_the_beat() -> None:
    """What lies within a twentieth of a beat before the first one is no upbeat."""
    early = find_note_tempo([(0.0, 90.0), *((0.5 * number - 0.01, 90.0) for number in range(1, 40))])
    assert early is not None
    assert early.first == 0.0
    upbeat = find_note_tempo(click(0.5, 40, first=0.25))
    assert upbeat is not None
    assert upbeat.first == pytest.approx(0.25, abs=0.01)


def test_hard_strokes_are_on_the_beat() -> None:
    strokes = [(0.26 * number, 110.0 if number % 2 else 40.0) for number in range(60)]
    found = find_note_tempo(strokes)
    assert found is not None
    assert found.first == pytest.approx(0.26, abs=0.01)


def test_an_upbeat_is_the_first_beat_and_what_is_shorter_is_none() -> None:
    for first, changes, second in (
        (0.04, [75.0], 1.0),
        (0.06, [1000.0, 75.0], 1.0 + 0.74 / 0.8),
        (0.4, [150.0, 75.0], 1.5),
    ):
        tempo = NoteTempo(0.8, first, 0.5)
        assert [bpm for _, bpm in tempo.clock.changes] == pytest.approx(changes), first
        assert tempo.position(0.8) == pytest.approx(second), first
        for beat in (0.5, 1.0, 2.5):
            assert tempo.position(tempo.clock.seconds(beat)) == pytest.approx(beat), (first, beat)


def test_a_clip_in_its_own_beats_has_whole_bars_and_no_note_without_length() -> None:
    """Two seconds of notes at 0.4 s a beat are five beats: two bars of 4/4."""
    notes = [
        Note(0.0, 60, 1.0, 90.0, probability=0.5, velocity_deviation=3.0, release_velocity=20.0),
        Note(2.0, 62, 1e-5, 80.0, mute=True),
        Note(3.0, 64, 1.0, 70.0),
    ]
    found = retime(Clip.of("x", 4.0, notes), NoteTempo(0.4, 0.0, 0.5), beat_seconds=0.5)
    assert (found.name, found.length, found.meter) == ("x", 8.0, Meter())
    assert [note.start for note in found.notes] == pytest.approx([0.0, 2.5, 3.75])
    assert [note.duration for note in found.notes] == pytest.approx([1.25, 1e-3, 1.25])
    assert [note.velocity for note in found.notes] == [90.0, 80.0, 70.0]
    assert (found.notes[0].probability, found.notes[0].velocity_deviation) == (0.5, 3.0)
    assert (found.notes[0].release_velocity, found.notes[1].mute) == (20.0, True)
    assert retime(Clip("empty", 6.0), NoteTempo(0.4, 0.0, 0.5), beat_seconds=0.5).length == 8.0
