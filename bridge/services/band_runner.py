"""Run the band's tasks with a timeout: an engine that takes too long is skipped, and the others play."""

import queue
import threading
from collections.abc import Sequence
from typing import Final

from musearoo.engines.players.band.fallbacks import Outcome, PartTask

LATE_AFTER: Final = 1.0
"""Seconds after which an engine is late: thirty times what the slowest may take for 64 bars."""


def play_with_patience(tasks: Sequence[PartTask], late_after: float = LATE_AFTER) -> list[Outcome]:
    """A clip for each task, or what it ended with; TimeoutError for one that took longer than `late_after` seconds.

    Engines compute in Python and so one at a time anyway: they share one thread, and only when one of them is late do
    the others go on in another. A thread cannot be stopped: the late one ends by itself, and nobody listens to it.
    """
    outcomes: list[Outcome] = []
    while len(outcomes) < len(tasks):
        answers: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        left = tasks[len(outcomes) :]
        threading.Thread(target=_play_all, args=(left, answers), name="band", daemon=True).start()
        for task in left:
            try:
                outcomes.append(answers.get(timeout=late_after))
            except queue.Empty:
                outcomes.append(TimeoutError(f"{task.engine.title} took longer than {late_after:g} s"))
                break
    return outcomes


def _play_all(tasks: Sequence[PartTask], answers: "queue.SimpleQueue[Outcome]") -> None:
    for task in tasks:
        try:
            answers.put(task.play())
        except Exception as error:  # it is the outcome, and whoever asked for it tells or logs it
            answers.put(error)
