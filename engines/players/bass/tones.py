"""The pitch of each bass onset: the letters of a line, applied to the chords.

R is the root, 2 to 7 are degrees of the chord or scale above it, 8 is the octave, d the fifth below, u the seventh
below, n the root of the chord one beat later (anticipation), w a walking step towards the next target, a an approach
note to the next root.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from random import Random
from typing import Final

from musearoo.engines.foundation.chance import scaled_chance
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.scale import Key
from musearoo.engines.players.bass.rhythm import BassOnset
from musearoo.engines.players.bass.roots import Register, Root
from musearoo.engines.players.bass.walking import chord_scale, lead_in, walk
from musearoo.engines.styles.bass import Approach
from musearoo.engines.styles.rows import GHOST

LEAD_BEATS: Final = 1.0
"""The beats before a new chord in which a note may approach it."""
AHEAD_BEATS: Final = 1.0
"""How many beats an anticipating bass looks ahead."""
SYNCOPATED: Final = 0.5
LONGEST_WALK: Final = 16
WALKING: Final = "wa"


def choose_pitches(
    onsets: Sequence[BassOnset],
    roots: Sequence[Root],
    pedal: Root,
    register: Register,
    key: Key | None,
    approach: Approach,
    complexity: float,
    chance: Random,
) -> list[int]:
    """Return one pitch per onset; the first onset of each chord takes its root, unless that was anticipated.

    `roots` may include the chord after the take; otherwise they loop. Lines on a pedal play everything over
    the pedal root, except under chords that clash with it.
    """
    starts = [root.start for root in roots]
    places = [max(0, bisect_right(starts, onset.at + 1e-9) - 1) for onset in onsets]
    pitches: list[int] = []
    arrived = -1
    while len(pitches) < len(onsets):
        index = len(pitches)
        onset, place = onsets[index], places[index]
        root, following = roots[place], roots[(place + 1) % len(roots)]
        is_last = index + 1 == len(onsets) or places[index + 1] != place
        if onset.line.pedal and not _clashes(pedal, root.chord):
            arrived = place
            pitches.append(_degree("R" if onset.tone in WALKING else onset.tone, pedal, register, key))
        elif onset.tone == "n":
            ahead = bisect_right(starts, onset.at + AHEAD_BEATS + 1e-9) - 1
            if onset.at + AHEAD_BEATS > roots[-1].end - 1e-9:
                ahead = 0  # the take loops
            pitches.append(roots[ahead].pitch)
            arrived = max(arrived, ahead)
        elif "n" in onset.line.tones.text and place == arrived and _rings_into_next(index, onsets, root):
            pitches.append(following.pitch)
            arrived = max(arrived, place + 1)
        elif place > arrived:
            arrived = place
            pitches.append(root.pitch)
        elif onset.strength == GHOST:
            pitches.append(pitches[-1])
        elif onset.tone == "w" or onset.tone == "a":
            pitches += _walk_on(onsets, places, pitches[-1], index, roots, register, key, approach, chance)
        elif (
            is_last
            and onset.tone in ("", "R")
            and root.end - onset.at <= LEAD_BEATS
            and following.pitch != root.pitch
            and not onset.rings
            and chance.random() < scaled_chance(approach.likelihood, complexity)
        ):
            pitches.append(
                lead_in(pitches[-1], following.pitch, root.chord, following.chord, register, key, approach, chance)
            )
        else:
            pitches.append(_degree(onset.tone, root, register, key))
    return pitches


def _clashes(pedal: Root, chord: Chord) -> bool:
    """Return whether a chord has a note a semitone from the pedal, but not the pedal itself."""
    away = {(tone - pedal.pitch) % 12 for tone in chord.pitch_classes}
    return 0 not in away and not away.isdisjoint((1, 11))


def _rings_into_next(index: int, onsets: Sequence[BassOnset], root: Root) -> bool:
    """Return whether an onset comes just before a new chord on which there is none."""
    struck = onsets[index + 1].at if index + 1 < len(onsets) else root.end + AHEAD_BEATS
    return root.end - onsets[index].at <= SYNCOPATED and struck > root.end + 0.1


def _walk_on(
    onsets: Sequence[BassOnset],
    places: Sequence[int],
    before: int,
    first: int,
    roots: Sequence[Root],
    register: Register,
    key: Key | None,
    approach: Approach,
    chance: Random,
) -> list[int]:
    """Return the pitches of a walk, from its first onset to its last; dead notes repeat their neighbour.

    A walk that does not reach a new chord leads to the first note of the next bar of the same chord, which is included.
    """
    end = first
    while end < len(onsets) and end - first < LONGEST_WALK and places[end] == places[first]:
        if onsets[end].tone not in WALKING and onsets[end].strength != GHOST:
            break
        end += 1
    here = roots[places[first]]
    arrives = end == len(onsets) or places[end] != places[first]
    goal_root = roots[(places[first] + 1) % len(roots)] if arrives else here
    goal = goal_root.pitch
    stands = not arrives and onsets[end].tone == "R"
    if stands:
        goal = _stand_on(here, before, register, key, chance)
    elif not arrives and onsets[end].tone not in WALKING:
        goal = _degree(onsets[end].tone, here, register, key)
    stepping = [index for index in range(first, end) if onsets[index].strength != GHOST]
    strong = [onsets[index].at % 2.0 == 0.0 for index in stepping]
    leading = bool(stepping) and onsets[stepping[-1]].tone == "a"
    if leading:
        last = lead_in(before, goal, here.chord, goal_root.chord, register, key, approach, chance)
        way = [*walk(before, last, strong[:-1], here.chord, register, key, chance), last]
    else:
        way = walk(before, goal, strong, here.chord, register, key, chance)
    pitches, steps = [], iter(way)
    for index in range(first, end):
        if onsets[index].strength != GHOST:
            before = next(steps)
        pitches.append(before)
    return [*pitches, goal] if stands else pitches


def _stand_on(root: Root, before: int, register: Register, key: Key | None, chance: Random) -> int:
    """Return a walk's first note in another bar of the same chord: root, octave, fifth or third."""
    choices = [_degree(mark, root, register, key) for mark in "R853"]
    draw = chance.random()
    pitch = choices[0 if draw < 0.4 else 1 if draw < 0.65 else 2 if draw < 0.85 else 3]
    return pitch if abs(pitch - before) <= 9 and pitch != before else choices[2] if before == root.pitch else root.pitch


