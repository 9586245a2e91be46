"""Find masking between tracks and choose the EQ cuts that resolve it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import fsum, sqrt
from typing import Final, Literal

from musearoo.engines.music.knowledge.analysis import Band
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.players.mix.levels import decibels, power
from musearoo.engines.players.mix.tracks import MixTrack, TrackSound

SHARE: Final = 0.12
"""The share of a track's power below which a band does not matter to it."""
NEAR_DB: Final = 9.0
"""The level difference in dB from which two tracks do not compete in a band: the louder one masks the other."""
MILD_CUT, DEEP_CUT = 2.0, 4.0
"""The depths of cuts in dB: enough to make room, without an audible hole."""
AT_HOME: Final = 0.55
"""The share of a track's power from which a band is its home; cutting there would only turn it down."""
MOST_BELLS: Final = 2
"""The most bell cuts per track; more would change its sound."""
BELL_Q: Final = 0.9
"""One and a half octaves: a wide bell colours less than a notch."""
LOW_CUT_SHARE: Final = 0.004
"""The power below a low cut's frequency from which it is worth making (-24 dB)."""
LOW_CUTS: Final[Mapping[Role, float]] = {"harmony": 110.0, "melody": 120.0, "atmosphere": 140.0, "unknown": 90.0}
"""The low cut of each role in Hz, which leaves the low end to kick and bass; never into a note that it plays."""
UNDER_NOTE: Final = 0.75
"""How far below its lowest note a track may be cut."""
POINTS: Final = 5
"""Sample points per band for a cut's response."""
K_WEIGHTING_DB: Final = {"sub": -9.0, "bass": -1.5, "low mid": 0.0, "mid": 0.5, "high mid": 3.5, "air": 4.0}
"""K-weighting at the centre of each band (BS.1770-4), in dB."""

