"""Live's 70 colours. A colour set by a script is replaced by the nearest of them."""

from __future__ import annotations

import functools

_ROWS = (
    "ff94a6 ffa529 cc9927 f7f47c bffb00 1aff2f 25ffa8 5cffe8 8bc5ff 5480e4 92a7ff d86ce4 e553a0 ffffff",
    "ff3636 f66c03 99724b fff034 87ff67 3dc300 00bfaf 19e9ff 10a4ee 007dc0 886ce4 b677c6 ff39d4 d0d0d0",
    "e2675a ffa374 d3ad71 edffae d2e498 bad074 9bc48d d4fde1 cdf1f8 b9c1e3 cdbbe4 ae98e5 e5dce1 a9a9a9",
    "c6928b b78256 99836a bfba69 a6be00 7db04d 88c2ba 9bb3c4 85a5c2 8393cc a595b5 bf9fbe bc7196 7b7b7b",
    "af3333 a95131 724f41 dbc300 85961f 539f31 0a9c8e 236384 1a2f96 2f52a2 624bad a34bad cc2e6e 3c3c3c",
)
PALETTE = tuple(int(colour, 16) for row in _ROWS for colour in row.split())


@functools.lru_cache(maxsize=256)
def nearest_index(colour: int) -> int:
    """Return the index of the palette's colour nearest to `colour` (0x00RRGGBB), by distance in RGB.

    >>> hex(PALETTE[nearest_index(0xFF0000)])
    '0xff3636'
    """
    if not 0 <= colour <= 0xFFFFFF:
        raise ValueError(f"colour must be in range 0..0x00FFFFFF, not {colour!r}")

    def distance(index: int) -> int:
        difference = [((PALETTE[index] >> shift) & 255) - ((colour >> shift) & 255) for shift in (16, 8, 0)]
        return sum(part * part for part in difference)

    return min(range(len(PALETTE)), key=distance)


def check_index(index: int) -> int:
    """Return the palette index, or raise when there is no such colour."""
    if not 0 <= index < len(PALETTE):
        raise ValueError(f"color_index must be in range 0..{len(PALETTE) - 1}, not {index!r}")
    return index
