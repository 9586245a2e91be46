"""Chord recognition from notes.

The pitch classes of each metric pulse are compared with templates of common chord qualities; the bass decides between
chords with the same notes. The likeliest sequence is found by Viterbi search (A. Viterbi, 1967), where a change costs
less on a stronger beat. So a chord continues through passing notes, broken chords and rests.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Final, NamedTuple

from musearoo.engines.music.chord import BY_HARTE, Chord
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan

RECOGNIZED_QUALITIES: Final = (
    "maj", "min", "7", "min7", "maj7", "maj6", "min6", "hdim7", "dim7", "dim", "aug", "minmaj7",
    "sus4", "sus4(b7)", "9", "min9", "maj9", "maj(9)", "sus2", "(1,5)",
)  # fmt: skip
"""The recognised qualities, simpler ones first: of two that fit equally well, the simpler is chosen."""

MISSING_COST: Final = 0.4
"""The cost of a template note that nobody plays, as a share of the heaviest note."""
MISSING_FIFTH: Final = 0.25
"""The factor on that cost for a fifth: players omit it first, so its absence means little."""
FOREIGN_COST: Final = 1.0
ROOT_IN_BASS: Final = 0.6
FOREIGN_BASS: Final = 0.75
"""The gain of a bass note that is foreign to the chord above it: Dm7/G has every note that sounds, G7sus4 has no A."""
LATER_TEMPLATE_COST: Final = 0.025
LEAST_CONFIDENCE: Final = 0.3

CHANGE_COSTS: Final = (0.7, 1.2, 2.0)
"""The cost of a new chord on the first pulse of a bar, on one in the middle, and on any other."""
RINGING: Final = 4.0
"""Quarters for which a chord continues after its last note, where no other follows."""
TAIL: Final = 0.125
"""Quarters by which a note may extend into a pulse without counting: a player's legato."""
MELODY_WEIGHT: Final = 0.2
"""The weight of melodies relative to chords: they fill in a third that nobody else plays, but have many foreign
notes.
"""


class _MetricPulse(NamedTuple):
    """A span with one chord: its edges in beats, and the cost of a change at its start."""

    start: float
    end: float
    change_cost: float


def read_chords(
    clips: Clip | Sequence[Clip], bass: Clip | None = None, melodies: Sequence[Clip] = ()
) -> tuple[ChordSpan, ...]:
    """Return the chords of clips that play together, in order; an additional bass clip gives the bass notes.

    A chord may change on every pulse of the first clip's meter. Spans of the same chord are joined, and rests belong to
    the previous chord. Clips shorter than the longest are looped.
    """
    together = (clips,) if isinstance(clips, Clip) else tuple(clips)
    if not any(clip.notes for clip in together):
        return ()
    length = max(clip.length for clip in together)
    pulses = _pulses_of(length, together[0].meter)
    notes = _notes_of(together, length)
    weights = _weigh(notes, pulses)
    for own, others in zip(weights, _weigh(_notes_of(melodies, length), pulses), strict=True):
        if any(own):
            own[:] = [weight + MELODY_WEIGHT * other for weight, other in zip(own, others, strict=True)]
    lowest = _find_lowest(notes, pulses)
    if bass is not None and bass.notes:
        under = _find_lowest(_notes_of((bass,), length), pulses, first=True)
        lowest = [own if beneath is None else beneath for own, beneath in zip(lowest, under, strict=True)]
    return tuple(_spans_of(pulses, weights, lowest))


def match_chord(weights: Sequence[float], lowest: int | None) -> tuple[Chord, float] | None:
    """Return the chord that best fits pitch-class weights (C first), and its score; None with fewer than two notes.

    >>> match_chord([1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0], lowest=9)[0].symbol
    'Am7'
    """
    scaled = _scaled(weights)
    if sum(weight > 0.1 for weight in scaled) < 2:
        return None
    scores = _score(scaled, lowest)
    best = max(range(len(scores)), key=scores.__getitem__)
    root, quality = _CHORDS[best]
    bass = None if lowest in (None, root) else lowest
    return Chord(root, quality, bass), _confidence(scores[best], scaled)


