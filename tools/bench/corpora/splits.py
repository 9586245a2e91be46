"""Assign songs to splits by name only, so that a song is in the same split in every kind of set."""

from __future__ import annotations

import hashlib
from typing import Final, Literal, get_args

Split = Literal["train", "dev", "held"]
SPLITS: Final[tuple[Split, ...]] = get_args(Split)

_TRAIN, _DEV = 70, 85
"""Of a hundred songs the first 70 are for training, the next 15 for development; the rest is held out."""

_SALT: Final = 58
"""The hash salt, chosen to distribute the few drum sessions evenly: each split has styles, drummers and rare meters."""


def split_of(song: str) -> Split:
    """Return the split of a song, a lead sheet or a drummer's session, by a hash of its name.

    >>> split_of("pop909/002") == split_of("pop909/002")
    True
    """
    place = int(hashlib.sha256(f"{_SALT}:{song}".encode()).hexdigest(), 16) % 100
    return "train" if place < _TRAIN else "dev" if place < _DEV else "held"
