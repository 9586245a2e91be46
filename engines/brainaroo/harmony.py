"""Chords and key from notes.

Chords: pitch-class weights a beat against templates of the qualities that bands play, the bass deciding between chords
of the same notes; beats that agree are joined. Key: the profile of Krumhansl and Kessler, "Tracing the dynamic changes
in perceived tonal organization" (1982), by correlation, as Krumhansl and Schmuckler proposed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from math import ceil, sqrt
from operator import mul
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
FOREIGN_BASS: Final = 0.75
"""What a bass note gains that is foreign to the chord above it: Dm7/G has every note that sounds, G7sus4 has no A."""
LATER_TEMPLATE_COST: Final = 0.004
LEAST_CONFIDENCE: Final = 0.3
DIATONIC_VOTE: Final = 0.3
"""How much it counts in the key that all chords belong to it, beside a correlation of at most 1."""

KEY_BARS: Final = 2
"""How finely key changes are looked for."""
KEY_CHANGE_COST: Final = 1.2
"""What a change of key must gain in correlation, summed over windows: a bridge of eight bars in another key does."""
HOME_KEY: Final = 0.6
"""How far the key of the whole leads at the start of the search."""

_MAJOR_PROFILE: Final = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR_PROFILE: Final = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


def read_chords(clips: Clip | Sequence[Clip], bass: Clip | None = None) -> tuple[ChordSpan, ...]:
    """The chords of clips that play them together, in order; a bass clip beside them says what lies underneath.

    A chord may change on every pulse of the first clip's meter; spans of the same chord are joined. Clips that are
    shorter than the longest are looped.
    """
    together = (clips,) if isinstance(clips, Clip) else tuple(clips)
    if not together:
        return ()
    clip = _played_together(together)
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
        for name, own, gains, cost in _TEMPLATES:
            score = -cost
            for interval, gain in gains:
                score += gain * twice[root + interval]
            if root == lowest:
                score += ROOT_IN_BASS
            elif lowest is not None and (lowest - root) % 12 not in own:
                score += FOREIGN_BASS * heard[lowest]
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
    scores = _key_scores(weights)
    timed = [(span.end - span.start, frozenset(span.chord.pitch_classes)) for span in chords]
    ranked: list[tuple[float, Key]] = []
    for key, score in zip(_KEYS, scores, strict=True):
        score += DIATONIC_VOTE * _diatonic_share(key, timed)
        for span, vote in zip((*chords[:1], *chords[-1:]), (0.12, 0.05), strict=False):
            if span.chord.root == key.tonic and span.chord.is_minor == key.is_minor:
                score += vote
        ranked.append((score, key))
    ranked.sort(key=lambda item: -item[0])
    best_score, best = ranked[0]
    pitch_classes = set(best.pitch_classes)
    rival = next((score for score, key in ranked[1:] if set(key.pitch_classes) != pitch_classes), 0.0)
    return best, max(0.0, min(1.0, 0.35 + 2.5 * (best_score - rival)))


def find_keys(
    notes: Sequence[Note], length: float, bar_beats: float, whole: Key | None
) -> tuple[tuple[float, float, Key], ...]:
    """The keys of notes over `length` beats, as (start, end, key) in order and without gaps; () without a key at all.

    The likeliest way through the keys, window by window of `KEY_BARS` bars, where a change must pay for itself; the key
    of the whole is the likelier one from the start.
    """
    if whole is None:
        return ()
    window = KEY_BARS * bar_beats
    count = max(1, ceil(length / window - 1e-6))
    weights = [[0.0] * 12 for _ in range(count)]
    for note in notes:
        weights[min(count - 1, int(note.start / window))][note.pitch % 12] += min(4.0, note.duration)
    home = _KEYS.index(whole)
    best = [HOME_KEY if index == home else 0.0 for index in range(len(_KEYS))]
    came_from: list[list[int]] = []
    for heard in weights:
        leader = max(range(len(best)), key=best.__getitem__)
        changed = best[leader] - KEY_CHANGE_COST
        stays = [own >= changed for own in best]
        came_from.append([index if stay else leader for index, stay in enumerate(stays)])
        scores = _key_scores(heard) if sum(weight > 0.0 for weight in heard) >= 3 else [0.0] * len(_KEYS)
        best = [max(own, changed) + score for own, score in zip(best, scores, strict=True)]
    at = max(range(len(best)), key=best.__getitem__)
    path = [at]
    for back in reversed(came_from[1:]):
        at = back[at]
        path.append(at)
    path.reverse()
    spans: list[tuple[float, float, Key]] = []
    for index, number in enumerate(path):
        end = min(length, (index + 1) * window)
        if spans and spans[-1][2] == _KEYS[number]:
            spans[-1] = (spans[-1][0], end, spans[-1][2])
        else:
            spans.append((index * window, end, _KEYS[number]))
    return tuple(spans)


def _key_scores(weights: Sequence[float]) -> list[float]:
    """How well pitch-class weights (C first) correlate with the profile of each of `_KEYS`, -1..1."""
    mean = sum(weights) / 12.0
    centred = [weight - mean for weight in weights]
    spread = sqrt(sum(weight * weight for weight in centred))
    if not spread:
        return [0.0] * len(_KEYS)
    return [sum(map(mul, centred, profile)) / spread for profile in _KEY_PROFILES]


def _played_together(clips: Sequence[Clip]) -> Clip:
    if len(clips) == 1:
        return clips[0]
    length = max(clip.length for clip in clips)
    return Clip.of("", length, (note for clip in clips for note in clip.repeated(length).notes), clips[0].meter)


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


def _key_profile(key: Key) -> tuple[float, ...]:
    """The profile of a key with C first, its mean taken out and its length made 1."""
    profile = _MINOR_PROFILE if key.is_minor else _MAJOR_PROFILE
    mean = sum(profile) / 12.0
    spread = sqrt(sum((value - mean) ** 2 for value in profile))
    return tuple((profile[(step - key.tonic) % 12] - mean) / spread for step in range(12))


_KEYS: Final = tuple(Key(tonic, scale) for tonic in range(12) for scale in ("Major", "Minor"))
_KEY_PROFILES: Final = tuple(_key_profile(key) for key in _KEYS)


def _template(order: int, name: str) -> tuple[str, frozenset[int], tuple[tuple[int, float], ...], float]:
    """A quality with its intervals, what each of its notes gains when it is heard, and what it costs beforehand.

    Held notes count, foreign notes cost, and so do missing ones: with h heard and c the cost of a missing note, the sum
    of h - FOREIGN_COST * (total - h) - c * (1 - h) over the notes is the gains times what is heard, minus a constant.
    """
    inside = [interval % 12 for interval in BY_HARTE[name].intervals]
    # Players leave out the fifth first, so its absence says little.
    missing = [MISSING_COST * (0.25 if interval == 7 else 1.0) for interval in inside]
    gains = tuple((step, 1.0 + FOREIGN_COST + cost) for step, cost in zip(inside, missing, strict=True))
    return name, frozenset(inside), gains, sum(missing) + LATER_TEMPLATE_COST * order


_TEMPLATES: Final = tuple(_template(order, name) for order, name in enumerate(QUALITIES_HEARD))
