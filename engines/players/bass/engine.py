"""BassaRoo: generate a bass line, or change an existing one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Final

from msgspec import Meta

from musearoo.engines.errors import ParamError
from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.players.bass.arc import choose_lines, plan_bars
from musearoo.engines.players.bass.changes import busier, simpler
from musearoo.engines.players.bass.fingering import make_playable
from musearoo.engines.players.bass.manner import MANNERS, chords_in_manner, style_in_manner
from musearoo.engines.players.bass.other_parts import NO_CEILING, find_band_cues, push_changes
from musearoo.engines.players.bass.performance import play_in_time, write_notes
from musearoo.engines.players.bass.rhythm import write_rhythm
from musearoo.engines.players.bass.roots import Register, lead_roots, pedal_root, walk_by_inversions, wander
from musearoo.engines.players.bass.tones import choose_pitches
from musearoo.engines.players.chords.lead_sheet import chord_after, chords_to_play
from musearoo.engines.players.options import require_options
from musearoo.engines.players.params import Change, EngineParams, resolve_swing
from musearoo.engines.players.takes import another_take, fit_to_clip, raise_amounts
from musearoo.engines.styles.bass_instruments import INSTRUMENTS, Instrument

CLOSE_BELOW: Final = 4
"""The semitones below the free register at which a root still supports the chords above it."""
HIGHEST_HOME: Final = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class BassParams(EngineParams):
    """BassaRoo's parameters: those of every engine, the octave, and a manner of playing.

    `octave` moves the style's range by octaves; leaving the MIDI range is an error. `manner` is one of MANNERS, or ""
    for the style's own choice.
    """

    octave: Annotated[int, Meta(ge=-2, le=3)] = 0
    manner: Annotated[str, Meta(extra_json_schema={"enum": ["", *MANNERS]})] = ""

    def __post_init__(self) -> None:
        # Not super(): a slotted dataclass is a new class, and zero-argument super() fails there in Python 3.11.
        EngineParams.__post_init__(self)
        if self.manner not in ("", *MANNERS):
            raise ParamError("manner", f"{' or '.join(MANNERS)}, or empty for the style's own", self.manner)
        require_options(self)


def generate(params: BassParams, context: MusicalContext, seed: int) -> Clip:
    """Return a monophonic bass clip (synth glides overlap); deterministic for equal parameters, context and seed."""
    params = replace(params, style=style_in_manner(params.style, params.manner))
    meter, bass, key = context.meter.value, params.style.bass, context.key.value
    length = params.bars * meter.bar_beats
    swing = resolve_swing(params, context)
    written = chords_in_manner(chords_to_play(params, context, length), key, params.manner)
    spans = push_changes(walk_by_inversions(written, bass.inversions, seed), context, swing, length)
    tied = frozenset(old.start for old, new in zip(written, spans, strict=True) if new.start < old.start)
    lines = choose_lines(params, seed)
    band = find_band_cues(params, context, swing, length, seed, any(line.lock for line in lines))
    changes = [span.start for span in spans]
    plans = plan_bars(params, lines, band, seed)
    onsets = write_rhythm(lines, plans, params, meter, band, changes, tied, seed)
    register = _register_under(register_of(params), band.ceiling, params.section.energy)
    after = chord_after(context, length)
    ahead = spans if after is None else (*spans, ChordSpan(length, length + meter.bar_beats, after))
    pitches = choose_pitches(
        onsets,
        lead_roots(ahead, register, wander(ahead, register, bass.wander, seed)),
        pedal_root(spans, key, register),
        register,
        key,
        bass.approach,
        params.complexity,
        stream(seed, "bass", "tones"),
    )
    times = play_in_time(onsets, params, context, swing, band, length, seed)
    notes = write_notes(onsets, pitches, times, spans, params, length, seed)
    playable = make_playable(notes, context.bpm, instrument_of(params), register.low, register.high)
    return Clip.of(f"{params.style.name} bass", length, playable, meter)


def refine(clip: Clip, change: Change, params: BassParams, context: MusicalContext, seed: int) -> Clip:
    """Return the clip changed: another take of its length, or the same with notes removed or added."""
    fitted = fit_to_clip(params, clip, context)
    if change is Change.AGAIN:
        return another_take(clip, partial(generate, fitted, context), seed)
    if change is Change.SIMPLER:
        return simpler(clip, [span.start for span in chords_to_play(fitted, context, clip.length)])
    busy = raise_amounts(fitted, 0.35, 0.25)
    return busier(clip, generate(busy, context, seed), context.bpm, instrument_of(params), register_of(params))


def instrument_of(params: BassParams) -> Instrument:
    """Return the part's instrument: the style's, or keys if the octave leaves its strings."""
    register, instrument = register_of(params), params.style.bass.played_on
    on_it = instrument.low <= register.low and register.high <= instrument.high
    return instrument if on_it else replace(INSTRUMENTS["synth bass"], low=0, high=127)


def register_of(params: BassParams) -> Register:
    """Return the register of the style's bass, moved by the requested octaves, home included."""
    low = min(103, max(0, params.style.bass.low_pitch + 12 * params.octave))
    high = min(127, max(low + 12, params.style.bass.high_pitch + 12 * params.octave))
    return Register(low, high, low + params.style.bass.home_above_low)


def _register_under(register: Register, ceiling: int, energy: float) -> Register:
    """Return the register below the rest of the band, at least an octave and a fifth wide.

    Home rises a little with the energy, and towards high chords, so that no gap opens between.
    """
    low, high = register.low, min(register.high, max(register.low + 19, ceiling))
    home = register.home + round(6.0 * (energy - 0.5))
    if ceiling < NO_CEILING:
        home = max(home, min(low + HIGHEST_HOME, ceiling - CLOSE_BELOW))
    return Register(low, high, home)
