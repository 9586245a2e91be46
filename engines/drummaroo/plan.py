"""The plan of one take: which groove, which cymbal, where the phrases end and how."""

from __future__ import annotations

from functools import lru_cache
from math import fsum
from random import Random
from typing import Final

from engines.chance import pick, scaled_chance, stream
from engines.drummaroo.hearing import Heard, hear_band
from engines.drummaroo.take import PHRASE_BARS, SECTION_BARS, Bar, Take
from engines.grid import place_tail
from engines.music.context import MusicalContext
from engines.music.meter import Meter
from engines.music.song_section import SectionKind, SongSection
from engines.params import EngineParams, resolve_groove, resolve_swing
from engines.rows import likelihood
from engines.styles.drums import CrossRhythm, DrumStyle, Fill, Groove, TimeFeel, Timekeeper

CROSSING_FROM: Final = 0.6
MODULATION_FROM: Final = 0.75
"""From these complexities on, a drummer plays against the beat, and implies other tempos."""
CROWDED: Final = 2.0
"""Onsets a beat of bass and melody together above which the end of a phrase is theirs, and the fill is short."""
LIFTED: Final = 0.8
"""A section of this energy may have a crash at each eighth bar, whether a fill has led to it or not."""
BRIGHTNESS: Final = {
    "crash": 1.0, "open_hat": 0.8, "ride_bell": 0.7, "ride": 0.5, "cowbell": 0.4, "closed_hat": 0.0,
    "high_tom": 0.0, "low_tom": -0.2, "tambourine": 0.1, "claves": -0.1, "shaker": -0.5, "cross_stick": -0.6,
}  # fmt: skip
"""How much more often time is kept on a voice as energy rises: choruses go to the ride, quiet verses to the rim."""
CONTRAST: Final[dict[SectionKind, float]] = {
    "intro": -0.5, "verse": -1.0, "pre_chorus": -0.5, "chorus": 1.0, "drop": 0.5, "solo": 0.5,
}  # fmt: skip
"""The same by the kind of section: what sets a chorus off from its verse is the right hand before all."""


