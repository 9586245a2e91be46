"""Melodic rhythm: each motif's figure, its close, syncopations and pickups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Final, NamedTuple

from musearoo.engines.foundation.chance import pick, scaled_chance
from musearoo.engines.music.meter import Meter
from musearoo.engines.players.params import Effort, EngineParams
from musearoo.engines.styles.melody import Figure, MelodyRow
from musearoo.engines.styles.row_fitting import fit_row
from musearoo.engines.styles.rows import ACCENT, NORMAL, SOFT, likelihood, strength

REST: Final = "r"
AUDITIONS: Final = {Effort.FULL: 3, Effort.LEAN: 1}
"""How many figures are compared with the band's rhythm."""


class Beat(NamedTuple):
    """A note without pitch: its position and length in beats, and its strength."""

    at: float
    length: float
    strength: int


Fit = Callable[[Sequence[Beat]], float]
"""A score of how well a rhythm fits the other parts: higher is better."""


def choose_figure(figures: Sequence[Figure], density: float, chance: Random) -> Figure:
    """Pick one of a style's figures for a density by weight."""
    fitting = [figure for figure in figures if figure.density[0] <= density <= figure.density[1]] or figures
    return pick(chance, fitting, [figure.weight for figure in fitting])


def audition(
    figures: Sequence[Figure], params: EngineParams, density: float, meter: Meter, bars: int, chance: Random, fit: Fit
) -> tuple[Beat, ...]:
    """Return the best fitting of several rhythms from a style's figures, `bars` long."""
    drawn = []
    for _ in range(AUDITIONS[params.effort]):
        figure = choose_figure(figures, density, chance)
        drawn.append(write_figure(figure.rhythm, params, density, meter, bars, chance))
    return max(drawn, key=fit)


def write_figure(
    row: MelodyRow, params: EngineParams, density: float, meter: Meter, bars: int, chance: Random
) -> tuple[Beat, ...]:
    """Return the notes of a row over some bars, optional ones by chance; never empty."""
    amount = 0.5 * (params.complexity + density)
    places: list[tuple[float, str]] = []
    for bar in range(bars):
        start = bar * meter.bar_beats
        for step in fit_row(row, meter, bar, params.style.written_beats(meter)):
            certain = not step.mark.isdigit()
            if certain or chance.random() < scaled_chance(likelihood(step.mark), amount):
                places.append((start + step.at, step.mark))
    return _join(places, bars * meter.bar_beats) or (Beat(0.0, meter.pulses[0], NORMAL),)


def divide(beats: Sequence[Beat], density: float, chance: Random) -> tuple[Beat, ...]:
    """Thin the rhythm below the middle density, and divide long notes above it.

    A dropped note leaves its time to the one before.
    """
    more, less = max(0.0, 2.0 * density - 1.0), max(0.0, 1.0 - 2.0 * density)
    made: list[Beat] = []
    for beat in beats:
        draw = chance.random()
        off_beat = abs(beat.at - round(beat.at)) > 0.05
        if made and draw < less * (0.6 if off_beat else 0.25) and beat.strength < ACCENT:
            last = made[-1]
            if beat.at - last.at - last.length < 0.05:
                made[-1] = last._replace(length=beat.at + beat.length - last.at)
        elif beat.length >= 1.0 and draw < 0.6 * more:
            first = min(1.0, beat.length / 2.0)
            made.append(beat._replace(length=first))
            made.append(Beat(beat.at + first, beat.length - first, SOFT))
        else:
            made.append(beat)
    return tuple(made)


def replace_end(beats: Sequence[Beat], close: Sequence[Beat], start: float) -> tuple[Beat, ...]:
    """Replace a rhythm's notes from `start` on by those of a close."""
    kept = [beat._replace(length=min(beat.length, start - beat.at)) for beat in beats if beat.at < start - 1e-9]
    return (*kept, *(beat._replace(at=beat.at + start) for beat in close))


def anticipate(beats: Sequence[Beat], meter: Meter, likely: float, chance: Random) -> tuple[Beat, ...]:
    """Syncopate the rhythm: play some on-beat notes early by an eighth, or by a sixteenth in finer rhythms.

    The previous note is shortened; the first note then starts before the rhythm does.
    """
    if meter.is_compound or meter.bar_beats % 1.0 or not likely:
        return tuple(beats)
    early = 0.25 if any(abs(beat.at * 2.0 - round(beat.at * 2.0)) > 0.1 for beat in beats) else 0.5
    moved: list[Beat] = []
    for beat in beats:
        room = beat.at - (moved[-1].at if moved else -2.0)
        on_beat = abs(beat.at - round(beat.at)) < 0.01
        if on_beat and room >= 2.0 * early - 1e-9 and beat.length >= 1.0 and chance.random() < likely:
            if moved and moved[-1].at + moved[-1].length > beat.at - early:
                moved[-1] = moved[-1]._replace(length=beat.at - early - moved[-1].at)
            moved.append(Beat(beat.at - early, beat.length + early, ACCENT))
        else:
            moved.append(beat)
    return tuple(moved)


def pick_up(beats: Sequence[Beat], step: float, chance: Random) -> tuple[Beat, ...]:
    """Add a pickup of one to three short notes."""
    if not beats or abs(beats[0].at) > 0.01:
        return tuple(beats)
    count = 1 + int(chance.random() * 3.0)
    return (*(Beat(-step * place, step, SOFT) for place in range(count, 0, -1)), *beats)


def thin(beats: Sequence[Beat], shortest: float) -> tuple[Beat, ...]:
    """Drop the notes that follow another faster than is playable, `shortest` beats apart."""
    kept: list[Beat] = []
    for beat in beats:
        if not kept or beat.at - kept[-1].at >= shortest - 1e-9:
            kept.append(beat)
        else:
            kept[-1] = kept[-1]._replace(length=max(kept[-1].length, beat.at + beat.length - kept[-1].at))
    return tuple(kept)


def _join(places: Sequence[tuple[float, str]], length: float) -> tuple[Beat, ...]:
    """Return the notes of a row, each until the next note or rest."""
    beats = []
    for index, (at, mark) in enumerate(places):
        if mark != REST:
            until = places[index + 1][0] if index + 1 < len(places) else length
            beats.append(Beat(at, until - at, strength(mark)))
    return tuple(beats)
