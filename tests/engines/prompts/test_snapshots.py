"""Prompts compared with snapshots: readings, model texts and sketches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from musearoo.engines.prompts.seeds import MOST, take_seeds
from tests.engines.prompts.some_prompts import readings, sketches
from tests.snapshots import Outcome, check_snapshots


def outcomes() -> Iterator[Outcome]:
    yield "seeds", [take_seeds(seed, takes) for seed, takes in ((0, 1), (7, 3), (12345, 8), (MOST, 4))]
    yield from readings(lines=95, texts=5)
    yield from sketches(lines=24, texts=2)


def test_prompts_are_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
