"""What follows from long plays, without the wording of what is said to people."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.bridge.some_events import Play
from tests.bridge.wording import without_prose
from tests.snapshots import Outcome, check_snapshots

PLAYS, SCENES, STEPS = 20, 10, 25


def outcomes() -> Iterator[Outcome]:
    for seed in range(PLAYS):
        play = Play(seed)
        for scene in range(SCENES):
            yield f"play {seed}, scene {scene}", [without_prose(each) for each in play.steps(STEPS)]


def test_what_follows_from_events_is_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
