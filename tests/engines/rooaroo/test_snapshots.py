"""Conversations as they were kept: what is done, asked and remembered, whatever the words are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.engines.rooaroo.some_talk import keep_conversation
from tests.snapshots import Outcome, check_snapshots

TALKS, TURNS = 220, 14


def outcomes() -> Iterator[Outcome]:
    numbers: dict[str, int] = {}
    for seed in range(TALKS):
        yield f"talk {seed}", keep_conversation(seed, TURNS, numbers)


def test_conversations_are_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