def plan_take(
    params: EngineParams, context: MusicalContext, seed: int, *, time_feel: TimeFeel | None = None, fills: float = 0.5
) -> Take:
    """The plan of a take for parameters, context and seed.

    Without a `time_feel` the section's own counts; `fills` 0..1 is how many of the phrases end with one, at one half as
    many as the style has.
    """
    style, section, meter = params.style, params.section, context.meter.value
    drums, lift = style.drums, section.energy - 0.5
    complexity = min(1.0, max(0.0, params.complexity + 0.3 * lift))
    density = min(1.0, max(0.0, params.density + 0.4 * lift))
    swing = resolve_swing(params, context)
    heard = hear_band(context, swing, params.bars * meter.bar_beats)
    chance = stream(seed, "drums", "plan")
    grooves = [groove for groove in drums.grooves if groove.complexity[0] <= complexity <= groove.complexity[1]]
    groove = _pick_groove(grooves or list(drums.grooves), section.energy, chance)
    timekeepers = _pick_timekeepers(drums, density, section, chance)
    if section.kind != "loop":
        timekeepers = (timekeepers[0], timekeepers[0])
    bars: list[Bar] = []
    for index in range(params.bars):
        start = index * meter.bar_beats
        end = start + meter.bar_beats
        fill = _pick_fill(params, complexity, fills, meter, heard, index, seed)
        fill_start = end
        if fill is not None:
            fill_start = start + min(place_tail(row, meter)[1] for row in (fill.hands, fill.left, fill.feet))
        after_fill = bars[-1].fill is not None if bars else _opens(section, params.bars)
        lifted = section.energy >= LIFTED and index % SECTION_BARS == 0
        crash = (after_fill or lifted) and _crashes(drums, section, complexity, index, params.bars, seed)
        leads = _ends_phrase(index, params.bars)
        crossing = _pick_crossing(drums, complexity, index, params.bars, seed)
        bars.append(
            Bar(index, start, end, timekeepers[index // SECTION_BARS % 2], fill, fill_start, crash, leads, crossing)
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
        heard=heard,
        written_beats=style.written_beats(meter),
        time_feel=time_feel or drums.section_time.get(section.kind, "normal"),
        modulated=_pick_modulated(drums, complexity, meter, params.bars, swing.is_straight, seed),
        followed=resolve_groove(params, context),
    )


def _ends_phrase(index: int, bars: int) -> bool:
    return bars > 1 and (index == bars - 1 or (index + 1) % PHRASE_BARS == 0)


def _opens(section: SongSection, bars: int) -> bool:
    """Whether the first bar is a beginning that a crash may mark."""
    if section.kind == "loop":
        return bars >= PHRASE_BARS
    return section.kind in ("chorus", "drop") or section.energy >= 0.4


def _crashes(drums: DrumStyle, section: SongSection, complexity: float, index: int, bars: int, seed: int) -> bool:
    if index == 0 and section.kind in ("chorus", "drop") and drums.crash_likelihood > 0.0:
        return True
    # A short loop comes round so often that a crash at each start would wear out.
    begins = index % SECTION_BARS == 0 and (bars >= SECTION_BARS or section.kind != "loop")
    likely = drums.crash_likelihood * (1.0 if begins else 0.5) * min(1.0, 0.5 + section.energy)
    likely = scaled_chance(min(0.99, likely), min(1.0, 0.25 + complexity))
    return stream(seed, "drums", "crash", index).random() < likely


def _pick_groove(grooves: list[Groove], energy: float, chance: Random) -> Groove:
    """A groove that suits an energy: the more of it there is, the rather one in which kick and snare do more."""
    fitting = [groove for groove in grooves if groove.energy[0] <= energy <= groove.energy[1]] or grooves
    strokes = [_strokes_a_bar(groove) for groove in fitting]
    usual = fsum(strokes) / len(strokes)
    lift = 3.0 * (energy - 0.5) / max(1.0, usual)
    weights = [
        groove.weight * max(0.2, 1.0 + lift * (count - usual)) for groove, count in zip(fitting, strokes, strict=True)
    ]
    return pick(chance, fitting, weights)


@lru_cache(maxsize=1024)
def _strokes_a_bar(groove: Groove) -> float:
    """How many strokes of kick and snare a groove has in a bar, the likely ones by their likelihood."""
    rows = (groove.kick, groove.snare, groove.cross_stick, groove.clap)
    return fsum(likelihood(step.mark) / len(row.bars) for row in rows for beat in row.beats for step in beat)


def _pick_timekeepers(
    drums: DrumStyle, density: float, section: SongSection, chance: Random
) -> tuple[Timekeeper, Timekeeper]:
    """The cymbal pattern of the first section and the one that every second section lifts to."""
    energy = section.energy
    for_energy = [choice for choice in drums.timekeepers if choice.energy[0] <= energy <= choice.energy[1]]
    every = for_energy or list(drums.timekeepers)
    fitting = [choice for choice in every if choice.density[0] <= density <= choice.density[1]] or every
    lift = 5.0 * (energy - 0.5) + CONTRAST.get(section.kind, 0.0)
    first = pick(chance, fitting, _bright_weights(fitting, lift))
    others = [choice for choice in fitting if choice is not first] or [first]
    return first, pick(chance, others, _bright_weights(others, lift))


def _bright_weights(choices: list[Timekeeper], lift: float) -> list[float]:
    return [choice.weight * max(0.1, 1.0 + lift * BRIGHTNESS[choice.voice]) for choice in choices]


def _pick_fill(
    params: EngineParams, complexity: float, amount: float, meter: Meter, heard: Heard, index: int, seed: int
) -> Fill | None:
    """The fill of a bar: none inside a phrase, up to two pulses at its end, up to a bar at the end of a section.

    Where bass and melody are busy the fill leaves them room, a pulse at most; where they rest it answers, more often
    than not. Into a section of more energy one mostly leads, into one of less seldom; a build needs none, and none
    comes in a song's last bar.
    """
    section, drums = params.section, params.style.drums
    last = params.bars - 1
    if section.kind == "build" or (section.ends_song and index == last):
        return None
    if not _ends_phrase(index, params.bars) and not (section.ends_song and index == last - 1 > 0):
        return None
    chance = stream(seed, "drums", "fill", index, *((section.number,) if section.number else ()))
    likely = scaled_chance(min(0.99, drums.fill_likelihood), 0.6 + 0.4 * complexity)
    if index == last and section.following is not None:
        likely = min(1.0, likely + 0.3) if section.rises else 0.5 * likely
    elif section.kind in ("breakdown", "intro") and section.energy < 0.4:
        likely = 0.0
    end = (index + 1) * meter.bar_beats
    others = heard.voices_between(end - 2.0, end)
    if likely and not others and (heard.bass or heard.melody):
        likely = min(1.0, likely + 0.3)
    if chance.random() >= min(0.99, scaled_chance(min(0.99, likely), amount)):
        return None
    pulses = len(meter.pulses)
    ends_section = index == last or (index + 1) % SECTION_BARS == 0
    longest = pulses if ends_section and params.bars >= PHRASE_BARS else min(2, max(1, pulses - 1))
    if section.energy < 0.4 and not section.rises:
        longest = min(2, longest)
    if others > 2.0 * CROWDED:
        longest = 1
    fitting = [
        fill
        for fill in drums.fills
        if len(fill.hands.beats) <= longest and fill.complexity[0] <= complexity <= fill.complexity[1]
    ]
    fitting = [fill for fill in fitting if fill.energy[0] <= section.energy <= fill.energy[1]] or fitting
    if not fitting:
        return None
    # The end of a section wants the longer ones, a phrase inside it the shorter.
    weights = [fill.weight * (len(fill.hands.beats) if ends_section else 1.0) for fill in fitting]
    return pick(chance, fitting, weights)


def _pick_crossing(drums: DrumStyle, complexity: float, index: int, bars: int, seed: int) -> CrossRhythm | None:
    """The figure against the beat in the second half of a phrase of four whole bars, if it has one."""
    phrase, place = divmod(index, PHRASE_BARS)
    if complexity <= CROSSING_FROM or place < 2 or (phrase + 1) * PHRASE_BARS > bars:
        return None
    chance = stream(seed, "drums", "crossing", phrase)
    if chance.random() >= drums.crossing * (complexity - CROSSING_FROM) / (1.0 - CROSSING_FROM):
        return None
    return pick(chance, drums.cross_rhythms, [figure.weight for figure in drums.cross_rhythms])


def _pick_modulated(
    drums: DrumStyle, complexity: float, meter: Meter, bars: int, straight: bool, seed: int
) -> tuple[int, ...]:
    """Where phrases begin that imply another tempo: whole ones in four, and never the first, which sets the tempo."""
    if not drums.modulation or complexity < MODULATION_FROM or not straight or meter.pulses != (1.0,) * 4:
        return ()
    return tuple(
        start
        for start in range(PHRASE_BARS, bars - PHRASE_BARS + 1, PHRASE_BARS)
        if stream(seed, "drums", "modulation", start).random() < drums.modulation
    )
