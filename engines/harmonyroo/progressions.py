"""Progressions of a style: chosen or made, varied, closed as their section asks, and set in a key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from random import Random
from typing import Final, Literal

import msgspec

from engines.brainaroo.harmony import find_key
from engines.chance import pick, scaled_chance, stream
from engines.harmonyroo.colours import colour
from engines.harmonyroo.key_fitting import TONAL, fit_to_key, fit_to_scale
from engines.harmonyroo.phrases import write_phrase
from engines.harmonyroo.slots import Slot, Slots, fill_slots, join_equal, replace_from, slots_of_bars
from engines.harmonyroo.substitutions import substitute
from engines.harmonyroo.walks import walk
from engines.music.chord import Chord
from engines.music.meter import Meter
from engines.music.note import Note
from engines.music.numeral import Numeral, parse_numeral, parse_numerals
from engines.music.progression import ChordSpan, parse_progression, share_bar
from engines.music.scale import SCALES, Key
from engines.music.song_section import LOOP, SectionKind, SongSection
from engines.styles.harmony import HarmonyStyle, Part
from engines.styles.style import Style

Mode = Literal["major", "minor"]

PART_OF: Final[dict[SectionKind, Part]] = {
    "loop": "chorus",
    "intro": "verse",
    "verse": "verse",
    "pre_chorus": "pre",
    "chorus": "chorus",
    "bridge": "bridge",
    "head": "chorus",
    "solo": "chorus",
    "interlude": "verse",
    "breakdown": "verse",
    "build": "pre",
    "drop": "chorus",
    "outro": "verse",
}
"""Which chords a section shares: an intro plays the verse's, a solo the head's."""
_ANYWHERE: Final = frozenset[Part](("verse", "chorus"))
"""What a song may go round on all through; bridges and climbs stand apart."""
THEME_BARS: Final = 32
"""The length of a theme with a bridge, AABA."""
BLUES_BARS: Final = 12
UNIT_BARS: Final = (8, 4, 2, 1)
"""Lengths of what comes round, where it is made and not written."""
DISTINCT: Final = ("1/2", "1", "2", "4", "8")


def compose_progression(
    style: Style,
    key: Key | None,
    meter: Meter,
    bars: int,
    section: SongSection = LOOP,
    complexity: float = 0.5,
    seed: int = 0,
) -> tuple[ChordSpan, ...]:
    """The chords of a section, without gaps from beat 0 to the end of its bars; the same for the same input.

    Without a key it is the style's usual one. Sections of one kind share their chords whatever their number, so that a
    second chorus is the first again; what rises ends on the dominant where the style does so, and the last bar of a
    song is its tonic.
    """
    key = key or usual_key(style)
    harmony, part = style.harmony, PART_OF[section.kind]
    length = bars * meter.bar_beats
    song = stream(seed, "harmony", "song")
    whole_song = song.random() < harmony.one_loop or section.kind == "loop"
    chance = song if whole_song else stream(seed, "harmony", part)
    own_part = None if whole_song else part
    is_theme = bars % THEME_BARS == 0 and part != "bridge" and song.random() < harmony.aaba
    if is_theme:
        unit = _write_theme(style, key, meter, own_part, complexity, chance)
    else:
        unit = _choose_unit(style, key, meter, bars, own_part, chance)
    tonal = key.scale in TONAL
    plain = substitute(unit, meter, harmony.substitutions, 0.5 * complexity, key.is_minor, chance) if tonal else unit
    slots = fill_slots(plain, length)
    if bars >= 8 and tonal and not is_theme:  # the second half of a section goes further than the first
        half = (bars // 2) * meter.bar_beats
        varied = substitute(plain, meter, harmony.substitutions, complexity, key.is_minor, chance)
        if half % plain[-1].end < 1e-9:
            slots = replace_from(slots, half, fill_slots(varied, length - half))
    slots = _close(slots, harmony, meter, bars, section, complexity, chance)
    fitted = join_equal(tuple(slot._replace(numeral=fit_to_key(slot.numeral, key)) for slot in slots))
    coloured = colour(fitted, harmony, key, complexity, stream(seed, "harmony", "colour"))
    return tuple(ChordSpan(slot.start, slot.end, slot.numeral.in_key(key.tonic)) for slot in coloured)


def usual_key(style: Style) -> Key:
    """The key that a style's players choose where nobody names one."""
    return Key.parse(style.harmony.key) if style.harmony.key else _key_of_vamp(style.vamp)


