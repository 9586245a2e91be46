"""The drummer of a style: grooves, timekeepers and fills, in the notation of `engines.styles.rows`."""

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
"""What time is kept on."""
Percussion = Literal[
    "shaker", "tambourine", "cowbell", "claves", "conga_high", "conga_low", "clap", "cross_stick", "open_hat",
    "high_tom", "mid_tom", "low_tom", "crash", "ride", "ride_bell",
]  # fmt: skip
"""What a groove may add to kick, snare and timekeeper."""
Players = Literal[
    "machine", "all", "afrobeat", "blues", "country", "funk", "hiphop", "jazz", "latin", "neworleans", "pop", "punk",
    "reggae", "rock", "soul",
]  # fmt: skip
"""Whose timing and touch were learned, by the names of the Groove MIDI Dataset; a machine has none."""
TimeFeel = Literal["normal", "half", "double"]
"""How kick and snare relate to the tempo: half puts one backbeat in a bar where the style has two."""

SILENT: Final = OnsetRow(". . . .")
NO_STROKES: Final = FillRow(".")


class Layer(Preset, frozen=True, kw_only=True):
    """One more sound of a groove: claves, a cowbell, congas, a tom; it yields where no hand is free for it."""

    voice: Percussion
    hits: OnsetRow


class Groove(Preset, frozen=True, kw_only=True):
    """What feet and left hand play: one or more bars of kick, snare and what stands in for it.

    `energy` and `sections` say in sections of what energy and kind it is played (see
    `engines.styles.section_choices`). In a linear groove no two limbs strike together, so the timekeeper leaves out
    what falls on kick or snare.
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
    """What the right hand plays through the bar, which of its steps may open the hat, and the left foot.

    `energy` and `sections` say in sections of what energy and kind it is played. With a `cycle` in beats the row comes
    round after so many beats instead of after a bar, and so moves against the meter; it starts anew with each section
    of eight bars.
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
    """The last beats of a phrase, as many as the rows have; `left` is the left hand where both strike at once."""

    name: Name
    weight: Weight = 1
    complexity: Range = (0, 1)
    energy: Range = (0, 1)
    hands: FillRow
    left: FillRow = NO_STROKES
    feet: FillRow = NO_STROKES


class CrossRhythm(Preset, frozen=True, kw_only=True):
    """A figure against the beat: a stroke `every` so many beats, on the timekeeper's voice or another.

    0.75 is three sixteenths, 1.5 a hemiola of dotted quarters, 1.333 three in the time of a bar of four.
    """

    every: Annotated[float, Meta(ge=0.25, le=4)] = 0.75
    voice: Cymbal | None = None
    weight: Weight = 1


class Build(Preset, frozen=True, kw_only=True):
    """How tension rises before a drop: a roll that doubles its speed and swells.

    `voice` rolls, from `slowest` to `fastest` strokes a beat. `kick` plays through, in quarters, or is out altogether;
    in the last `gap` beats nothing is left but the roll's last stroke.
    """

    voice: Literal["snare", "clap", "low_tom", "mid_tom", "crash", "closed_hat"] = "snare"
    slowest: Literal[1, 2, 4] = 1
    fastest: Literal[2, 4, 8] = 4
    kick: Literal["through", "quarters", "out"] = "through"
    gap: Annotated[float, Meta(ge=0, le=4)] = 0


class Ornaments(Preset, frozen=True, kw_only=True):
    """How often a stroke of the snare that has the hands for it is ornamented, at middle complexity."""

    flams: Share = 0.04
    drags: Share = 0.03
    buzzes: Share = 0.0


class DrumStyle(Preset, frozen=True, kw_only=True):
    """The drummer of a style.

    `players` are those whose timing and touch he has. `follows_bass` and `follows_chords` say how much of the kick
    meets the bass, and how many accents the chords, where such parts play. Below an energy of `cross_stick_below` the
    snare is played across the rim. `cross_rhythms` come with a likelihood of `crossing` a phrase, and with
    `modulation` a phrase implies another tempo, both at high complexity. `one_groove` is how surely all sections of a
    song have the same groove. `section_time` names the kinds of section played in half or double time. `ending` is
    what the last bar of a song is: a hit that rings, one that is choked, or, of an outro, the groove to its end.
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
    """Fails where fields contradict each other."""
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
