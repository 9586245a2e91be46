"""Run the band's tasks with a timeout: an engine that takes too long is skipped, and the others play."""

import queue
import threading
from collections.abc import Sequence
from typing import Final

from musearoo.engines.players.band.fallbacks import Outcome, PartTask

LATE_AFTER: Final = 1.0
"""Seconds after which an engine is late: thirty times what the slowest may take for 64 bars."""


def play_with_patience(tasks: Sequence[PartTask], late_after: float = LATE_AFTER) -> list[Outcome]:
    """Return each task's clip or exception; TimeoutError for a task that took longer than `late_after` seconds.

    Python runs engines one at a time anyway, so they share one thread. When one is late, the rest continue in another
    thread. Threads cannot be stopped: the late one runs to its end, and its result is ignored.
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
        except Exception as error:  # an outcome too: the caller reports or logs it
            answers.put(error)