def vamp_in_key(style: Style, key: Key, meter: Meter) -> tuple[ChordSpan, ...]:
    """The chords that the style's players jam on, moved to a key; each written bar lasts one bar of the meter.

    In a key of the other mode it is the first progression that the style has for that; in another scale, each chord
    becomes the one of the scale that is most like it.
    """
    home, mode = usual_key(style), _mode_of(key)
    slots = slots_of_bars(_numerals_of_vamp(style.vamp, home.tonic), meter)
    if mode != _mode_of(home):
        other = next((each for each in style.harmony.progressions if each.mode == mode), None)
        slots = _in_other_mode(slots, mode) if other is None else slots_of_bars(parse_numerals(other.chords), meter)
    return tuple(ChordSpan(slot.start, slot.end, fit_to_key(slot.numeral, key).in_key(key.tonic)) for slot in slots)


def transpose_progression(spans: Sequence[ChordSpan], semitones: int) -> tuple[ChordSpan, ...]:
    """The chords moved by semitones: up one or two for the last chorus is what is called a truck driver's change.

    >>> [str(span.chord) for span in transpose_progression(parse_progression("Am F/A"), 2)]
    ['Bm', 'G/B']
    """
    return tuple(replace(span, chord=_transposed(span.chord, semitones)) for span in spans)


def lead_into_key(spans: Sequence[ChordSpan], key: Key, meter: Meter) -> tuple[ChordSpan, ...]:
    """The chords with their last bar leading into a key that comes next: its second and its dominant.

    >>> spans = lead_into_key(parse_progression("C | F | C"), Key.parse("D"), Meter())
    >>> [(span.start, str(span.chord)) for span in spans]
    [(0.0, 'C'), (4.0, 'F'), (8.0, 'Em7'), (10.0, 'A7')]
    """
    end = spans[-1].end
    start = max(0.0, end - meter.bar_beats)
    kept = [span if span.end <= start else replace(span, end=start) for span in spans if span.start < start - 1e-9]
    two = Numeral(2, "hdim7" if key.is_minor else "min7")
    bars = ((two, Numeral(7, "7")),) if len(meter.pulses) > 1 else ((Numeral(7, "7"),),)
    tail = [
        ChordSpan(start + slot.start, start + slot.end, slot.numeral.in_key(key.tonic))
        for slot in slots_of_bars(bars, meter)
        if start + slot.start < end
    ]
    return (*kept, *tail)


def _choose_unit(style: Style, key: Key, meter: Meter, bars: int, part: Part | None, chance: Random) -> Slots:
    """The chords that come round in a section: a written loop, a phrase by grammar, or a walk through a corpus."""
    harmony, mode = style.harmony, _mode_of(key)
    written = _fitting_loops(style, mode, bars, part)
    ways = (harmony.ways.loops if written else 0.0, harmony.ways.grammar, harmony.ways.corpus)
    way = pick(chance, ("loops", "grammar", "corpus"), ways) if any(ways) else "vamp"
    if way == "loops":
        loop = pick(chance, [line for line, _ in written], [weight for _, weight in written])
        return slots_of_bars(loop, meter)
    if way == "vamp":
        slots = slots_of_bars(_numerals_of_vamp(style.vamp, usual_key(style).tonic), meter)
        return slots if _mode_of(usual_key(style)) == mode else _in_other_mode(slots, mode)
    unit_bars = next(length for length in UNIT_BARS if length <= bars)
    if unit_bars == 8 and chance.random() < 0.5:
        unit_bars = 4
    places = _chord_places(harmony, meter, unit_bars, chance)
    if way == "grammar":
        closes = part != "pre"
        numerals = write_phrase(len(places), mode, closes, chance)
    else:
        numerals = walk(harmony.families, mode, len(places), chance)
    ends = [*places[1:], unit_bars * meter.bar_beats]
    return join_equal(tuple(Slot(start, end, each) for start, end, each in zip(places, ends, numerals, strict=True)))


def _write_theme(style: Style, key: Key, meter: Meter, part: Part | None, complexity: float, chance: Random) -> Slots:
    """Thirty-two bars: eight that end with a way back, again, eight of a bridge that asks, and the eight that close."""
    eight, harmony = 8 * meter.bar_beats, style.harmony
    theme = fill_slots(_choose_unit(style, key, meter, 8, part, chance), eight)
    bridge = theme
    for _ in range(4):
        bridge = fill_slots(_choose_unit(style, key, meter, 8, "bridge", chance), eight)
        if bridge != theme:
            break
    always = msgspec.structs.replace(harmony, turnaround=1.0, half_close=1.0)
    back = _close(theme, always, meter, 8, SongSection("chorus"), complexity, chance)
    asks = _close(bridge, always, meter, 8, SongSection("pre_chorus"), complexity, chance)
    slots = back
    for number, each in enumerate((theme, asks, back), start=1):
        slots = replace_from(slots, number * eight, each)
    return slots


