"""Frames of codes laid out as the steps of a sequence, each codebook delayed, and taken out of it again.

Step 0 is empty, and codebook k of frame t stands at step t + 1 + delays[k]. What stands nowhere in time is the one
number above the codes; what is not yet known is UNKNOWN. The plain equivalent is `DelayedPatternProvider` of
audiocraft.
"""

from __future__ import annotations

from typing import Final

import torch

from musearoo.engines.neural.musicgen.decoding.shape import Tensor

UNKNOWN: Final = -1


def count_steps(frames: int, delays: tuple[int, ...]) -> int:
    """How many steps a sequence of so many frames has, the empty one with them."""
    return frames + 1 + delays[-1]


def count_finished(step: int, delays: tuple[int, ...]) -> int:
    """How many frames are complete once that step is known.

    >>> [count_finished(step, (0, 1, 2, 3)) for step in (0, 3, 4, 5)]
    [0, 0, 1, 2]
    """
    return max(0, step - delays[-1])


def lay_out(known: Tensor, frames: int, delays: tuple[int, ...], nothing: int) -> Tensor:
    """The sequence (codebooks, steps) of so many frames, the first of which are known: int64 (codebooks, n).

    >>> lay_out(torch.tensor([[7, 8], [9, 6]]), 4, (0, 1), 99).tolist()
    [[99, 7, 8, -1, -1, 99], [99, 99, 9, 6, -1, -1]]
    """
    sequence = torch.full((len(delays), count_steps(frames, delays)), nothing, dtype=torch.int64)
    for book, delay in enumerate(delays):
        sequence[book, delay + 1 : delay + 1 + frames] = UNKNOWN
        sequence[book, delay + 1 : delay + 1 + known.shape[1]] = known[book]
    return sequence


def take_frames(sequence: Tensor, first: int, last: int, delays: tuple[int, ...]) -> Tensor:
    """Frames first <= t < last of a sequence, on the processor: int64 (codebooks, n).

    >>> take_frames(torch.tensor([[99, 7, 8, 5, 4, 99], [99, 99, 9, 6, 3, 2]]), 1, 3, (0, 1)).tolist()
    [[8, 5], [6, 3]]
    """
    steps = sequence[:, first + 1 : last + 1 + delays[-1]].cpu()
    return torch.stack([steps[book, delay : delay + last - first] for book, delay in enumerate(delays)])
