"""Compose the chord progression of a section: choose or generate a unit, vary it, add an ending, set it in a key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Final

from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.numeral import Numeral
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key
from musearoo.engines.music.song_section import LOOP, SectionKind, SongSection
from musearoo.engines.players.chords.colours import colour
from musearoo.engines.players.chords.endings import close_half, end_section, turn_round
from musearoo.engines.players.chords.key_fitting import TONAL, fit_to_key
from musearoo.engines.players.chords.numeral_slots import Slots, fill_slots, join_equal, replace_from, slots_of_bars
from musearoo.engines.players.chords.substitutions import substitute
from musearoo.engines.players.chords.units import choose_unit, mode_of, usual_key, vamp_in_mode
from musearoo.engines.styles.harmony import Part
from musearoo.engines.styles.schema import Style

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
"""The part whose chords a kind of section uses: an intro plays the verse's, a solo the head's."""
THEME_BARS: Final = 32
"""The length of a theme with a bridge, AABA."""


def compose_progression(
    style: Style,
    key: Key | None,
    meter: Meter,
    bars: int,
    section: SongSection = LOOP,
    complexity: float = 0.5,
    seed: int = 0,
) -> tuple[ChordSpan, ...]:
    """Return the chords of a section, without gaps from beat 0 to the end of its bars; deterministic.

    Without a key, the style's default is used. Sections of one kind share their chords whatever their number, so that
    a second chorus equals the first. A rising section ends on the dominant where the style does so, and the last bar of
    a song is the tonic.
    """
    key = key or usual_key(style)
    harmony, part = style.harmony, PART_OF[section.kind]
    length = bars * meter.bar_beats
    song = stream(seed, "harmony", "song")
    whole_song = song.random() < harmony.one_loop or section.kind == "loop"
    chance = song if whole_song else stream(seed, "harmony", part)
    own_part = None if whole_song else part
    is_theme = song.random() < harmony.aaba and bars % THEME_BARS == 0 and part != "bridge"
    if is_theme:
        unit = _write_theme(style, key, meter, own_part, chance)
    else:
        unit = choose_unit(style, key, meter, bars, own_part, chance)
    tonal = key.scale in TONAL
    plain = substitute(unit, meter, harmony.substitutions, 0.5 * complexity, key.is_minor, chance) if tonal else unit
    slots = fill_slots(plain, length)
    if bars >= 8 and tonal and not is_theme:  # the second half of a section is varied more than the first
        half = (bars // 2) * meter.bar_beats
        varied = substitute(plain, meter, harmony.substitutions, complexity, key.is_minor, chance)
        if half % plain[-1].end < 1e-9:
            slots = replace_from(slots, half, fill_slots(varied, length - half))
    slots = end_section(slots, harmony, meter, section, mode_of(key), complexity, chance)
    fitted = join_equal(tuple(slot._replace(numeral=fit_to_key(slot.numeral, key)) for slot in slots))
    coloured = colour(fitted, harmony, key, complexity, stream(seed, "harmony", "colour"))
    return tuple(ChordSpan(slot.start, slot.end, slot.numeral.in_key(key.tonic)) for slot in coloured)


def vamp_in_key(style: Style, key: Key, meter: Meter) -> tuple[ChordSpan, ...]:
    """Return the style's vamp transposed to a key; each written bar lasts one bar of the meter.

    In a key of the other mode, return the style's first progression in that mode; in a non-tonal scale, each chord
    becomes the most similar one of the scale.
    """
    slots = vamp_in_mode(style, mode_of(key), meter)
    return tuple(ChordSpan(slot.start, slot.end, fit_to_key(slot.numeral, key).in_key(key.tonic)) for slot in slots)


def transpose_progression(spans: Sequence[ChordSpan], semitones: int) -> tuple[ChordSpan, ...]:
    """Return the chords transposed by semitones, such as one or two up for the last chorus.

    >>> from musearoo.engines.music.progression import parse_progression
    >>> [str(span.chord) for span in transpose_progression(parse_progression("Am F/A"), 2)]
    ['Bm', 'G/B']
    """
    return tuple(replace(span, chord=_transposed(span.chord, semitones)) for span in spans)


def lead_into_key(spans: Sequence[ChordSpan], key: Key, meter: Meter) -> tuple[ChordSpan, ...]:
    """Return the chords with ii V of the next key in their last bar.

    >>> from musearoo.engines.music.progression import parse_progression
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


def _write_theme(style: Style, key: Key, meter: Meter, part: Part | None, chance: Random) -> Slots:
    """Return an AABA theme of 32 bars: A with a turnaround twice, a bridge with a half close, and A again."""
    eight = 8 * meter.bar_beats
    theme = bridge = fill_slots(choose_unit(style, key, meter, 8, part, chance), eight)
    for _ in range(4):  # the draw may give the theme's chords again
        if bridge == theme:
            bridge = fill_slots(choose_unit(style, key, meter, 8, "bridge", chance), eight)
    returning = turn_round(theme, style.harmony, meter, chance.random())
    slots = returning
    for number, each in enumerate((theme, close_half(bridge, meter), returning), start=1):
        slots = replace_from(slots, number * eight, each)
    return slots


def _transposed(chord: Chord, semitones: int) -> Chord:
    bass = None if chord.bass is None else (chord.bass + semitones) % 12
    return Chord((chord.root + semitones) % 12, chord.quality, bass)
