"""What two hands and two feet can play, on hand-made cases."""

from __future__ import annotations

import pytest

from engines.drummaroo.playability import find_faults, make_playable
from engines.music.note import Note

KICK, SNARE, HAT, CRASH, LOW_TOM, PEDAL = 36, 38, 42, 49, 41, 44


def strike(pitches: list[int], every: float = 0.0, count: int = 1) -> list[Note]:
    """Strokes of all pitches together, `count` times, `every` so many beats."""
    return [Note(n * every, pitch, 0.05, 90) for n in range(count) for pitch in sorted(pitches)]


@pytest.mark.parametrize(
    ("notes", "bpm", "faults"),
    [
        (strike([KICK, SNARE, HAT]), 120, 0),
        (strike([KICK, PEDAL, SNARE, CRASH]), 120, 0),
        (strike([SNARE, HAT, CRASH]), 120, 1),  # a third hand
        (strike([SNARE, HAT, CRASH, LOW_TOM]), 120, 2),
        (strike([HAT], 0.25, 16), 180, 0),  # sixteenths with two hands
        (strike([HAT], 0.125, 16), 180, 0),  # thirty-seconds, 42 ms apart: alternating
        (strike([HAT], 0.125, 16), 300, 5),  # 25 ms apart: every third finds no hand
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


def test_a_limb_needs_time_to_move() -> None:
    same = [Note(0.0, SNARE, 0.1, 90), Note(0.0, HAT, 0.1, 90), Note(0.14, SNARE, 0.1, 90)]
    other = [*same[:2], Note(0.14, LOW_TOM, 0.1, 90)]
    assert find_faults(same, 120) == ()  # 70 ms: a second stroke on the same drum
    assert [fault.index for fault in find_faults(other, 120)] == [2]
    assert find_faults(other, 120)[0].seconds == pytest.approx(0.07)
