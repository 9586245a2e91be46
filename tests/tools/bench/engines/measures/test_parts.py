"""Measures on music whose values can be counted by hand."""

from __future__ import annotations

import pytest

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import parse_progression
from musearoo.tools.bench.engines.measures.controls import at_random, in_other_chords, scattered, shuffled
from musearoo.tools.bench.engines.measures.parts import MEASURES, Measure
from tests.each_case import each_case

CHORDS = parse_progression("C | G7")
TUNE = Clip(
    "tune",
    8.0,
    tuple(
        Note(start, pitch, length, 90.0)
        for start, pitch, length in (
            (0.0, 60, 1.0),
            (1.0, 62, 0.5),
            (1.5, 64, 0.5),
            (2.0, 67, 1.0),
            (4.0, 67, 1.0),
            (5.0, 72, 1.0),
            (6.0, 71, 2.0),
        )
    ),
)
"""C D E G over C; G C B over G7: D and C are no chord tones, and both go on by step."""


def value(part: str, name: str, clip: Clip = TUNE) -> float | None:
    measure = next(measure for measure in MEASURES[part] if measure.name == name)
    return measure.of(clip, CHORDS)


@each_case(
    "part, name, expected",
    [
        ("melody", "notes a bar", 3.5),
        ("melody", "grooving similarity", 1.0 - 1 / 16),
        ("melody", "distinct bar rhythms", 1.0),
        ("melody", "range", 12.0),
        ("melody", "mean interval", (2 + 2 + 3 + 0 + 5 + 1) / 6),
        ("melody", "repeated notes", 1 / 6),
        ("melody", "leaps of a fifth or more", 0.0),
        ("melody", "chord-tone ratio", 5 / 7),
        ("melody", "settled tones (CTnCTR)", 1.0),
        ("melody", "chord tones on strong beats", 1.0),
        ("melody", "sounding", 7.0 / 8.0),
        ("melody", "longest rest", 1.0),
        ("melody", "between the eighths", 0.0),
        ("melody", "bars alike", 0.0),
        ("melody", "phrases that end on a chord tone", 1.0),
        ("bass", "root on one", 1.0),
        ("harmony", "onsets a bar", 3.5),
        ("harmony", "notes an onset", 1.0),
        ("chords", "chords a bar", 1.0),
        ("chords", "distinct chords", 2.0),
        ("chords", "chord entropy (CHE)", 1.0),
    ],
)
def test_measures_are_what_one_counts(part: str, name: str, expected: float) -> None:
    assert value(part, name) == pytest.approx(expected)


def test_consonance_and_distance_tell_chord_tones_from_others() -> None:
    """The tune moved up a semitone rubs against its chords and lies farther from them in the tonal space."""
    moved = TUNE.with_notes(Note(note.start, note.pitch + 1, note.duration, 90.0) for note in TUNE.notes)
    inside, outside = (value("melody", "consonance (PCS)", clip) for clip in (TUNE, moved))
    near, far = (value("melody", "tonal distance (MCTD)", clip) for clip in (TUNE, moved))
    assert inside is not None
    assert outside is not None
    assert inside > 0.4 > outside
    assert near is not None
    assert far is not None
    assert near < far


@each_case("part", MEASURES)
def test_silence_gives_no_value_and_no_error(part: str) -> None:
    def of(measure: Measure) -> float | None:
        return measure.of(Clip("nothing", 8.0), ())

    assert all(found is None or found >= 0.0 for found in map(of, MEASURES[part]))


def test_controls_keep_the_notes_and_lose_the_music() -> None:
    for spoil in (at_random, scattered, shuffled):
        spoilt = spoil(TUNE, 3)
        assert spoilt == spoil(TUNE, 3) != TUNE
        assert spoilt.length == TUNE.length
        assert 0 < len(spoilt.notes) <= len(TUNE.notes)
    assert sorted(n.pitch for n in shuffled(TUNE, 3).notes) == sorted(n.pitch for n in TUNE.notes)
    assert [span.chord.symbol for span in in_other_chords(CHORDS)] == ["F#", "Db7"]
