"""Timing: every onset on its sample, for an hour of music at any tempo and rate, and nothing lost on the way."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from musearoo.bridge.live_set.timing import place_on_samples
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.timing import samples_to_beats, seconds_to_beats
from tests.each_case import each_case
from tests.engines.music.tempos import HOUR_S, OF_A_SAMPLE, RATES, exact_samples, rates, tempos

SHORTEST = 2.0
"""Samples of the shortest note tried: one of a single sample between two samples may round to none, and keeps one."""


@dataclass(frozen=True, slots=True)
class Placing:
    """A clip before and after; notes are told apart by `velocity`, which placing must not touch."""

    before: Clip
    after: Clip
    bpm: float
    sample_rate: int

    @property
    def pairs(self) -> list[tuple[Note, Note]]:
        """Each note before and after, in the order of before."""
        placed = {note.velocity: note for note in self.after.notes}
        return [(note, placed[note.velocity]) for note in self.before.notes]

    def samples(self, beats: float) -> Fraction:
        """A position of this clip in samples, exactly."""
        return exact_samples(beats, self.bpm, self.sample_rate)


@st.composite
def placings(draw: st.DrawFn) -> Placing:
    """Lines of notes in up to three voices, somewhere in an hour: gaps of no beats at all make notes that touch."""
    bpm, rate = draw(tempos), draw(rates)
    sample = samples_to_beats(1, bpm, rate)
    notes: list[Note] = []
    end = 0.0
    for pitch in draw(st.lists(st.integers(0, 127), min_size=1, max_size=3, unique=True)):
        at = draw(st.floats(0, seconds_to_beats(HOUR_S, bpm)))
        for _ in range(draw(st.integers(0, 8))):
            duration = draw(st.floats(SHORTEST, 400.0) | st.floats(SHORTEST, 1e6)) * sample
            rest = draw(st.tuples(st.booleans(), st.floats(0, 1), st.floats(-127, 127), st.floats(0, 127)))
            notes.append(Note(at, pitch, duration, 1.0 + len(notes), *rest))
            end = max(end, at)
            gap = draw(st.just(0.0) | st.floats(0.0, 3.0) | st.floats(0.0, 1e5)) * sample
            at = notes[-1].end + gap
    clip = Clip.of("line", end + draw(st.floats(0.01, 1e5)) * sample, notes, Meter(7, 8))
    return Placing(clip, place_on_samples(clip, bpm, rate), bpm, rate)


@given(placings())
def test_no_note_is_lost_and_nothing_but_its_time_changes(placing: Placing) -> None:
    before, after = placing.before, placing.after
    assert (after.name, after.length, after.meter) == (before.name, before.length, before.meter)
    assert [note.velocity for note in sorted(after.notes, key=lambda n: n.velocity)] == sorted(
        note.velocity for note in before.notes
    )
    for old, new in placing.pairs:
        assert replace(new, start=old.start, duration=old.duration) == old


@given(placings())
def test_every_onset_is_on_a_sample_within_half_a_sample_of_its_place(placing: Placing) -> None:
    for old, new in placing.pairs:
        ideal, placed = placing.samples(old.start), placing.samples(new.start)
        assert abs(placed - ideal) <= Fraction(1, 2) + OF_A_SAMPLE
        is_last_half_sample = placing.samples(placing.before.length) - ideal <= Fraction(1, 2) + OF_A_SAMPLE
        assert abs(placed - round(placed)) <= OF_A_SAMPLE or (is_last_half_sample and new.start == old.start)


@given(placings())
def test_onsets_keep_their_order(placing: Placing) -> None:
    starts = [new.start for _, new in placing.pairs]
    assert starts == sorted(starts)


@given(placings())
def test_notes_that_touched_still_touch_and_none_overlaps_that_did_not(placing: Placing) -> None:
    for old, new in placing.pairs:
        assert placing.samples(new.duration) >= 1 - OF_A_SAMPLE
        for next_old, next_new in placing.pairs:
            if old is next_old or old.end > next_old.start:
                continue
            assert new.end <= next_new.start
            if old.end == next_old.start:
                assert placing.samples(next_new.start) - placing.samples(new.end) <= OF_A_SAMPLE


@each_case("rate", RATES)
@each_case("bpm", [20.0, 97.3, 133.7, 174.0, 999.0])
def test_a_held_note_ends_where_the_next_begins_and_not_a_rounding_later(bpm: float, rate: int) -> None:
    """The sum of start and duration may round to just past the next onset, which Live would take for an overlap."""
    line = []
    at = 1 / 7
    for step in range(300):
        duration = (1 + step % 23) / 3
        line.append(Note(at, 60, duration, 1.0 + step / 3))
        at += duration
    placed = place_on_samples(Clip.of("line", at, line), bpm, rate).notes
    assert all(note.end <= following.start for note, following in pairwise(placed))


def test_a_note_shorter_than_a_sample_keeps_one() -> None:
    sample = samples_to_beats(1, 120.0, 48_000)
    (note,) = place_on_samples(Clip.of("tick", 4.0, [Note(1.0, 60, sample / 10, 100)]), 120.0, 48_000).notes
    assert note.start == 1.0
    assert note.duration == pytest.approx(sample)


def test_an_onset_in_the_last_half_sample_stays_in_the_clip() -> None:
    late = 4.0 - samples_to_beats(0.25, 120.0, 48_000)
    placed = place_on_samples(Clip.of("late", 4.0, [Note(late, 60, 0.5, 100)]), 120.0, 48_000)
    assert [note.start for note in placed.notes] == [late]


def test_chords_that_fall_on_one_sample_are_sorted_by_pitch() -> None:
    sample = samples_to_beats(1, 120.0, 48_000)
    strummed = [Note(1.0, 67, 1.0, 100), Note(1.0 + sample / 5, 64, 1.0, 101), Note(1.0 + sample / 4, 60, 1.0, 102)]
    placed = place_on_samples(Clip.of("strum", 4.0, strummed), 120.0, 48_000)
    assert [(note.start, note.pitch) for note in placed.notes] == [(1.0, 60), (1.0, 64), (1.0, 67)]


@given(tempos, rates)
@example(999.0, 44_100)
@example(20.0, 96_000)
def test_placing_twice_changes_nothing_more(bpm: float, rate: int) -> None:
    third = 1 / 3
    clip = Clip.of("thirds", 64.0, [Note(beat * third, 60, third, 100) for beat in range(150)])
    once = place_on_samples(clip, bpm, rate)
    assert [note.start for note in place_on_samples(once, bpm, rate).notes] == [note.start for note in once.notes]
