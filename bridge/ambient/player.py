"""Endless music as its owner sees it: a process that plays, is steered, and goes on where it died."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from musearoo.bridge.ambient.messages import (
    FadeOut,
    FollowSet,
    FromPlayer,
    Over,
    PlayerOptions,
    Playing,
    Steer,
    ToPlayer,
    Trouble,
)
from musearoo.bridge.ambient.process import run_player
from musearoo.bridge.process.supervised import SupervisedProcess

CLOSING: Final = 3.0
"""Seconds in which a player must end: the fade and what waits for the card."""
MOST_DEATHS, WITHIN = 4, 60.0
"""Processes that may die in so many seconds before it is given up."""


class Player:
    """Plays in a process of its own. `on_message` is called in another thread, with all but what only the owner needs.

    Raises OSError where no process can be started.
    """

    def __init__(self, options: PlayerOptions, on_message: Callable[[FromPlayer], None]) -> None:
        self._options, self._tell = options, on_message
        self._lock = threading.Lock()
        self._deaths: deque[float] = deque(maxlen=MOST_DEATHS)
        self._is_ending = False
        self._has_said_why = False
        self._child = self._start()

    @property
    def pid(self) -> int | None:
        """The process's id."""
        return self._child.pid

    def steer(self, message: ToPlayer) -> None:
        """Send the player something to do."""
        with self._lock:
            if isinstance(message, Steer):
                self._options = replace(self._options, steering=message.steering)
            elif isinstance(message, FollowSet):
                self._options = replace(self._options, context=message.context)
            self._is_ending = self._is_ending or isinstance(message, FadeOut)
            self._child.send(message)

    def close(self) -> None:
        """End it: with a fade, if there is time. No other process begins afterwards."""
        self.steer(FadeOut())
        self._child.end(CLOSING, FadeOut())

    def _start(self) -> SupervisedProcess:
        return SupervisedProcess(
            "ambience", run_player, (self._options,), on_message=self._on_message, on_end=self._on_end
        )

    def _on_message(self, message: FromPlayer) -> None:
        if isinstance(message, Playing):
            with self._lock:
                bookmark = replace(message.bookmark, steering=self._options.steering)
                self._options = replace(self._options, bookmark=bookmark)
        elif isinstance(message, Over):
            self._is_ending = True
        elif isinstance(message, Trouble):
            self._has_said_why = message.restarts
        self._tell(message)

    def _on_end(self) -> None:
        if self._is_ending:
            return
        # In a thread of its own: this is the reader's of the process that has died.
        threading.Thread(target=self._start_again, name="ambience goes on", daemon=True).start()

    def _start_again(self) -> None:
        now = time.monotonic()
        self._deaths.append(now)
        if len(self._deaths) == MOST_DEATHS and now - self._deaths[0] < WITHIN:
            self._tell(Trouble("The player ends by itself, again and again: its log, ambience.log, says why."))
            self._tell(Over())
            return
        with self._lock:
            if self._is_ending:
                return
            dead, self._child = self._child, self._start()
        dead.kill()
        if not self._has_said_why:
            self._tell(Trouble("The player had ended by itself: the music goes on where it was."))
        self._has_said_why = False
