"""Mix a song with MixAroo: measure each part, set level, pan, reverb and cuts, and sum."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from musearoo.engines.audio.synthesis.equalising import apply_cuts
from musearoo.engines.audio.synthesis.measuring import measure_samples
from musearoo.engines.audio.synthesis.mixing import add_room, limit_peak, pan_gains
from musearoo.engines.audio.synthesis.stem import RATE, Samples
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.players.mix.engine import MixPlan, plan_mix
from musearoo.engines.players.mix.faders import UNITY, fader_db, fader_position
from musearoo.engines.players.mix.tracks import MixerMove, MixTrack
from musearoo.engines.styles.mix import MixStyle

ROOM_GAIN: Final = 2.0
"""Gain of the reverb for a send of 0 dB: the reverb is as loud as the dry sound."""


@dataclass(frozen=True, slots=True)
class MixPart:
    """One part to mix: its role, a function that renders its sound before the fader (float32 (2, samples); called
    twice, so that long songs need not be kept in memory), and its lowest relevant MIDI pitch, if pitched.

    `gain_db` and `pan` (-1..1) are where its fader and pan have been set by hand; None leaves them to the style.
    """

    name: str
    role: Role
    sound: Callable[[], Samples]
    lowest_pitch: int | None = None
    gain_db: float | None = None
    pan: float | None = None

    def moves(self, number: int) -> tuple[MixerMove, ...]:
        """Return how its track is set by hand."""
        volume = None if self.gain_db is None else fader_position(self.gain_db)
        by_hand: tuple[tuple[Literal["volume", "panning"], float, float | None], ...] = (
            ("volume", UNITY, volume),
            ("panning", 0.0, self.pan),
        )
        return tuple(
            MixerMove(track=number, control=control, old=old, new=new, why="set by hand")
            for control, old, new in by_hand
            if new is not None
        )


@dataclass(frozen=True, slots=True, eq=False)
class Mixdown:
    """A mixed song, float32 (2, samples), peak at most -1 dBFS, and its mix plan (tracks are numbered like the parts,
    from 0).
    """

    samples: Samples
    plan: MixPlan


def mix_down(
    parts: Sequence[MixPart],
    style: MixStyle,
    rate: int = RATE,
    bpm: float = 120.0,
    sections: Sequence[tuple[str, float, float]] = (),
) -> Mixdown:
    """Mix the parts in a style; `sections` are names with start and end seconds. Every fader starts at 0 dB."""
    tracks = []
    for number, part in enumerate(parts):
        measured = measure_samples(part.sound(), rate, sections, part.lowest_pitch)
        tracks.append(MixTrack(number, part.name, part.role, sound=measured.sound, sections=measured.sections))
    plan = plan_mix(tracks, style, bpm=bpm, with_devices=True)
    # The last move of a control is the one that is heard.
    plan = replace(
        plan, moves=(*plan.moves, *(move for number, part in enumerate(parts) for move in part.moves(number)))
    )
    mixed = in_room = np.zeros((2, 0), dtype=np.float32)
    for number, part in enumerate(parts):
        sound = set_part(part.sound(), plan, number, rate)
        mixed = _added(mixed, sound)
        reverb = style.part(part.role).reverb
        if reverb is not None:
            in_room = _added(in_room, sound * np.float32(min(1.0, ROOM_GAIN * 10.0 ** (reverb / 20.0))))
    return Mixdown(limit_peak(add_room(mixed, in_room, rate)), plan)


def set_part(sound: Samples, plan: MixPlan, number: int, rate: int) -> Samples:
    """Return a part's sound after the cuts, fader and pan of its track in a plan."""
    moved = {move.control: move.new for move in plan.moves if isinstance(move, MixerMove) and move.track == number}
    gain = 10.0 ** (fader_db(moved.get("volume", UNITY)) / 20.0)
    sides = np.array(pan_gains(moved.get("panning", 0.0)), dtype=np.float32)[:, np.newaxis]
    return np.asarray(apply_cuts(sound, plan.cuts.get(number, ()), rate) * (np.float32(gain) * sides))


def _added(whole: Samples, part: Samples) -> Samples:
    """Add two sounds; the result is as long as the longer one."""
    longer, shorter = (whole, part) if whole.shape[1] >= part.shape[1] else (part, whole)
    joined = longer.copy()
    joined[:, : shorter.shape[1]] += shorter
    return joined
