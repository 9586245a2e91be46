"""The daemon's ear: two processes that hear what is said while Talk is held, and whatever may go wrong with them.

Nothing here waits in the event loop's thread, and no fault of a microphone, a driver or a decoder reaches the daemon.
An ear that ended, hangs or is worn is replaced, and its recogniser with it. A recogniser that was lost is replaced
alone: the ear goes on recording, and what was said is told to the next one.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from musearoo.bridge.process.watchdog import STARTS_WITHIN, Standstill
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.speech.messages import (
    Drop,
    EarArmed,
    EarEvent,
    EarFailed,
    EarHeard,
    EarOptions,
    EarReady,
    Leave,
    LetGo,
    NeedRecogniser,
    Open,
    Order,
    RecogniserStarted,
    SetArmed,
    Talk,
    Worn,
)

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

HUNG_AFTER: Final = 10.0
"""Seconds without a turn of its loop after which the ear hangs; it takes one each second when it has nothing to do.
Headsets by Bluetooth have been seen to take three to open."""

LOOK_EVERY: Final = 0.5
"""Seconds."""

RECOGNISER_PROCESS: Final = "The recogniser is process"
"""What the log says of each that is started."""

CLOSE_WITHIN: Final = 1.0
"""Seconds that the processes have to leave by themselves."""


@dataclass(frozen=True, slots=True)
class _Warm:
    pass


@dataclass(frozen=True, slots=True)
class _Close:
    pass


@dataclass(frozen=True, slots=True)
class _Renew:
    pass


@dataclass(frozen=True, slots=True, eq=False)
class _Needs:
    """A pair's ear wants another recogniser in the place of one that it has lost."""

    pair: _Pair
    lost: int


@dataclass(frozen=True, slots=True, eq=False)
class _Ended:
    """A pair's connection has ended, or it has asked to be replaced."""

    pair: _Pair
    is_worn: bool


class Ear:
    """Hears what is said while Talk is held. All is called, and all is told, in the event loop's thread.

    Each Talk that was opened ends by one EarHeard or EarFailed, unless it was dropped. Nothing is started before the
    first call, and no microphone opened but from `open` on, or while it is armed. EarReady tells when the recogniser is
    loaded, and when there is none any more.
    """

    def __init__(
        self,
        options: EarOptions,
        tell: Callable[[EarEvent], None],
        loop: asyncio.AbstractEventLoop,
        hung_after: float = HUNG_AFTER,
    ) -> None:
        self._tell = tell
        self._loop = loop
        self._open: set[Talk] = set()
        self._wishes_armed = False
        self._is_closed = False
        self._keeper = _Keeper(options, self._from_thread, hung_after)

    @property
    def pid(self) -> int | None:
        """The process that has the microphone, while there is one."""
        return self._keeper.pid

    def warm(self) -> None:
        """Starts ahead of the first Talk, which would lose its first second otherwise."""
        self._keeper.order(_Warm())

    def renew(self) -> None:
        """What can be said has changed: has a recogniser of that in the place of the one there is, if there is one."""
        self._keeper.renew()

    def open(self, talk: Talk) -> None:
        """Talk was pressed."""
        self._open.add(talk)
        self._keeper.order(Open(talk, time.monotonic()))

    def let_go(self, talk: Talk) -> None:
        """Talk was released: what was said follows."""
        if talk in self._open:
            self._keeper.order(LetGo(talk))

    def drop(self, talk: Talk) -> None:
        """Nothing is told of it any more."""
        if talk in self._open:
            self._open.remove(talk)
            self._keeper.order(Drop(talk))

    def arm(self, on: bool) -> None:
        """Keeps the microphone open from now on, or no longer; a repeat changes nothing.

        Where it cannot be had, that is told once: it is tried again at the next Talk.
        """
        if on != self._wishes_armed:
            self._wishes_armed = on
            self._keeper.order(SetArmed(on))

    def close(self) -> None:
        """Ends the processes, within three seconds, and with them any microphone; nothing is told after it."""
        if not self._is_closed:
            self._is_closed = True
            self._keeper.close()

    def _from_thread(self, event: EarEvent) -> None:
        """In a thread: has an event told in the event loop's."""
        with contextlib.suppress(RuntimeError):
            # The loop has ended before the ear was closed: nobody is there to be told.
            self._loop.call_soon_threadsafe(self._pass_on, event)

    def _pass_on(self, event: EarEvent) -> None:
        if self._is_closed:
            return
        match event:
            case EarArmed() | EarReady():
                pass
            case EarHeard() | EarFailed():
                if event.talk not in self._open:
                    return
                self._open.remove(event.talk)
            case _ if event.talk not in self._open:
                return
        self._tell(event)


