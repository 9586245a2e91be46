"""Playability for two hands and two feet, on hand-made cases."""

from __future__ import annotations

import pytest

from musearoo.engines.music.note import Note
from musearoo.engines.players.drums.playability import find_faults, make_playable
from tests.each_case import each_case

KICK, SNARE, HAT, CRASH, LOW_TOM, PEDAL = 36, 38, 42, 49, 41, 44


def strike(pitches: list[int], every: float = 0.0, count: int = 1) -> list[Note]:
    """Strokes of all pitches together, `count` times, `every` so many beats."""
    return [Note(n * every, pitch, 0.05, 90) for n in range(count) for pitch in sorted(pitches)]


@each_case(
    "notes, bpm, faults",
    [
        (strike([KICK, SNARE, HAT]), 120, 0),
        (strike([KICK, PEDAL, SNARE, CRASH]), 120, 0),
        (strike([SNARE, HAT, CRASH]), 120, 1),  # a third hand
        (strike([SNARE, HAT, CRASH, LOW_TOM]), 120, 2),
        (strike([HAT], 0.25, 16), 180, 0),  # sixteenths with two hands
        (strike([HAT], 0.125, 16), 180, 0),  # thirty-seconds, 42 ms apart: a roll of doubles
        (strike([HAT], 0.125, 16), 300, 4),  # 25 ms apart: no hand doubles as fast as that for long
        (strike([KICK], 0.25, 8), 180, 0),
        (strike([SNARE, HAT], 0.25, 8), 120, 0),  # unison sixteenths
        (strike([SNARE, HAT], 0.125, 4), 300, 4),  # 25 ms apart in unison: the first and the fourth pair
    ],
)
def test_faults_are_found(notes: list[Note], bpm: float, faults: int) -> None:
    found = find_faults(notes, bpm)
    assert len(found) == faults
    kept = make_playable(notes, bpm)
    assert find_faults(kept, bpm) == ()
    assert len(kept) >= len(notes) - 2 * max(1, len(found))
    assert (len(kept) == len(notes)) == (not found)


def test_the_least_important_goes() -> None:
    kept = {note.pitch for note in make_playable(strike([SNARE, HAT, CRASH]), 120)}
    assert kept == {SNARE, CRASH}


def test_a_hand_doubles_but_does_not_go_on_at_that_speed() -> None:
    """Three hats 60 ms apart while the other hand is on the far tom: the bounce is there, the third stroke is not."""
    hats = [Note(0.12 * n, HAT, 0.05, 90) for n in range(3)]
    toms = [Note(0.12 * n, LOW_TOM, 0.05, 90) for n in range(3)]
    assert find_faults(hats, 120) == ()
    assert [fault.index for fault in find_faults(sorted([*hats, *toms]), 120)] == [4, 5]


def test_a_far_drum_takes_longer_than_a_near_one() -> None:
    """75 ms with both hands at the hat before: the snare can be reached from there, the low tom cannot."""

    def after_the_hats(pitch: int) -> list[Note]:
        return [*strike([HAT], 0.05, 2), Note(0.20, pitch, 0.1, 90), Note(0.201, HAT, 0.1, 90)]

    assert find_faults(after_the_hats(SNARE), 120) == ()
    assert len(find_faults(after_the_hats(LOW_TOM), 120)) == 1


def test_a_limb_needs_time_to_move() -> None:
    same = [Note(0.0, SNARE, 0.1, 90), Note(0.0, HAT, 0.1, 90), Note(0.14, SNARE, 0.1, 90)]
    other = [*same[:2], Note(0.14, LOW_TOM, 0.1, 90)]
    assert find_faults(same, 120) == ()  # 70 ms: a second stroke on the same drum
    assert [fault.index for fault in find_faults(other, 120)] == [2]
    assert find_faults(other, 120)[0].seconds == pytest.approx(0.07)


def test_before_the_next_section_a_hand_is_free_for_its_crash() -> None:
    """Sixteenths round to the low tom at 174 BPM end 86 ms before the one, and the crash is far."""
    fill = [Note(3.0, SNARE, 0.1, 90), Note(3.25, SNARE, 0.1, 90), Note(3.5, LOW_TOM, 0.1, 90)]
    fill += [Note(3.75, LOW_TOM, 0.1, 90), Note(3.751, 45, 0.1, 90)]
    kept = make_playable(fill, 174, crash_at=4.0)
    assert set(kept) < set(fill)
    assert find_faults([*kept, Note(4.0, CRASH, 1.0, 110)], 174) == ()
    assert make_playable(fill, 174) == tuple(fill)
    assert make_playable(fill, 120, crash_at=4.0) == tuple(fill)
