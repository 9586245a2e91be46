"""The daemon's end of the MIDI process: its orders and reports, and the restart of a process that ended or hangs."""

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
    Fault,
    Follow,
    Leave,
    Order,
    PartState,
    Report,
    Transport,
)
from musearoo.bridge.settings.logs import LOG

if TYPE_CHECKING:
    import asyncio

HUNG_AFTER: Final = 5.0
"""Seconds without a turn of its loop after which the process hangs; it takes five each second. Opening a port has been
seen to take one."""

LOOK_EVERY: Final = 0.5
"""Seconds."""

CLOSE_WITHIN: Final = 2.5
"""Seconds that the process has to end all notes and to leave by itself."""

MOST_DEATHS: Final = 3
DEATHS_WITHIN: Final = 10.0
PATIENCE: Final = 5.0
"""So many deaths in so many seconds have something to do with how it starts: then it waits so many before the next."""

KEPT: Final = (Choose, Follow, Transport)
"""What a restarted process must know: the last order of each of these types."""


@dataclass(frozen=True, slots=True)
class _Start:
    pass


class _MidiProcess(SupervisedProcess):
    """The process, and the parts that it plays."""

    def __init__(self, options: MidiOptions, link: MidiLink, hung_after: float) -> None:
        # Imported here because the daemon starts without what comes with it.
        from musearoo.bridge.midi.process import run_midi

        self._tell = link.tell
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
        """For each part that sounded when the process ended, the report that it has ended."""
        return tuple(PartState(number, self._beat, False) for number in self._sounding)

    def explain_end(self) -> str:
        """One sentence of how the process ended."""
        from musearoo.bridge.midi.process import WORN

        how = self.describe_end(CLOSE_WITHIN)
        if self.process.exitcode == WORN:
            return "JACK has ended, and with it MuseAroo's MIDI ports: they come again with it."
        return f"The MIDI process {how}: midi.log beside the log may tell why. It is started anew."

    def _on_report(self, report: Report) -> None:
        """In the reader's thread: keep track of what sounds, and pass the report on."""
        match report:
            case PartState(number, _, True):
                self._sounding[number] = None
            case PartState(number):
                self._sounding.pop(number, None)
            case ClockState():
                self._beat = report.beat
        self._tell(report)


class MidiLink(Supervisor[_MidiProcess]):
    """Sends orders to the MIDI process and reports what it reports: in the loop's thread, or in its own without a loop.

    The process starts with `start` or the first order. One that ended or hangs is replaced: the new one gets the last
    Choose, Follow and Transport again, and each part that sounded is reported as ended.
    """

    def __init__(
        self,
        options: MidiOptions,
        tell: Callable[[Report], None],
        loop: asyncio.AbstractEventLoop | None,
        hung_after: float = HUNG_AFTER,
    ) -> None:
        super().__init__("midi", tell, loop, LOOK_EVERY, CLOSE_WITHIN * 2)
        self._options = options
        self._hung_after = hung_after
        self._kept: dict[type[Order], Order] = {}
        self._deaths: deque[float] = deque(maxlen=MOST_DEATHS)
        self._starts_at: float | None = None
        self._is_missing = False

    def start(self) -> None:
        """Begin to start the process."""
        self.post(_Start())

    def send(self, order: Order) -> None:
        """Send an order to the process."""
        self.post(order)

    @property
    def is_idle(self) -> bool:
        return self.child is None and self._starts_at is None

    def look(self) -> None:
        super().look()
        self._begin()

    def perform(self, order: Order | _Start) -> None:
        if isinstance(order, _Start):
            self._begin()
            return
        if isinstance(order, KEPT):
            self._kept[type(order)] = order
        if self._begin() and isinstance(order, KEPT):
            # It went with what is kept.
            return
        if self.child is not None:
            self.child.send(order)

    def lost(self, child: _MidiProcess, is_hung: bool) -> None:
        hung = "The MIDI process hung, and was ended: it is started anew."
        self._replace(hung if is_hung else child.explain_end())

    def failed(self, error: Exception) -> None:
        LOG.error("The MIDI process's keeper failed by a fault of ours", exc_info=error)
        self._starts_at = time.monotonic() + PATIENCE
        self._bury_and_tell("MIDI failed by a fault of ours: the log says where. It is started anew.")

    def bury(self) -> tuple[PartState, ...]:
        """End the process; return the parts that sounded, as ended."""
        child, self.child = self.child, None
        if child is None:
            return ()
        child.end(CLOSE_WITHIN, Leave())
        return child.ended_parts

    def _begin(self) -> bool:
        """Start a process where there is none, unless it must wait; True where it began."""
        if self.child is not None or self._is_missing:
            return False
        if self._starts_at is not None and time.monotonic() < self._starts_at:
            return False
        self._starts_at = None
        if importlib.util.find_spec("rtmidi") is None:
            self._is_missing = True
            self.tell(Fault(MISSING))
            return False
        try:
            self.child = _MidiProcess(self._options, self, self._hung_after)
        except OSError as error:
            self.tell(Fault(f"The MIDI process cannot be started: {error}. It is tried again."))
            self._starts_at = time.monotonic() + PATIENCE
            return False
        for kept in KEPT:
            if kept in self._kept:
                self.child.send(self._kept[kept])
        return True

    def _replace(self, sentence: str) -> None:
        """Start another process, at once or, after many deaths, a while later."""
        LOG.warning("%s", sentence)
        now = time.monotonic()
        self._deaths.append(now)
        is_frequent = len(self._deaths) == MOST_DEATHS and now - self._deaths[0] < DEATHS_WITHIN
        self._starts_at = now + PATIENCE if is_frequent else now
        self._bury_and_tell(sentence)
        self._begin()

    def _bury_and_tell(self, sentence: str) -> None:
        ended = self.bury()
        self.tell(Fault(sentence))
        for state in ended:
            self.tell(state)
