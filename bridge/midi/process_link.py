"""The daemon's end of the MIDI process: starts it, watches it, starts it anew, and passes on what it tells.

Nothing here waits in the event loop's thread, and no fault of a port or a driver reaches the daemon.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from musearoo.bridge.midi.ports.options import MISSING, MidiOptions
from musearoo.bridge.process.watchdog import STARTS_WITHIN, Standstill
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
    from multiprocessing.connection import Connection


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


@dataclass(frozen=True, slots=True)
class _Start:
    pass


@dataclass(frozen=True, slots=True)
class _Close:
    pass


@dataclass(frozen=True, slots=True, eq=False)
class _Ended:
    """A process's connection has ended."""

    child: _Child


class MidiLink:
    """Sends orders to the MIDI process, tells its reports: in the loop's thread, or in one of its own without a loop.

    The process starts with `start` or the first order. One that ended or hangs is replaced: it gets the last Choose,
    Follow and Transport again, and each part that sounded is told to have ended.
    """

    def __init__(
        self,
        options: MidiOptions,
        tell: Callable[[Report], None],
        loop: asyncio.AbstractEventLoop | None,
        hung_after: float = HUNG_AFTER,
    ) -> None:
        self._tell = tell
        self._loop = loop
        self._is_closed = False
        self._keeper = _Keeper(options, self._from_thread, hung_after)

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return self._keeper.pid

    def start(self) -> None:
        """Begins to start the process."""
        self._order(_Start())

    def send(self, order: Order) -> None:
        """Has something done."""
        self._order(order)

    def close(self) -> None:
        """Ends all notes and the process; nothing is told after it."""
        if not self._is_closed:
            self._is_closed = True
            self._keeper.close()

    def _order(self, order: Order | _Start) -> None:
        if not self._is_closed:
            self._keeper.order(order)

    def _from_thread(self, report: Report) -> None:
        """In a thread: has a report told in the event loop's, where there is one."""
        if self._loop is None:
            self._pass_on(report)
            return
        with contextlib.suppress(RuntimeError):
            # The loop has ended before the link was closed: nobody is there to be told.
            self._loop.call_soon_threadsafe(self._pass_on, report)

    def _pass_on(self, report: Report) -> None:
        if not self._is_closed:
            self._tell(report)


