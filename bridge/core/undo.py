"""Undo from the device: find the transaction of a Live to undo. Pure.

Only the script can find out whether it is still the last step of Live's history; it refuses if not.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

MOST_STEPS = 64
"""Transactions that can be undone one after the other: as many as the script stores."""

MOST_LIVES = 8
"""Lives whose transactions are stored; each opened set counts as another Live."""

ANY = ""
"""Asks the script to undo the last transaction that it has stored: this run of the daemon wrote none."""


@dataclass(frozen=True, slots=True)
class Step:
    """A transaction that was written into a set: its request id, and its name for the user."""

    request: str
    name: str


Steps = Mapping[str, tuple[Step, ...]]
"""The transactions written into each Live, by the instance of its script; the newest last."""


def with_step(steps: Steps, instance: str, step: Step) -> Steps:
    """The steps after a transaction was written."""
    others = {other: written for other, written in steps.items() if other != instance}
    while len(others) >= MOST_LIVES:
        del others[next(iter(others))]
    return {**others, instance: (*steps.get(instance, ()), step)[-MOST_STEPS:]}


def without_step(steps: Steps, instance: str, request: str) -> Steps:
    """The steps after a transaction was undone, or can no longer be."""
    return {**steps, instance: tuple(step for step in steps.get(instance, ()) if step.request != request)}


def last_step(steps: Steps, instance: str, under_way: Collection[str] = ()) -> Step:
    """The next transaction to undo in a Live, except those in `under_way`, which are being undone."""
    left = [step for step in steps.get(instance, ()) if step.request not in under_way]
    return left[-1] if left else Step(ANY, "what MuseAroo wrote last")
