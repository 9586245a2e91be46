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
        left = tasks[len(outcomes) :]
        player = _find_player()
        answers = player.begin(left)
        for task in left:
            try:
                outcomes.append(answers.get(timeout=late_after))
            except queue.Empty:
                outcomes.append(TimeoutError(f"{task.engine.title} took longer than {late_after:g} s"))
                player.dismiss()
                break
        else:
            _IDLE.append(player)
    return outcomes


_Answers = queue.SimpleQueue[Outcome]


class _Player:
    """A thread that plays tasks and stays for more: where others use the processor, starting one takes milliseconds,
    and a band has five stages.
    """

    def __init__(self) -> None:
        self._wanted: queue.SimpleQueue[tuple[Sequence[PartTask], _Answers] | None] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="band", daemon=True).start()

    def begin(self, tasks: Sequence[PartTask]) -> _Answers:
        """Play tasks, and return the queue that gets their outcomes."""
        answers: _Answers = queue.SimpleQueue()
        self._wanted.put((tasks, answers))
        return answers

    def dismiss(self) -> None:
        """End the thread once it has played what it was given."""
        self._wanted.put(None)

    def _run(self) -> None:
        while wanted := self._wanted.get():
            tasks, answers = wanted
            for task in tasks:
                try:
                    answers.put(task.play())
                except Exception as error:  # an outcome too: the caller reports or logs it
                    answers.put(error)


_IDLE: Final[list[_Player]] = []
"""Players that wait: at most as many as threads have played at once."""


def _find_player() -> _Player:
    try:
        return _IDLE.pop()
    except IndexError:
        return _Player()
