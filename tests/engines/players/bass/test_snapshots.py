"""Sweeps over drawn cases, and takes as they were kept: in every style, with others and alone, and refined."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.engines.players.bass import sweeps
from tests.engines.some_takes import takes_in_snapshots
from tests.snapshots import Outcome, check_snapshots


def outcomes() -> Iterator[Outcome]:
    yield from sweeps.outcomes()
    yield from takes_in_snapshots("bassaroo")


def test_takes_are_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
