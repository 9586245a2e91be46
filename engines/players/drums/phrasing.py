"""Phrasing: fills, crashes, cross-rhythms, and metric modulations."""

from __future__ import annotations

from random import Random
from typing import Final

from musearoo.engines.foundation.chance import pick, scaled_chance, stream
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.song_section import SongSection
from musearoo.engines.players.drums.other_parts import BandOnsets
from musearoo.engines.players.drums.take import PHRASE_BARS, SECTION_BARS
from musearoo.engines.styles.drums import CrossRhythm, DrumStyle, Fill
from musearoo.engines.styles.rows import FillRow

CROSSING_FROM: Final = 0.6
MODULATION_FROM: Final = 0.75
"""The complexities from which the drummer plays cross-rhythms and metric modulations."""
CROWDED: Final = 2.0
"""The onsets per beat of bass and melody above which the end of a phrase belongs to them and the fill stays short."""
COUNTED_BEATS: Final = 2.0
"""The beats at a phrase's end in which those onsets are counted."""
LIFTED: Final = 0.8
"""The energy from which every eighth bar may have a crash, with or without a fill before it."""
HALFWAY: Final = 0.35
"""The likelihood of a drum machine's fill after four bars, relative to eight: programmed beats are made in eights, and
a roll every fourth bar soon tires."""
HEMIOLA: Final = Fill(
    name="threes across the bar", hands=FillRow("Sh.S h.Sh .Sh. Sh.S"), feet=FillRow("..k. .k.. k..k ..k.")
)
"""A fill for every drummer who plays cross-rhythms: hand, hand, foot, in threes over fours."""


def ends_phrase(index: int, bars: int) -> bool:
    """Return whether a bar, counted from 0, is the last of a phrase or of the take."""
    return bars > 1 and (index == bars - 1 or (index + 1) % PHRASE_BARS == 0)


def pick_fill(
    drums: DrumStyle,
    section: SongSection,
    meter: Meter,
    band: BandOnsets,
    *,
    index: int,
    bars: int,
    complexity: float,
    amount: float,
    seed: int,
) -> Fill | None:
    """Pick the fill of a bar: up to two pulses at the end of a phrase, up to a bar at the end of a section.

    Builds have no fills, and neither has a song's last bar; the bar before it may.
    """
    last = bars - 1
    if section.kind == "build" or (section.ends_song and index == last):
        return None
    if not ends_phrase(index, bars) and not (section.ends_song and index == last - 1 > 0):
        return None
    end = (index + 1) * meter.bar_beats
    others = band.onsets_between(end - COUNTED_BEATS, end)
    chance = stream(seed, "drums", "fill", index, *((section.number,) if section.number else ()))
    ends_section = index == last or (index + 1) % SECTION_BARS == 0
    likely = _fill_likelihood(drums, section, complexity, index == last)
    if drums.players == "machine" and not ends_section:
        likely *= HALFWAY
    if likely and not others and (band.bass or band.melody):
        likely = min(1.0, likely + 0.3)  # the other parts rest, which leaves room for a fill
    if chance.random() >= min(0.99, scaled_chance(min(0.99, likely), amount)):
        return None
    pulses = len(meter.pulses)
    longest = pulses if ends_section and bars >= PHRASE_BARS else min(2, max(1, pulses - 1))
    if section.energy < 0.4 and not section.rises:
        longest = min(2, longest)
    if others > CROWDED * COUNTED_BEATS:
        longest = 1
    return _choose_fill(drums, section, complexity, longest, ends_section, chance)


def has_crash(
    drums: DrumStyle, section: SongSection, after_fill: bool, *, index: int, bars: int, complexity: float, seed: int
) -> bool:
    """Return whether a bar begins with a crash: after a fill, at the start of a chorus, or every eighth bar at high
    energy."""
    if index == 0:
        after_fill = bars >= PHRASE_BARS if section.kind == "loop" else section.energy >= 0.4
        if section.kind in ("chorus", "drop") and drums.crash_likelihood:
            return True
    if not after_fill and (section.energy < LIFTED or index % SECTION_BARS):
        return False
    # A short loop repeats so often that a crash at each start would become tiresome.
    begins = index % SECTION_BARS == 0 and (bars >= SECTION_BARS or section.kind != "loop")
    likely = drums.crash_likelihood * (1.0 if begins else 0.5) * min(1.0, 0.5 + section.energy)
    likely = scaled_chance(min(0.99, likely), min(1.0, 0.25 + complexity))
    return stream(seed, "drums", "crash", index).random() < likely


def pick_crossing(drums: DrumStyle, complexity: float, *, index: int, bars: int, seed: int) -> CrossRhythm | None:
    """Pick the cross-rhythm for the second half of a four-bar phrase, if any."""
    phrase, place = divmod(index, PHRASE_BARS)
    if complexity <= CROSSING_FROM or place < 2 or (phrase + 1) * PHRASE_BARS > bars:
        return None
    chance = stream(seed, "drums", "crossing", phrase)
    if chance.random() >= drums.crossing * (complexity - CROSSING_FROM) / (1.0 - CROSSING_FROM):
        return None
    return pick(chance, drums.cross_rhythms, [figure.weight for figure in drums.cross_rhythms])


def pick_modulated(drums: DrumStyle, complexity: float, meter: Meter, *, bars: int, seed: int) -> tuple[int, ...]:
    """Pick the phrases of four bars that play a metric modulation; never the first, which establishes the tempo."""
    if not drums.modulation or complexity < MODULATION_FROM or meter.pulses != (1.0,) * 4:
        return ()
    return tuple(
        start
        for start in range(PHRASE_BARS, bars - PHRASE_BARS + 1, PHRASE_BARS)
        if stream(seed, "drums", "modulation", start).random() < drums.modulation
    )


def _fill_likelihood(drums: DrumStyle, section: SongSection, complexity: float, is_last: bool) -> float:
    """Return the likelihood of a fill at the end of a phrase: higher before a rise in energy, lower before a fall."""
    likely = scaled_chance(min(0.99, drums.fill_likelihood), 0.6 + 0.4 * complexity)
    if is_last and section.following is not None:
        return min(1.0, likely + 0.3) if section.rises else 0.5 * likely
    fades = section.kind == "outro" and is_last and drums.ending == "groove"
    if fades or (section.kind in ("breakdown", "intro") and section.energy < 0.4):
        return 0.0
    return likely


def _choose_fill(
    drums: DrumStyle, section: SongSection, complexity: float, longest: int, ends_section: bool, chance: Random
) -> Fill | None:
    crosses = complexity > CROSSING_FROM and drums.players != "machine" and longest >= 3
    if crosses and chance.random() < drums.crossing:
        return HEMIOLA
    fitting = [
        fill
        for fill in drums.fills
        if len(fill.hands.beats) <= longest and fill.complexity[0] <= complexity <= fill.complexity[1]
    ]
    fitting = [fill for fill in fitting if fill.energy[0] <= section.energy <= fill.energy[1]] or fitting
    if not fitting:
        return None
    # Prefer longer fills at the end of a section.
    return pick(chance, fitting, [fill.weight * (len(fill.hands.beats) if ends_section else 1.0) for fill in fitting])
