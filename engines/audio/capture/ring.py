"""Unroll the device's ring buffer: the gapless recording up to the press of Listen and slightly beyond.

The ring is written to a file while it keeps recording, so the file begins at any time, and newer samples may surround
samples that are one whole round older. The sample counter in its fourth channel distinguishes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.audio.capture.errors import CaptureError
from musearoo.engines.audio.capture.form import COUNTER, PHASE, ROUND

FloatArray = npt.NDArray[np.float32]
IntArray = npt.NDArray[np.int64]

BEFORE_ITS_SAMPLE: Final = 1 << 13
"""Samples by which a press may be ahead of the recording: several of the largest driver blocks."""

MOST_RUNS: Final = 1000
"""Maximum runs in a ring that was written while recording: normally there are three or four. Noise has one a sample."""

NOTHING_RECORDED: Final = (
    "The device has recorded nothing: look whether Live's audio is switched on and the device is too, then press again."
)
NOT_THIS_MOMENT: Final = "The recording is not of this moment: press Listen again."
NO_COUNTER: Final = "The recording cannot be read, for its sample counter is broken: load the device anew, press again."


@dataclass(frozen=True, slots=True, eq=False)
class Unrolled:
    """A ring buffer in chronological order: `audio` float32 (2, n), `phase` float32 (n,), 0..1 within each beat.

    `counter`: that of the first sample; `press`: the sample at which Listen was pressed.
    """

    audio: FloatArray
    phase: FloatArray
    counter: int
    press: int


def unroll(ring: FloatArray, counter: int) -> Unrolled:
    """Unroll a ring buffer, float32 (4, frames), around the press, given its sample counter.

    Raises CaptureError if nothing was recorded, or not at that time.
    """
    first, length, number = _without_empty_frame(ring, *_find_runs(ring[COUNTER]))
    if not first.size:
        raise CaptureError(NOTHING_RECORDED)
    order, press = _choose(length, number, counter % ROUND)
    audio = np.concatenate([ring[:PHASE, first[run] : first[run] + length[run]] for run in order], axis=1)
    phase = np.concatenate([ring[PHASE, first[run] : first[run] + length[run]] for run in order])
    return Unrolled(audio, phase, int(number[order[0]]), press)


def _find_runs(counters: FloatArray) -> tuple[IntArray, IntArray, IntArray]:
    """Find the runs in which the counter increases without a break or wrap: first frames, lengths, counters."""
    with np.errstate(invalid="ignore"):
        usable = (counters >= 0.0) & (counters < ROUND) & (counters == np.floor(counters))
    whole = np.where(usable, counters, -2.0).astype(np.int64)
    steps = np.diff(whole)
    breaks = np.flatnonzero((steps != 1) | ~usable[1:] | ~usable[:-1]) + 1
    first = np.concatenate([[0], breaks])
    length = np.diff(np.concatenate([first, [whole.size]]))
    # Where nothing was recorded yet the counter is constant.
    stands = np.zeros(whole.size, dtype=bool)
    stands[1:] |= steps == 0
    stands[:-1] |= steps == 0
    kept = usable[first] & ~((length == 1) & stands[first])
    if int(kept.sum()) > MOST_RUNS:
        raise CaptureError(NO_COUNTER)
    return first[kept], length[kept], whole[first[kept]]


def _without_empty_frame(
    ring: FloatArray, first: IntArray, length: IntArray, number: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Drop the last frame that nothing was recorded to yet: zeros, and a counter of 0 that no run leads to."""
    is_empty = (number == 0) & (length == 1) & ~ring[:COUNTER, first].any(axis=0)
    if not is_empty.any() or np.any((number + length) % ROUND == 0):
        return first, length, number
    return first[~is_empty], length[~is_empty], number[~is_empty]


def _choose(length: IntArray, number: IntArray, counter: int) -> tuple[list[int], int]:
    """Return the consecutive runs around the press, and the position of the press in them."""
    places = (counter - number) % ROUND
    holding = np.flatnonzero(places < length)
    if holding.size:
        # A leftover of an earlier wrap with the same numbers is longer: a ring is written soon after the press.
        chains = [_follow(int(run), length, number) for run in holding]
        ends = [sum(int(length[each]) for each in chain) - int(places[chain[0]]) for chain in chains]
        onward = chains[int(np.argmin(ends))]
        press = int(places[onward[0]])
    else:
        late = places - length
        nearest = int(np.argmin(late))
        if late[nearest] >= BEFORE_ITS_SAMPLE:
            raise CaptureError(NOT_THIS_MOMENT)
        onward, press = [nearest], int(length[nearest]) - 1
    backward: list[int] = []
    while (before := _run_before(onward[0] if not backward else backward[-1], length, number)) is not None:
        if before in backward or before in onward:
            break
        backward.append(before)
    order = [*reversed(backward), *onward]
    return order, press + sum(int(length[run]) for run in backward)


def _follow(run: int, length: IntArray, number: IntArray) -> list[int]:
    """Return a run and those that continue it."""
    chain = [run]
    while True:
        after = np.flatnonzero(number == (number[chain[-1]] + length[chain[-1]]) % ROUND)
        after = after[~np.isin(after, chain)]
        if not after.size:
            return chain
        chain.append(int(after[np.argmax(length[after])]))


def _run_before(run: int, length: IntArray, number: IntArray) -> int | None:
    """Return the longest run that a run continues, or None."""
    before = np.flatnonzero((number + length) % ROUND == number[run])
    return int(before[np.argmax(length[before])]) if before.size else None
