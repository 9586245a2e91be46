"""What follows from long plays of events, and what presses come to in odd sets, without the wording of sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from musearoo.bridge.core.talk_targets import play_along_of
from tests.bridge.core.some_composings import composings
from tests.bridge.core.some_events import Play
from tests.bridge.live_set.some_sets import some_set
from tests.bridge.services.some_outcomes import arrivals_over_time, outcomes_in_set
from tests.bridge.some_values import KINDS, values
from tests.bridge.wording import without_prose
from tests.each_case import each_case
from tests.snapshots import Outcome, write_lines

SET = some_set(3)

PLAYS, SCENES, STEPS = 20, 5, 50
SETS, SETS_A_LINE = 320, 40
COMPOSED, COMPOSED_A_LINE = 120, 30


def see(play: Play) -> object:
    """Who plays along, for the device that came first."""
    state = play.stage.state
    if not (state.sessions and state.lives):
        return None
    first, live = next(iter(state.sessions)), next(iter(state.lives.values()))
    return play_along_of(state, (first, 1), live, SET)


def plays() -> Iterator[Outcome]:
    for seed in range(PLAYS):
        play = Play(seed)
        for scene in range(SCENES):
            seen = [(each, see(play)) for each in play.steps(STEPS)]
            yield f"play {seed}, scene {scene}", without_prose(seen)


def sets() -> Iterator[Outcome]:
    return by_kind("set", SETS, SETS_A_LINE, outcomes_in_set)


def composed() -> Iterator[Outcome]:
    return by_kind("composed", COMPOSED, COMPOSED_A_LINE, composings)


def by_kind(
    begins: str, count: int, a_line: int, outcome: Callable[[int], Iterable[tuple[str, object]]]
) -> Iterator[Outcome]:
    """The outcomes of one kind in several sets on a line."""
    for first in range(0, count, a_line):
        kinds: dict[str, list[object]] = {}
        for seed in range(first, first + a_line):
            for kind, found in outcome(seed):
                kinds.setdefault(kind, []).append(found)
        for kind, several in kinds.items():
            yield f"{begins} {first}, {kind}", several


def arrivals() -> Iterator[Outcome]:
    for seed in range(20):
        yield f"arrivals {seed}", list(arrivals_over_time(seed))


def outcomes() -> Iterator[Outcome]:
    for part in (plays, sets, composed, arrivals):
        yield from part()
    for kind in KINDS:
        yield from values(kind)


def check(part: Iterable[Outcome], begins: str) -> None:
    """Compares the outcomes of one part with the lines that are kept of it."""
    kept = (Path(__file__).parent / "snapshots.txt").read_text(encoding="utf-8").splitlines()
    lines = iter([line for line in kept if line.startswith(f"{begins} ")])
    for line in write_lines(part):
        assert line == next(lines, "nothing"), "when the change is meant: python -m tests.regenerate_snapshots"
    assert next(lines, None) is None, "cases are missing"


def test_what_follows_from_events_is_as_in_snapshots() -> None:
    check(plays(), "play")


def test_what_presses_come_to_is_as_in_snapshots() -> None:
    check(sets(), "set")


def test_what_is_composed_is_as_in_snapshots() -> None:
    check(composed(), "composed")


def test_what_arrives_is_as_in_snapshots() -> None:
    check(arrivals(), "arrivals")


@each_case("kind", KINDS)
def test_what_small_functions_give_is_as_in_snapshots(kind: str) -> None:
    check(values(kind), kind)
