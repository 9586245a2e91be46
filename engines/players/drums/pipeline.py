"""The pipeline: all processors in their order, with the musical reason for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from musearoo.engines.players.drums.dynamics import apply_velocity_feel, lead_through_fills, set_levels, shape_section
from musearoo.engines.players.drums.fills import crash_on_one, play_fills, set_up_fills
from musearoo.engines.players.drums.form import build_up, end_song, thin_out
from musearoo.engines.players.drums.interplay import accent_the_chords, leave_room, meet_the_bass
from musearoo.engines.players.drums.limbs import free_the_hands, weaken_the_left_hand
from musearoo.engines.players.drums.microtiming import (
    apply_timing_feel,
    follow_groove,
    keep_order,
    push_and_drag,
    scatter,
    swing_time,
    wander,
)
from musearoo.engines.players.drums.ornaments import choose_ornaments, play_ornaments
from musearoo.engines.players.drums.skeleton import (
    add_ghost_notes,
    add_layers,
    double_time,
    halve_time,
    imply_another_tempo,
    lay_skeleton,
    play_across_the_rim,
)
from musearoo.engines.players.drums.take import Hits, Take, as_played
from musearoo.engines.players.drums.timekeeping import (
    close_hats,
    cross_the_beat,
    keep_time,
    make_linear,
    open_hats,
    turn_in_cycles,
)
from musearoo.engines.players.params import Effort

Processor = Callable[[Hits, Take], Hits]
Shaping = Callable[[Hits, list[float], Take], list[float]]
"""A step of the performance: hits, and one number for each (velocity or time in beats), to new numbers."""

COMPOSE: Final[tuple[Processor, ...]] = (
    lay_skeleton,
    add_layers,
    add_ghost_notes,
    halve_time,
    double_time,
    meet_the_bass,
    play_across_the_rim,
    keep_time,
    turn_in_cycles,
    cross_the_beat,
    make_linear,
    open_hats,
    imply_another_tempo,
    accent_the_chords,
    leave_room,
    thin_out,
    build_up,
    set_up_fills,
    play_fills,
    crash_on_one,
    end_song,
    close_hats,
    free_the_hands,
)
"""Composition: which drums are played, and at which grid positions."""
_WITHOUT_KICK: Final = (
    keep_time, turn_in_cycles, open_hats, cross_the_beat, make_linear, leave_room, close_hats, free_the_hands,
)  # fmt: skip
KICK_ALONE: Final = tuple(processor for processor in COMPOSE if processor not in _WITHOUT_KICK)
"""The processors that decide the kick's positions."""
LEAN_KICK_ALONE: Final = (lay_skeleton, halve_time, double_time)
"""Those that decide most of them."""
ORNAMENT: Final[tuple[Processor, ...]] = (choose_ornaments, play_ornaments)
"""Performance: flams, drags and buzzes."""
DYNAMICS: Final[tuple[Shaping, ...]] = (
    set_levels,
    apply_velocity_feel,
    lead_through_fills,
    shape_section,
    weaken_the_left_hand,
)
"""Performance: velocities."""
TIMING: Final[tuple[Shaping, ...]] = (
    swing_time,
    push_and_drag,
    apply_timing_feel,
    follow_groove,
    wander,
    scatter,
)
"""Performance: times in beats. `keep_order` comes last."""


_SPARED: Final = (
    turn_in_cycles, cross_the_beat, imply_another_tempo, choose_ornaments, weaken_the_left_hand,
)  # fmt: skip
"""What a lean take does without: rare figures and ornaments."""


def run(processors: tuple[Processor, ...], take: Take, hits: Hits | None = None) -> Hits:
    """Return the hits after all processors, starting from none or from the hits given."""
    played: Hits = hits or []
    for process in processors:
        if take.effort is Effort.FULL or process not in _SPARED:
            played = process(played, take)
    return played


def perform(hits: Hits, take: Take) -> Hits:
    """Return composed hits as they are played: with ornaments, velocities and times."""
    hits = run(ORNAMENT, take, hits)
    # Numbers beside the hits: to make each hit anew in every step would take as long as the steps themselves.
    velocities, times = (_shape(steps, hits, take) for steps in (DYNAMICS, TIMING))
    return keep_order(as_played(hits, velocities, times), take)


def _shape(steps: tuple[Shaping, ...], hits: Hits, take: Take) -> list[float]:
    shaped = [0.0] * len(hits)
    for step in steps:
        if take.effort is Effort.FULL or step not in _SPARED:
            shaped = step(hits, shaped, take)
    return shaped