def _spans_of(
    pulses: Sequence[_MetricPulse], weights: Sequence[Sequence[float]], lowest: Sequence[int | None]
) -> list[ChordSpan]:
    """Return the spans of the likeliest chords, each lasting until the next or until its sound ends."""
    scaled = [_scaled(own) for own in weights]
    evidence = [_score(own, low) if any(own) else None for own, low in zip(scaled, lowest, strict=True)]
    spans: list[ChordSpan] = []
    path = _find_path(evidence, pulses)
    for number, group in groupby(range(len(path)), key=path.__getitem__):
        positions = list(group)
        inside = [at for at in positions if evidence[at] is not None]
        # A single repeated note is not a chord.
        if len({pitch_class for at in inside for pitch_class in range(12) if scaled[at][pitch_class] > 0.1}) > 1:
            root, quality = _CHORDS[number]
            sure = [_confidence(scores[number], scaled[at]) for at in inside if (scores := evidence[at])]
            start = pulses[positions[0]].start
            end = min(pulses[positions[-1]].end, pulses[inside[-1]].end + RINGING)
            if all(scaled[at][pitch_class] == 0.0 for at in inside for pitch_class in _besides_fifth(root)):
                quality = "(1,5)"
            chord = Chord(root, quality, _bass_of(root, [lowest[at] for at in inside]))
            spans.append(ChordSpan(start, end, chord, sum(sure) / len(sure)))
    return spans


def _find_path(evidence: Sequence[Sequence[float] | None], pulses: Sequence[_MetricPulse]) -> list[int]:
    """Return the likeliest chord on each pulse, as an index in `_CHORDS`; without evidence the previous chord
    continues.
    """
    distinct = {id(scores): scores for scores in evidence if scores is not None}
    # A chord that is not among the best of any pulse cannot be on a good path.
    chords = sorted({index for scores in distinct.values() for index in _leaders(scores)}) or [0]
    shares = {key: [scores[index] for index in chords] for key, scores in distinct.items()}
    best = [0.0] * len(chords)
    came_from: list[tuple[int, list[bool]] | None] = []
    for scores, pulse in zip(evidence, pulses, strict=True):
        if scores is None:
            came_from.append(None)
            continue
        leader = best.index(max(best))
        changed = best[leader] - pulse.change_cost
        came_from.append((leader, [own >= changed for own in best]))
        best = [max(own, changed) + score for own, score in zip(best, shares[id(scores)], strict=True)]
    at = best.index(max(best))
    path: list[int] = []
    for step in reversed(came_from):
        path.append(chords[at])
        if step is not None:
            leader, stays = step
            at = at if stays[at] else leader
    path.reverse()
    return path


def _leaders(scores: Sequence[float]) -> list[int]:
    """Return the indices of the scores that are not too far below the best."""
    least = max(scores) - CHANGE_COSTS[-1]
    return [index for index, score in enumerate(scores) if score >= least]


def _besides_fifth(root: int) -> set[int]:
    """Return the pitch classes that a power chord lacks. It is a power chord only if none of them ever sounds."""
    return set(range(12)) - {root, (root + 7) % 12}


def _bass_of(root: int, lowest: Sequence[int | None]) -> int | None:
    """Return the bass of a chord, None for its root: the lowest note at its start, unless it is a passing note.

    A bass that leaves its first note is walking: only a note that lasts half the chord counts.
    """
    known = [pitch_class for pitch_class in lowest if pitch_class is not None]
    if not known or known[0] == root or 2 * known.count(known[0]) < len(known):
        return None
    return known[0]


def _pulses_of(length: float, meter: Meter) -> list[_MetricPulse]:
    lengths = meter.pulses
    pulses: list[_MetricPulse] = []
    start, index = 0.0, 0
    while start < length - 1e-6:
        position = index % len(lengths)
        cost = CHANGE_COSTS[0 if position == 0 else 1 if 2 * position == len(lengths) else 2]
        end = min(length, start + lengths[position])
        pulses.append(_MetricPulse(start, end, cost))
        start, index = end, index + 1
    return pulses


def _notes_of(clips: Iterable[Clip], length: float) -> list[Note]:
    """Return the notes of clips looped to a length, by their starts."""
    return sorted(
        (note for clip in clips for note in clip.repeated(length).notes if not note.mute), key=attrgetter("start")
    )


