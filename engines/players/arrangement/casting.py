"""Choose the parts of each section, where they enter and leave, and the transitions between sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from math import fsum
from typing import Final

from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.song_section import SectionKind
from musearoo.engines.players.arrangement.song_plan import BAND, ArrangedSection, PlannedPart, Transition
from musearoo.engines.styles.form import BandRole, Entry, FormStyle, TransitionKind, parse_entry

RISER_BARS: Final = 8
"""The longest riser; listeners lose the direction of a longer one."""
_RISERS: Final[tuple[BandRole, ...]] = ("atmosphere",)
_PICK_UPS: Final[tuple[BandRole, ...]] = ("drums", "bass")
OPTIONAL_LIKELIHOOD: Final = 0.5
"""The probability of an optional part, and of a pause before a drop."""


def cast_section(
    kinds: Sequence[SectionKind], index: int, bars: int, style: FormStyle, meter: Meter, seed: int
) -> tuple[PlannedPart, ...]:
    """Return the parts of a section in score order. Parts enter and leave at quarters of the section."""
    kind = kinds[index]
    plan = style.section(kind)
    entries = plan.plays
    if plan.first is not None and kind not in kinds[:index]:
        entries = plan.first
    elif plan.last is not None and kind not in kinds[index + 1 :]:
        entries = plan.last
    unit = bars // 4 if bars % 4 == 0 else 1
    parts = []
    for entry in map(parse_entry, entries):
        if _plays(entry, kind, seed):
            enters = min(bars - 1, round(entry.enters * bars / unit) * unit)
            leaves = max(enters + 1, round(entry.leaves * bars / unit) * unit)
            parts.append(PlannedPart(entry.role, enters * meter.bar_beats, leaves * meter.bar_beats))
    return tuple(sorted(parts, key=lambda part: BAND.index(part.role)))


def add_transitions(
    sections: Sequence[ArrangedSection], style: FormStyle, meter: Meter, seed: int
) -> tuple[ArrangedSection, ...]:
    """Return the sections with transitions added, as the style leads into each kind of section.

    Parts that are otherwise silent play risers and pick-ups; they are added for those beats only.
    """
    changed = []
    for section, following in pairwise(sections):
        transitions = []
        for kind in style.section(following.section.kind).into:
            beats = _transition_beats(kind, section, following, meter, seed)
            if beats > 0.0:
                transitions.append(Transition(kind, beats))
                for role in _added_roles(kind, section, following):
                    section = _with_part(section, PlannedPart(role, section.length - beats, section.length))
        changed.append(replace(section, transitions=tuple(transitions)))
    return (*changed, sections[-1])


def _plays(entry: Entry, kind: SectionKind, seed: int) -> bool:
    # Draw once per kind of section, so that a part in the first bridge also plays in the second.
    return not entry.maybe or stream(seed, "maybe", kind, entry.role).random() < OPTIONAL_LIKELIHOOD


def _transition_beats(
    kind: TransitionKind, section: ArrangedSection, following: ArrangedSection, meter: Meter, seed: int
) -> float:
    """Return how many beats at a section's end a transition takes; 0 where it does not apply."""
    bar, rises = meter.bar_beats, section.section.rises
    drums = section.part("drums")
    plays_on = drums is not None and drums.leaves == section.length
    if kind == "fill":
        return bar if plays_on and following.part("drums") else 0.0
    if kind == "pick_up":
        # Half of a bar with four or more beats, otherwise one beat.
        pulses = meter.pulses[-2:] if len(meter.pulses) >= 4 else meter.pulses[-1:]
        return fsum(pulses) if _added_roles(kind, section, following) else 0.0
    if kind == "riser":
        atmosphere = section.part("atmosphere")
        rises = rises and (atmosphere is None or atmosphere.leaves == section.length)
        return min(RISER_BARS, max(1, section.bars // 2)) * bar if rises else 0.0
    if kind == "pause":
        chance = stream(seed, "pause", following.section.kind, following.section.number)
        return meter.pulses[-1] if rises and chance.random() < OPTIONAL_LIKELIHOOD else 0.0
    if kind == "no_kick":
        return min(2, section.bars) * bar if rises and plays_on else 0.0
    return min(4, section.bars) * bar if rises and section.part("bass") else 0.0


def _added_roles(kind: TransitionKind, section: ArrangedSection, following: ArrangedSection) -> list[BandRole]:
    """Return the roles that are silent in a section except during its closing transition."""
    if kind == "riser":
        return [role for role in _RISERS if section.part(role) is None]
    if kind == "pick_up":
        entering = [part.role for part in following.parts if part.enters == 0.0]
        return [role for role in _PICK_UPS if section.part(role) is None and role in entering]
    return []


def _with_part(section: ArrangedSection, part: PlannedPart) -> ArrangedSection:
    parts = sorted((*section.parts, part), key=lambda each: BAND.index(each.role))
    return replace(section, parts=tuple(parts))
