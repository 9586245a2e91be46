"""How many segments Demucs computes at once."""

from __future__ import annotations

from typing import Any, Final

import torch

SEGMENT_BYTES: Final = 700_000_000
"""What one segment of the published models takes while it is computed, in full precision: measured on a processor."""

MOST_TOGETHER: Final = 8
"""More at once keep no GPU busier, and let a cancel wait."""

HEADROOM: Final = 1_000_000_000
"""Bytes of a GPU that are left to others."""


def choose_together(device: Any, segments: int) -> int:
    """How many of so many segments are computed at once: as many as a GPU has room for, one elsewhere."""
    if device.type != "cuda":
        return 1
    free, _ = torch.cuda.mem_get_info(device)
    return max(1, min(MOST_TOGETHER, segments, int(free - HEADROOM) // SEGMENT_BYTES))
