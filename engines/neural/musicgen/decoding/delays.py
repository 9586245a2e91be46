"""The delay pattern: convert frames of codes to the steps of a sequence, each codebook delayed, and back.

Step 0 is empty, and codebook k of frame t is at step t + 1 + delays[k]. Positions without a frame have a special code,
one above the last; codes not yet computed are UNKNOWN. The plain equivalent is `DelayedPatternProvider` of audiocraft.
"""

from __future__ import annotations

from typing import Final

import torch

from musearoo.engines.neural.musicgen.decoding.shape import Tensor

UNKNOWN: Final = -1


def count_steps(frames: int, delays: tuple[int, ...]) -> int:
    """Return the steps of a sequence of `frames` frames, with the empty first one."""
    return frames + 1 + delays[-1]


def count_finished(step: int, delays: tuple[int, ...]) -> int:
    """Return how many frames are complete once step `step` is computed.

    >>> [count_finished(step, (0, 1, 2, 3)) for step in (0, 3, 4, 5)]
    [0, 0, 1, 2]
    """
    return max(0, step - delays[-1])


def lay_out(known: Tensor, frames: int, delays: tuple[int, ...], nothing: int) -> Tensor:
    """Return the sequence (codebooks, steps) of `frames` frames, the first of which are known: int64 (codebooks, n).

    >>> lay_out(torch.tensor([[7, 8], [9, 6]]), 4, (0, 1), 99).tolist()
    [[99, 7, 8, -1, -1, 99], [99, 99, 9, 6, -1, -1]]
    """
    sequence = torch.full((len(delays), count_steps(frames, delays)), nothing, dtype=torch.int64)
    for book, delay in enumerate(delays):
        sequence[book, delay + 1 : delay + 1 + frames] = UNKNOWN
        sequence[book, delay + 1 : delay + 1 + known.shape[1]] = known[book]
    return sequence


def take_frames(sequence: Tensor, first: int, last: int, delays: tuple[int, ...]) -> Tensor:
    """Return frames first <= t < last of a sequence, on the CPU: int64 (codebooks, n).

    >>> take_frames(torch.tensor([[99, 7, 8, 5, 4, 99], [99, 99, 9, 6, 3, 2]]), 1, 3, (0, 1)).tolist()
    [[8, 5], [6, 3]]
    """
    steps = sequence[:, first + 1 : last + 1 + delays[-1]].cpu()
    return torch.stack([steps[book, delay : delay + last - first] for book, delay in enumerate(delays)])
