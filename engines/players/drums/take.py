"""A take in the making: its hits, its planned bars, and everything that the processors read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate
from random import Random

import msgspec

from musearoo.engines.foundation.chance import stream
from musearoo.engines.music.drum_kit import Ornament
from musearoo.engines.music.groove import Groove as MeasuredGroove
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.song_section import SongSection
from musearoo.engines.music.swing import Swing
from musearoo.engines.music.timing import beats_to_seconds
from musearoo.engines.players.drums.other_parts import BandOnsets
from musearoo.engines.players.params import Effort
from musearoo.engines.styles.drums import CrossRhythm, Fill, Groove, TimeFeel, Timekeeper
from musearoo.engines.styles.schema import Style

CLOSE = 1e-6
"""The distance in beats below which two grid positions are the same."""
PHRASE_BARS = 4
SECTION_BARS = 8
"""Phrase and section length: small fills end a phrase, larger ones end a section."""


# A Struct, for a take has hundreds of hits: it is made in a quarter of a tuple's time, and changed in a quarter.
class Hit(msgspec.Struct, frozen=True, order=True, gc=False):
    """One drum hit on its way through the pipeline.

    `at` is its straight grid position in beats from the clip's start; `strength` is as in `engines.styles.rows`. The
    performance sets `velocity` (1..127) and `time`, the played position in beats. A grace note is played `early_ms`
    before its position, or after it if negative.
    """

    at: float
    voice: str
    strength: int
    velocity: float = 0.0
    time: float = 0.0
    ornament: Ornament = ""
    early_ms: float = 0.0


Hits = list[Hit]


def as_played(hits: Hits, velocities: Iterable[float], times: Iterable[float]) -> Hits:
    """Return the hits with new velocities and times, one of each for every hit."""
    return [
        Hit(hit.at, hit.voice, hit.strength, velocity, time, hit.ornament, hit.early_ms)
        for hit, velocity, time in zip(hits, velocities, times, strict=True)
    ]


class Bar(msgspec.Struct, frozen=True):
    """The plan of one bar; `fill_start` is the position in the clip at which its fill begins.

    `leads` is true for the last bar of a phrase; `crossing` is the cross-rhythm that its timekeeper plays.
    """

    index: int
    start: float
    end: float
    timekeeper: Timekeeper
    fill: Fill | None
    fill_start: float
    crash: bool
    leads: bool
    crossing: CrossRhythm | None = None


@dataclass(frozen=True, slots=True)
class Take:
    """The read-only input of all processors.

    `complexity` and `density` are the requested amounts, adjusted for the section's energy. `written_beats` are the
    style's own choice of written beats for the meter. `modulated` are the bars, counted from 0, at which a metric
    modulation begins.
    """

    style: Style
    section: SongSection
    meter: Meter
    bpm: float
    swing: Swing
    complexity: float
    density: float
    humanise: float
    seed: int
    groove: Groove
    bars: tuple[Bar, ...]
    band: BandOnsets
    written_beats: tuple[int, ...] | None = None
    time_feel: TimeFeel = "normal"
    modulated: tuple[int, ...] = ()
    followed: tuple[MeasuredGroove, float] | None = None
    """The groove template that this take follows, and how closely, 0..1."""
    effort: Effort = Effort.FULL

    @property
    def length(self) -> float:
        """The clip's length in beats."""
        return self.bars[-1].end

    @property
    def pulses(self) -> tuple[float, ...]:
        """The pulses of all bars, in beats from the clip's start."""
        inside = tuple(accumulate(self.meter.pulses, initial=0.0))[:-1]
        return tuple(bar.start + place for bar in self.bars for place in inside)

    def beats(self, milliseconds: float) -> float:
        """Convert milliseconds to beats at the take's tempo."""
        return milliseconds * self.bpm / 60_000.0

    def seconds(self, beats: float) -> float:
        """Convert beats to seconds at the take's tempo."""
        return beats_to_seconds(beats, self.bpm)

    def stream(self, *labels: str | int) -> Random:
        """Return an independent random stream for one purpose in this take."""
        return stream(self.seed, "drums", *labels)

    def bar_of(self, hit: Hit) -> Bar:
        """Return the bar that contains a hit."""
        return self.bars[min(len(self.bars) - 1, int((hit.at + CLOSE) / self.meter.bar_beats))]
