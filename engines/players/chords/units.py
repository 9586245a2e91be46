"""Choose the chord unit that repeats in a section: a written loop, a generated phrase, or a walk through a corpus."""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import Final

from musearoo.engines.analysis.symbolic.keys import find_key
from musearoo.engines.foundation.chance import pick
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.numeral import Numeral, parse_numerals
from musearoo.engines.music.progression import parse_progression, share_bar
from musearoo.engines.music.scale import SCALES, Key
from musearoo.engines.players.chords.key_fitting import fit_to_scale
from musearoo.engines.players.chords.numeral_slots import Slot, Slots, join_equal, slots_of_bars
from musearoo.engines.players.chords.phrases import write_phrase
from musearoo.engines.players.chords.walks import walk
from musearoo.engines.styles.harmony import HarmonyStyle, Mode, Part
from musearoo.engines.styles.schema import Style

BLUES_BARS: Final = 12
UNIT_BARS: Final = (8, 4, 2, 1)
"""Possible lengths of a generated unit."""
FASTER_BEFORE_CLOSE: Final = 0.3
"""The probability that the last bar of a unit has two chords where the others have one."""
_ANYWHERE: Final = frozenset[Part](("verse", "chorus"))
"""Parts whose loop may serve for a whole song; bridges and pre-choruses differ."""
_CHORD_BARS: Final = ("1/2", "1", "2", "4", "8")


def choose_unit(style: Style, key: Key, meter: Meter, bars: int, part: Part | None, chance: Random) -> Slots:
    """Return the chords that repeat in a section: a written loop, a phrase by grammar, or a walk through a corpus."""
    harmony, mode = style.harmony, mode_of(key)
    written = _fitting_loops(style, mode, bars, part)
    ways = (harmony.ways.loops if written else 0.0, harmony.ways.grammar, harmony.ways.corpus)
    way = pick(chance, ("loops", "grammar", "corpus"), ways) if any(ways) else "vamp"
    if way == "loops":
        loop = pick(chance, [line for line, _ in written], [weight for _, weight in written])
        return slots_of_bars(loop, meter)
    if way == "vamp":
        return vamp_in_mode(style, mode, meter)
    unit_bars = next(length for length in UNIT_BARS if length <= bars)
    if unit_bars == 8 and chance.random() < 0.5:
        unit_bars = 4
    places = _chord_places(harmony, meter, unit_bars, chance)
    if way == "grammar":
        numerals = write_phrase(len(places), mode, part != "pre", chance)
    else:
        numerals = walk(harmony.families, mode, len(places), chance)
    ends = [*places[1:], unit_bars * meter.bar_beats]
    return join_equal(tuple(Slot(start, end, each) for start, end, each in zip(places, ends, numerals, strict=True)))


def usual_key(style: Style) -> Key:
    """Return the style's default key, used when none is given."""
    return Key.parse(style.harmony.key) if style.harmony.key else _key_of_vamp(style.vamp)


def vamp_in_mode(style: Style, mode: Mode, meter: Meter) -> Slots:
    """Return the style's vamp; in the other mode, the style's first progression in that mode.

    If there is none, each chord of the vamp becomes the most similar one of that mode on the same tonic.
    """
    home = usual_key(style)
    slots = slots_of_bars(_numerals_of_vamp(style.vamp, home.tonic), meter)
    if mode == mode_of(home):
        return slots
    other = next((each for each in style.harmony.progressions if each.mode == mode), None)
    if other is not None:
        return slots_of_bars(parse_numerals(other.chords), meter)
    scale = SCALES["Minor" if mode == "minor" else "Major"]
    return tuple(slot._replace(numeral=fit_to_scale(slot.numeral, scale)) for slot in slots)


def mode_of(key: Key) -> Mode:
    """Return the mode whose progressions suit a key: major if it has a major third."""
    return "major" if 4 in key.intervals else "minor"


def _fitting_loops(
    style: Style, mode: Mode, bars: int, part: Part | None
) -> list[tuple[tuple[tuple[Numeral, ...], ...], float]]:
    """Return the style's written loops in a mode with their weights, preferring those for the given part."""
    lines = [(each, parse_numerals(each.chords)) for each in style.harmony.progressions if each.mode == mode]
    short = [(each, line) for each, line in lines if len(line) <= bars] or lines
    whole = [(each, line) for each, line in short if bars % len(line) == 0] or short
    wanted = _ANYWHERE if part is None else frozenset((part,))
    suited = [(each, line) for each, line in whole if not each.suits or wanted & set(each.suits)] or whole
    weights = [each.weight * (4.0 if part is not None and part in each.suits else 1.0) for each, _ in suited]
    # A twelve-bar blues is a form of its own and takes precedence over four-bar loops repeated three times.
    blues = [(line, weight) for (_, line), weight in zip(suited, weights, strict=True) if len(line) == BLUES_BARS]
    return blues or [(line, weight) for (_, line), weight in zip(suited, weights, strict=True)]


def _chord_places(harmony: HarmonyStyle, meter: Meter, bars: int, chance: Random) -> list[float]:
    """Return the beats on which chords change in a generated unit; more often before its end."""
    names = [name for name in _CHORD_BARS if name in harmony.chord_bars]
    fits = [name for name in names if name == "1/2" or int(name) <= max(1, bars // 2)] or ["1"]
    length = pick(chance, fits, [harmony.chord_bars.get(name, 1.0) for name in fits])
    halves = share_bar(meter, 2) if len(meter.pulses) > 1 else (meter.bar_beats,)
    places: list[float] = []
    for bar in range(bars):
        start = bar * meter.bar_beats
        if length == "1/2":
            places += [start, start + halves[0]] if len(halves) > 1 else [start]
        elif bar % int(length) == 0:
            places.append(start)
    last = (bars - 1) * meter.bar_beats
    if len(halves) > 1 and length in ("1", "2") and bars >= 4 and chance.random() < FASTER_BEFORE_CLOSE:
        places = [*(place for place in places if place < last), last, last + halves[0]]
    return places


@lru_cache(maxsize=256)
def _numerals_of_vamp(vamp: str, tonic: int) -> tuple[tuple[Numeral, ...], ...]:
    spans = parse_progression(vamp)
    bars = [list[Numeral]() for _ in range(int(-(-spans[-1].end // 4)))]
    for span in spans:
        bars[int(span.start // 4)].append(Numeral.of(span.chord, tonic))
    for index, bar in enumerate(bars):
        if not bar:  # an empty bar keeps the chord before it; the last bar is never empty
            bars[index] = bars[index - 1][-1:]
    return tuple(tuple(bar) for bar in bars)


@lru_cache(maxsize=256)
def _key_of_vamp(vamp: str) -> Key:
    spans = parse_progression(vamp)
    notes = [
        Note(span.start, 48 + tone, span.end - span.start, 80) for span in spans for tone in span.chord.pitch_classes
    ]
    found = find_key(notes, spans)
    first = spans[0].chord
    return found[0] if found else Key(first.root, "Minor" if first.is_minor else "Major")