def _degree(mark: str, root: Root, register: Register, key: Key | None) -> int:
    """Return the pitch of a degree above the root, folded into the register."""
    pitch = root.pitch + _semitones(mark, root.chord, root.pitch % 12, key)
    if pitch > register.high:
        pitch -= 12
    if pitch < register.low:
        pitch += 12
    return pitch


@lru_cache(maxsize=4096)
def _semitones(mark: str, chord: Chord, bass: int, key: Key | None) -> int:
    """Return the semitones of a degree above the bass's pitch class, which under a slash chord is not the root."""
    intervals = {interval % 12 for interval in chord.intervals}

    def first(*choices: int) -> int:
        return next((choice for choice in choices if choice in intervals), choices[-1])

    def in_scale(*choices: int) -> int:
        scale = chord_scale(chord, key)
        return next((choice for choice in choices if (chord.root + choice) % 12 in scale), choices[-1])

    base = (chord.root - bass + 6) % 12 - 6
    fifth = base + first(7, 6, 8)
    seventh = base + (first(10, 11, 9) if intervals & {9, 10, 11} else in_scale(10, 12))
    degrees = {
        "2": base + in_scale(2, 1, 2),
        "3": base + first(4, 3, 5, 2, 7),
        "4": base + in_scale(5, 6, 5),
        "5": fifth,
        "6": base + (first(9, 8) if intervals & {8, 9} else in_scale(9, 8, 9)),
        # A major seventh would clash with the root of a plain triad; use the octave there.
        "7": seventh,
        "8": 12,
        "d": fifth - 12,
        "u": seventh - 12 if seventh != base + 12 else fifth - 12,
    }
    return degrees.get(mark, 0)
