"""Key from notes, and its changes.

The profiles of Albrecht and Shanahan, "The use of large corpora to train a new type of key-finding algorithm" (2013),
by correlation, as Krumhansl and Schmuckler proposed, and votes of the chords. The weights of the votes were chosen on
excerpts of POP909 (MIT) and OpenEWLD.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, sqrt
from operator import mul
from typing import Final

from musearoo.engines.foundation.best_path import trace_back
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key

# The weights of chord votes, relative to a correlation of at most 1.
DIATONIC_VOTE: Final = 1.0
"""For the share of time with chords of the key."""
TONIC_VOTE: Final = 0.5
"""For the share of time with its tonic chord."""
DOMINANT_VOTE: Final = 1.0
"""For the share of dominants with a seventh, and of those that lead to the tonic, among all chords."""
FEW_CHORDS: Final = 4
"""The minimum count of chords for that share, so that a single dominant does not count too much."""
FIRST_VOTE: Final = 0.2
LAST_VOTE: Final = 0.05
"""For starting and for ending on the tonic chord, which separates relative keys."""

# The confidence of a key by its lead over the next: how often it was right, with half a point for relatives and fifths.
SURE_AT_NO_LEAD: Final = 0.65
SURE_BY_LEAD: Final = 0.25
SUREST: Final = 0.95
SCALE_NOTES: Final = 6
"""The number of pitch classes that determine a key; fewer are ambiguous."""

KEY_BARS: Final = 2
"""The resolution of key changes."""
KEY_CHANGE_COST: Final = 1.2
"""The cost of a key change in correlation, summed over windows: a bridge of eight bars in another key exceeds it."""
HOME_KEY: Final = 0.6
"""The initial lead of the whole clip's key in the search."""

_MAJOR_PROFILE: Final = (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081)
_MINOR_PROFILE: Final = (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052)


def find_key(notes: Iterable[Note], chords: Sequence[ChordSpan] = ()) -> tuple[Key, float] | None:
    """Return the major or minor key of notes, and its confidence (0..1) from its lead over the next.

    Chords, in order, vote as well. None with fewer than three pitch classes.
    """
    weights = [0.0] * 12
    for note in notes:
        weights[note.pitch % 12] += min(4.0, note.duration)
    if sum(weight > 0.0 for weight in weights) < 3:
        return None
    votes = _chord_votes(chords)
    ranked = [(score + vote, key) for score, vote, key in zip(_key_scores(weights), votes, _KEYS, strict=True)]
    ranked.sort(key=lambda item: -item[0])
    (best_score, best), (rival_score, _) = ranked[:2]
    lead = best_score - rival_score
    sounding = sum(weight > 0.0 for weight in weights)
    return best, min(SUREST, SURE_AT_NO_LEAD + SURE_BY_LEAD * lead) * min(1.0, sounding / SCALE_NOTES)


def find_keys(
    notes: Sequence[Note], length: float, bar_beats: float, whole: Key | None
) -> tuple[tuple[float, float, Key], ...]:
    """Return the keys over `length` beats, as (start, end, key) in order and without gaps; () without a key.

    Viterbi search over windows of `KEY_BARS` bars, where each change has a cost. The key of the whole has a higher
    prior. A given key that is neither major nor minor is used unchanged.
    """
    if whole is None:
        return ()
    if whole not in _KEYS:
        return ((0.0, length, whole),)
    window = KEY_BARS * bar_beats
    count = ceil(length / window)
    weights = [[0.0] * 12 for _ in range(count)]
    for note in notes:
        weights[min(count - 1, int(note.start / window))][note.pitch % 12] += min(4.0, note.duration)
    home = _KEYS.index(whole)
    best = [HOME_KEY if index == home else 0.0 for index in range(len(_KEYS))]
    came_from: list[list[int]] = []
    for scaled in weights:
        leader = max(range(len(best)), key=best.__getitem__)
        changed = best[leader] - KEY_CHANGE_COST
        stays = [own >= changed for own in best]
        came_from.append([index if stay else leader for index, stay in enumerate(stays)])
        best = [max(own, changed) for own in best]
        if sum(weight > 0.0 for weight in scaled) >= 3:
            best = [own + score for own, score in zip(best, _key_scores(scaled), strict=True)]
    path = trace_back(max(range(len(best)), key=best.__getitem__), came_from[1:])
    spans: list[tuple[float, float, Key]] = []
    for index, number in enumerate(path):
        end = min(length, (index + 1) * window)
        if spans and spans[-1][2] == _KEYS[number]:
            spans[-1] = (spans[-1][0], end, spans[-1][2])
        else:
            spans.append((index * window, end, _KEYS[number]))
    return tuple(spans)


def _key_scores(weights: Sequence[float]) -> Sequence[float]:
    """Return the correlation of pitch-class weights (C first) with the profile of each of `_KEYS`, -1..1."""
    mean = sum(weights) / 12.0
    centred = [weight - mean for weight in weights]
    spread = sqrt(sum(weight * weight for weight in centred))
    if not spread:
        return _NO_SCORES
    return [sum(map(mul, centred, profile)) / spread for profile in _KEY_PROFILES]


def _chord_votes(chords: Sequence[ChordSpan]) -> Sequence[float]:
    """Return the votes of chords for each of `_KEYS`."""
    total = sum(span.end - span.start for span in chords)
    if not total:
        return _NO_SCORES
    votes = []
    sounding = [(span.end - span.start, frozenset(span.chord.pitch_classes), span.chord) for span in chords]
    for key in _KEYS:
        # Minor keys include their dominant, with its raised seventh.
        own = {*key.pitch_classes, (key.tonic + 11) % 12} if key.is_minor else set(key.pitch_classes)
        inside = sum(beats for beats, pitch_classes, _ in sounding if pitch_classes <= own)
        is_tonic = [chord.root == key.tonic and chord.is_minor == key.is_minor for _, _, chord in sounding]
        tonic = sum(beats for (beats, _, _), home in zip(sounding, is_tonic, strict=True) if home)
        dominants = sum(
            leads + (10 in chord.intervals)
            for (_, _, chord), leads in zip(sounding, (*is_tonic[1:], False), strict=True)
            if chord.root == (key.tonic + 7) % 12 and not chord.is_minor
        )
        votes.append(
            (DIATONIC_VOTE * inside + TONIC_VOTE * tonic) / total
            + DOMINANT_VOTE * dominants / max(FEW_CHORDS, len(sounding))
            + FIRST_VOTE * is_tonic[0]
            + LAST_VOTE * is_tonic[-1]
        )
    return votes


def _key_profile(key: Key) -> tuple[float, ...]:
    """Return the profile of a key with C first, zero mean and unit length."""
    profile = _MINOR_PROFILE if key.is_minor else _MAJOR_PROFILE
    mean = sum(profile) / 12.0
    spread = sqrt(sum((value - mean) ** 2 for value in profile))
    return tuple((profile[(step - key.tonic) % 12] - mean) / spread for step in range(12))


_KEYS: Final = tuple(Key(tonic, scale) for tonic in range(12) for scale in ("Major", "Minor"))
_NO_SCORES: Final = (0.0,) * len(_KEYS)
_KEY_PROFILES: Final = tuple(_key_profile(key) for key in _KEYS)
