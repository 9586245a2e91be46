"""Performance of the line: timing with the drummer, note lengths, velocities and glides.

A glide is two overlapping notes: a synth set to mono with legato and portamento slides from the first to the second. A
script cannot write pitch bend into a clip of Live.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from musearoo.engines.foundation.chance import bell, stream
from musearoo.engines.music.groove_template import groove_offset
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.bass.other_parts import BandCues
from musearoo.engines.players.bass.rhythm import BassOnset
from musearoo.engines.players.params import EngineParams, resolve_groove
from musearoo.engines.styles.rows import ACCENT, GHOST, NORMAL, SOFT

SHORTEST: Final = 1.0 / 16.0
"""The shortest note in beats: anything shorter is a click; dead notes are about this long."""
GHOST_BEATS: Final = 0.12
POP_BEATS: Final = 0.3
"""A popped string is damped at once."""
POPPED: Final = "875"
LONGEST_RING: Final = 16.0
GLIDE_BEATS: Final = 0.08
"""The overlap of two notes in a glide: any overlap makes a synth slide, a longer one would ring into the next chord."""


def play_in_time(
    onsets: Sequence[BassOnset],
    params: EngineParams,
    context: MusicalContext,
    swing: Swing,
    band: BandCues,
    length: float,
    seed: int,
) -> list[float]:
    """Return the played time of each onset: with the drummer if there is one, else in the measured groove, else swung
    on the grid, plus the style's feel."""
    feel, amount = params.style.feel, 2.0 * params.humanise
    beats = context.bpm / 60_000.0
    followed = resolve_groove(params, context)
    chance = stream(seed, "bass", "time")
    times: list[float] = []
    for onset in onsets:
        played = band.played.get(onset.at)
        grid = swing.warp(onset.at) if played is None else played
        if played is None and followed is not None:
            groove, closeness = followed
            offset = groove_offset(groove, onset.at, context.meter.value)
            grid += 0.0 if offset is None else closeness * (onset.at + offset - grid)
        push = amount * (feel.bass + 0.3 * feel.jitter * bell(chance)) * beats
        # Stay locked to the kick: feel moves a note by at most a quarter of a thirty-second.
        time = grid + max(-0.03, min(0.03, push))
        earliest = times[-1] + SHORTEST if times else 0.0
        times.append(min(max(time, earliest), length - SHORTEST))
    return times


def write_notes(
    onsets: Sequence[BassOnset],
    pitches: Sequence[int],
    times: Sequence[float],
    spans: Sequence[ChordSpan],
    params: EngineParams,
    length: float,
    seed: int,
) -> list[Note]:
    """Return the line as sorted monophonic notes (glides overlap); no note rings into a chord it does not belong to."""
    changes = [span.start for span in spans]
    levels = params.style.bass.levels
    loudness = {GHOST: levels.ghost, SOFT: levels.soft, NORMAL: levels.normal, ACCENT: levels.accent}
    spread = levels.spread * 2.0 * params.humanise
    chance, whim = stream(seed, "bass", "dynamics"), stream(seed, "bass", "glides")
    ends = [*times[1:], length]
    notes: list[Note] = []
    for index, (onset, pitch, time) in enumerate(zip(onsets, pitches, times, strict=True)):
        until = ends[index]
        if until - time < SHORTEST / 2.0:
            continue  # squeezed against the end of the clip
        line, strength = onset.line, onset.strength
        coming = bisect_right(changes, onset.at + 1e-9)
        rings_over = coming < len(spans) and until > changes[coming] and not line.pedal
        if rings_over and pitch % 12 not in spans[coming].chord.pitch_classes:
            until = min(until, max(time + SHORTEST, changes[coming]))
        duration = (until - time) * (1.0 if onset.in_fill or onset.rings else line.gate)
        if strength == GHOST:
            duration = min(GHOST_BEATS, until - time)
        elif line.slap and onset.tone in POPPED and onset.tone:
            strength, duration = ACCENT, min(POP_BEATS, duration)
        else:
            duration = min(LONGEST_RING if onset.rings else line.longest, duration)
        if line.glide and strength != GHOST and index + 1 < len(onsets):
            joins = whim.random() < line.glide and onsets[index + 1].strength != GHOST
            if joins and pitches[index + 1] != pitch:
                # Overlap less than half of the next note, so that three never sound at once.
                duration = ends[index] - time + min(GLIDE_BEATS, 0.4 * (ends[index + 1] - ends[index]))
        velocity = loudness[strength] + onset.loudness + spread * bell(chance)
        notes.append(Note(time, pitch, max(SHORTEST / 2.0, duration), float(min(127, max(1, round(velocity))))))
    return notes
