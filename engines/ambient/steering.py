"""What steers endless music while it plays."""

from __future__ import annotations

from dataclasses import dataclass

from musearoo.engines.ambient.phrase import AmbientLayer
from musearoo.engines.music.scale import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Steering:
    """All wishes at one moment; None leaves a value to the preset (or to what is followed).

    Shares are 0..1. `bpm` None: the preset's; a preset without tempo plays free time. `levels` names layers and their
    levels, 0.7 as the preset has it. `plan` names a slow plan over `plan_seconds` ("bright to dark"), counted from
    `plan_began` in beats of the stream.
    """

    preset: str = "drift"
    key: Key | None = None
    mood: str | None = None
    density: float | None = None
    brightness: float | None = None
    motion: float | None = None
    space: float | None = None
    bpm: float | None = None
    levels: tuple[tuple[AmbientLayer, float], ...] = ()
    plan: str | None = None
    plan_seconds: float = 3600.0
    plan_began: float = 0.0
