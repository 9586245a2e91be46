"""The drummer of a style: grooves, timekeepers and fills, in the notation of `engines.rows`."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from engines.rows import HitRow, StrokeRow
from engines.styles.preset import Fail, Levels, Name, Preset, Range, Share, Weight, check_complexity

Cymbal = Literal["closed_hat", "ride", "ride_bell", "cross_stick", "shaker", "tambourine", "low_tom"]

SILENT: Final = HitRow(". . . .")
NO_STROKES: Final = StrokeRow(".")


class Groove(Preset, frozen=True, kw_only=True):
    """What feet and left hand play: one or more bars of kick, snare and what stands in for it."""

    name: Name
    weight: Weight = 1
    complexity: Range = (0, 1)
    kick: HitRow
    snare: HitRow = SILENT
    cross_stick: HitRow = SILENT
    clap: HitRow = SILENT
    ghosts: HitRow = SILENT


class Timekeeper(Preset, frozen=True, kw_only=True):
    """What the right hand plays through the bar, which of its steps may open the hat, and the left foot."""

    name: Name
    weight: Weight = 1
    density: Range = (0, 1)
    voice: Cymbal = "closed_hat"
    hits: HitRow
    opens: HitRow = SILENT
    pedal: HitRow = SILENT


class Fill(Preset, frozen=True, kw_only=True):
    """The last beats of a phrase, as many as the rows have; `left` is the left hand where both strike at once."""

    name: Name
    weight: Weight = 1
    complexity: Range = (0, 1)
    hands: StrokeRow
    left: StrokeRow = NO_STROKES
    feet: StrokeRow = NO_STROKES


class DrumStyle(Preset, frozen=True, kw_only=True):
    """The drummer of a style."""

    grooves: Annotated[tuple[Groove, ...], Meta(min_length=1)]
    timekeepers: Annotated[tuple[Timekeeper, ...], Meta(min_length=1)]
    fills: Annotated[tuple[Fill, ...], Meta(min_length=1)]
    levels: dict[Literal["kick", "snare", "cymbals", "toms", "crash", "percussion"], Levels] = msgspec.field(
        default_factory=dict
    )
    variation: Share = 0.12
    fill_likelihood: Share = 0.8
    crash_likelihood: Share = 0.8


def check_drums(drums: DrumStyle, fail: Fail) -> None:
    """Fails where fields contradict each other."""
    check_complexity("drums.grooves", drums.grooves, fail)
    check_complexity("drums.fills", drums.fills, fail)
    for index, timekeeper in enumerate(drums.timekeepers):
        if timekeeper.density[0] > timekeeper.density[1]:
            fail(f"drums.timekeepers[{index}].density", f"expected low <= high, got {list(timekeeper.density)}")
