"""A progress bar for a job, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import Progress

from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.terminal import Terminal, escape
from musearoo.bridge.jobs.contract import JobError, Report


@contextmanager
def showing(name: str, *, quiet: bool) -> Iterator[Report]:
    """Yield a function that shows the progress of the job on file `name`; a no-op without a terminal, or if `quiet`.

    A JobError becomes the CommandError of its sentence.
    """
    console = Terminal(stderr=True)
    with Progress(console=console, transient=True, disable=quiet or not console.is_interactive) as progress:
        task = progress.add_task(escape(name), total=1.0)

        def report(fraction: float, text: str) -> None:
            progress.update(task, completed=fraction, description=escape(f"{name}: {text}"))

        try:
            yield report
        except JobError as error:
            raise CommandError(str(error)) from error
