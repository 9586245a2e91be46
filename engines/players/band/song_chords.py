"""The chords of a song: composed once for each material, so that every verse and every chorus knows its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from musearoo.engines.foundation.chance import derive_seed
from musearoo.engines.music.progression import ChordSpan, repeat_progression
from musearoo.engines.music.song_section import SectionKind, SongSection
from musearoo.engines.players.arrangement.song_plan import ArrangedSection, Arrangement
from musearoo.engines.players.chords.progressions import compose_progression, lead_into_key, transpose_progression
from musearoo.engines.styles.schema import Style

Chords = tuple[ChordSpan, ...]
TOUCHING: Final = 1e-6
"""Beats of rounding by which a chord may reach over a bar line."""


def chords_of_song(arrangement: Arrangement, style: Style, complexity: float, seed: int) -> list[Chords]:
    """The chords of each section, counted from its start and filling it.

    A section before one in another key leads into that key with its last chords. The last bar of all is the tonic's,
    whether anybody ends there or the song fades or is cut off.
    """
    bar, sections = arrangement.meter.bar_beats, arrangement.sections

    def compose(material: SectionKind, bars: int, ends_song: bool) -> Chords:
        # One seed for all, from which HarmonyRoo gives each kind its own chords, or the whole song one loop; but a
        # bridge is there to be different.
        own_seed = derive_seed(seed, "chords", "contrast" if material == "bridge" else "song")
        place = SongSection(material, ends_song=ends_song)
        return compose_progression(style, arrangement.key, arrangement.meter, bars, place, complexity, own_seed)

    units = {material: _unit_bars(material, sections) for material in {section.material: None for section in sections}}
    composed = {material: compose(material, bars, False) for material, bars in units.items()}
    chords = []
    for section in sections:
        unit = units[section.material]
        spans = _fill(composed[section.material], unit * bar, section)
        if section is sections[-1]:
            last = min(unit, section.bars)
            start = section.length - last * bar
            spans = (*_cut(spans, start), *_moved(compose(section.material, last, True), start))
        chords.append(transpose_progression(spans, section.key.tonic - arrangement.key.tonic))
    for index, (section, following) in enumerate(pairwise(sections)):
        if following.key != section.key:
            chords[index] = lead_into_key(chords[index], following.key, arrangement.meter)
    return chords


def _unit_bars(material: SectionKind, sections: Sequence[ArrangedSection]) -> int:
    """After how many bars the chords of a material come round: the length that most of its own sections have."""
    own = [section.bars for section in sections if section.section.kind == material]
    counts = Counter(own or [section.bars for section in sections if section.material == material])
    return min(counts, key=lambda bars: (-counts[bars], bars))


def _fill(unit: Chords, period: float, section: ArrangedSection) -> Chords:
    """The chords of a material, `period` beats long, over a section."""
    if section.section.kind == "intro" and section.length < period:
        # A short introduction is the end of what it leads to, so that its last chord asks for the first.
        return _moved(unit, section.length - period)
    return repeat_progression(unit, section.length, period)


def _moved(spans: Chords, beats: float) -> Chords:
    """The spans later or earlier by some beats, without what comes to lie before the beginning."""
    return tuple(
        replace(span, start=max(0.0, span.start + beats), end=span.end + beats)
        for span in spans
        if span.end + beats > TOUCHING
    )


def _cut(spans: Chords, until: float) -> Chords:
    """The spans up to a beat."""
    return tuple(replace(span, end=min(span.end, until)) for span in spans if span.start < until - TOUCHING)
