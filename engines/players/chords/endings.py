"""How a section ends: a full close, a half close, or a bar that leads back to its beginning."""

from __future__ import annotations

from random import Random

from musearoo.engines.foundation.chance import scaled_chance
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.numeral import Numeral, parse_numeral, parse_numerals
from musearoo.engines.music.song_section import SongSection
from musearoo.engines.players.chords.numeral_slots import Slot, Slots, replace_from, slots_of_bars
from musearoo.engines.styles.harmony import HarmonyStyle, Mode


def end_section(
    slots: Slots,
    harmony: HarmonyStyle,
    meter: Meter,
    section: SongSection,
    mode: Mode,
    complexity: float,
    chance: Random,
) -> Slots:
    """Return the slots of a section with the ending that its kind needs, as often as the style uses one."""
    bars = round(slots[-1].end / meter.bar_beats)
    draw, choice = chance.random(), chance.random()
    if section.ends_song:
        return close_fully(slots, harmony, meter, mode, choice)
    if section.rises or section.kind in ("pre_chorus", "build"):
        return close_half(slots, meter) if bars > 1 and draw < harmony.half_close else slots
    if bars >= 8 and draw < scaled_chance(harmony.turnaround, complexity):
        return turn_round(slots, harmony, meter, choice)
    return slots


def close_fully(slots: Slots, harmony: HarmonyStyle, meter: Meter, mode: Mode, choice: float) -> Slots:
    """Return the slots with one of the style's cadences, chosen by a draw 0..1, and the tonic in the last bar."""
    tonic, last = _tonic_of(slots, mode), slots[-1].end - meter.bar_beats
    if last > 1e-9 and harmony.cadences:
        cadence = harmony.cadences[int(choice * len(harmony.cadences))]
        slots = replace_from(slots, last - meter.bar_beats, slots_of_bars(parse_numerals(cadence)[:1], meter))
    return replace_from(slots, max(0.0, last), (Slot(0.0, meter.bar_beats, tonic),))


def close_half(slots: Slots, meter: Meter) -> Slots:
    """Return the slots with the dominant in the last bar."""
    bar = meter.bar_beats
    return replace_from(slots, slots[-1].end - bar, (Slot(0.0, bar, parse_numeral("V")),))


def turn_round(slots: Slots, harmony: HarmonyStyle, meter: Meter, choice: float) -> Slots:
    """Return the slots with one of the style's turnarounds, chosen by a draw 0..1, in the last bar."""
    if not harmony.turnarounds:
        return slots
    line = harmony.turnarounds[int(choice * len(harmony.turnarounds))]
    return replace_from(slots, slots[-1].end - meter.bar_beats, slots_of_bars(parse_numerals(line)[:1], meter))


def _tonic_of(slots: Slots, mode: Mode) -> Numeral:
    """Return the tonic chord as the slots have it, with its seventh if any; a plain triad if it never sounds.

    A dominant seventh counts as the tonic only where the section begins with it, as in a blues.
    """
    own = [slot.numeral for slot in slots if slot.numeral.step == 0 and not slot.numeral.bass]
    resting = [numeral for numeral in own if numeral.quality != "7" or numeral == slots[0].numeral]
    return resting[0] if resting else parse_numeral("i" if mode == "minor" else "I")
