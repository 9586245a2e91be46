"""Which note the bass plays: roots led smoothly from chord to chord, and the tones of a line around them.

The letters of a ToneRow: R root, 3 4 5 6 7 the degrees of the chord above it, 8 the octave, d the fifth below, u the
seventh below, w a step of a walk towards the next root, a a note that leads into it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from random import Random
from typing import Final, NamedTuple

from engines.bassaroo.rhythm import Pulse
from engines.chance import pick, scaled_chance
from engines.music.chord import Chord
from engines.music.pitch import nearest_pitch
from engines.music.progression import ChordSpan
from engines.music.scale import SCALES, Key
from engines.rows import GHOST
from engines.styles.bass import Approach

LEAD_BEATS: Final = 1.0
"""A note within this before a new chord may lead into it."""


class Register(NamedTuple):
    """The pitches that the bass may use, and the one around which its roots lie."""

    low: int
    high: int
    home: int


class Root(NamedTuple):
    """A chord with the pitch on which the bass takes its root, and from where to where it sounds."""

    start: float
    end: float
    pitch: int
    chord: Chord


def lead_roots(spans: Sequence[ChordSpan], register: Register) -> tuple[Root, ...]:
    """The pitch of each chord's root (or given bass): as near as may be to the one before and to the home register."""
    roots: list[Root] = []
    before = float(register.home)
    for span in spans:
        # Half a pull back home: the nearest way alone would climb out of the register over a cycle of fourths.
        target = 0.5 * (before + register.home)
        pitch = nearest_pitch(span.chord.bass_or_root, target, register.low, register.high)
        roots.append(Root(span.start, span.end, pitch, span.chord))
        before = pitch
    return tuple(roots)


def choose_pitches(
    pulses: Sequence[Pulse],
    roots: Sequence[Root],
    register: Register,
    key: Key | None,
    approach: Approach,
    complexity: float,
    chance: Random,
) -> list[int]:
    """One pitch a pulse; the first pulse of each chord takes its root."""
    starts = [root.start for root in roots]
    pitches: list[int] = []
    arrived = -1
    for index, pulse in enumerate(pulses):
        place = max(0, bisect_right(starts, pulse.at + 1e-9) - 1)
        root, following = roots[place], roots[(place + 1) % len(roots)]
        left = root.end - pulse.at
        is_last = index + 1 == len(pulses) or pulses[index + 1].at >= root.end - 1e-9
        if place != arrived:
            arrived, pitch = place, root.pitch
        elif pulse.strength == GHOST:
            pitch = pitches[-1]
        elif pulse.tone == "w":
            steps = sum(1 for later in pulses[index + 1 : index + 9] if later.at < root.end - 1e-9)
            pitch = _walk(pitches[-1], root, following.pitch, steps, register, key, chance)
        elif pulse.tone == "a" or (
            is_last
            and pulse.tone in ("", "R")
            and left <= LEAD_BEATS
            and following.pitch != root.pitch
            and chance.random() < scaled_chance(approach.likelihood, complexity)
        ):
            pitch = _lead_in(pitches[-1], following, register, key, approach, chance)
        else:
            pitch = _tone(pulse.tone, root, register)
        pitches.append(pitch)
    return pitches


def chord_scale(chord: Chord, key: Key | None) -> frozenset[int]:
    """The pitch classes to walk in under a chord: the key's where the chord belongs to it, else the chord's own scale.

    >>> sorted(chord_scale(Chord.parse("G7"), Key.parse("C"))), 6 in chord_scale(Chord.parse("D7"), Key.parse("C"))
    ([0, 2, 4, 5, 7, 9, 11], True)
    """
    tones = frozenset(chord.pitch_classes)
    if key is not None and len(key.intervals) >= 7 and tones <= frozenset(key.pitch_classes):
        return frozenset(key.pitch_classes)
    intervals = frozenset(interval % 12 for interval in chord.intervals)
    for name in ("Major", "Mixolydian", "Dorian", "Melodic Minor", "Locrian", "Whole-half Dim.", "Whole Tone"):
        if intervals <= frozenset(SCALES[name]):
            return frozenset((chord.root + interval) % 12 for interval in SCALES[name])
    return tones | frozenset((chord.root + interval) % 12 for interval in (0, 2, 7))


def _tone(mark: str, root: Root, register: Register) -> int:
    """The pitch of a degree over the root, folded into the register where it would leave it."""
    intervals = {interval % 12 for interval in root.chord.intervals}

    def first(*choices: int) -> int:
        return next((choice for choice in choices if choice in intervals), choices[-1])

    # Degrees count from the chord's root, which is not the pitch that the bass stands on under a slash chord.
    base = root.pitch + (root.chord.root - root.pitch + 6) % 12 - 6
    fifth = first(7, 6, 8)
    pitch = {
        "3": base + first(4, 3, 5, 2, 7),
        "4": base + 5,
        "5": base + fifth,
        "6": base + first(9, 8, 7),
        "7": base + first(10, 11, 9, 12),
        "8": root.pitch + 12,
        "d": base + fifth - 12,
        "u": base + first(10, 11, 9, 7) - 12,
    }.get(mark, root.pitch)
    if pitch > register.high:
        pitch -= 12
    if pitch < register.low:
        pitch += 12
    return pitch


def _walk(before: int, root: Root, target: int, steps: int, register: Register, key: Key | None, chance: Random) -> int:
    """The next note of a walk that reaches the target after `steps` more notes: small steps, chord tones preferred."""
    scale, chord = chord_scale(root.chord, key), frozenset(root.chord.pitch_classes)
    # A chord that stays gives nowhere to go, so the walk takes an arch over the fifth.
    goal = target if target != before or steps == 0 else target + (7 if target + 7 <= register.high else -5)
    ideal = before + (goal - before) / (steps + 1.0)

    def cost(pitch: int) -> float:
        far = abs(pitch - ideal) + 0.25 * abs(pitch - before)
        into_target = 0.0 if steps or 1 <= abs(pitch - target) <= 2 else 1.5
        return far + (0.0 if pitch % 12 in chord else 0.8) + into_target + 1.2 * chance.random()

    near = range(max(register.low, before - 5), min(register.high, before + 5) + 1)
    choices = [pitch for pitch in near if pitch != before and pitch % 12 in scale]
    return min(choices, key=cost) if choices else root.pitch


def _lead_in(
    before: int, following: Root, register: Register, key: Key | None, approach: Approach, chance: Random
) -> int:
    """A note that leads into the next chord's root: a semitone, a step of the scale, or its fifth."""
    target = following.pitch
    scale = chord_scale(following.chord, key)
    below = next(step for step in range(1, 13) if (target - step) % 12 in scale)
    above = next(step for step in range(1, 13) if (target + step) % 12 in scale)
    rising = before <= target
    ways = (target - 1 if rising else target + 1, target - below if rising else target + above, target - 5)
    weights = (approach.chromatic, approach.scale, approach.fifth)
    pitch = pick(chance, ways, weights) if sum(weights) else ways[1]
    if pitch < register.low:
        pitch = target + 7 if pitch == target - 5 else target + (1 if pitch == target - 1 else above)
    return min(register.high, max(register.low, pitch))
