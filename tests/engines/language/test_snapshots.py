"""Conversations compared with snapshots: actions, questions and memory, independent of wording."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.engines.language.some_talk import keep_conversation
from tests.snapshots import Outcome, check_snapshots

TALKS, TURNS = 440, 14


def outcomes() -> Iterator[Outcome]:
    numbers: dict[str, int] = {}
    for seed in range(0, TALKS, 2):
        talks = [keep_conversation(each, TURNS, numbers) for each in (seed, seed + 1)]
        yield f"talks {seed} and {seed + 1}", talks


def test_conversations_are_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
