"""Takes as they were kept: in every style, with others and alone, and refined."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.engines.some_takes import kept_takes
from tests.kept import Outcome, check_kept


def outcomes() -> Iterator[Outcome]:
    yield from kept_takes("harmonyroo")


def test_takes_are_as_kept() -> None:
    check_kept(Path(__file__).parent, outcomes())
