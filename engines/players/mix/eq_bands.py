"""Slots in the spectrum: where tracks stand in each other's way, who gives way, and the cuts that make room."""

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
"""A band with less than this part of a track's power does not matter to it."""
NEAR_DB: Final = 9.0
"""Tracks further apart than this in a band do not fight over it: the louder one has it."""
MILD_CUT, DEEP_CUT = 2.0, 4.0
"""dB: what is cut from a track is heard as room for another, not as a hole in itself."""
AT_HOME: Final = 0.55
"""A band with more than this part of a track's power is its home: to cut there is only to turn it down."""
MOST_BELLS: Final = 2
"""Cuts in one track beyond which it is another sound."""
BELL_Q: Final = 0.9
"""An octave and a half wide: heard as less of a colour, not as a notch."""
LOW_CUT_SHARE: Final = 0.004
"""Power below the cut from which a low cut is worth making (-24 dB): less does nobody harm."""
LOW_CUTS: Final[Mapping[Role, float]] = {"harmony": 110.0, "melody": 120.0, "atmosphere": 140.0, "unknown": 90.0}
"""Hz from which down a role leaves the spectrum to kick and bass; never into a note that it plays."""
UNDER_NOTE: Final = 0.75
"""How far below its lowest note a track is cut at most."""
POINTS: Final = 5
"""Places in a band at which a cut is looked at."""
EAR_DB: Final = {"sub": -9.0, "bass": -1.5, "low mid": 0.0, "mid": 0.5, "high mid": 3.5, "air": 4.0}
"""K-weighting in the middle of each band (BS.1770-4), dB."""

_FIRST: Final[Mapping[str, tuple[Role, ...]]] = {
    "sub": ("bass", "drums", "harmony", "melody", "atmosphere", "unknown"),
    "bass": ("bass", "drums", "harmony", "melody", "unknown", "atmosphere"),
    "low mid": ("melody", "drums", "harmony", "bass", "unknown", "atmosphere"),
    "mid": ("melody", "harmony", "drums", "unknown", "bass", "atmosphere"),
    "high mid": ("melody", "drums", "harmony", "unknown", "atmosphere", "bass"),
    "air": ("drums", "melody", "harmony", "unknown", "atmosphere", "bass"),
}
"""Whose each band is: the roles in the order in which others give way to them."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One band of an equaliser: a low cut of 12 dB an octave at `hertz`, or a bell with a gain in dB and its Q."""

    kind: Literal["low cut", "bell"]
    hertz: float
    gain_db: float = 0.0
    q: float = 0.71


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two tracks that fight over a band: `loser` gives way to `winner`; `near_db` is how far apart they are there."""

    band: Band
    winner: int
    loser: int
    near_db: float


def overlap(one: TrackSound | None, other: TrackSound | None) -> float:
    """The part of their power that two sounds have in the same bands, 0..1; 0 where it is not known."""
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
    """How much of what is meant to be heard lies under other tracks, 0 (each has its slots) to 1.

    In each band of a track, others cover as much of it as they have of the power there, a track that stands apart
    counting for less; bands count by their part of the track, tracks by `weights`. A plain stand-in for the partial
    loudness of Moore, Glasberg and Baer, "A model for the prediction of thresholds, loudness, and partial loudness"
    (1997).
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
    """The fights over bands, those of the nearest rivals first.

    Kick and bass share the lows by time, not by frequency: that is the side-chain's matter.
    """
    found = []
    known = [(track, track.sound.bands) for track in tracks if track.sound is not None and track.id in loudness]
    for (track, mine), (other, theirs) in combinations(known, 2):
        if track.role == other.role or {track.role, other.role} == {"drums", "bass"}:
            continue
        # A sound that was not analysed has no bands, and fights over none.
        for band, its in zip(mine, theirs, strict=False):
            apart = loudness[track.id] + band.level_db - loudness[other.id] - its.level_db
            first = _FIRST.get(band.name, ())
            if min(power(band.level_db), power(its.level_db)) < SHARE or abs(apart) > NEAR_DB or not first:
                continue
            winner, loser = sorted((track, other), key=lambda each: first.index(each.role))
            found.append(Conflict(band, winner.id, loser.id, abs(apart)))
    return tuple(sorted(found, key=lambda conflict: (conflict.near_db, conflict.winner, conflict.loser)))


def plan_cuts(tracks: Sequence[MixTrack], conflicts: Sequence[Conflict]) -> dict[int, tuple[Cut, ...]]:
    """The cuts of each track whose devices may be moved, by id: at most one low cut and two bells."""
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
    """By how many dB cuts make a track softer to the ear, which hears little of the lows (BS.1770's K-weighting)."""
    if track.sound is None or not cuts or not track.sound.bands:
        return 0.0
    before = [band.level_db + EAR_DB.get(band.name, 0.0) for band in track.sound.bands]
    after = [
        level + fsum(cut_db(cut, band) for cut in cuts) for level, band in zip(before, track.sound.bands, strict=True)
    ]
    return decibels(fsum(map(power, before))) - decibels(fsum(map(power, after)))


def cut_db(cut: Cut, band: Band) -> float:
    """What a cut does to a band whose power is spread evenly over its octaves, in dB."""
    ratio = (band.high_hz / band.low_hz) ** (1.0 / POINTS)
    gains = [_gain(cut, band.low_hz * ratio ** (place + 0.5) / cut.hertz) for place in range(POINTS)]
    return decibels(fsum(gains) / POINTS)


def _gain(cut: Cut, place: float) -> float:
    """The power gain at a frequency, as a part of the cut's own: that of the analogue filter."""
    square = place * place
    if cut.kind == "low cut":
        return square * square / ((1.0 - square) ** 2 + square / cut.q**2)
    amplitude = float(10.0 ** (cut.gain_db / 40.0))
    apart = (1.0 - square) ** 2
    return (apart + square * (amplitude / cut.q) ** 2) / (apart + square / (amplitude * cut.q) ** 2)


def band_level(sound: TrackSound, band: Band) -> float:
    """The level of a sound in the band of another's that has the same name, dB below its whole."""
    return next((own.level_db for own in sound.bands if own.name == band.name), -200.0)
