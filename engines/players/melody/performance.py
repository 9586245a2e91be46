"""Performance of a melody: timing with the band, phrasing, note lengths and velocities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from musearoo.engines.foundation.chance import bell, stream
from musearoo.engines.music.groove_template import groove_offset
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.players.melody.setting import Tone
from musearoo.engines.players.params import EngineParams, resolve_groove, resolve_swing
from musearoo.engines.styles.rows import ACCENT, GHOST, NORMAL, SOFT

SHORTEST: Final = 1.0 / 16.0
"""The shortest note in beats."""


def play(tones: Sequence[Tone], params: EngineParams, context: MusicalContext, length: float, seed: int) -> list[Note]:
    """Return the notes of composed tones without overlaps."""
    times = _times(tones, params, context, length, seed)
    style = params.style.melody
    levels = style.levels
    loudness = {GHOST: levels.ghost, SOFT: levels.soft, NORMAL: levels.normal, ACCENT: levels.accent}
    chance = stream(seed, "melody", "dynamics", params.section.kind)
    middle = sum(tone.pitch for tone in tones) / max(1, len(tones))
    notes: list[Note] = []
    for index, (tone, time) in enumerate(zip(tones, times, strict=True)):
        until = min(times[index + 1], length) if index + 1 < len(times) else length
        if until - time < SHORTEST / 2.0:
            continue  # squeezed against the end of the clip
        # Notes within a phrase are joined, and rests come from the rhythm; `gate` applies to joined notes.
        joined = index + 1 < len(tones) and tones[index + 1].at - tone.at - tone.length < 0.02
        sounding = (until - time) * style.gate if joined else tone.length
        duration = max(SHORTEST / 2.0, min(style.longest, sounding, until - time))
        velocity = loudness[tone.strength] + 0.6 * (tone.pitch - middle) + 24.0 * (params.section.energy - 0.5)
        velocity += levels.spread * 2.0 * params.humanise * bell(chance)
        notes.append(Note(time, tone.pitch, duration, float(min(127, max(1, round(velocity))))))
    return notes


def _times(
    tones: Sequence[Tone], params: EngineParams, context: MusicalContext, length: float, seed: int
) -> list[float]:
    """Return the played time of each tone: in the measured groove, else swung, with a little jitter."""
    swing = resolve_swing(params, context)
    followed = resolve_groove(params, context)
    feel = params.style.feel
    beats = context.bpm / 60_000.0
    chance = stream(seed, "melody", "time", params.section.kind)
    times: list[float] = []
    for tone in tones:
        time = swing.warp(tone.at)
        if followed is not None:
            groove, closeness = followed
            offset = groove_offset(groove, tone.at, context.meter.value)
            time += 0.0 if offset is None else closeness * (tone.at + offset - time)
        time += max(-0.04, min(0.04, params.humanise * feel.jitter * bell(chance) * beats))
        earliest = times[-1] + SHORTEST if times else 0.0
        times.append(min(max(time, earliest), length - SHORTEST))
    return times
