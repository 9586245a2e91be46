"""Clocks and parts as they were kept: what is followed and sent, whatever comes in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.bridge.midi.clock import some_clocks
from tests.each_case import each_case
from tests.snapshots import Outcome, write_lines

PARTS: dict[str, tuple[int, Callable[[int], Iterable[object]]]] = {
    "schedule": (60, some_clocks.schedule_over_time),
    "ledger": (6, some_clocks.ledger_over_time),
    "lines": (60, some_clocks.lines),
    "lock": (30, some_clocks.lock_over_time),
    "meanings": (12, some_clocks.meanings),
    "midi clock": (20, some_clocks.midi_clock_over_time),
    "clock out": (30, some_clocks.clock_out_over_time),
    "live clock": (30, some_clocks.live_clock_over_time),
    "following": (15, some_clocks.following_over_time),
    "parts": (4, some_clocks.parts),
}


def cases(name: str) -> Iterator[Outcome]:
    count, outcome = PARTS[name]
    for seed in range(count):
        yield f"{name} {seed}", list(outcome(seed))


def outcomes() -> Iterator[Outcome]:
    for name in PARTS:
        yield from cases(name)


@each_case("name", PARTS)
def test_what_is_followed_and_sent_is_as_in_snapshots(name: str) -> None:
    kept = (Path(__file__).parent / "snapshots.txt").read_text(encoding="utf-8").splitlines()
    lines = iter([line for line in kept if line.rpartition(":")[0].startswith(f"{name} ")])
    for line in write_lines(cases(name)):
        assert line == next(lines, "nothing"), "when the change is meant: python -m tests.regenerate_snapshots"
    assert next(lines, None) is None, "cases are missing"
