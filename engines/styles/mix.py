"""The mix section of a preset: levels, panning, sends, and target loudness."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.styles.preset import Fail, Preset, Share

SendDb = Annotated[float, Meta(ge=-60, le=0)]


class PartMix(Preset, frozen=True, kw_only=True):
    """The mix of one role: `level` in LU relative to the whole mix, `pan` the spread of its tracks from the centre,
    `reverb` and `delay` the sends in dB (None: no send), `duck` the sidechain reduction by the kick in dB.
    """

    level: Annotated[float, Meta(ge=-30, le=0)]
    pan: Share = 0
    reverb: SendDb | None = None
    delay: SendDb | None = None
    duck: Annotated[float, Meta(ge=0, le=18)] = 0


class MixStyle(Preset, frozen=True, kw_only=True):
    """The mix of a style: `loudness` before mastering in LUFS, and `contrast`, the LU between its loudest and quietest
    section.
    """

    loudness: Annotated[float, Meta(ge=-36, le=-8)] = -18
    contrast: Annotated[float, Meta(ge=0, le=20)] = 3
    drums: PartMix = PartMix(level=-4, reverb=-28)
    bass: PartMix = PartMix(level=-6)
    harmony: PartMix = PartMix(level=-9, pan=0.3, reverb=-20)
    melody: PartMix = PartMix(level=-5, reverb=-16, delay=-24)
    atmosphere: PartMix = PartMix(level=-14, pan=0.4, reverb=-12)

    def part(self, role: Role) -> PartMix:
        """Return the mix of a role; an unknown role is mixed as harmony."""
        match role:
            case "drums":
                return self.drums
            case "bass":
                return self.bass
            case "melody":
                return self.melody
            case "atmosphere":
                return self.atmosphere
            case _:
                return self.harmony


def check_mix(mix: MixStyle, fail: Fail) -> None:
    """Report fields that contradict each other."""
    for role in ("drums", "bass"):
        part: PartMix = getattr(mix, role)
        if part.pan > 0.1:
            fail(f"mix.{role}.pan", f"expected at most 0.1, for the low end stands in the middle, got {part.pan:g}")
    if mix.drums.duck:
        fail("mix.drums.duck", "expected 0, for nothing ducks under itself")
