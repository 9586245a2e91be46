"""Programs run for a task, behind one small interface that tests can implement without starting any."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


def tell(line: str) -> None:
    """Prints a line at once, so that it stands before what the next program writes."""
    print(line, flush=True)


@dataclass(frozen=True, slots=True)
class Outcome:
    status: int
    output: str


class Processes(Protocol):
    def capture(self, command: Sequence[str], folder: Path, *, progress: bool = False) -> Outcome:
        """What the program wrote and how it ended; with `progress` its standard output goes to the terminal instead."""

    def call(self, command: Sequence[str], folder: Path | None = None) -> int:
        """The exit status of a program that has the terminal to itself."""


class MachineProcesses:
    """Runs programs for real."""

    def capture(self, command: Sequence[str], folder: Path, *, progress: bool = False) -> Outcome:
        done = subprocess.run(
            command,
            cwd=folder,
            stdout=None if progress else subprocess.PIPE,
            stderr=subprocess.PIPE if progress else subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        return Outcome(done.returncode, (done.stderr if progress else done.stdout) or "")

    def call(self, command: Sequence[str], folder: Path | None = None) -> int:
        return subprocess.call(command, cwd=folder)
