"""Chords of a few notes: where they begin and end, and what does not make one."""

from __future__ import annotations

from collections.abc import Sequence

from musearoo.engines.analysis.symbolic.chords import MELODY_WEIGHT, RINGING, TAIL, match_chord, read_chords
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan
from tests.each_case import each_case

AM, F, C = (57, 60, 64), (53, 57, 60), (48, 52, 55)


def struck(pitches: Sequence[int], start: float, length: float) -> list[Note]:
    return [Note(start, pitch, length, 80.0) for pitch in pitches]


def rows(spans: Sequence[ChordSpan]) -> list[tuple[float, float, str]]:
    return [(span.start, span.end, str(span.chord)) for span in spans]


def test_an_empty_clip_takes_no_chords_away_and_gives_none() -> None:
    keys = Clip.of("keys", 4.0, struck(AM, 0.0, 4.0))
    assert rows(read_chords([Clip("empty", 4.0), keys])) == [(0.0, 4.0, "Am")]
    assert rows(read_chords([keys, Clip("empty", 4.0)], bass=Clip("empty", 4.0))) == [(0.0, 4.0, "Am")]
    assert read_chords([]) == read_chords(Clip("empty", 4.0)) == ()


def test_a_chord_rings_for_four_beats_after_its_last_note() -> None:
    spans = read_chords(Clip.of("stab", 16.0, struck(AM, 0.0, 1.0)))
    assert rows(spans) == [(0.0, 1.0 + RINGING, "Am")]
    both = read_chords(Clip.of("stabs", 16.0, struck(AM, 0.0, 1.0) + struck(F, 12.0, 1.0)))
    assert rows(both) == [(0.0, 1.0 + RINGING, "Am"), (12.0, 16.0, "F")]


def test_one_note_with_a_grace_note_is_no_chord() -> None:
    """A grace note of a tenth of the weight or less does not make two notes of one."""
    tonic = [Note(0.0, pitch, 4.0, 80.0) for pitch in (36, 48, 60, 72)]
    assert read_chords(Clip.of("octaves", 4.0, [*tonic, Note(0.0, 64, 0.3, 80.0)])) == ()
    assert read_chords(Clip.of("octaves", 4.0, [*tonic, Note(0.0, 64, 2.0, 80.0)])) != ()


def test_muted_notes_are_not_heard() -> None:
    muted = [Note(0.0, pitch, 4.0, 80.0, mute=True) for pitch in F]
    assert rows(read_chords(Clip.of("keys", 4.0, struck(AM, 0.0, 4.0) + muted))) == [(0.0, 4.0, "Am")]


def test_what_a_length_was_rounded_to_is_no_pulse() -> None:
    spans = read_chords(Clip.of("keys", 4.0 + 5e-7, struck(AM, 0.0, 4.0)))
    assert [span.end for span in spans] == [4.0]


def test_a_shorter_clip_is_looped_under_the_longest() -> None:
    keys = Clip.of("keys", 8.0, struck(C, 0.0, 8.0))
    bass = Clip.of("bass", 4.0, [Note(0.0, 28, 4.0, 90.0)])
    assert rows(read_chords(keys, bass)) == [(0.0, 8.0, "C/E")]


def test_legato_into_the_next_pulse_counts_for_nothing() -> None:
    """What reaches into a chord by no more than a sixteenth's half belongs to the chord before it."""
    slurred = Clip.of("keys", 8.0, struck(AM, 0.0, 4.0 + TAIL) + struck((65, 69, 72), 4.0, 4.0))
    assert rows(read_chords(slurred)) == [(0.0, 4.0, "Am"), (4.0, 8.0, "F")]


def test_a_melody_gives_the_third_that_nobody_plays_and_no_chord_by_itself() -> None:
    fifths = Clip.of("guitar", 8.0, struck((45, 52), 0.0, 4.0))
    third = Clip.of("lead", 8.0, [Note(0.0, 72, 4.0, 90.0), *struck(C, 4.0, 4.0)])
    assert rows(read_chords(fifths)) == [(0.0, 8.0, "A5")]
    assert rows(read_chords(fifths, melodies=[third])) == [(0.0, 8.0, "Am")]
    assert MELODY_WEIGHT < 1.0


def test_only_a_bass_that_holds_for_half_the_chord_is_its_bass() -> None:
    upper = Clip.of("keys", 4.0, struck((60, 64, 67), 0.0, 4.0))
    for walked, expected in (((28, 28, 31, 36), "C/E"), ((28, 31, 36, 36), "C"), ((36, 28, 28, 28), "C")):
        line = [Note(float(beat), pitch, 0.9, 90.0) for beat, pitch in enumerate(walked)]
        assert [str(span.chord) for span in read_chords(upper, Clip.of("bass", 4.0, line))] == [expected], walked


def test_a_pulse_without_bass_says_nothing_of_it() -> None:
    """The last pulse of 5/16 is a sixteenth long: too short for a bass, so that the one before it stays."""
    meter = Meter(5, 16)
    upper = Clip.of("keys", 2.5, struck((60, 64, 67), 0.0, 2.5), meter)
    bass = Clip.of("bass", 2.5, [Note(0.0, 28, 1.0, 90.0), Note(1.25, 28, 1.0, 90.0)], meter)
    assert [str(span.chord) for span in read_chords(upper, bass)] == ["C/E"]


def test_a_bass_note_just_before_a_pulse_lies_under_it() -> None:
    upper = Clip.of("keys", 8.0, struck(C, 0.0, 4.0) + struck(F, 4.0, 4.0))
    early = Clip.of("bass", 8.0, [Note(0.0, 36, 3.9, 90.0), Note(3.95, 45, 4.0, 90.0)])
    assert [str(span.chord) for span in read_chords(upper, early)] == ["C", "F/A"]


def test_two_notes_make_a_chord_and_one_does_not() -> None:
    for weights, heard in (
        ((1.0, 0, 0, 0, 1.0, 0, 0, 0, 0, 0, 0, 0), True),
        ((1.0, 0, 0, 0, 0.1, 0, 0, 0, 0, 0, 0, 0), False),
        ((0.0,) * 12, False),
    ):
        assert (match_chord(weights, None) is not None) is heard, weights


def test_a_fifth_may_be_missing_and_a_third_may_not() -> None:
    """C and E and B are Cmaj7; C and G and B are as near to it, but nobody has played major."""
    shell = match_chord([1.0, 0, 0, 0, 1.0, 0, 0, 0, 0, 0, 0, 1.0], 0)
    open_ = match_chord([1.0, 0, 0, 0, 0, 0, 0, 1.0, 0, 0, 0, 1.0], 0)
    assert shell is not None
    assert open_ is not None
    assert str(shell[0]) == "Cmaj7"
    assert shell[1] > open_[1]


@each_case("lowest", range(12))
def test_the_bass_is_named_where_it_is_not_the_root(lowest: int) -> None:
    weights = [float(step in (0, 4, 7)) for step in range(12)]
    found = match_chord(weights, lowest)
    assert found is not None
    assert found[0].bass_or_root == lowest
    assert (found[0].bass is None) == (found[0].root == lowest)


@each_case("root", range(12))
def test_fifths_on_every_root_stay_open_and_a_third_closes_them(root: int) -> None:
    fifths = struck((36 + root, 43 + root), 0.0, 4.0)
    open_, closed = (
        read_chords(Clip.of("guitar", 4.0, notes))[0].chord
        for notes in (fifths, [*fifths, Note(0.0, 52 + root, 4.0, 80.0)])
    )
    assert (open_.root, open_.quality, closed.root, closed.quality) == (root, "(1,5)", root, "maj")
