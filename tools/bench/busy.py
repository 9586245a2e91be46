"""Other programs at work beside what is measured: busy loops, and Demucs and MusicGen with tiny random models."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from musearoo.engines.errors import EngineError

MODELS: Final = "musearoo.tools.bench.musicgen.beside"
"""The program of the models. It is not imported here: it needs what only some benchmarks do."""
READY: Final = "at work: "
"""What it says once it works, before the names of the models."""


@contextmanager
def busy_machine(loops: int, *, models: bool = False) -> Iterator[str]:
    """Keep processor cores busy with that many loops, and with the models; yields what is at work, in words.

    Raises EngineError if the models do not start.
    """
    commands = [[sys.executable, "-c", "while True: pass"]] * loops
    if models:
        commands.append([sys.executable, "-m", MODELS])
    started: list[subprocess.Popen[str]] = []
    try:
        for command in commands:
            started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        beside = f"{loops} busy loop{'' if loops == 1 else 's'}"
        if models:
            told = started[-1].stdout
            line = told.readline().strip() if told is not None else ""
            if not line.startswith(READY):
                raise EngineError("The models beside did not start: the lines above say why.")
            beside += f", {line.removeprefix(READY)}"
        yield beside
    finally:
        for process in started:
            process.kill()
            process.communicate()
