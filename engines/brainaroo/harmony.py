"""Chords and key from notes.

Chords: pitch-class weights a beat against templates of the qualities that bands play, the bass deciding between chords
of the same notes; beats that agree are joined. Key: the profile of Krumhansl and Kessler, "Tracing the dynamic changes
in perceived tonal organization" (1982), by correlation, as Krumhansl and Schmuckler proposed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from math import sqrt
from typing import Final

from engines.music.chord import BY_HARTE, Chord
from engines.music.clip import Clip
from engines.music.note import Note
from engines.music.progression import ChordSpan
from engines.music.scale import Key

QUALITIES_HEARD: Final = (
    "maj", "min", "7", "maj7", "min7", "dim", "hdim7", "dim7", "aug", "sus4", "sus2",
    "maj6", "min6", "minmaj7", "sus4(b7)", "9", "maj9", "min9", "maj(9)", "(1,5)",
)  # fmt: skip
"""Qualities looked for, the plainer first: of two that fit equally well, the plainer is meant."""

MISSING_COST: Final = 0.55
"""What a template's note costs that nobody plays, as a share of the heaviest note; the fifth costs a quarter of it."""
FOREIGN_COST: Final = 1.0
ROOT_IN_BASS: Final = 0.35
LATER_TEMPLATE_COST: Final = 0.004
LEAST_CONFIDENCE: Final = 0.3
DIATONIC_VOTE: Final = 0.3
"""How much it counts in the key that all chords belong to it, beside a correlation of at most 1."""

_MAJOR_PROFILE: Final = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR_PROFILE: Final = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


def read_chords(clip: Clip, bass: Clip | None = None) -> tuple[ChordSpan, ...]:
    """The chords of a clip that plays them, in order; a bass clip beside it says what lies underneath.

    A chord may change on every pulse of the meter; spans of the same chord are joined.
    """
    pulses = _pulse_edges(clip)
    chords: list[ChordSpan] = []
    for (start, end), weights, lowest in zip(
        pulses, _weights(clip.notes, pulses), _lowest(clip, bass, pulses), strict=True
    ):
        found = match_chord(weights, lowest)
        if found is None:
            continue
        chord, confidence = found
        before = chords[-1] if chords else None
        if before is not None and abs(before.end - start) < 1e-6 and _continues(before.chord, chord, weights):
            chords[-1] = replace(before, end=end)
        else:
            chords.append(ChordSpan(start, end, chord, confidence))
    return tuple(chords)


def match_chord(weights: Sequence[float], lowest: int | None) -> tuple[Chord, float] | None:
    """The chord that pitch-class weights (C first) fit best, and how well; None where less than two notes sound.

    >>> match_chord([1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0], lowest=9)[0].symbol
    'Am7'
    """
    heaviest = max(weights)
    if heaviest <= 0.0:
        return None
    # Hundredths are finer than playing, and let a loop's later rounds be remembered.
    return _match(tuple(round(weight / heaviest, 2) for weight in weights), lowest)


@lru_cache(maxsize=4096)
def _match(heard: tuple[float, ...], lowest: int | None) -> tuple[Chord, float] | None:
    if sum(weight > 0.1 for weight in heard) < 2:
        return None
    twice = heard + heard  # so that root + interval needs no remainder
    total = sum(heard)
    best_score, best_root, best_name = -99.0, 0, ""
    for root in range(12):
        if heard[root] < 0.1 and root != lowest:
            continue
        for name, gains, cost in _TEMPLATES:
            score = -cost
            for interval, gain in gains:
                score += gain * twice[root + interval]
            if root == lowest:
                score += ROOT_IN_BASS
            if score > best_score + 1e-9:
                best_score, best_root, best_name = score, root, name
    chord = Chord(best_root, best_name, None if lowest in (None, best_root) else lowest)
    fit = best_score - FOREIGN_COST * total
    return chord, max(LEAST_CONFIDENCE, min(1.0, fit / (total + ROOT_IN_BASS)))


def find_key(notes: Iterable[Note], chords: Sequence[ChordSpan] = ()) -> tuple[Key, float] | None:
    """The major or minor key of notes, and how sure that is: the lead over the best key that is not its relative.

    The first and the last chord vote too: between relatives, songs begin and end on the tonic.
    """
    weights = [0.0] * 12
    for note in notes:
        weights[note.pitch % 12] += min(4.0, note.duration)
    if sum(weight > 0.0 for weight in weights) < 3:
        return None
    timed = [(span.end - span.start, frozenset(span.chord.pitch_classes)) for span in chords]
    ranked: list[tuple[float, Key]] = []
    for tonic in range(12):
        for scale, profile in (("Major", _MAJOR_PROFILE), ("Minor", _MINOR_PROFILE)):
            key = Key(tonic, scale)
            score = _correlation([weights[(tonic + step) % 12] for step in range(12)], profile)
            score += DIATONIC_VOTE * _diatonic_share(key, timed)
            for span, vote in zip((*chords[:1], *chords[-1:]), (0.12, 0.05), strict=False):
                if span.chord.root == tonic and span.chord.is_minor == key.is_minor:
                    score += vote
            ranked.append((score, key))
    ranked.sort(key=lambda item: -item[0])
    best_score, best = ranked[0]
    pitch_classes = set(best.pitch_classes)
    rival = next((score for score, key in ranked[1:] if set(key.pitch_classes) != pitch_classes), 0.0)
    return best, max(0.0, min(1.0, 0.35 + 2.5 * (best_score - rival)))


