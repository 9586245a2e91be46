"""Swing, measured from onsets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from engines.music.clip import Clip
from engines.music.swing import MAX_RATIO

LEAST_ONSETS: Final = 4
"""Off-beats needed before their place says anything."""
_ON_BEAT: Final = 0.15
"""How far from the beat, in beats, an onset may be and still be on it."""
_WINDOW: Final = (0.42, 0.76)
"""Where in a beat an onset counts as the off-beat eighth: from a little early to beyond the triplet."""


def measure_swing(clips: Iterable[Clip]) -> tuple[float, float] | None:
    """The ratio of long to short of the off-beat eighths, and how sure it is (0..1); None where there are too few.

    Clips that also play the second and fourth sixteenths divide the beat evenly there, so those beats are left out.

    >>> from engines.music.note import Note
    >>> hats = Clip("hats", 4.0, tuple(Note(b + o, 42, 0.1, 90) for b in range(4) for o in (0.0, 2 / 3)))
    >>> ratio, confidence = measure_swing([hats])
    >>> round(ratio, 6), confidence > 0.5
    (2.0, True)
    """
    places: list[float] = []
    for clip in clips:
        if clip.meter.is_compound:
            continue
        beats: dict[int, list[float]] = {}
        for note in clip.notes:
            beat = round(note.start - 0.2)
            beats.setdefault(beat, []).append(note.start - beat)
        for inside in beats.values():
            on = [place for place in inside if abs(place) <= _ON_BEAT]
            off = [place for place in inside if _WINDOW[0] <= place <= _WINDOW[1]]
            # From the beat as it was played: a player who is late is late on both.
            if on and off and len(on) + len(off) == len(inside):
                places.append(sum(off) / len(off) - sum(on) / len(on))
    if len(places) < LEAST_ONSETS:
        return None
    places.sort()
    middle = places[len(places) // 2]
    spread = sum(abs(place - middle) for place in places) / len(places)
    ratio = min(MAX_RATIO, max(1.0, middle / (1.0 - middle)))
    enough = min(1.0, len(places) / 16.0)
    return ratio, max(0.0, (0.4 + 0.6 * enough) * (1.0 - 8.0 * spread))