def _fitting_loops(
    style: Style, mode: Mode, bars: int, part: Part | None
) -> list[tuple[tuple[tuple[Numeral, ...], ...], float]]:
    """The style's written bars for a mode with their weights: those for a part of the song first of all."""
    lines = [(each, parse_numerals(each.chords)) for each in style.harmony.progressions if each.mode == mode]
    short = [(each, line) for each, line in lines if len(line) <= bars] or lines
    whole = [(each, line) for each, line in short if bars % len(line) == 0] or short
    wanted = _ANYWHERE if part is None else frozenset((part,))
    suited = [(each, line) for each, line in whole if not each.suits or wanted & set(each.suits)] or whole
    weights = [each.weight * (4.0 if part is not None and part in each.suits else 1.0) for each, _ in suited]
    # A blues of twelve bars is a form of its own: what would go into it three times stands back.
    blues = [(line, weight) for (_, line), weight in zip(suited, weights, strict=True) if len(line) == BLUES_BARS]
    return blues or [(line, weight) for (_, line), weight in zip(suited, weights, strict=True)]


def _chord_places(harmony: HarmonyStyle, meter: Meter, bars: int, chance: Random) -> list[float]:
    """Where chords change in a unit without a written rhythm, in beats; oftener before its end."""
    names = [name for name in DISTINCT if name in harmony.chord_bars]
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
    if len(halves) > 1 and length in ("1", "2") and bars >= 4 and chance.random() < 0.3:
        places = [*(place for place in places if place < last), last, last + halves[0]]
    return places


def _close(
    slots: Slots,
    harmony: HarmonyStyle,
    meter: Meter,
    bars: int,
    section: SongSection,
    complexity: float,
    chance: Random,
) -> Slots:
    """The slots with the ending that their section asks for: a full close, a half close, or a way back to the top."""
    bar = meter.bar_beats
    tonic = _home_of(slots)
    draws = chance.random(), chance.random()
    if section.ends_song:
        if bars > 1 and harmony.cadences:
            cadence = harmony.cadences[int(draws[1] * len(harmony.cadences))]
            slots = replace_from(slots, (bars - 2) * bar, slots_of_bars(parse_numerals(cadence)[:1], meter))
        return replace_from(slots, (bars - 1) * bar, (Slot(0.0, bar, tonic),))
    rises = section.rises or section.kind in ("pre_chorus", "build")
    if rises and bars > 1 and draws[0] < harmony.half_close:
        return replace_from(slots, (bars - 1) * bar, (Slot(0.0, bar, parse_numeral("V")),))
    likelihood = scaled_chance(harmony.turnaround, complexity)
    if bars >= 8 and harmony.turnarounds and not rises and draws[0] < likelihood:
        line = harmony.turnarounds[int(draws[1] * len(harmony.turnarounds))]
        return replace_from(slots, (bars - 1) * bar, slots_of_bars(parse_numerals(line)[:1], meter))
    return slots


def _home_of(slots: Slots) -> Numeral:
    """The tonic as these chords have it, with its seventh where they give it one; a plain one where it never sounds."""
    own = next((slot.numeral for slot in slots if slot.numeral.step == 0 and not slot.numeral.bass), None)
    if own is not None:
        return own
    minor = sum(slot.numeral.quality.startswith("min") for slot in slots if slot.numeral.step in (0, 5, 7))
    return parse_numeral("i" if minor else "I")


def _mode_of(key: Key) -> Mode:
    return "major" if 4 in key.intervals else "minor"


def _in_other_mode(slots: Slots, mode: Mode) -> Slots:
    """Chords of a minor key in the major one on the same tonic, or the other way round."""
    scale = SCALES["Minor" if mode == "minor" else "Major"]
    return tuple(slot._replace(numeral=fit_to_scale(slot.numeral, scale)) for slot in slots)


def _transposed(chord: Chord, semitones: int) -> Chord:
    bass = None if chord.bass is None else (chord.bass + semitones) % 12
    return Chord((chord.root + semitones) % 12, chord.quality, bass)


@lru_cache(maxsize=256)
def _numerals_of_vamp(vamp: str, tonic: int) -> tuple[tuple[Numeral, ...], ...]:
    spans = parse_progression(vamp)
    bars = [list[Numeral]() for _ in range(int(-(-spans[-1].end // 4)))]
    for span in spans:
        bars[int(span.start // 4)].append(Numeral.of(span.chord, tonic))
    for index, bar in enumerate(bars):
        if not bar:  # a silent bar of the vamp holds on to the chord before
            bars[index] = bars[index - 1][-1:] or [Numeral.of(spans[0].chord, tonic)]
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