_FIRST: Final[Mapping[str, tuple[Role, ...]]] = {
    "sub": ("bass", "drums", "harmony", "melody", "atmosphere", "unknown"),
    "bass": ("bass", "drums", "harmony", "melody", "unknown", "atmosphere"),
    "low mid": ("melody", "drums", "harmony", "bass", "unknown", "atmosphere"),
    "mid": ("melody", "harmony", "drums", "unknown", "bass", "atmosphere"),
    "high mid": ("melody", "drums", "harmony", "unknown", "atmosphere", "bass"),
    "air": ("drums", "melody", "harmony", "unknown", "atmosphere", "bass"),
}
"""The role that owns each band, and the order in which others give way."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One EQ band: a 12 dB/octave low cut at `hertz`, or a bell with gain in dB and Q."""

    kind: Literal["low cut", "bell"]
    hertz: float
    gain_db: float = 0.0
    q: float = 0.71


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two tracks that compete in a band: `loser` gives way to `winner`; `near_db` is their level difference."""

    band: Band
    winner: int
    loser: int
    near_db: float


def overlap(one: TrackSound | None, other: TrackSound | None) -> float:
    """Return the spectral overlap of two sounds, 0..1; 0 if unknown."""
    if one is None or other is None or not one.bands or not other.bands:
        return 0.0
    shares = [
        min(power(mine.level_db), power(theirs.level_db)) for mine, theirs in zip(one.bands, other.bands, strict=True)
    ]
    return min(1.0, fsum(shares))


def masking(
    tracks: Sequence[MixTrack],
    loudness: Mapping[int, float],
    pans: Mapping[int, float],
    weights: Mapping[int, float],
    cuts: Mapping[int, Sequence[Cut]],
) -> float:
    """Return how much of the tracks is masked by others, 0 (nothing) to 1.

    In each band, others mask a track by their share of the power there, less if they are panned apart; bands are
    weighted by their share of the track, tracks by `weights`. A simple substitute for the partial loudness of Moore,
    Glasberg and Baer, "A model for the prediction of thresholds, loudness, and partial loudness" (1997).
    """
    powers = {
        track.id: [
            power(loudness[track.id] + band.level_db + fsum(cut_db(cut, band) for cut in cuts.get(track.id, ())))
            for band in track.sound.bands
        ]
        for track in tracks
        if track.sound is not None and track.sound.bands
    }
    covered, whole = [], []
    for track, own in powers.items():
        around = {other: 1.0 - 0.5 * min(1.0, abs(pans[track] - pans[other])) for other in powers if other != track}
        for place, value in enumerate(own):
            others = fsum(powers[other][place] * near for other, near in around.items())
            part = weights[track] * value / max(fsum(own), 1e-20)
            covered.append(part * others / max(others + value, 1e-20))
            whole.append(part)
    return fsum(covered) / fsum(whole) if whole and fsum(whole) > 0.0 else 0.0


def find_conflicts(tracks: Sequence[MixTrack], loudness: Mapping[int, float]) -> tuple[Conflict, ...]:
    """Return the conflicts over bands, closest levels first.

    Kick and bass share the low end in time, by side-chain, not in frequency.
    """
    found = []
    known = [(track, track.sound.bands) for track in tracks if track.sound is not None and track.id in loudness]
    for (track, mine), (other, theirs) in combinations(known, 2):
        if track.role == other.role or {track.role, other.role} == {"drums", "bass"}:
            continue
        # A sound without analysis has no bands and no conflicts.
        for band, its in zip(mine, theirs, strict=False):
            apart = loudness[track.id] + band.level_db - loudness[other.id] - its.level_db
            first = _FIRST.get(band.name, ())
            if min(power(band.level_db), power(its.level_db)) < SHARE or abs(apart) > NEAR_DB or not first:
                continue
            winner, loser = sorted((track, other), key=lambda each: first.index(each.role))
            found.append(Conflict(band, winner.id, loser.id, abs(apart)))
    return tuple(sorted(found, key=lambda conflict: (conflict.near_db, conflict.winner, conflict.loser)))


def plan_cuts(tracks: Sequence[MixTrack], conflicts: Sequence[Conflict]) -> dict[int, tuple[Cut, ...]]:
    """Return the cuts of each track whose devices may be changed, by id: at most one low cut and two bells."""
    by_id = {track.id: track for track in tracks}
    has_lows = any(track.role in ("bass", "drums") for track in tracks)
    cuts: dict[int, list[Cut]] = {}
    for track in tracks:
        low_cut = _low_cut(track) if has_lows and track.may_move("devices") else None
        if low_cut is not None:
            cuts.setdefault(track.id, []).append(low_cut)
    for conflict in conflicts:
        loser, band = by_id[conflict.loser], conflict.band
        own = cuts.get(loser.id, [])
        middle = sqrt(band.low_hz * band.high_hz)
        bells = [cut for cut in own if cut.kind == "bell"]
        low_end = next((cut.hertz for cut in own if cut.kind == "low cut"), 0.0)
        is_done = any(cut.hertz == round(middle) for cut in bells) or band.high_hz <= 1.5 * low_end
        at_home = loser.sound is not None and power(band_level(loser.sound, band)) > AT_HOME
        if is_done or at_home or len(bells) >= MOST_BELLS or not loser.may_move("devices"):
            continue
        deep = DEEP_CUT - conflict.near_db / NEAR_DB * (DEEP_CUT - MILD_CUT)
        cuts.setdefault(loser.id, []).append(Cut("bell", round(middle), -round(deep, 1), BELL_Q))
    return {track: tuple(planned) for track, planned in cuts.items()}


def _low_cut(track: MixTrack) -> Cut | None:
    hertz = LOW_CUTS.get(track.role)
    if hertz is None or track.sound is None:
        return None
    if track.sound.lowest_pitch is not None:
        hertz = min(hertz, UNDER_NOTE * 440.0 * 2.0 ** ((track.sound.lowest_pitch - 69) / 12.0))
    below = fsum(power(band.level_db) for band in track.sound.bands if band.high_hz <= 1.9 * hertz)
    return Cut("low cut", float(round(hertz))) if hertz >= 30.0 and below > LOW_CUT_SHARE else None


def loudness_lost(track: MixTrack, cuts: Sequence[Cut]) -> float:
    """Return the loudness that cuts take from a track, in dB, K-weighted (BS.1770)."""
    if track.sound is None or not cuts or not track.sound.bands:
        return 0.0
    before = [band.level_db + K_WEIGHTING_DB.get(band.name, 0.0) for band in track.sound.bands]
    after = [
        level + fsum(cut_db(cut, band) for cut in cuts) for level, band in zip(before, track.sound.bands, strict=True)
    ]
    return decibels(fsum(map(power, before))) - decibels(fsum(map(power, after)))


def cut_db(cut: Cut, band: Band) -> float:
    """Return a cut's effect in dB on a band with evenly spread power."""
    ratio = (band.high_hz / band.low_hz) ** (1.0 / POINTS)
    gains = [_gain(cut, band.low_hz * ratio ** (place + 0.5) / cut.hertz) for place in range(POINTS)]
    return decibels(fsum(gains) / POINTS)


def _gain(cut: Cut, place: float) -> float:
    """Return a cut's power gain at a relative frequency, as in the analogue filter."""
    square = place * place
    if cut.kind == "low cut":
        return square * square / ((1.0 - square) ** 2 + square / cut.q**2)
    amplitude = float(10.0 ** (cut.gain_db / 40.0))
    apart = (1.0 - square) ** 2
    return (apart + square * (amplitude / cut.q) ** 2) / (apart + square / (amplitude * cut.q) ** 2)


def band_level(sound: TrackSound, band: Band) -> float:
    """Return a sound's level in another sound's band of the same name, in dB below its whole."""
    return next((own.level_db for own in sound.bands if own.name == band.name), -200.0)