class _Keeper:
    """Starts, watches, replaces and ends the process, in a thread of its own that begins with the first order."""

    def __init__(self, options: MidiOptions, tell: Callable[[Report], None], hung_after: float) -> None:
        self._options = options
        self._tell = tell
        self._hung_after = hung_after
        self._orders: queue.SimpleQueue[Order | _Start | _Close | _Ended] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._child: _Child | None = None
        self._kept: dict[type[Order], Order] = {}
        self._deaths: deque[float] = deque(maxlen=MOST_DEATHS)
        self._starts_at: float | None = None
        self._is_missing = False
        self.pid: int | None = None

    def order(self, order: Order | _Start) -> None:
        """Has something done, soon."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._keep, name="midi", daemon=True)
            self._thread.start()
        self._orders.put(order)

    def close(self) -> None:
        """Ends what there is."""
        if self._thread is not None:
            self._orders.put(_Close())
            self._thread.join(CLOSE_WITHIN * 2)

    def _keep(self) -> None:
        while True:
            is_idle = self._child is None and self._starts_at is None
            try:
                order = self._orders.get(timeout=None if is_idle else LOOK_EVERY)
            except queue.Empty:
                order = None
            try:
                if isinstance(order, _Close):
                    self._bury()
                    return
                self._perform(order)
            except Exception:
                # The outermost place: MIDI that fails by a fault of ours must not end what starts it anew.
                LOG.exception("The MIDI process's keeper failed by a fault of ours")
                ended = self._bury()
                self._starts_at = time.monotonic() + PATIENCE
                self._tell(Fault("MIDI failed by a fault of ours: the log says where. It is started anew."))
                for state in ended:
                    self._tell(state)

    def _perform(self, order: Order | _Start | _Ended | None) -> None:
        match order:
            case None:
                if self._child is None:
                    self._begin()
                elif self._child.is_hung():
                    self._replace("The MIDI process hung, and was ended: it is started anew.")
            case _Ended(child):
                if child is self._child:
                    self._replace(child.describe_end())
            case _Start():
                self._begin()
            case _:
                if isinstance(order, _KEPT):
                    self._kept[type(order)] = order
                if self._begin() and isinstance(order, _KEPT):
                    # It went with what is kept.
                    return
                if self._child is not None:
                    self._child.send(order)

    def _begin(self) -> bool:
        """Starts a process where there is none, unless it must wait; True where it began."""
        if self._child is not None or self._is_missing:
            return False
        if self._starts_at is not None and time.monotonic() < self._starts_at:
            return False
        self._starts_at = None
        if importlib.util.find_spec("rtmidi") is None:
            self._is_missing = True
            self._tell(Fault(MISSING))
            return False
        try:
            self._child = _Child(self._options, self._tell, self._orders.put, self._hung_after)
        except OSError as error:
            self._tell(Fault(f"The MIDI process cannot be started: {error}. It is tried again."))
            self._starts_at = time.monotonic() + PATIENCE
            return False
        self.pid = self._child.pid
        for kept in _KEPT:
            if kept in self._kept:
                self._child.send(self._kept[kept])
        return True

    def _replace(self, sentence: str) -> None:
        """Has another process, at once or, after many deaths, a while later."""
        LOG.warning("%s", sentence)
        now = time.monotonic()
        self._deaths.append(now)
        is_frequent = len(self._deaths) == MOST_DEATHS and now - self._deaths[0] < DEATHS_WITHIN
        self._starts_at = now + PATIENCE if is_frequent else now
        ended = self._bury()
        self._tell(Fault(sentence))
        for state in ended:
            self._tell(state)
        self._begin()

    def _bury(self) -> tuple[PartState, ...]:
        """Ends the process, whatever it does; the parts that sounded, as ended."""
        child, self._child, self.pid = self._child, None, None
        if child is None:
            return ()
        child.end()
        return child.ended_parts


_KEPT: Final = (Choose, Follow, Transport)
"""What a process that was started anew must know."""


class _Child:
    """The process, and what it plays."""

    def __init__(
        self,
        options: MidiOptions,
        tell: Callable[[Report], None],
        put: Callable[[_Ended], None],
        hung_after: float,
    ) -> None:
        # Here, for the daemon starts without what comes with these.
        import multiprocessing

        from musearoo.bridge.midi.process import run_midi
        from musearoo.bridge.process.child_process import plain_start

        context = multiprocessing.get_context("spawn")
        self._tell = tell
        self._put = put
        self._hung_after = hung_after
        turns: Any = context.RawValue("Q", 0)
        self._standstill = Standstill(lambda: turns.value, LOOK_EVERY)
        self._sounding: dict[int, None] = {}
        self._beat = 0.0
        self._connection, theirs = context.Pipe()
        self._reader = threading.Thread(target=self._read, args=(self._connection,), name="midi's reader", daemon=True)
        self._process = context.Process(
            target=run_midi, args=(theirs, turns, options), name="musearoo midi", daemon=True
        )
        try:
            with plain_start():
                self._process.start()
        except OSError:
            self._connection.close()
            raise
        finally:
            # Closed here, or the end of a process would not show at the other's.
            theirs.close()
        self.pid = self._process.pid
        self._reader.start()

    @property
    def ended_parts(self) -> tuple[PartState, ...]:
        """For each part that sounded when it ended, that it has."""
        return tuple(PartState(number, self._beat, False) for number in self._sounding)

    def send(self, order: Order) -> None:
        """Hands an order over. One that cannot be is lost with the process, whose end the reader finds."""
        with contextlib.suppress(OSError):
            self._connection.send(order)

    def is_hung(self) -> bool:
        """Whether it takes no turns any more."""
        seconds = self._standstill.look()
        return seconds > (self._hung_after if self._standstill.seen else STARTS_WITHIN)

    def describe_end(self) -> str:
        """One sentence of how it ended."""
        from musearoo.bridge.midi.process import WORN
        from musearoo.bridge.process.child_process import describe_end

        how = describe_end(self._process, CLOSE_WITHIN)
        if self._process.exitcode == WORN:
            return "JACK has ended, and with it MuseAroo's MIDI ports: they come again with it."
        return f"The MIDI process {how}: midi.log beside the log may tell why. It is started anew."

    def end(self) -> None:
        """Ends it: asked first, killed then."""
        self.send(Leave())
        self._process.join(CLOSE_WITHIN)
        self._process.kill()
        self._process.join()
        self._process.close()
        # What was told before the end comes before what is told of it.
        self._reader.join(CLOSE_WITHIN)

    def _read(self, connection: Connection[Any, Any]) -> None:
        """In a thread: passes on what the process tells until its connection ends, and closes that."""
        while True:
            try:
                told = connection.recv()
            except (EOFError, OSError):
                break
            match told:
                case PartState(number, _, True):
                    self._sounding[number] = None
                case PartState(number):
                    self._sounding.pop(number, None)
                case ClockState():
                    self._beat = told.beat
            self._tell(told)
        connection.close()
        self._put(_Ended(self))
