"""The plan of a take: its groove, its timekeeping cymbal, its fills and phrases."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import fsum
from random import Random
from typing import Final

from musearoo.engines.foundation.chance import pick, stream
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.song_section import SectionKind, SongSection
from musearoo.engines.players.drums.other_parts import find_band_onsets
from musearoo.engines.players.drums.phrasing import ends_phrase, has_crash, pick_crossing, pick_fill, pick_modulated
from musearoo.engines.players.drums.take import SECTION_BARS, Bar, Take
from musearoo.engines.players.params import EngineParams, resolve_groove, resolve_swing
from musearoo.engines.styles.drums import DrumStyle, Groove, TimeFeel, Timekeeper
from musearoo.engines.styles.row_fitting import fit_row_at_end
from musearoo.engines.styles.rows import likelihood
from musearoo.engines.styles.section_choices import meant_for

BRIGHTNESS: Final = {
    "crash": 1.0, "open_hat": 0.8, "ride_bell": 0.7, "ride": 0.5, "cowbell": 0.4, "closed_hat": 0.0,
    "high_tom": 0.0, "low_tom": -0.2, "tambourine": 0.1, "claves": -0.1, "shaker": -0.5, "cross_stick": -0.6,
}  # fmt: skip
"""How much likelier each timekeeping voice becomes as energy rises: ride in choruses, rim in quiet verses."""
CONTRAST: Final[dict[SectionKind, float]] = {
    "intro": -0.5, "verse": -1.0, "pre_chorus": -0.5, "chorus": 1.0, "drop": 0.5, "solo": 0.5,
}  # fmt: skip
"""The same by the kind of section, which sets choruses off from verses."""


def plan_take(
    params: EngineParams, context: MusicalContext, seed: int, *, time_feel: TimeFeel | None = None, fills: float = 0.5
) -> Take:
    """Return the plan of a take for parameters, context and seed.

    Without a `time_feel` the section's own is used. `fills` 0..1 is the share of phrases that end with a fill; one half
    is the style's usual amount.
    """
    style, section, meter = params.style, params.section, context.meter.value
    drums, lift = style.drums, section.energy - 0.5
    complexity = min(1.0, max(0.0, params.complexity + 0.3 * lift))
    density = min(1.0, max(0.0, params.density + 0.4 * lift))
    swing = resolve_swing(params, context)
    band = find_band_onsets(context, swing, params.bars * meter.bar_beats)
    chance = stream(seed, "drums", "plan")
    every = meant_for(drums.grooves, section.kind)
    grooves = [groove for groove in every if groove.complexity[0] <= complexity <= groove.complexity[1]]
    groove = pick_groove(grooves or every, section.energy, chance)
    timekeepers = _pick_timekeepers(drums, density, section, chance)
    if section.kind != "loop":
        timekeepers = (timekeepers[0], timekeepers[0])
    bars: list[Bar] = []
    for index in range(params.bars):
        start = index * meter.bar_beats
        end = fill_start = start + meter.bar_beats
        place = {"index": index, "bars": params.bars, "seed": seed}
        fill = pick_fill(drums, section, meter, band, complexity=complexity, amount=fills, **place)
        if fill is not None:
            fill_start = start + min(fit_row_at_end(row, meter)[1] for row in (fill.hands, fill.left, fill.feet))
        bars.append(
            Bar(
                index=index,
                start=start,
                end=end,
                timekeeper=timekeepers[index // SECTION_BARS % 2],
                fill=fill,
                fill_start=fill_start,
                crash=has_crash(drums, section, bool(bars and bars[-1].fill), complexity=complexity, **place),
                leads=ends_phrase(index, params.bars),
                crossing=pick_crossing(drums, complexity, **place),
            )
        )
    return Take(
        style=style,
        section=section,
        meter=meter,
        bpm=context.bpm,
        swing=swing,
        complexity=complexity,
        density=density,
        humanise=params.humanise,
        seed=seed,
        groove=groove,
        bars=tuple(bars),
        band=band,
        written_beats=style.written_beats(meter),
        time_feel=time_feel or drums.section_time.get(section.kind, "normal"),
        modulated=pick_modulated(drums, complexity, meter, bars=params.bars, seed=seed),
        followed=resolve_groove(params, context),
        effort=params.effort,
    )


def pick_groove(grooves: Sequence[Groove], energy: float, chance: Random) -> Groove:
    """Pick a groove for an energy: the higher it is, the busier kick and snare."""
    fitting = [groove for groove in grooves if groove.energy[0] <= energy <= groove.energy[1]] or list(grooves)
    strokes = [_strokes_a_bar(groove) for groove in fitting]
    usual = fsum(strokes) / len(strokes)
    lift = 3.0 * (energy - 0.5) / max(1.0, usual)
    weights = [
        groove.weight * max(0.2, 1.0 + lift * (count - usual)) for groove, count in zip(fitting, strokes, strict=True)
    ]
    return pick(chance, fitting, weights)


@lru_cache(maxsize=1024)
def _strokes_a_bar(groove: Groove) -> float:
    """Return the expected number of kick and snare hits per bar."""
    rows = (groove.kick, groove.snare, groove.cross_stick, groove.clap)
    return fsum(likelihood(step.mark) / len(row.bars) for row in rows for beat in row.beats for step in beat)


def _pick_timekeepers(
    drums: DrumStyle, density: float, section: SongSection, chance: Random
) -> tuple[Timekeeper, Timekeeper]:
    """Pick the timekeeping pattern for odd sections and a brighter one for even sections."""
    energy = section.energy
    meant = meant_for(drums.timekeepers, section.kind)
    every = [choice for choice in meant if choice.energy[0] <= energy <= choice.energy[1]] or meant
    fitting = [choice for choice in every if choice.density[0] <= density <= choice.density[1]] or every
    lift = 5.0 * (energy - 0.5) + CONTRAST.get(section.kind, 0.0)
    first = pick(chance, fitting, _bright_weights(fitting, lift))
    others = [choice for choice in fitting if choice is not first] or [first]
    return first, pick(chance, others, _bright_weights(others, lift))


def _bright_weights(choices: list[Timekeeper], lift: float) -> list[float]:
    return [choice.weight * max(0.1, 1.0 + lift * BRIGHTNESS[choice.voice]) for choice in choices]
