"""The drum section of a preset: grooves, timekeepers and fills, in the notation of `engines.styles.rows`."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from musearoo.engines.music.song_section import SectionKind
from musearoo.engines.styles.preset import Fail, Levels, Name, Preset, Range, Share, Weight, check_complexity
from musearoo.engines.styles.rows import FillRow, OnsetRow

Cymbal = Literal[
    "closed_hat",
    "open_hat",
    "ride",
    "ride_bell",
    "crash",
    "cross_stick",
    "shaker",
    "tambourine",
    "cowbell",
    "claves",
    "high_tom",
    "low_tom",
]
"""The voices that a timekeeper can play."""
Percussion = Literal[
    "shaker", "tambourine", "cowbell", "claves", "conga_high", "conga_low", "clap", "cross_stick", "open_hat",
    "high_tom", "mid_tom", "low_tom", "crash", "ride", "ride_bell",
]  # fmt: skip
"""The voices that a groove may add to kick, snare and timekeeper."""
Players = Literal[
    "machine", "all", "afrobeat", "blues", "country", "funk", "hiphop", "jazz", "latin", "neworleans", "pop", "punk",
    "reggae", "rock", "soul",
]  # fmt: skip
"""The source of the timing and velocity profile, by the style names of the Groove MIDI Dataset; a machine has none."""
TimeFeel = Literal["normal", "half", "double"]
"""How kick and snare relate to the tempo: half time has one backbeat per bar where the style has two."""

SILENT: Final = OnsetRow(". . . .")
NO_STROKES: Final = FillRow(".")


class Layer(Preset, frozen=True, kw_only=True):
    """An additional voice of a groove, such as claves, cowbell, congas or a tom; dropped where no hand is free."""

    voice: Percussion
    hits: OnsetRow


class Groove(Preset, frozen=True, kw_only=True):
    """The pattern of feet and left hand: one or more bars of kick, and of snare or its substitutes.

    `energy` and `sections` restrict the sections in which it is played (see `engines.styles.section_choices`). In a
    linear groove no two limbs strike together, so the timekeeper skips steps on kick or snare.
    """

    name: Name
    weight: Weight = 1
    complexity: Range = (0, 1)
    energy: Range = (0, 1)
    sections: tuple[SectionKind, ...] = ()
    linear: bool = False
    kick: OnsetRow
    snare: OnsetRow = SILENT
    cross_stick: OnsetRow = SILENT
    clap: OnsetRow = SILENT
    ghosts: OnsetRow = SILENT
    layers: tuple[Layer, ...] = ()


class Timekeeper(Preset, frozen=True, kw_only=True):
    """The pattern of the right hand, the steps that may open the hi-hat, and the left foot.

    `energy` and `sections` restrict the sections in which it is played. With `cycle`, the row repeats after that many
    beats instead of after a bar, and so moves against the meter; it restarts every eight bars.
    """

    name: Name
    weight: Weight = 1
    density: Range = (0, 1)
    energy: Range = (0, 1)
    sections: tuple[SectionKind, ...] = ()
    voice: Cymbal = "closed_hat"
    hits: OnsetRow
    opens: OnsetRow = SILENT
    pedal: OnsetRow = SILENT
    cycle: Annotated[float, Meta(ge=0.5, le=16)] | None = None


class Fill(Preset, frozen=True, kw_only=True):
    """A fill over a phrase's last beats, as many as the rows have; `left` is the left hand where both hands strike."""

    name: Name
    weight: Weight = 1
    complexity: Range = (0, 1)
    energy: Range = (0, 1)
    hands: FillRow
    left: FillRow = NO_STROKES
    feet: FillRow = NO_STROKES


class CrossRhythm(Preset, frozen=True, kw_only=True):
    """A cross-rhythm: a stroke every `every` beats, on the timekeeper's voice or another.

    0.75 is three sixteenths, 1.5 a hemiola of dotted quarters, 1.333 three strokes in a bar of four beats.
    """

    every: Annotated[float, Meta(ge=0.25, le=4)] = 0.75
    voice: Cymbal | None = None
    weight: Weight = 1


class Build(Preset, frozen=True, kw_only=True):
    """The build before a drop: a crescendo roll that doubles its speed.

    `voice` rolls from `slowest` to `fastest` strokes per beat. `kick` plays its groove, quarters, or nothing; the last
    `gap` beats are silent except for the roll's last stroke.
    """

    voice: Literal["snare", "clap", "low_tom", "mid_tom", "crash", "closed_hat"] = "snare"
    slowest: Literal[1, 2, 4] = 1
    fastest: Literal[2, 4, 8] = 4
    kick: Literal["through", "quarters", "out"] = "through"
    gap: Annotated[float, Meta(ge=0, le=4)] = 0


class Ornaments(Preset, frozen=True, kw_only=True):
    """The likelihood of each ornament on a snare stroke with free hands, at middle complexity."""

    flams: Share = 0.04
    drags: Share = 0.03
    buzzes: Share = 0.0


class DrumStyle(Preset, frozen=True, kw_only=True):
    """The drummer of a style.

    `players` is the source of timing and velocities. `follows_bass` and `follows_chords` are how closely the kick
    follows the bass and accents follow the chords, if such parts play. Below the energy `cross_stick_below` the snare
    is played as a cross-stick. `crossing` is the likelihood per phrase of one of `cross_rhythms`, `modulation` that of
    an implied other tempo, both at high complexity. `one_groove` is the likelihood that all sections of a song share a
    groove. `section_time` names the kinds of section in half or double time. `ending` is the last bar of a song: a hit
    that rings, a choked hit, or in an outro the groove to its end.
    """

    grooves: Annotated[tuple[Groove, ...], Meta(min_length=1)]
    timekeepers: Annotated[tuple[Timekeeper, ...], Meta(min_length=1)]
    fills: Annotated[tuple[Fill, ...], Meta(min_length=1)]
    levels: dict[Literal["kick", "snare", "cymbals", "toms", "crash", "percussion"], Levels] = msgspec.field(
        default_factory=dict
    )
    variation: Share = 0.12
    fill_likelihood: Share = 0.8
    crash_likelihood: Share = 0.8
    players: Players = "all"
    ornaments: Ornaments = Ornaments()
    build: Build = Build()
    follows_bass: Share = 0.5
    follows_chords: Share = 0.3
    cross_stick_below: Share = 0.0
    crossing: Share = 0.1
    cross_rhythms: Annotated[tuple[CrossRhythm, ...], Meta(min_length=1)] = (CrossRhythm(),)
    modulation: Share = 0.0
    one_groove: Share = 0.0
    section_time: dict[SectionKind, TimeFeel] = msgspec.field(default_factory=dict)
    ending: Literal["ring", "choke", "groove"] = "ring"


def check_drums(drums: DrumStyle, fail: Fail) -> None:
    """Report fields that contradict each other."""
    check_complexity("drums.grooves", drums.grooves, fail)
    check_complexity("drums.fills", drums.fills, fail)
    for index, timekeeper in enumerate(drums.timekeepers):
        if timekeeper.density[0] > timekeeper.density[1]:
            fail(f"drums.timekeepers[{index}].density", f"expected low <= high, got {list(timekeeper.density)}")
    for field in ("grooves", "timekeepers", "fills"):
        for index, choice in enumerate(getattr(drums, field)):
            if choice.energy[0] > choice.energy[1]:
                fail(f"drums.{field}[{index}].energy", f"expected low <= high, got {list(choice.energy)}")
    if drums.build.slowest > drums.build.fastest:
        fail("drums.build", f"expected slowest <= fastest, got {drums.build.slowest} and {drums.build.fastest}")
