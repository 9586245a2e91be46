"""When the bass plays: the style's line, the kick it locks to, and the run into the next phrase."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from engines.chance import pick, scaled_chance, stream
from engines.drummaroo.engine import kick_onsets
from engines.drummaroo.kit import KICK_PITCHES
from engines.grid import Placed, place_row, place_tail
from engines.music.clip import Clip
from engines.music.context import MusicalContext
from engines.music.meter import Meter
from engines.music.swing import Swing
from engines.params import EngineParams
from engines.rows import GHOST, NORMAL, Row, likelihood, strength
from engines.styles.bass import BassFill, BassLine
from engines.styles.style import Style

PHRASE_BARS: Final = 4
LOCKED_BEATS: Final = 0.125
"""A bass note within a thirty-second of a kick is on it."""


class Pulse(NamedTuple):
    """A note to come: its straight place, the tone that the line has there ("" for the root), and its strength."""

    at: float
    tone: str
    strength: int
    in_fill: bool = False


@dataclass(frozen=True, slots=True)
class Drummer:
    """What the bass hears of the drums: kicks by their straight place, and when each was really played."""

    kicks: tuple[float, ...]
    played: dict[float, float]


def hear_drummer(params: EngineParams, context: MusicalContext, swing: Swing, length: float, seed: int) -> Drummer:
    """The kick of the drums that play, looped to the length; without drums, the kick DrummaRoo would play."""
    part = context.part("drums")
    if part is None or not any(note.pitch in KICK_PITCHES for note in part.clip.notes):
        return Drummer(kick_onsets(params, context, seed), {})
    played: dict[float, float] = {}
    for note in _looped(part.clip, length).notes:
        place = _grid_place(swing.unwarp(note.start))
        if place < length and (note.pitch in KICK_PITCHES or place not in played):
            played[place] = note.start
    kicks = {
        _grid_place(swing.unwarp(note.start))
        for note in _looped(part.clip, length).notes
        if note.pitch in KICK_PITCHES and not note.mute
    }
    return Drummer(tuple(sorted(kick for kick in kicks if kick < length)), played)


def choose_line(style: Style, complexity: float, seed: int) -> BassLine:
    """The line of a style for a complexity, by chance of its weight."""
    fitting = [line for line in style.bass.lines if line.complexity[0] <= complexity <= line.complexity[1]]
    lines = fitting or list(style.bass.lines)
    return pick(stream(seed, "bass", "line"), lines, [line.weight for line in lines])


def write_rhythm(
    line: BassLine, params: EngineParams, meter: Meter, kicks: Sequence[float], changes: Sequence[float], seed: int
) -> list[Pulse]:
    """The pulses of a whole take in order: the line with its lock on the kick, a note at each change, and fills."""
    pulses: dict[float, Pulse] = {}
    for bar in range(params.bars):
        start, end = bar * meter.bar_beats, (bar + 1) * meter.bar_beats
        tones = {step.at: step.mark for step in _placed(line.tones, params.style, meter, bar)}
        sparse = _drawn(line.onsets, params, meter, bar, "onsets", seed)
        for step in sparse:
            pulses[start + step.at] = Pulse(start + step.at, tones.get(step.at, ""), strength(step.mark))
        for step in _drawn(line.ghosts, params, meter, bar, "ghosts", seed):
            pulses.setdefault(start + step.at, Pulse(start + step.at, "", GHOST))
        lock = stream(seed, "bass", "lock", bar % 2)
        for kick in kicks[bisect_left(kicks, start - 1e-9) : bisect_left(kicks, end - 1e-9)]:
            joins = lock.random() < line.lock
            if joins and not _near(pulses, kick):
                pulses[kick] = Pulse(kick, tones.get(kick - start, ""), NORMAL)
        fill = _pick_fill(params, meter, bar, seed)
        if fill is not None:
            _play_fill(pulses, fill, meter, start, end)
    if line.downbeat:
        for change in changes:
            pulses[change] = pulses[change]._replace(tone="") if change in pulses else Pulse(change, "", NORMAL)
            if pulses[change].strength == GHOST:
                pulses[change] = pulses[change]._replace(strength=NORMAL)
    return [pulses[at] for at in sorted(pulses)]


def _play_fill(pulses: dict[float, Pulse], fill: BassFill, meter: Meter, start: float, end: float) -> None:
    steps, first = place_tail(fill.tones, meter)
    for at in [at for at in pulses if start + first - 1e-9 <= at < end - 1e-9]:
        del pulses[at]
    for step in steps:
        pulses[start + step.at] = Pulse(start + step.at, step.mark, NORMAL, in_fill=True)


def _pick_fill(params: EngineParams, meter: Meter, bar: int, seed: int) -> BassFill | None:
    bass = params.style.bass
    ends = params.bars > 1 and (bar == params.bars - 1 or (bar + 1) % PHRASE_BARS == 0)
    chance = stream(seed, "bass", "fill", bar)
    if not ends or chance.random() >= scaled_chance(min(0.99, bass.fill_likelihood), params.complexity):
        return None
    fitting = [
        fill
        for fill in bass.fills
        if len(fill.tones.beats) <= len(meter.pulses) and fill.complexity[0] <= params.complexity <= fill.complexity[1]
    ]
    return pick(chance, fitting, [fill.weight for fill in fitting]) if fitting else None


def _placed(row: Row, style: Style, meter: Meter, bar: int) -> tuple[Placed, ...]:
    return place_row(row, meter, bar, style.written_beats(meter))


def _drawn(row: Row, params: EngineParams, meter: Meter, bar: int, label: str, seed: int) -> list[Placed]:
    """The steps of a row that chance lets play in a bar; every second bar draws the same, so that a line repeats."""
    steps = _placed(row, params.style, meter, bar)
    if all(not step.mark.isdigit() for step in steps):
        return list(steps)
    chance = stream(seed, "bass", label, bar % 2)
    amount = 0.5 * (params.complexity + params.density)
    return [step for step in steps if chance.random() < scaled_chance(likelihood(step.mark), amount)]


def _near(pulses: dict[float, Pulse], place: float) -> bool:
    """Whether a pulse lies closer than a sixteenth: a bass doubles a kick, it does not flam with it."""
    return any(abs(at - place) < 0.24 for at in pulses)


def _grid_place(beat: float) -> float:
    """The place on the grid that a played onset means: a sixteenth, or a third of a beat where that lies nearer."""
    sixteenth, third = round(beat * 4.0) / 4.0, round(beat * 3.0) / 3.0
    return third if abs(third - beat) < abs(sixteenth - beat) - 0.02 else sixteenth


def _looped(clip: Clip, length: float) -> Clip:
    return clip if clip.length == length else clip.repeated(length)
