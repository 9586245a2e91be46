"""The chords of a song, composed once per material, so that all verses share theirs and all choruses theirs."""

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
"""The rounding tolerance in beats by which a chord may cross a bar line."""


def chords_of_song(arrangement: Arrangement, style: Style, complexity: float, seed: int) -> list[Chords]:
    """Return the chords of each section, in beats from its start and filling it.

    A section before a key change leads into the new key with its last chords. The last bar of the song is the tonic,
    even if the song fades or is cut off.
    """
    bar, sections = arrangement.meter.bar_beats, arrangement.sections

    def compose(material: SectionKind, bars: int, ends_song: bool) -> Chords:
        # One seed for all: from it each kind gets its own chords, or the whole song one loop. Only a bridge must
        # differ.
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
    """Return the period of a material's chords in bars: the commonest length of its own sections."""
    own = [section.bars for section in sections if section.section.kind == material]
    counts = Counter(own or [section.bars for section in sections if section.material == material])
    return min(counts, key=lambda bars: (-counts[bars], bars))


def _fill(unit: Chords, period: float, section: ArrangedSection) -> Chords:
    """Repeat or cut the chords of a material, `period` beats long, to a section."""
    if section.section.kind == "intro" and section.length < period:
        # A short intro uses the end of the chords it leads to, so that its last chord leads to their first.
        return _moved(unit, section.length - period)
    return repeat_progression(unit, section.length, period)


def _moved(spans: Chords, beats: float) -> Chords:
    """Return the spans shifted by some beats, without what falls before beat 0."""
    return tuple(
        replace(span, start=max(0.0, span.start + beats), end=span.end + beats)
        for span in spans
        if span.end + beats > TOUCHING
    )


def _cut(spans: Chords, until: float) -> Chords:
    """Return the spans up to a beat."""
    return tuple(replace(span, end=min(span.end, until)) for span in spans if span.start < until - TOUCHING)
