"""The chords of a song: composed once for each material, so that every verse and every chorus knows its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from engines.arrangementroo.arrangement import ArrangedSection, Arrangement
from engines.chance import derive_seed
from engines.harmonyroo.progressions import compose_progression, lead_into_key, transpose_progression
from engines.music.progression import ChordSpan, repeat_progression
from engines.music.song_section import SectionKind, SongSection
from engines.styles.style import Style

Chords = tuple[ChordSpan, ...]


def chords_of_song(arrangement: Arrangement, style: Style, complexity: float, seed: int) -> list[Chords]:
    """The chords of each section, counted from its start and filling it.

    A section before one in another key leads into that key with its last chords.
    """
    units = {material: _unit_bars(material, arrangement.sections) for material in _materials(arrangement)}
    chords = [_chords_of(section, units[section.material], arrangement, style, complexity, seed)
              for section in arrangement.sections]  # fmt: skip
    for index, (section, following) in enumerate(pairwise(arrangement.sections)):
        if following.key != section.key:
            chords[index] = lead_into_key(chords[index], following.key, arrangement.meter)
    return chords


def _materials(arrangement: Arrangement) -> tuple[SectionKind, ...]:
    return tuple({section.material: None for section in arrangement.sections})


def _unit_bars(material: SectionKind, sections: Sequence[ArrangedSection]) -> int:
    """After how many bars the chords of a material come round: the length that most of its own sections have."""
    own = [section.bars for section in sections if section.section.kind == material]
    counts = Counter(own or [section.bars for section in sections if section.material == material])
    return min(counts, key=lambda bars: (-counts[bars], bars))


def _chords_of(
    section: ArrangedSection, unit: int, arrangement: Arrangement, style: Style, complexity: float, seed: int
) -> Chords:
    def compose(bars: int, ends_song: bool) -> Chords:
        place = SongSection(section.material, section.section.energy, ends_song=ends_song)
        own_seed = derive_seed(seed, "chords", section.material)
        spans = compose_progression(style, arrangement.key, arrangement.meter, bars, place, complexity, own_seed)
        return transpose_progression(spans, section.key.tonic - arrangement.key.tonic)

    bar = arrangement.meter.bar_beats
    last = min(unit, section.bars) if section.section.ends_song else 0
    spans = repeat_progression(compose(unit, False), (section.bars - last) * bar, unit * bar)
    if last:
        offset = (section.bars - last) * bar
        spans += tuple(replace(span, start=span.start + offset, end=span.end + offset) for span in compose(last, True))
    return spans