def _diatonic_share(key: Key, chords: Sequence[tuple[float, frozenset[int]]]) -> float:
    """The share of the time, of chords as (beats, pitch classes), in which one of the key sounds.

    Minor keys have their dominant, with its raised seventh, too.
    """
    own = {*key.pitch_classes, (key.tonic + 11) % 12} if key.is_minor else set(key.pitch_classes)
    total = sum(beats for beats, _ in chords)
    inside = sum(beats for beats, pitch_classes in chords if pitch_classes <= own)
    return inside / total if total else 0.0


def _pulse_edges(clip: Clip) -> list[tuple[float, float]]:
    lengths: Sequence[float] = clip.meter.pulses
    edges, start, index = [], 0.0, 0
    while start < clip.length - 1e-6:
        end = min(clip.length, start + lengths[index % len(lengths)])
        edges.append((start, end))
        start, index = end, index + 1
    return edges


def _weights(notes: Iterable[Note], pulses: Sequence[tuple[float, float]]) -> list[list[float]]:
    """How long each pitch class sounds in each pulse, in beats; a tail of a thirty-second counts for nothing."""
    weights = [[0.0] * 12 for _ in pulses]
    shortest = min((end - start for start, end in pulses), default=1.0)
    longest = _longest(pulses)
    for note in notes:
        if note.mute:
            continue
        first = max(0, int(note.start / longest) - 1)
        for index in range(first, len(pulses)):
            start, end = pulses[index]
            if start >= note.end:
                break
            shared = min(end, note.end) - max(start, note.start)
            if shared > min(0.125, 0.25 * shortest):
                weights[index][note.pitch % 12] += shared
    return weights


def _longest(pulses: Sequence[tuple[float, float]]) -> float:
    return max((end - start for start, end in pulses), default=1.0)


def _lowest(clip: Clip, bass: Clip | None, pulses: Sequence[tuple[float, float]]) -> list[int | None]:
    """The pitch class that lies lowest at each pulse: the bass player's first note there, else the clip's own."""
    own = _lowest_of(clip, pulses)
    if bass is None or not bass.notes:
        return own
    under = _lowest_of(bass.repeated(clip.length), pulses, first=True)
    return [bass_note if bass_note is not None else note for bass_note, note in zip(under, own, strict=True)]


def _lowest_of(clip: Clip, pulses: Sequence[tuple[float, float]], first: bool = False) -> list[int | None]:
    lowest: list[tuple[float, int] | None] = [None] * len(pulses)
    longest = _longest(pulses)
    for note in clip.notes:
        index = max(0, int(note.start / longest) - 1)
        while index < len(pulses) and pulses[index][0] < note.end - 0.125:
            start, end = pulses[index]
            if end > note.start + 0.125:
                place = (max(start, note.start) if first else 0.0, note.pitch)
                held = lowest[index]
                if held is None or place < held:
                    lowest[index] = place
            index += 1
    return [None if place is None else place[1] % 12 for place in lowest]


def _continues(before: Chord, chord: Chord, weights: Sequence[float]) -> bool:
    """Whether a pulse only goes on with the chord before: the same root and nothing new but what that chord has."""
    if chord == before:
        return True
    sounding = {pitch_class for pitch_class, weight in enumerate(weights) if weight > 0.2 * max(weights)}
    return chord.root == before.root and sounding <= set(before.pitch_classes)


def _correlation(left: Sequence[float], right: Sequence[float]) -> float:
    left_mean, right_mean = sum(left) / len(left), sum(right) / len(right)
    shared = sum((a - left_mean) * (b - right_mean) for a, b in zip(left, right, strict=True))
    spread = sqrt(sum((a - left_mean) ** 2 for a in left) * sum((b - right_mean) ** 2 for b in right))
    return shared / spread if spread else 0.0


def _template(order: int, name: str) -> tuple[str, tuple[tuple[int, float], ...], float]:
    """A quality with what each of its notes gains when it is heard, and what it costs beforehand.

    Held notes count, foreign notes cost, and so do missing ones: with h heard and c the cost of a missing note, the sum
    of h - FOREIGN_COST * (total - h) - c * (1 - h) over the notes is the gains times what is heard, minus a constant.
    """
    inside = [interval % 12 for interval in BY_HARTE[name].intervals]
    # Players leave out the fifth first, so its absence says little.
    missing = [MISSING_COST * (0.25 if interval == 7 else 1.0) for interval in inside]
    gains = tuple((step, 1.0 + FOREIGN_COST + cost) for step, cost in zip(inside, missing, strict=True))
    return name, gains, sum(missing) + LATER_TEMPLATE_COST * order


_TEMPLATES: Final = tuple(_template(order, name) for order, name in enumerate(QUALITIES_HEARD))
