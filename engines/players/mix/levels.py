"""Gain staging: fader levels from measured loudness and the style's balance of parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum, log10
from typing import Final

from musearoo.engines.players.mix.faders import LOUDEST_DB, SILENT_DB, fader_db
from musearoo.engines.players.mix.tracks import MixTrack
from musearoo.engines.styles.mix import MixStyle

PEAK_CEILING: Final = -1.5
"""The highest estimated peak of the mix in dBFS: -1, less the half decibel below which no fader moves."""
PEAKS_MEET: Final = 2.5
"""How many dB the peak of a mix is above the power sum of its tracks' peaks, which hardly coincide."""
MOST_SHIFT: Final = 24.0
MOST_FOR_ONE: Final = 6.0
"""The most dB by which all other tracks are lowered for one that is too soft at full fader."""
_DRUM_PIECES: Final = (
    (("kick", "bd", "808"), 0.0),
    (("snare", "sd"), -2.0),
    (("clap", "rim"), -5.0),
    (("tom",), -6.0),
    (("hat", "hh"), -10.0),
    (("cym", "crash", "ride", "over"), -11.0),
    (("perc", "shak", "tamb", "conga", "bongo"), -9.0),
)
"""The levels of drum tracks relative to the kick's (LU), by words in the track names."""


def decibels(power: float) -> float:
    """Return the decibels of a power ratio (10 log10), at least -200."""
    return 10.0 * log10(max(power, 1e-20))


def power(db: float) -> float:
    """Return the power ratio of decibels."""
    return float(10.0 ** (db / 10.0))


def plan_volumes(
    tracks: Sequence[MixTrack], style: MixStyle, lost: Mapping[int, float] | None = None
) -> dict[int, float]:
    """Return the new fader of each measured track in dB, by id; pinned and automated faders stay.

    Tracks of one role share its level. Other tracks are balanced around pinned faders. All are lowered together if the
    mix would peak too high, and a little if one track is too soft. `lost` is the loudness in dB that EQ cuts will take
    from each track; faders make up for it.
    """
    sounds = {track.id: track.sound for track in tracks if track.sound is not None}
    measured = [track for track in tracks if track.id in sounds]
    targets = target_lufs(measured, style)
    pinned = [track for track in measured if not track.may_move("volume") and fader_db(track.volume) > SILENT_DB]
    free = [track for track in measured if track.may_move("volume")]
    shift = 0.0
    if pinned:
        off = [sounds[track.id].lufs + fader_db(track.volume) - targets[track.id] for track in pinned]
        shift = max(-MOST_SHIFT, min(MOST_SHIFT, fsum(off) / len(off)))
    volumes = {track.id: fader_db(track.volume) for track in measured}
    for track in free:
        made_up = (lost or {}).get(track.id, 0.0)
        volumes[track.id] = targets[track.id] + shift - sounds[track.id].lufs + made_up
    too_high = max((volumes[track.id] - LOUDEST_DB for track in free), default=0.0)
    _turn_down(volumes, free, min(MOST_FOR_ONE, too_high))
    _turn_down(volumes, free, min(MOST_SHIFT, estimated_peak(measured, volumes) - PEAK_CEILING))
    return volumes


def _turn_down(volumes: dict[int, float], free: Sequence[MixTrack], by_db: float) -> None:
    for track in free:
        volumes[track.id] = min(LOUDEST_DB, max(SILENT_DB, volumes[track.id] - max(0.0, by_db)))


def target_lufs(tracks: Sequence[MixTrack], style: MixStyle) -> dict[int, float]:
    """Return the target loudness of each track by id: its role's level, divided among the role's tracks."""
    targets = {}
    for role in dict.fromkeys(track.role for track in tracks):
        members = [track for track in tracks if track.role == role]
        offsets = [_offset(track) for track in members]
        whole = decibels(fsum(power(offset) for offset in offsets))
        for track, offset in zip(members, offsets, strict=True):
            targets[track.id] = style.loudness + style.part(role).level + offset - whole
    return targets


def estimated_peak(tracks: Sequence[MixTrack], volumes: Mapping[int, float]) -> float:
    """Return the peak of the mix in dBFS, estimated from its tracks' peaks."""
    peaks = [power(track.sound.peak_db + volumes[track.id]) for track in tracks if track.sound is not None]
    return decibels(fsum(peaks)) + (PEAKS_MEET if len(peaks) > 1 else 0.0)


def mix_lufs(levels: Sequence[float]) -> float:
    """Return the loudness of several tracks together as their power sum, which assumes uncorrelated tracks."""
    return decibels(fsum(power(level) for level in levels))


def _offset(track: MixTrack) -> float:
    if track.role != "drums":
        return 0.0
    name = track.name.lower()
    return next((level for words, level in _DRUM_PIECES if any(word in name for word in words)), 0.0)
