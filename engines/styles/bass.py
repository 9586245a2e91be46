"""The bass player of a style: lines and fills in the notation of `engines.rows`, register and approach."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from engines.errors import ParamError
from engines.music.pitch import parse_pitch
from engines.rows import HitRow, ToneRow, ToneRun
from engines.styles.drums import SILENT
from engines.styles.preset import Fail, Levels, Name, Preset, Range, Share, Weight, check_complexity


class Approach(Preset, frozen=True, kw_only=True):
    """How the line walks into the next chord: how often, and by which way how heavily."""

    likelihood: Share = 0.4
    chromatic: Annotated[float, Meta(ge=0, le=100)] = 1
    scale: Annotated[float, Meta(ge=0, le=100)] = 1
    fifth: Annotated[float, Meta(ge=0, le=100)] = 0


class BassLine(Preset, frozen=True, kw_only=True):
    """One way to play: when notes may start, which tone each step takes, and how long notes ring.

    `lock` is how surely a kick brings a note where the row has none; `downbeat`, whether a new chord always brings one
    (a bass that lives between the beats waits for its next step); `gate` is the share of the time up to the next
    note that a note sounds, and `longest` the most beats that it does.
    """

    name: Name
    weight: Weight = 1
    complexity: Range = (0, 1)
    onsets: HitRow
    tones: ToneRow
    lock: Share = 0.5
    downbeat: bool = True
    gate: Annotated[float, Meta(gt=0, le=1)] = 0.9
    longest: Annotated[float, Meta(gt=0, le=16)] = 4
    ghosts: HitRow = SILENT


class BassFill(Preset, frozen=True, kw_only=True):
    """The bass at the end of a phrase: onsets and tones of the last beats of a bar."""

    name: Name
    weight: Weight = 1
    complexity: Range = (0, 1)
    tones: ToneRun


class BassStyle(Preset, frozen=True, kw_only=True):
    """The bass player of a style. `low` and `high` are note names, E1 being a bass guitar's open string."""

    low: str = "E1"
    high: str = "G3"
    lines: Annotated[tuple[BassLine, ...], Meta(min_length=1)]
    fills: tuple[BassFill, ...] = ()
    approach: Approach = Approach()
    levels: Levels = Levels(ghost=42, soft=72, normal=92, accent=108, spread=5)
    fill_likelihood: Share = 0.6

    @property
    def low_pitch(self) -> int:
        """The lowest pitch as a MIDI number."""
        return parse_pitch(self.low)

    @property
    def high_pitch(self) -> int:
        """The highest pitch as a MIDI number."""
        return parse_pitch(self.high)


def check_bass(bass: BassStyle, fail: Fail) -> None:
    """Fails where fields contradict each other."""
    pitches = {}
    for field in ("low", "high"):
        try:
            pitches[field] = parse_pitch(getattr(bass, field))
        except ParamError as error:
            fail(f"bass.{field}", str(error))
    if pitches["high"] - pitches["low"] < 12:
        fail("bass.high", f"expected at least an octave above low ({bass.low}), got {bass.high}")
    check_complexity("bass.lines", bass.lines, fail)
    check_complexity("bass.fills", bass.fills, fail)