class _Keeper:
    """Starts, watches, replaces and ends the processes, in a thread of its own that begins with the first order."""

    def __init__(self, options: EarOptions, tell: Callable[[EarEvent], None], hung_after: float) -> None:
        self._options = options
        self._tell = tell
        self._hung_after = hung_after
        self._orders: queue.SimpleQueue[Order | _Warm | _Renew | _Close | _Needs | _Ended] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._pair: _Pair | None = None
        self._wishes_armed = False
        self.pid: int | None = None

    def order(self, order: Order | _Warm | _Close) -> None:
        """Has something done, soon."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._keep, name="ear", daemon=True)
            self._thread.start()
        self._orders.put(order)

    def renew(self) -> None:
        """Has another recogniser, where there is one."""
        if self._thread is not None:
            self._orders.put(_Renew())

    def close(self) -> None:
        """Ends what there is."""
        if self._thread is not None:
            self._orders.put(_Close())
            self._thread.join(CLOSE_WITHIN * 3)

    def _keep(self) -> None:
        while True:
            try:
                order = self._orders.get(timeout=LOOK_EVERY if self._pair is not None else None)
            except queue.Empty:
                order = None
            try:
                if isinstance(order, _Close):
                    self._bury("")
                    return
                self._perform(order)
            except Exception:
                # The outermost place: a Talk that is lost by a fault of ours must not cost the next one.
                LOG.exception("The ear failed by a fault of ours")
                self._bury("The microphone's process failed by a fault of ours: the log says where. Talk again.")

    def _perform(self, order: Order | _Warm | _Renew | _Needs | _Ended | None) -> None:
        match order:
            case None:
                if self._pair is not None and self._pair.is_hung():
                    self._bury("The microphone's process hung, and was ended. Talk again: it is started anew.")
            case _Warm():
                self._have_pair()
            case _Renew() if self._pair is not None:
                self._renew(self._pair)
            case _Needs(pair, lost) if pair is self._pair and lost == pair.recogniser_number:
                self._renew(pair)
            case _Ended(pair, is_worn) if pair is self._pair:
                if is_worn:
                    self._replace(pair)
                else:
                    self._bury(pair.describe_end())
            case Open(talk):
                self._hand_over(order, lambda sentence: EarFailed(talk, sentence))
                if self._wishes_armed and self._pair is not None and not self._pair.is_armed:
                    # It could not be, or is not any more: whoever talks has mended that.
                    self._pair.send(SetArmed(True))
            case SetArmed(on):
                self._wishes_armed = on
                if on:
                    self._hand_over(order, lambda sentence: EarArmed(False, sentence))
                elif self._pair is not None:
                    self._pair.send(order)
                else:
                    self._tell(EarArmed(False, ""))
            case LetGo() | Drop():
                if self._pair is not None:
                    self._pair.send(order)

    def _hand_over(self, order: Order, failed: Callable[[str], EarEvent]) -> None:
        try:
            self._have_pair().send(order)
        except OSError as error:
            self._tell(failed(f"The microphone's process cannot be started: {error}."))

    def _have_pair(self) -> _Pair:
        if self._pair is not None and not self._pair.is_alive:
            self._bury(self._pair.describe_end())
        if self._pair is None:
            self._pair = _Pair(self._options, self._tell, self._orders.put, self._hung_after)
            self.pid = self._pair.pid
        return self._pair

    def _renew(self, pair: _Pair) -> None:
        try:
            pair.renew_recogniser()
        except OSError as error:
            self._bury(f"The recogniser's process cannot be started: {error}.")

    def _replace(self, worn: _Pair) -> None:
        """Has another pair at once, so that the next Talk finds it ready, and armed where that one still was."""
        self._bury("")
        for talk in worn.owed_talks:
            # It came when that pair listened no more.
            self._tell(EarFailed(talk, "The microphone was just being opened anew: say it again."))
        fresh = self._have_pair()
        if worn.is_armed:
            fresh.send(SetArmed(True))

    def _bury(self, sentence: str) -> None:
        """Ends the pair, whatever it does; all to whom it owes something get the sentence, unless that is empty."""
        pair, self._pair, self.pid = self._pair, None, None
        if pair is None:
            return
        pair.end()
        self._tell(EarReady(False))
        if sentence:
            LOG.warning("%s", sentence)
            for talk in pair.owed_talks:
                self._tell(EarFailed(talk, sentence))
            if pair.is_armed:
                self._tell(EarArmed(False, sentence))


class _Pair:
    """The two processes, and what they still owe."""

    def __init__(
        self,
        options: EarOptions,
        tell: Callable[[EarEvent], None],
        put: Callable[[_Needs | _Ended], None],
        hung_after: float,
    ) -> None:
        # Here, for the daemon starts without what comes with these.
        import multiprocessing

        from musearoo.bridge.speech.process import run_ear

        context = multiprocessing.get_context("spawn")
        self._context = context
        self._options = options
        self._tell = tell
        self._put = put
        self._hung_after = hung_after
        turns: Any = context.RawValue("Q", 0)
        self._standstill = Standstill(lambda: turns.value, LOOK_EVERY)
        # Told from the reader's thread, asked in the keeper's: each change is one step of the interpreter.
        self._owed: dict[Talk, None] = {}
        self.is_armed = False
        self._connection, theirs = context.Pipe()
        ears, recognisers = context.Pipe()
        self._recogniser: SpawnProcess | None = None
        self.recogniser_number = 0
        self._ear = context.Process(
            target=run_ear, args=(theirs, ears, turns, options), name="musearoo ear", daemon=True
        )
        self._reader = threading.Thread(target=self._read, args=(self._connection,), name="ear's reader", daemon=True)
        try:
            self._recogniser = self._start_recogniser(recognisers)
            self._start(self._ear)
        except OSError:
            _kill(self._recogniser)
            self._connection.close()
            raise
        finally:
            # Closed here, or the end of a process would not show at the other's.
            for connection in (theirs, ears, recognisers):
                connection.close()
        self.pid = self._ear.pid
        self._reader.start()

    def renew_recogniser(self) -> None:
        """Has a recogniser in the place of the one before, and hands it to the ear; raises OSError."""
        before = self._recogniser
        ears, recognisers = self._context.Pipe()
        with ears, recognisers:
            self._recogniser = self._start_recogniser(recognisers)
            self.recogniser_number += 1
            with contextlib.suppress(OSError):
                self._connection.send(RecogniserStarted(self.recogniser_number, ears))
        # Now, for what the ear has given to one that ends, it would count as a crash.
        _kill(before)

    def _start_recogniser(self, connection: Connection[Any, Any]) -> SpawnProcess:
        from musearoo.bridge.speech.recogniser_process import run_recogniser

        recogniser = self._context.Process(
            target=run_recogniser, args=(connection, self._options), name="musearoo recogniser", daemon=True
        )
        self._start(recogniser)
        LOG.debug("%s %d", RECOGNISER_PROCESS, recogniser.pid)
        return recogniser

    @property
    def is_alive(self) -> bool:
        """Whether the ear runs."""
        return self._ear.is_alive()

    @staticmethod
    def _start(process: SpawnProcess) -> None:
        from musearoo.bridge.process.child_process import plain_start

        with plain_start():
            process.start()

    def send(self, order: Order) -> None:
        """Hands an order over. One that cannot be is lost with the pair, whose end the reader finds."""
        match order:
            case Open(talk):
                self._owed[talk] = None
            case Drop(talk):
                self._owed.pop(talk, None)
            case SetArmed(on):
                self.is_armed = on
        with contextlib.suppress(OSError):
            self._connection.send(order)

    def is_hung(self) -> bool:
        """Whether the ear takes no turns any more."""
        seconds = self._standstill.look()
        return seconds > (self._hung_after if self._standstill.seen else STARTS_WITHIN)

    @property
    def owed_talks(self) -> tuple[Talk, ...]:
        """Those that were handed over and have not ended."""
        return tuple(self._owed)

    def describe_end(self) -> str:
        """One sentence of how it ended."""
        from musearoo.bridge.process.child_process import describe_end

        # Its connection may end a moment before it does.
        end = describe_end(self._ear, CLOSE_WITHIN)
        return f"The microphone's process {end}: ear.log beside the log may tell why. Talk again: it is started anew."

    def end(self) -> None:
        """Ends both processes: the ear is asked first, killed then."""
        with contextlib.suppress(OSError):
            self._connection.send(Leave())
        self._ear.join(CLOSE_WITHIN)
        for process in (self._ear, self._recogniser):
            _kill(process)
        # What was told before the end comes before what is told of it.
        self._reader.join(CLOSE_WITHIN)

    def _read(self, connection: Connection[Any, Any]) -> None:
        """In a thread: passes on what the ear tells until its connection ends, and closes that."""
        is_worn = False
        while not is_worn:
            try:
                told = connection.recv()
            except (EOFError, OSError):
                break
            match told:
                case Worn():
                    is_worn = True
                    continue
                case NeedRecogniser(lost):
                    self._put(_Needs(self, lost))
                    continue
                case EarHeard() | EarFailed():
                    self._owed.pop(told.talk, None)
                case EarArmed():
                    self.is_armed = told.on
            self._tell(told)
        connection.close()
        self._put(_Ended(self, is_worn))


def _kill(process: SpawnProcess | None) -> None:
    if process is not None:
        process.kill()
        process.join()
        process.close()
