"""Sample-exact beats from the phase of Live's own transport (Max's `plugphasor~`), without audio analysis.

The phase rises from 0 to 1 within each beat, a quarter note, and is constant while Live is stopped. A beat begins where
it falls back to 0 between two samples, and the values of the two give the exact time in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.music.knowledge.context import MAX_BPM
from musearoo.engines.music.timing import beats_per_second

FloatArray = npt.NDArray[np.float32]
Samples = npt.NDArray[np.float64]

SLACK: Final = 0.01
"""Tolerance in beats for the phase from one sample to the next before it counts as a jump: it is recomputed for each
block of samples, and a change of tempo within a block shows at its end (20% of 256 samples at 120 BPM are 0.002
beats)."""

STILL: Final = 64
"""Samples, Max's usual block, of constant phase that mean a stopped transport. While running it always changes from
sample to sample: at 20 BPM and 192 kHz by 29 times the resolution of float32 below 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """An uninterrupted run of the transport: samples `first` to `end`, exclusive.

    `phase`: its phases, float32 (end - first,); `beats`: the fractional samples at which beats begin, ascending.
    A beat on which the transport started may be before `first`, by up to SLACK of a beat.
    """

    first: int
    end: int
    phase: FloatArray
    beats: Samples

    def sample_at(self, beat: int, part: float) -> float:
        """Return the fractional sample at `part` (0 to 1, exclusive) of a beat.

        Beats are counted from the first of `beats`, 0; -1 is the one in progress when the stretch began. Positions
        beyond the stretch map to its end.
        """
        if beat >= self.beats.size:
            return float(self.end)
        if part == 0.0 and beat >= 0:
            return float(self.beats[beat])
        # At the sample on which a beat begins the phase may still be 1, due to the resolution of float32.
        low = 0 if beat < 0 else max(0, int(np.floor(self.beats[beat])) + 1 - self.first)
        is_last = beat + 1 >= self.beats.size
        high = self.phase.size if is_last else int(np.ceil(self.beats[beat + 1])) - self.first
        phases = np.maximum.accumulate(self.phase[low:high].astype(np.float64))
        after = int(np.searchsorted(phases, part))
        if after == phases.size:
            return float(self.first + high)
        if after == 0:
            return float(self.first + low)
        below, above = phases[after - 1], phases[after]
        return self.first + low + after - 1 + float((part - below) / (above - below))


def find_stretches(phase: FloatArray, rate: int) -> tuple[Stretch, ...]:
    """Find the uninterrupted runs of the transport in order, with their beats: sample-exact at 20 to 999 BPM.

    A stop, a start or a jump ends a stretch, unless the jump keeps the phase, as one by whole beats does.
    """
    if phase.size < 2:
        return ()
    steps = np.diff(phase)
    with np.errstate(invalid="ignore"):
        up, down = steps < -0.5, steps > 0.5
        usable = (phase >= 0.0) & (phase <= 1.0)
        stands = steps == 0.0
        steps = steps + up - down
        goes_on = (steps >= -SLACK) & (steps <= beats_per_second(MAX_BPM) / rate + SLACK) & usable[1:] & usable[:-1]
    goes_on &= ~_long_runs(stands, STILL)
    stretches = []
    # Shorter ones are noise, or artefacts of starting and stopping: no bar lasts a hundredth of a second.
    for first, end in _runs(_long_runs(goes_on, STILL)):
        # Exclude the constant phase before the first change and after the last.
        moves = np.flatnonzero(~stands[first:end])
        if not moves.size:
            continue
        begin, finish = _trim(steps, first + int(moves[0]), first + int(moves[-1]) + 2)
        beats = _find_beats(phase, steps, begin, up[begin : finish - 1], down[begin : finish - 1])
        stretches.append(Stretch(begin, finish, phase[begin:finish], beats))
    return tuple(stretches)


def _trim(steps: FloatArray, first: int, end: int) -> tuple[int, int]:
    """Trim irregular steps of the phase at the start and stop of the transport."""
    if end - first > 3:
        if not 0.0 < steps[first] <= 2.0 * steps[first + 1]:
            first += 1
        if not 0.0 < steps[end - 2] <= 2.0 * steps[end - 3]:
            end -= 1
    return first, end


def _find_beats(
    phase: FloatArray, steps: FloatArray, first: int, up: npt.NDArray[np.bool_], down: npt.NDArray[np.bool_]
) -> Samples:
    """Return the samples of a stretch's beats; `up` and `down` mark where its phase wraps forwards and backwards."""
    crossings = np.flatnonzero(up)
    for back in np.flatnonzero(down):
        # After the jump back the same beat is passed again.
        again = int(np.searchsorted(crossings, back))
        crossings = np.delete(crossings, again) if again < crossings.size else crossings
    before = crossings + first
    left = 1.0 - phase[before].astype(np.float64)
    width = np.maximum(left + phase[before + 1], np.finfo(np.float64).tiny)
    beats: Samples = before + left / width
    begun, step = float(phase[first]), float(steps[first])
    if not up[0] and begun < SLACK and step > 0.0:
        # The transport started, or jumped, onto a beat; extrapolate to it from the first reported phase.
        beats = np.concatenate([[first - begun / step], beats])
    return beats


def _runs(flags: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the (first, end) of each run of True.

    >>> _runs(np.array([True, True, False, True]))
    [(0, 2), (3, 4)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]])))
    return [(int(first), int(end)) for first, end in zip(edges[::2], edges[1::2], strict=True)]


def _long_runs(flags: npt.NDArray[np.bool_], least: int) -> npt.NDArray[np.bool_]:
    """Return the flags without runs of True shorter than `least`.

    >>> _long_runs(np.array([True, False, True, True]), 2)
    array([False, False,  True,  True])
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]])))
    first, end = edges[::2], edges[1::2]
    is_long = end - first >= least
    marks = np.zeros(flags.size + 1, dtype=np.int8)
    marks[first[is_long]] += 1
    marks[end[is_long]] -= 1
    return np.cumsum(marks[:-1], dtype=np.int8).astype(bool)
