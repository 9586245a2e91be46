"""What `musearoo run` shows in the terminal: that it is ready, reports, and a status line below them."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.live import Live as LiveDisplay
from rich.text import Text

from musearoo.bridge.commands.shared.terminal import Terminal
from musearoo.bridge.core.events.effects import Report
from musearoo.bridge.text.escaping import escape_line


class StatusLine:
    """The daemon's terminal. `is_live`: it has a status line, which only a terminal has, unless `quiet`."""

    def __init__(self, console: Terminal, *, quiet: bool) -> None:
        self._console = console
        self._quiet = quiet
        self.is_live = self._console.is_terminal and not quiet
        # It redraws when something has changed: a thread that redraws by itself would cost more than the idle daemon.
        self._display = LiveDisplay(console=self._console, auto_refresh=False, transient=True)
        self._status = ""

    def __enter__(self) -> Self:
        if self.is_live:
            self._display.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._display.stop()

    def show_ready(self, sentence: str) -> None:
        """Show a sentence, if there is one."""
        if sentence:
            self._console.print(sentence, markup=False, soft_wrap=True)

    def show_status(self, status: str) -> None:
        """Show the status line, if it has changed."""
        if self.is_live and status != self._status:
            self._status = status
            self._display.update(Text(status, style="dim"), refresh=True)

    def show_report(self, report: Report) -> None:
        """Show a report with the time; only a warning if it is quiet."""
        # Without a terminal, the output is a log, such as a service's, which must not quote the user.
        sentence = report.sentence if self._console.is_terminal or report.logged is None else report.logged
        if sentence and (report.warning or not self._quiet):
            line = f"{time.strftime('%H:%M:%S')} {escape_line(sentence)}"
            # Names of tracks and clips may have brackets, which are not markup.
            self._console.print(line, style="yellow" if report.warning else "", markup=False, soft_wrap=True)
