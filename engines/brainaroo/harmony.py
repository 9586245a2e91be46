"""Key from notes, and its changes.

The profile of Krumhansl and Kessler, "Tracing the dynamic changes in perceived tonal organization" (1982), by
correlation, as Krumhansl and Schmuckler proposed, with a vote of the chords.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, sqrt
from operator import mul
from typing import Final

from engines.music.note import Note
from engines.music.progression import ChordSpan
from engines.music.scale import Key

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


def _diatonic_share(key: Key, chords: Sequence[tuple[float, frozenset[int]]]) -> float:
    """The share of the time, of chords as (beats, pitch classes), in which one of the key sounds.

    Minor keys have their dominant, with its raised seventh, too.
    """
    own = {*key.pitch_classes, (key.tonic + 11) % 12} if key.is_minor else set(key.pitch_classes)
    total = sum(beats for beats, _ in chords)
    inside = sum(beats for beats, pitch_classes in chords if pitch_classes <= own)
    return inside / total if total else 0.0


def _key_profile(key: Key) -> tuple[float, ...]:
    """The profile of a key with C first, its mean taken out and its length made 1."""
    profile = _MINOR_PROFILE if key.is_minor else _MAJOR_PROFILE
    mean = sum(profile) / 12.0
    spread = sqrt(sum((value - mean) ** 2 for value in profile))
    return tuple((profile[(step - key.tonic) % 12] - mean) / spread for step in range(12))


_KEYS: Final = tuple(Key(tonic, scale) for tonic in range(12) for scale in ("Major", "Minor"))
_KEY_PROFILES: Final = tuple(_key_profile(key) for key in _KEYS)
