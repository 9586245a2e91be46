"""Dynamics: velocity by limb and strength, position in the bar, fill and section."""

from __future__ import annotations

from typing import Final

from musearoo.engines.foundation.chance import bells
from musearoo.engines.music.drum_kit import KIT
from musearoo.engines.players.drums.feel import sixteenths_in_bar, velocity_feel
from musearoo.engines.players.drums.take import Hits, Take, with_velocities
from musearoo.engines.styles.preset import Levels
from musearoo.engines.styles.rows import ACCENT, GHOST, NORMAL, SOFT

_NO_LEVELS: Final = Levels()
VELOCITY_FEEL_SHARE: Final = 0.5
"""The share of the learned velocity feel that is applied; the rest is already in the marks of the rows."""


def set_levels(hits: Hits, take: Take) -> Hits:
    """Set velocities by limb and strength, with random variation."""
    by_voice = {voice: take.style.drums.levels.get(kind.group, _NO_LEVELS) for voice, kind in KIT.items()}
    levels = {voice: _loudness(own) for voice, own in by_voice.items()}
    spreads = {voice: own.spread * 2.0 * take.humanise for voice, own in by_voice.items()}
    draws = bells(take.stream("dynamics"), len(hits))
    velocities = (
        levels[hit.voice][hit.strength] + spreads[hit.voice] * draw for hit, draw in zip(hits, draws, strict=True)
    )
    return with_velocities(hits, velocities)


def apply_velocity_feel(hits: Hits, take: Take) -> Hits:
    """Apply the velocity feel of the style's drummers: each limb louder or softer at each position of the bar."""
    louder = velocity_feel(take.style.drums.players)
    amount = VELOCITY_FEEL_SHARE * 2.0 * take.humanise
    if louder is None:
        return hits
    velocities = [
        hit.velocity if place is None else hit.velocity + amount * louder[hit.voice, hit.strength == GHOST][place]
        for place, hit in zip(sixteenths_in_bar(hits, take), hits, strict=True)
    ]
    return with_velocities(hits, velocities)


def lead_through_fills(hits: Hits, take: Take) -> Hits:
    """Shape fills as a crescendo from below the groove's level to above it."""
    fills = [(bar.fill_start, bar.end) for bar in take.bars]
    led = list(hits)
    coming = 0
    for index, hit in enumerate(hits):
        while coming < len(fills) and hit.at >= fills[coming][1]:
            coming += 1
        if coming < len(fills) and hit.at >= fills[coming][0]:
            start, end = fills[coming]
            led[index] = hit._replace(velocity=hit.velocity * (0.82 + 0.28 * (hit.at - start) / (end - start)))
    return led


def shape_section(hits: Hits, take: Take) -> Hits:
    """Scale velocities by the section's energy; a build is a crescendo, strongest in its roll."""
    section = take.section
    loudness = 1.0 + 0.36 * (section.energy - 0.5)
    if section.kind == "build":
        voice, length = take.style.drums.build.voice, take.length
        swells = (
            0.5 + 0.55 * hit.at / length if hit.voice == voice else loudness * (0.8 + 0.25 * hit.at / length)
            for hit in hits
        )
        return with_velocities(hits, [hit.velocity * swell for hit, swell in zip(hits, swells, strict=True)])
    return with_velocities(hits, [hit.velocity * loudness for hit in hits])


def _loudness(levels: Levels) -> dict[int, float]:
    return {GHOST: levels.ghost, SOFT: levels.soft, NORMAL: levels.normal, ACCENT: levels.accent}
