"""Undo from the device: which transaction of a Live is the one to take back. Pure.

Whether it is still the last step of Live's history only Live's script can find out; it refuses where it is not.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

MOST_STEPS = 64
"""Transactions that can be taken back one after the other, as many as Live's script remembers."""

MOST_LIVES = 8
"""Lives whose transactions are remembered: each set that is opened is another one."""

ANY = ""
"""What the script is asked to take back where this run of the daemon wrote nothing: the last that it remembers."""


@dataclass(frozen=True, slots=True)
class Step:
    """One transaction that stands in a set: Live's name of it, and the musician's."""

    request: str
    name: str


Steps = Mapping[str, tuple[Step, ...]]
"""What was written into each Live, by the instance of its script, the last one last."""


def with_step(steps: Steps, instance: str, step: Step) -> Steps:
    """The steps after a transaction was written."""
    others = {other: written for other, written in steps.items() if other != instance}
    while len(others) >= MOST_LIVES:
        del others[next(iter(others))]
    return {**others, instance: (*steps.get(instance, ()), step)[-MOST_STEPS:]}


def without_step(steps: Steps, instance: str, request: str) -> Steps:
    """The steps after a transaction was taken back, or is gone otherwise."""
    return {**steps, instance: tuple(step for step in steps.get(instance, ()) if step.request != request)}


def last_step(steps: Steps, instance: str, under_way: Collection[str] = ()) -> Step:
    """What is to be taken back next in a Live, where the requests `under_way` are being taken back already."""
    left = [step for step in steps.get(instance, ()) if step.request not in under_way]
    return left[-1] if left else Step(ANY, "what MuseAroo wrote last")
