"""Who plays when: layers that enter and leave inside a section, and what leads from one section into the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from engines.arrangementroo.arrangement import BAND, ArrangedSection, PlannedPart, Transition
from engines.chance import stream
from engines.music.meter import Meter
from engines.music.song_section import SectionKind
from engines.styles.form import Entry, FormStyle, HandOver, parse_entry

RISER_BARS: Final = 8
MAYBE: Final = 0.5
"""How likely a part is that plays only in some songs, and a pause before a drop."""


def cast_section(
    kinds: Sequence[SectionKind], index: int, bars: int, style: FormStyle, meter: Meter, seed: int
) -> tuple[PlannedPart, ...]:
    """The parts of a section and when they play, in the order of a score; they enter and leave with phrases."""
    kind = kinds[index]
    plan = style.section(kind)
    entries = plan.plays
    if plan.first is not None and kind not in kinds[:index]:
        entries = plan.first
    elif plan.last is not None and kind not in kinds[index + 1 :]:
        entries = plan.last
    unit = 4 if bars % 4 == 0 and bars >= 8 else 1
    parts = []
    for entry in map(parse_entry, entries):
        if _is_there(entry, kind, seed):
            enters = min(bars - 1, round(entry.enters * bars / unit) * unit)
            leaves = max(enters + 1, round(entry.leaves * bars / unit) * unit)
            parts.append(PlannedPart(entry.role, enters * meter.bar_beats, leaves * meter.bar_beats))
    return tuple(sorted(parts, key=lambda part: BAND.index(part.role)))


def lead_over(
    sections: Sequence[ArrangedSection], style: FormStyle, meter: Meter, seed: int
) -> tuple[ArrangedSection, ...]:
    """The sections with what leads from each into the next, as the style leads into that kind of section."""
    led = []
    for section, following in pairwise(sections):
        transitions = []
        for kind in style.section(following.section.kind).into:
            beats = _beats_of(kind, section, following, meter, seed)
            if beats > 0.0:
                transitions.append(Transition(kind, beats))
                if kind == "riser":
                    section = _with_riser(section, beats)
        led.append(replace(section, transitions=tuple(transitions)))
    return (*led, sections[-1])


def _is_there(entry: Entry, kind: SectionKind, seed: int) -> bool:
    # One draw a kind, not one a section: who plays in the first bridge plays in the second.
    return not entry.maybe or stream(seed, "maybe", kind, entry.role).random() < MAYBE


def _beats_of(kind: HandOver, section: ArrangedSection, following: ArrangedSection, meter: Meter, seed: int) -> float:
    """How many of a section's last beats a way to lead over takes; 0 where it would make no sense."""
    bar, rises = meter.bar_beats, section.section.rises
    drums, bass = section.part("drums"), section.part("bass")
    plays_on = drums is not None and drums.leaves == section.length
    if kind == "fill":
        return bar if plays_on and following.part("drums") else 0.0
    if kind == "pick_up":
        waiting = [part.role for part in following.parts if part.enters == 0.0 and section.part(part.role) is None]
        return meter.pulses[-1] if waiting else 0.0
    if kind == "riser":
        return min(RISER_BARS, max(1, section.bars // 2)) * bar if rises else 0.0
    if kind == "pause":
        chance = stream(seed, "pause", following.section.kind, following.section.number)
        return meter.pulses[-1] if rises and chance.random() < MAYBE else 0.0
    if kind == "no_kick":
        return min(2, section.bars) * bar if rises and plays_on else 0.0
    return min(4, section.bars) * bar if rises and bass is not None else 0.0


def _with_riser(section: ArrangedSection, beats: float) -> ArrangedSection:
    """The section with the atmosphere in its last beats, where it is not there anyway."""
    planned = section.part("atmosphere")
    if planned is not None and planned.leaves == section.length:
        return section
    others = tuple(part for part in section.parts if part.role != "atmosphere")
    return replace(section, parts=(*others, PlannedPart("atmosphere", section.length - beats, section.length)))
