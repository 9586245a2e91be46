"""Dynamics: velocity by limb and strength, position in the bar, fill and section."""

from __future__ import annotations

from typing import Final

from musearoo.engines.foundation.chance import bells
from musearoo.engines.music.drum_kit import KIT
from musearoo.engines.players.drums.feel import sixteenths_in_bar, velocity_feel
from musearoo.engines.players.drums.take import Hits, Take
from musearoo.engines.styles.preset import Levels
from musearoo.engines.styles.rows import GHOST

_NO_LEVELS: Final = Levels()
VELOCITY_FEEL_SHARE: Final = 0.5
"""The share of the learned velocity feel that is applied; the rest is already in the marks of the rows."""


def set_levels(hits: Hits, _velocities: list[float], take: Take) -> list[float]:
    """Set velocities by limb and strength, with random variation."""
    own = take.style.drums.levels
    groups = {kind.group: _by_strength(own.get(kind.group, _NO_LEVELS), take.humanise) for kind in KIT.values()}
    by_voice = {voice: groups[kind.group] for voice, kind in KIT.items()}
    velocities = []
    for hit, draw in zip(hits, bells(take.stream("dynamics"), len(hits)), strict=True):
        levels, spread = by_voice[hit.voice]
        velocities.append(levels[hit.strength] + spread * draw)
    return velocities


def apply_velocity_feel(hits: Hits, velocities: list[float], take: Take) -> list[float]:
    """Apply the velocity feel of the style's drummers: each limb louder or softer at each position of the bar."""
    louder = velocity_feel(take.style.drums.players)
    amount = VELOCITY_FEEL_SHARE * 2.0 * take.humanise
    if louder is None:
        return velocities
    return [
        velocity if place is None else velocity + amount * louder[hit.voice, hit.strength == GHOST][place]
        for place, hit, velocity in zip(sixteenths_in_bar(hits, take), hits, velocities, strict=True)
    ]


def lead_through_fills(hits: Hits, velocities: list[float], take: Take) -> list[float]:
    """Shape fills as a crescendo from below the groove's level to above it."""
    fills = [(bar.fill_start, bar.end) for bar in take.bars if bar.fill_start < bar.end]
    led = list(velocities)
    coming = 0
    for index, hit in enumerate(hits if fills else ()):
        while coming < len(fills) and hit.at >= fills[coming][1]:
            coming += 1
        if coming < len(fills) and hit.at >= fills[coming][0]:
            start, end = fills[coming]
            led[index] *= 0.82 + 0.28 * (hit.at - start) / (end - start)
    return led


def shape_section(hits: Hits, velocities: list[float], take: Take) -> list[float]:
    """Scale velocities by the section's energy; a build is a crescendo, strongest in its roll."""
    section = take.section
    loudness = 1.0 + 0.36 * (section.energy - 0.5)
    if section.kind == "build":
        voice, length = take.style.drums.build.voice, take.length
        swells = (
            0.5 + 0.55 * hit.at / length if hit.voice == voice else loudness * (0.8 + 0.25 * hit.at / length)
            for hit in hits
        )
        return [velocity * swell for velocity, swell in zip(velocities, swells, strict=True)]
    return [velocity * loudness for velocity in velocities]


def _by_strength(levels: Levels, humanise: float) -> tuple[tuple[float, ...], float]:
    """Return the velocities of a ghost note, a soft one, a normal one and an accent, and how far all stray."""
    return (levels.ghost, levels.soft, levels.normal, levels.accent), levels.spread * 2.0 * humanise
