"""The daemon's end of the MIDI process: commands and reports, and the restart of a process that ended or hangs."""

from __future__ import annotations

import importlib.util
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from musearoo.bridge.midi.ports.options import MISSING, MidiOptions
from musearoo.bridge.process.supervised import SupervisedProcess, Supervisor
from musearoo.bridge.protocol.midi_process import (
    Choose,
    ClockState,
    Command,
    Fault,
    Follow,
    Leave,
    PartState,
    Report,
    Transport,
)
from musearoo.bridge.settings.logs import LOG

if TYPE_CHECKING:
    import asyncio

HUNG_AFTER: Final = 5.0
"""Seconds without a turn of its loop after which the process counts as hung; it takes five turns per second. Opening a
port may take one second."""

LOOK_EVERY: Final = 0.5
"""Seconds between two checks of the heartbeat."""

CLOSE_WITHIN: Final = 2.5
"""Seconds in which the process must end all notes and exit by itself."""

MOST_DEATHS: Final = 3
DEATHS_WITHIN: Final = 10.0
PATIENCE: Final = 5.0
"""MOST_DEATHS in DEATHS_WITHIN seconds indicate a failure at the start: then the next one waits PATIENCE seconds."""

KEPT: Final = (Choose, Follow, Transport)
"""A restarted process gets the last command of each of these types."""


@dataclass(frozen=True, slots=True)
class _Start:
    pass


class _MidiProcess(SupervisedProcess):
    """The process, and the parts that it plays."""

    def __init__(self, options: MidiOptions, link: MidiLink, hung_after: float) -> None:
        # Imported here to keep the daemon's start fast.
        from musearoo.bridge.midi.process import run_midi

        self._report = link.report
        self._sounding: dict[int, None] = {}
        self._beat = 0.0
        super().__init__(
            "midi",
            run_midi,
            (options,),
            hung_after,
            LOOK_EVERY,
            on_message=self._on_report,
            on_end=lambda: link.ended(self),
        )

    @property
    def ended_parts(self) -> tuple[PartState, ...]:
        """Return a report of its end for each part that sounded when the process ended."""
        return tuple(PartState(number, self._beat, False) for number in self._sounding)

    def explain_end(self) -> str:
        """Return one sentence on how the process ended."""
        from musearoo.bridge.midi.process import WORN

        how = self.describe_end(CLOSE_WITHIN)
        if self.process.exitcode == WORN:
            return "JACK has ended, and with it MuseAroo's MIDI ports: they come again with it."
        return f"The MIDI process {how}: midi.log beside the log may tell why. It is started anew."

    def _on_report(self, report: Report) -> None:
        """Track the sounding parts, and pass the report on. Runs in the reader's thread."""
        match report:
            case PartState(number, _, True):
                self._sounding[number] = None
            case PartState(number):
                self._sounding.pop(number, None)
            case ClockState():
                self._beat = report.beat
        self._report(report)


class MidiLink(Supervisor[_MidiProcess]):
    """Send commands to the MIDI process and deliver its reports: in the loop's thread, or without a loop in its own.

    The process starts with `start` or the first command. One that ended or hangs is replaced: the new one gets the last
    Choose, Follow and Transport again, and each part that sounded is reported as ended.
    """

    def __init__(
        self,
        options: MidiOptions,
        report: Callable[[Report], None],
        loop: asyncio.AbstractEventLoop | None,
        hung_after: float = HUNG_AFTER,
    ) -> None:
        super().__init__("midi", report, loop, LOOK_EVERY, CLOSE_WITHIN * 2)
        self._options = options
        self._hung_after = hung_after
        self._kept: dict[type[Command], Command] = {}
        self._deaths: deque[float] = deque(maxlen=MOST_DEATHS)
        self._starts_at: float | None = None
        self._is_missing = False

    def start(self) -> None:
        """Start the process in the background."""
        self.post(_Start())

    def send(self, command: Command) -> None:
        """Send a command to the process."""
        self.post(command)

    @property
    def is_idle(self) -> bool:
        return self.child is None and self._starts_at is None

    def look(self) -> None:
        super().look()
        self._begin()

    def perform(self, command: Command | _Start) -> None:
        if isinstance(command, _Start):
            self._begin()
            return
        if isinstance(command, KEPT):
            self._kept[type(command)] = command
        if self._begin() and isinstance(command, KEPT):
            # It was sent with the kept commands.
            return
        if self.child is not None:
            self.child.send(command)

    def lost(self, child: _MidiProcess, is_hung: bool) -> None:
        hung = "The MIDI process hung, and was ended: it is started anew."
        self._replace(hung if is_hung else child.explain_end())

    def failed(self, error: Exception) -> None:
        LOG.error("The MIDI process's supervisor failed by a fault of ours", exc_info=error)
        self._starts_at = time.monotonic() + PATIENCE
        self._end_and_report("MIDI failed by a fault of ours: the log says where. It is started anew.")

    def end_child(self) -> tuple[PartState, ...]:
        """End the process; return the parts that sounded, as ended."""
        child, self.child = self.child, None
        if child is None:
            return ()
        child.end(CLOSE_WITHIN, Leave())
        return child.ended_parts

    def _begin(self) -> bool:
        """Start a process if there is none, unless it must wait; returns True if it started."""
        if self.child is not None or self._is_missing:
            return False
        if self._starts_at is not None and time.monotonic() < self._starts_at:
            return False
        self._starts_at = None
        if importlib.util.find_spec("rtmidi") is None:
            self._is_missing = True
            self.report(Fault(MISSING))
            return False
        try:
            self.child = _MidiProcess(self._options, self, self._hung_after)
        except OSError as error:
            self.report(Fault(f"The MIDI process cannot be started: {error}. It is tried again."))
            self._starts_at = time.monotonic() + PATIENCE
            return False
        for kept in KEPT:
            if kept in self._kept:
                self.child.send(self._kept[kept])
        return True

    def _replace(self, sentence: str) -> None:
        """Start another process, at once or, after several failures, with a delay."""
        LOG.warning("%s", sentence)
        now = time.monotonic()
        self._deaths.append(now)
        is_frequent = len(self._deaths) == MOST_DEATHS and now - self._deaths[0] < DEATHS_WITHIN
        self._starts_at = now + PATIENCE if is_frequent else now
        self._end_and_report(sentence)
        self._begin()

    def _end_and_report(self, sentence: str) -> None:
        ended = self.end_child()
        self.report(Fault(sentence))
        for state in ended:
            self.report(state)
