"""Excerpts of human drumming."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

from musearoo.tools.bench.corpora.piece import Piece, cut
from musearoo.tools.bench.corpora.splits import Split
from musearoo.tools.workshop.corpora.sources.gmd import Performance, performances, read_performance

KITS: Final = (0, 0, 8, 16, 24, 25, 32, 40)
"""General MIDI kits: standard twice as often, room, power, electronic, 808, jazz, brush.

The orchestra kit is omitted, because it has timpani in place of cymbals.
"""

LEAST_SECONDS: Final = 8.0


def drum_excerpts(corpora: Path, split: Split, chance: Random) -> Iterator[Piece]:
    """Yield excerpts of 8 to 30 s from performances of a split, endlessly; every sixth is in a rare meter."""
    own = [one for one in performances(corpora) if one.split == split and one.duration >= LEAST_SECONDS]
    common = [one for one in own if one.meter == "4/4"]
    rare = [one for one in own if one.meter != "4/4"]
    number = 0
    while own:
        for performance in chance.sample(common, len(common)):
            number += 1
            yield drum_excerpt(performance, chance, number)
            if rare and number % 5 == 0:
                number += 1
                yield drum_excerpt(chance.choice(rare), chance, number)


def drum_excerpt(performance: Performance, chance: Random, number: int) -> Piece:
    """Return an excerpt of a performance with a random start."""
    piece = read_performance(performance)
    length = min(chance.choice((8.0, 12.0, 20.0, 30.0)), piece.duration)
    start = chance.uniform(0.0, piece.duration - length)
    name = f"drums{number:03d}_{performance.session.replace('/', '_')}_{performance.path.stem}"
    return replace(cut(piece, start, start + length, name), kit=chance.choice(KITS))
