"""A composer's process: one command after the other, until the server ends.

Requests are pure: one whose composer dies is given to another, and gives the same notes.
"""

from __future__ import annotations

import gc
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from musearoo.bridge.api.composers.messages import Ready
from musearoo.bridge.process.child_process import plain_end, settle_in

if TYPE_CHECKING:
    from musearoo.bridge.api.composers.messages import Command


@plain_end
def run_composer(connection: Connection[Any, Any], heartbeat: Any, home: Path) -> None:
    """Serve until the connection ends. `home` is MuseAroo's folder."""

    def beat() -> None:
        heartbeat.value += 1

    settle_in(home / "composer.log", beat)
    # Here: the server imports this module too, and must not import the engines.
    from musearoo.bridge.api.composers.composer import Composer

    composer = Composer(home)
    gc.freeze()
    connection.send(Ready())
    while True:
        try:
            command: Command = connection.recv()
        except (EOFError, OSError):
            return
        connection.send(composer.answer(command))
