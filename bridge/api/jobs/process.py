"""The process of a task runner: one task after the other, until the server ends or does not need it any more."""

from __future__ import annotations

import gc
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from musearoo.bridge.api.composers.messages import Ready
from musearoo.bridge.api.jobs.messages import Task
from musearoo.bridge.process.child_process import plain_end, settle_in


@plain_end
def run_tasks(connection: Connection[Any, Any], heartbeat: Any, home: Path, cancelled: Any) -> None:
    """Serve until the connection ends. `home` is MuseAroo's folder; `cancelled` has the number of a cancelled task."""

    def beat() -> None:
        heartbeat.value += 1

    settle_in(home / "tasks.log", beat)
    # Here: the server imports this module too, and must not import the engines.
    from musearoo.bridge.api.jobs.line import Line
    from musearoo.bridge.api.jobs.tasks import TaskDesk

    desk = TaskDesk(home)
    gc.freeze()
    connection.send(Ready())
    while True:
        try:
            task: Task = connection.recv()
        except (EOFError, OSError):
            return
        if isinstance(task, Task):
            connection.send(desk.perform(task, Line(connection, cancelled, task.number)))
