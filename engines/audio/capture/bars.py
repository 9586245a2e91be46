"""Choose the last whole bars before the Listen button was pressed, sample-exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Final

import numpy as np

from musearoo.engines.audio.capture.beats import Samples, Stretch
from musearoo.engines.audio.capture.errors import CaptureError

NEARLY: Final = 2.0
"""Samples that may be missing at the end of a bar: if the transport stopped on the bar line, the last one is."""

STOPPED_THERE: Final = 0.1
"""Tolerance in beats, modulo a beat, between the song's position and where the recording stopped; beyond it the
position was moved."""

STOOD_STILL: Final = "The transport stood still: start Live, let it play {bars}, then press Listen."
TOO_SHORT: Final = "Live had played less than a whole bar: let it play {bars}, then press Listen."


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """Whole bars of a recording, `bar_beats` quarter notes each; the first begins at beat `begin` of the stretch.

    `is_one_known`: whether the position of the bar lines is known rather than guessed.
    """

    stretch: Stretch
    begin: float
    count: int
    bar_beats: float
    is_one_known: bool

    @property
    def length(self) -> float:
        """Length in quarter notes."""
        return self.count * self.bar_beats

    def samples_at(self, unit: float) -> Samples:
        """Return the fractional samples at which each `unit` of quarter notes begins, including the first and last bar
        line."""
        steps = round(self.length / unit)
        places = (self.begin + step * unit for step in range(steps + 1))
        return np.array([self.stretch.sample_at(floor(place), place - floor(place)) for place in places])

    def bpm(self, rate: int) -> float:
        """Mean tempo in quarter notes per minute."""
        first, last = self.samples_at(self.length)
        return float(self.length * 60.0 * rate / (last - first))


def choose_bars(
    stretches: Sequence[Stretch], press: int, song_beat: float | None, bar_beats: float, wanted: int
) -> Bars:
    """Choose the last `wanted` whole bars before sample `press`, or as many as were played without a break.

    `song_beat`: the song's position at the press in quarter notes from a bar line, None if unknown; an error of up to
    0.4 does not matter, since the phase is exact. Without it bars are counted from where the transport started,
    or back from the press. Raises CaptureError if there is no whole bar.
    """
    before = [stretch for stretch in stretches if stretch.first < press]
    if not before:
        raise CaptureError(STOOD_STILL.format(bars=_bars(wanted)))
    stretch = before[-1]
    last = min(press, stretch.end - 1)
    # Positions in beats of the stretch: beat 0 is the first that begins in it.
    begun = int(np.searchsorted(stretch.beats, last, side="right")) - 1
    phase = float(stretch.phase[last - stretch.first]) % 1.0
    end = begun + phase + NEARLY * _step(stretch)
    start = float(-1 + stretch.phase[0]) if not _starts_on_beat(stretch) else 0.0
    origin = _find_origin(begun, phase, song_beat, is_running=press < stretch.end)
    is_one_known = origin is not None
    if origin is None and start == 0.0:
        # Live starts on a bar line, unless configured otherwise.
        origin = 0.0
    if origin is None:
        count = min(wanted, floor((end - ceil(start)) / bar_beats))
        begin = float(floor(end - count * bar_beats))
    else:
        lines = floor((end - origin) / bar_beats)
        count = min(wanted, lines - ceil((start - origin) / bar_beats))
        begin = origin + (lines - count) * bar_beats
    if count < 1:
        raise CaptureError(TOO_SHORT.format(bars=_bars(max(2, wanted))))
    return Bars(stretch, begin, count, bar_beats, is_one_known)


def _find_origin(begun: int, phase: float, song_beat: float | None, *, is_running: bool) -> float | None:
    """Return the beat of the stretch on a bar line of the song; None if the song's position is unreliable.

    `begun` and `phase` are the position in the stretch at the press, or at its end.
    """
    if song_beat is None:
        return None
    off = song_beat - phase
    # While stopped, the position may have been moved: then it matches only by chance.
    if not is_running and abs(off - round(off)) > STOPPED_THERE:
        return None
    return float(begun - round(off))


def _starts_on_beat(stretch: Stretch) -> bool:
    return bool(stretch.beats.size) and stretch.beats[0] <= stretch.first


def _step(stretch: Stretch) -> float:
    """Return the beats per sample at the end of a stretch."""
    steps = np.diff(stretch.phase[-3:].astype(np.float64)) % 1.0
    return float(steps.max(initial=0.0))


def _bars(count: int) -> str:
    return "1 bar" if count == 1 else f"{count} bars"
