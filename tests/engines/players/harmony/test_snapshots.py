"""Snapshots of HarmonyRoo's stages on random input, and of takes in every style, alone, in a band and refined."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.engines.players.harmony.sweeps import sweeps
from tests.engines.some_takes import takes_in_snapshots
from tests.snapshots import Outcome, check_snapshots


def outcomes() -> Iterator[Outcome]:
    yield from sweeps()
    yield from takes_in_snapshots("harmonyroo")


def test_takes_are_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
