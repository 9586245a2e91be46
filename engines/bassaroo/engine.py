"""BassaRoo's front: a line from nothing, and changes to a line that is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from engines.bassaroo.rhythm import Drummer, Pulse, choose_line, hear_drummer, write_rhythm
from engines.bassaroo.tones import Register, choose_pitches, lead_roots
from engines.chance import bell, derive_seed, stream
from engines.errors import ParamError
from engines.lead_sheet import chords_to_play
from engines.music.clip import Clip
from engines.music.context import MusicalContext
from engines.music.groove_template import groove_offset
from engines.music.note import Note
from engines.music.swing import Swing
from engines.params import Change, EngineParams, resolve_groove, resolve_swing
from engines.rows import ACCENT, GHOST, NORMAL, SOFT
from engines.styles.bass import BassLine

SHORTEST: Final = 1.0 / 16.0
"""Beats below which a bass note is a click; dead notes are about this long."""
GHOST_BEATS: Final = 0.12


@dataclass(frozen=True, slots=True, kw_only=True)
class BassParams(EngineParams):
    """What BassaRoo can be asked for: what every engine can, and its register.

    `octave` moves the style's range by octaves; what would leave MIDI's range is refused.
    """

    octave: int = 0

    def __post_init__(self) -> None:
        # Not super(): a slotted dataclass is a new class, which the bare form does not know in Python 3.11.
        EngineParams.__post_init__(self)
        if isinstance(self.octave, bool) or not isinstance(self.octave, int) or not -2 <= self.octave <= 3:
            raise ParamError("octave", "a whole number from -2 to 3", self.octave)


def generate(params: BassParams, context: MusicalContext, seed: int) -> Clip:
    """A bass clip, one note at a time; the same for the same parameters, context and seed."""
    meter, bass = context.meter.value, params.style.bass
    length = params.bars * meter.bar_beats
    swing = resolve_swing(params, context)
    spans = chords_to_play(params, context, length)
    drummer = hear_drummer(params, context, swing, length, seed)
    line = choose_line(params.style, params.complexity, seed)
    pulses = write_rhythm(line, params, meter, drummer.kicks, [span.start for span in spans], seed)
    register = register_of(params)
    roots = lead_roots(spans, register)
    tones = stream(seed, "bass", "tones")
    pitches = choose_pitches(pulses, roots, register, context.key.value, bass.approach, params.complexity, tones)
    times = _play_in_time(pulses, params, context, swing, drummer, length, seed)
    notes = _write_notes(pulses, pitches, times, params, line, length, seed)
    return Clip.of(f"{params.style.name} bass", length, notes, meter)


def refine(clip: Clip, change: Change, params: BassParams, context: MusicalContext, seed: int) -> Clip:
    """The clip changed: another take of its length, or itself with notes left out or added."""
    fitted = replace(params, bars=min(64, max(1, round(clip.length / context.meter.value.bar_beats))))
    if change is Change.AGAIN:
        for attempt in range(8):  # a plain line over one chord may give the same notes twice
            other = generate(fitted, context, derive_seed(seed, "again", attempt))
            if other.notes != clip.notes:
                break
        return other
    if change is Change.SIMPLER:
        return _simpler(clip, [span.start for span in chords_to_play(fitted, context, clip.length)])
    busy = replace(fitted, complexity=min(1.0, params.complexity + 0.35), density=min(1.0, params.density + 0.25))
    return _merged(clip, generate(busy, context, seed))


def register_of(params: BassParams) -> Register:
    """The pitches of the style's bass, moved by the octave asked for, with home a fifth above the lowest."""
    low = min(103, max(0, params.style.bass.low_pitch + 12 * params.octave))
    high = min(127, max(low + 12, params.style.bass.high_pitch + 12 * params.octave))
    return Register(low, high, low + 7)


def _play_in_time(
    pulses: Sequence[Pulse],
    params: EngineParams,
    context: MusicalContext,
    swing: Swing,
    drummer: Drummer,
    length: float,
    seed: int,
) -> list[float]:
    """When each pulse is played: with the drummer where one is heard, else in the groove that is found, else swung on
    the grid; and the player's feel.
    """
    feel, amount = params.style.feel, 2.0 * params.humanise
    beats = context.bpm / 60_000.0
    followed = resolve_groove(params, context)
    chance = stream(seed, "bass", "time")
    times: list[float] = []
    for pulse in pulses:
        heard = drummer.played.get(pulse.at)
        grid = swing.warp(pulse.at) if heard is None else heard
        if heard is None and followed is not None:
            groove, closeness = followed
            offset = groove_offset(groove, pulse.at, context.meter.value)
            grid += 0.0 if offset is None else closeness * (pulse.at + offset - grid)
        push = amount * (feel.bass + 0.3 * feel.jitter * bell(chance)) * beats
        # Locked means locked: the feel never takes a note off its kick by more than a quarter of a thirty-second.
        time = grid + max(-0.03, min(0.03, push))
        earliest = times[-1] + SHORTEST if times else 0.0
        times.append(min(max(time, earliest), length - SHORTEST))
    return times


def _write_notes(
    pulses: Sequence[Pulse],
    pitches: Sequence[int],
    times: Sequence[float],
    params: EngineParams,
    line: BassLine,
    length: float,
    seed: int,
) -> list[Note]:
    levels = params.style.bass.levels
    loudness = {GHOST: levels.ghost, SOFT: levels.soft, NORMAL: levels.normal, ACCENT: levels.accent}
    chance = stream(seed, "bass", "dynamics")
    notes: list[Note] = []
    for index, (pulse, pitch, time) in enumerate(zip(pulses, pitches, times, strict=True)):
        until = times[index + 1] if index + 1 < len(times) else length
        if until - time < SHORTEST / 2.0:
            continue  # squeezed against the end of the clip
        if pulse.strength == GHOST:
            duration = min(GHOST_BEATS, until - time)
        else:
            duration = min(line.longest, (until - time) * (1.0 if pulse.in_fill else line.gate))
        velocity = loudness[pulse.strength] + levels.spread * 2.0 * params.humanise * bell(chance)
        notes.append(Note(time, pitch, max(SHORTEST / 2.0, duration), float(min(127, max(1, round(velocity))))))
    return notes


def _simpler(clip: Clip, changes: Sequence[float]) -> Clip:
    """The clip without a third of its notes: dead and quiet ones first, then off-beats; chord changes always stay."""

    def is_change(note: Note) -> bool:
        return any(abs(note.start - change) < 0.2 for change in changes)

    def weight(note: Note) -> tuple[float, float]:
        place = round(note.start * 4) % 4
        return note.velocity + 40.0 * min(1.0, note.duration) + (40.0, 0.0, 15.0, 0.0)[place], -note.start

    spare = sorted((note for note in clip.notes if not is_change(note)), key=weight)
    gone = set(spare[: max(1, len(clip.notes) // 3)])
    return clip.with_notes(note for note in clip.notes if note not in gone)


def _merged(clip: Clip, busier: Clip) -> Clip:
    """The clip's notes with those of a busier one between them; each note ends where the next begins."""
    starts = [note.start for note in clip.notes]
    added = [
        note
        for note in busier.notes
        if note.start < clip.length and all(abs(note.start - start) > 0.2 for start in starts)
    ]
    notes = sorted((*clip.notes, *added), key=lambda note: note.start)
    joined = []
    for index, note in enumerate(notes):
        until = notes[index + 1].start if index + 1 < len(notes) else clip.length
        joined.append(replace(note, duration=min(note.duration, until - note.start)))
    return clip.with_notes(joined)
