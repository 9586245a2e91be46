"""A song mixed by MixAroo: its parts measured as they sound here, and their levels, places, room and cuts set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from engines.mixaroo.engine import MixPlan, plan_mix
from engines.mixaroo.faders import fader_db
from engines.mixaroo.tracks import MixerMove, MixTrack
from engines.music.context import Role
from engines.rendering.measuring import measure_stem
from engines.rendering.stem import Stem
from engines.styles.mix import MixStyle

ROOM_GAIN: Final = 2.0
"""What a send of 0 dB is as room: a hall as loud as its player."""


@dataclass(frozen=True, slots=True)
class Mixdown:
    """A mixed song: the stems to render with `mix_stems`, and the plan that set them (tracks are numbered from 0)."""

    stems: tuple[Stem, ...]
    plan: MixPlan


def mix_down(
    stems: Sequence[Stem],
    roles: Sequence[Role],
    style: MixStyle,
    seconds: float,
    bpm: float = 120.0,
    sections: Sequence[tuple[str, float, float]] = (),
) -> Mixdown:
    """The stems as a mix of the style sets them; `roles` belong to them one by one, `sections` are in seconds.

    Every fader starts at 0 dB and every pan in the middle, whatever the stems had.
    """
    plain = [replace(stem, gain_db=0.0, pan=0.0, cuts=()) for stem in stems]
    tracks = []
    for number, (stem, role) in enumerate(zip(plain, roles, strict=True)):
        measured = measure_stem(stem, seconds, sections)
        tracks.append(MixTrack(number, stem.name, role, sends=(0.0,), sound=measured.sound, sections=measured.sections))
    plan = plan_mix(tracks, style, bpm=bpm, with_devices=True)
    moved: Mapping[tuple[int, str], float] = {
        (move.track, move.control): move.new for move in plan.moves if isinstance(move, MixerMove)
    }
    mixed = []
    for number, (stem, role) in enumerate(zip(plain, roles, strict=True)):
        reverb = style.part(role).reverb
        mixed.append(
            replace(
                stem,
                gain_db=fader_db(moved.get((number, "volume"), tracks[number].volume)),
                pan=moved.get((number, "panning"), 0.0),
                room=0.0 if reverb is None else min(1.0, ROOM_GAIN * 10.0 ** (reverb / 20.0)),
                cuts=plan.cuts.get(number, ()),
            )
        )
    return Mixdown(tuple(mixed), plan)
