"""Voicings: all ways to voice a chord of a kind within a register.

Rootless and quartal voicings follow Mark Levine, "The Jazz Piano Book" (1989); drop voicings are named as arrangers do:
the second voice from above is moved down an octave.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from musearoo.engines.music.chord import Chord
from musearoo.engines.players.harmony.fretboard import grips_of, pitches_of
from musearoo.engines.players.params import Effort
from musearoo.engines.styles.harmony import VoicingKind

Voicing = tuple[int, ...]
"""Pitches, ascending."""

MOST: Final = {Effort.FULL: 10, Effort.LEAN: 5}
"""How many voicings of a chord are compared: those nearest to the centre of the register."""
VOICES: Final = ((40, 60), (48, 67), (55, 74), (60, 79))
"""The ranges of bass, tenor, alto and soprano."""
HIGHEST_POWER: Final = 51
"""The highest root of a power chord on the two low strings."""


@lru_cache(maxsize=4096)
def voicings_of(
    chord: Chord, kind: VoicingKind, low: int, high: int, key: frozenset[int], effort: Effort = Effort.FULL
) -> tuple[Voicing, ...]:
    """Return the voicings of a chord within low..high, nearest to the centre first; never empty.

    `key` has the pitch classes from which tones may be added to the chord. Guitar and four-part voicings have their own
    ranges and ignore the register. A register too narrow for the chord is extended upwards, or else downwards.
    """
    if kind == "guitar":
        return tuple(dict.fromkeys(pitches_of(grip) for grip in grips_of(chord)))
    if kind == "power":
        return _power_chords(chord)
    if kind == "satb":
        return _four_voices(chord, effort)
    for wider in (0, 7, 14, 26):
        top, bottom = min(127, high + wider), low - max(0, high + wider - 127)
        laid_out = set(_lay_out(chord, kind, bottom, top, key))
        found = sorted(laid_out, key=lambda each: (_off_centre(each, bottom, top), each))
        if found:
            return tuple(found[: MOST[effort]])
    raise AssertionError(f"{chord} has no voicing above {low}")  # two octaves hold every kind


def _off_centre(voicing: Voicing, low: int, high: int) -> float:
    return abs(sum(voicing) / len(voicing) - (low + high) / 2.0)


def _lay_out(chord: Chord, kind: VoicingKind, low: int, high: int, key: frozenset[int]) -> Iterator[Voicing]:
    if kind == "two_hands":
        yield from _two_hands(chord, low, high)
        return
    if kind == "quartal":
        for fourths in _QUARTAL.get(chord.quality, ()):
            first = low + (chord.root + fourths[0] - low) % 12
            for bottom in range(first, high, 12):
                pitches = tuple(bottom + step - fourths[0] for step in fourths)
                if pitches[-1] <= high and all(pitch % 12 in key for pitch in pitches):
                    yield pitches
    tones = _tones(chord, kind, key)
    for turn in range(len(tones)):
        order = (*tones[turn:], *tones[:turn])
        if kind == "drop2" and len(order) == 3:
            order = (*order, order[0])  # double the first tone of a triad for four voices
        first = low + (order[0] - low) % 12
        for bottom in range(first, high + 1, 12):
            stacked = _stack(order, bottom)
            if kind == "drop2" and len(stacked) >= 4:
                stacked = tuple(sorted((*stacked[:-2], stacked[-2] - 12, stacked[-1])))
            elif kind == "open" and len(stacked) >= 3:
                stacked = tuple(sorted((stacked[0], stacked[1] + 12, *stacked[2:])))
            if stacked[0] >= low and stacked[-1] <= high:
                yield stacked


def _tones(chord: Chord, kind: VoicingKind, key: frozenset[int]) -> tuple[int, ...]:
    """Return the pitch classes that a kind of voicing uses of a chord, in ascending order above the root."""
    root, third, fifth, seventh, extensions = _parts(chord)
    steps: list[int | None]
    if kind == "shell":
        steps = [third, seventh, *extensions[-1:]] if seventh is not None else [root, third, fifth]
    elif kind == "rootless" and seventh is not None and fifth is not None and fifth != 6:
        # The ninth is a semitone below a minor third, so it is only added where the chord names it.
        adds = third == 4 and (chord.root + 2) % 12 in key
        ninth = extensions[0] if extensions else 14 if adds else root
        thirteenth = 21 if 21 in extensions else 20 if 20 in extensions else None
        steps = [third, thirteenth or fifth, seventh, 14 if ninth == 21 else ninth]
    elif kind == "triad":
        steps = [third, fifth, seventh] if seventh is not None and fifth is not None else [root, third, fifth]
    else:
        steps = [root, third, fifth, seventh, *extensions]
        if len([step for step in steps if step is not None]) > 4:  # drop the fifth, the least characteristic
            steps = [third, seventh, *extensions[-2:]] if len(extensions) > 1 else [third, fifth, seventh, *extensions]
    classes = [(step, (chord.root + step) % 12) for step in steps if step is not None]
    unique = dict.fromkeys(tone for _, tone in sorted(classes, key=lambda item: item[0] % 12))
    return tuple(unique)


def _parts(chord: Chord) -> tuple[int, int | None, int | None, int | None, list[int]]:
    """Return root, third (or its replacement), fifth, seventh (or sixth) and the rest, in semitones above the root."""
    rest = [step for step in chord.intervals if step]
    third = next((step for step in (4, 3, 5, 2) if step in rest), None)
    fifth = next((step for step in (7, 6, 8) if step in rest), None)
    seventh = next((step for step in (10, 11, 9) if step in rest), None)
    return 0, third, fifth, seventh, [step for step in rest if step not in (third, fifth, seventh)]


def _stack(order: Sequence[int], bottom: int) -> Voicing:
    pitches = [bottom]
    for tone in order[1:]:
        pitches.append(pitches[-1] + ((tone - pitches[-1]) % 12 or 12))
    return tuple(pitches)


def _two_hands(chord: Chord, low: int, high: int) -> Iterator[Voicing]:
    """Two-handed voicings: root and fifth or seventh in the left hand, the rest in close position in the right."""
    root, third, fifth, seventh, extensions = _parts(chord)
    base = low + (chord.bass_or_root - low) % 12
    steps = [step for step in (third, fifth if seventh is None else seventh, *extensions[-1:]) if step is not None]
    if len(steps) < 3:
        steps.append(root)
    tones = sorted({(chord.root + step) % 12 for step in steps})
    above = base + ((chord.root + (fifth or 7)) - base) % 12
    left = (base, above) if above - base > 4 else (base,)
    for turn in range(len(tones)):
        order = (*tones[turn:], *tones[:turn])
        first = left[-1] + 3 + (order[0] - left[-1] - 3) % 12
        for bottom in (first, first + 12):
            pitches = (*left, *_stack(order, bottom))
            if pitches[-1] <= high:
                yield pitches


def _power_chords(chord: Chord) -> tuple[Voicing, ...]:
    """Power chords: root, fifth and octave from the two low strings."""
    fifth = next((step for step in (7, 6, 8) if step in chord.intervals), 7)
    lowest = 40 + (chord.root - 40) % 12
    roots = [root for root in (lowest, lowest + 12) if root <= HIGHEST_POWER]
    return tuple((root, root + fifth, root + 12) for root in roots)


def _four_voices(chord: Chord, effort: Effort) -> tuple[Voicing, ...]:
    """Four-part voicings: bass, tenor, alto and soprano in range, upper neighbours at most an octave apart."""
    root, third, fifth, seventh, extensions = _parts(chord)
    body, top = 7 if third is None else third, 7 if fifth is None else fifth
    if seventh is not None:
        choices = [(body, seventh, extensions[-1])] if extensions else [(body, top, seventh), (root, body, seventh)]
    elif extensions:
        choices = [(body, top, extensions[-1]), (root, body, extensions[-1])]
    else:
        choices = [(root, body, top), (root, root, body)]
        if chord.quality in ("maj", "min"):
            choices.append((body, top, top))
    found: set[Voicing] = set()
    for steps in choices:
        tones = [(chord.root + step) % 12 for step in steps]
        for bass in _in_range(chord.bass_or_root, 0):
            for first in dict.fromkeys(tones):
                others = list(tones)
                others.remove(first)
                for second, last in ((others[0], others[1]), (others[1], others[0])):
                    for tenor in _in_range(first, 1):
                        for alto in _in_range(second, 2):
                            for soprano in _in_range(last, 3):
                                close = tenor - bass <= 19 and alto - tenor <= 12 and soprano - alto <= 12
                                if close and bass < tenor < alto < soprano:
                                    found.add((bass, tenor, alto, soprano))
    central = sorted(found, key=lambda each: (abs(sum(each) / 4.0 - 58.0), each))
    return tuple(central[: MOST[effort]])


def _in_range(tone: int, voice: int) -> range:
    low, high = VOICES[voice]
    return range(low + (tone - low) % 12, high + 1, 12)


_QUARTAL: Final = {
    "min7": ((0, 5, 10, 15), (5, 10, 15, 19), (7, 12, 17, 22)),
    "min9": ((5, 10, 15, 19), (2, 7, 12, 17)),
    "min11": ((0, 5, 10, 15), (5, 10, 15, 19)),
    "min": ((0, 5, 10, 15), (7, 12, 17)),
    "maj7": ((4, 9, 14), (11, 16, 21, 26)),
    "maj9": ((4, 9, 14, 19), (11, 16, 21, 26)),
    "maj": ((4, 9, 14), (7, 12, 17)),
    "maj6(9)": ((4, 9, 14, 19),),
    "7": ((10, 16, 21), (4, 10, 14)),
    "9": ((10, 16, 21, 26),),
    "13": ((10, 16, 21, 26),),
    "sus4": ((0, 5, 10), (7, 12, 17)),
    "sus4(b7)": ((0, 5, 10, 15), (7, 12, 17, 22)),
}
"""Stacks of fourths, in semitones above the root."""