def _weigh(notes: Iterable[Note], pulses: Sequence[_MetricPulse]) -> list[list[float]]:
    """Return how long each pitch class sounds in each pulse, in quarters."""
    weights = [[0.0] * 12 for _ in pulses]
    starts, ends = [pulse.start for pulse in pulses], [pulse.end for pulse in pulses]
    for note in notes:
        begin, stop = note.start, note.start + note.duration
        for index in range(bisect_right(ends, begin), bisect_left(starts, stop)):
            start, end, _ = pulses[index]
            shared = min(end, stop) - max(start, begin)
            if shared > TAIL or shared > 0.25 * (end - start):
                weights[index][note.pitch % 12] += shared
    return weights


def _find_lowest(notes: Iterable[Note], pulses: Sequence[_MetricPulse], first: bool = False) -> list[int | None]:
    """Return the pitch class of the lowest note in each pulse; with `first`, of the note at its start."""
    positions: list[list[tuple[float, int]]] = [[] for _ in pulses]
    starts, ends = [pulse.start for pulse in pulses], [pulse.end for pulse in pulses]
    for note in notes:
        begin, stop = note.start, note.start + note.duration
        for at in range(bisect_right(ends, begin + TAIL), bisect_left(starts, stop - TAIL)):
            positions[at].append((max(starts[at], begin) if first else 0.0, note.pitch))
    return [min(own)[1] % 12 if own else None for own in positions]


def _scaled(weights: Sequence[float]) -> tuple[float, ...]:
    """Return weights as shares of the heaviest, rounded to hundredths: finer than playing, and a loop's repeats hit the
    cache.
    """
    heaviest = max(weights) or 1.0
    return tuple(round(weight / heaviest, 2) for weight in weights)


@lru_cache(maxsize=4096)
def _score(scaled: tuple[float, ...], lowest: int | None) -> list[float]:
    """Return the score of each of `_CHORDS`.

    Chord notes gain, foreign notes cost, and missing notes cost: with h the weight of a chord note and c the cost of
    its absence, the sum of h - FOREIGN_COST * (total - h) - c * (1 - h) over the notes is their gains minus a constant.
    """
    scores: list[float] = []
    for root in range(len(scaled)):
        gains = [gain * weight for gain, weight in zip(_GAINS, scaled[root:] + scaled[:root], strict=True)]
        for inside, cost in _TEMPLATES:
            scores.append(sum([gains[step] for step in inside]) - cost)
    foreign = FOREIGN_COST * sum(scaled)
    scores = [score - foreign for score in scores]
    if lowest is not None:
        for index in range(lowest * len(_TEMPLATES), (lowest + 1) * len(_TEMPLATES)):
            scores[index] += ROOT_IN_BASS
        gain = FOREIGN_BASS * scaled[lowest]
        for index in _WITHOUT[lowest]:
            scores[index] += gain
    return scores


def _confidence(score: float, scaled: Sequence[float]) -> float:
    """Return the confidence of a chord from its score: 1 where everything that sounds belongs to it, over its root."""
    return max(LEAST_CONFIDENCE, min(1.0, score / (sum(scaled) + ROOT_IN_BASS)))


def _missing_cost(step: int) -> float:
    return MISSING_COST * (MISSING_FIFTH if step == 7 else 1.0)


_GAINS: Final = tuple(1.0 + FOREIGN_COST + _missing_cost(step) for step in range(12))
"""The gain of a chord note that sounds, by semitones above the root."""
_INSIDE: Final = tuple(tuple(interval % 12 for interval in BY_HARTE[name].intervals) for name in RECOGNIZED_QUALITIES)
_TEMPLATES: Final = tuple(
    (inside, sum(map(_missing_cost, inside)) + LATER_TEMPLATE_COST * order) for order, inside in enumerate(_INSIDE)
)
"""The steps of each quality, and its prior cost."""
_CHORDS: Final = tuple((root, name) for root in range(12) for name in RECOGNIZED_QUALITIES)
_WITHOUT: Final = tuple(
    tuple(
        index
        for index in range(len(_CHORDS))
        if (pitch_class - index // len(_INSIDE)) % 12 not in _INSIDE[index % len(_INSIDE)]
    )
    for pitch_class in range(12)
)
"""By pitch class, the chords that it is foreign to."""
