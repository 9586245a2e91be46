"""The daemon's ear: two processes that hear what is said while Talk is held, and whatever may go wrong with them.

An ear that ended, hangs or is worn is replaced, and its recogniser with it. A recogniser that was lost is replaced
alone: the ear goes on recording, and what was said is told to the next one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from musearoo.bridge.process.supervised import SupervisedProcess, Supervisor
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.speech.messages import (
    Drop,
    Leave,
    LetGo,
    ListenerArmed,
    ListenerEvent,
    ListenerFailed,
    ListenerOptions,
    ListenerReady,
    ListenerTranscribed,
    NeedRecogniser,
    Open,
    Order,
    RecogniserStarted,
    SetArmed,
    Talk,
    Worn,
)

if TYPE_CHECKING:
    import asyncio

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
class _Renew:
    pass


@dataclass(frozen=True, slots=True, eq=False)
class _Needs:
    """An ear wants another recogniser in the place of one that it has lost."""

    listener: _ListenerProcess
    lost: int


class SpeechListener:
    """Transcribe what the user says while Talk is held. All calls and callbacks run in the event loop's thread.

    Each open Talk ends with one ListenerTranscribed or ListenerFailed, unless it is dropped. No process starts before
    the first call. The microphone opens only at `open`, or while armed. ListenerReady reports when the recogniser is
    loaded and when it is lost.
    """

    def __init__(
        self,
        options: ListenerOptions,
        tell: Callable[[ListenerEvent], None],
        loop: asyncio.AbstractEventLoop,
        hung_after: float = HUNG_AFTER,
    ) -> None:
        self._tell = tell
        self._open: set[Talk] = set()
        self._should_be_armed = False
        self._supervisor = _ListenerSupervisor(options, self._pass_on, loop, hung_after)

    @property
    def pid(self) -> int | None:
        """The process that has the microphone, while there is one."""
        return self._supervisor.pid

    def warm(self) -> None:
        """Starts ahead of the first Talk, which would lose its first second otherwise."""
        self._supervisor.post(_Warm())

    def renew(self) -> None:
        """What can be said has changed: has a recogniser of that in the place of the one there is, if there is one."""
        if self._supervisor.has_begun:
            self._supervisor.post(_Renew())

    def open(self, talk: Talk) -> None:
        """Talk was pressed."""
        self._open.add(talk)
        self._supervisor.post(Open(talk, time.monotonic()))

    def let_go(self, talk: Talk) -> None:
        """Talk was released: what was said follows."""
        if talk in self._open:
            self._supervisor.post(LetGo(talk))

    def drop(self, talk: Talk) -> None:
        """Nothing is told of it any more."""
        if talk in self._open:
            self._open.remove(talk)
            self._supervisor.post(Drop(talk))

    def arm(self, on: bool) -> None:
        """Keeps the microphone open from now on, or no longer; a repeat changes nothing.

        Where it cannot be had, that is told once: it is tried again at the next Talk.
        """
        if on != self._should_be_armed:
            self._should_be_armed = on
            self._supervisor.post(SetArmed(on))

    def close(self) -> None:
        """Ends the processes, within three seconds, and with them any microphone; nothing is told after it."""
        self._supervisor.close()

    def _pass_on(self, event: ListenerEvent) -> None:
        match event:
            case ListenerArmed() | ListenerReady():
                pass
            case ListenerTranscribed() | ListenerFailed():
                if event.talk not in self._open:
                    return
                self._open.remove(event.talk)
            case _ if event.talk not in self._open:
                return
        self._tell(event)


class _ListenerProcess(SupervisedProcess):
    """The ear with its recogniser, and the Talks and the microphone that the ear still has to report on."""

    def __init__(self, options: ListenerOptions, supervisor: _ListenerSupervisor, hung_after: float) -> None:
        # Imported here because the daemon starts without what comes with it.
        from musearoo.bridge.speech.process import run_listener

        self._options = options
        self._supervisor = supervisor
        # Changed in the reader's thread, read in the supervisor's: each change is one step of the interpreter.
        self._owed: dict[Talk, None] = {}
        self.is_armed = False
        self.is_worn = False
        self.recogniser_number = 0
        self._recogniser = self._start_recogniser()
        try:
            super().__init__(
                "ear",
                run_listener,
                (self._recogniser.connection, options),
                hung_after,
                LOOK_EVERY,
                on_message=self._on_event,
                on_end=lambda: supervisor.ended(self),
            )
        except OSError:
            self._recogniser.kill()
            raise
        finally:
            self._recogniser.connection.close()

    def renew_recogniser(self) -> None:
        """Replace the recogniser, and hand the new one to the ear; raises OSError."""
        before, self._recogniser = self._recogniser, self._start_recogniser()
        with self._recogniser.connection as connection:
            self.recogniser_number += 1
            self.send(RecogniserStarted(self.recogniser_number, connection))
        # Not before, because what the ear has given to one that ends would count as a crash.
        before.kill()

    def _start_recogniser(self) -> SupervisedProcess:
        from musearoo.bridge.speech.recogniser_process import run_recogniser

        # The ear watches it: to the daemon it says nothing.
        recogniser = SupervisedProcess("recogniser", run_recogniser, (self._options,))
        LOG.debug("%s %d", RECOGNISER_PROCESS, recogniser.pid)
        return recogniser

    def order(self, order: Order) -> None:
        """Send an order. One that cannot be sent is lost with the ear, whose end the reader finds."""
        match order:
            case Open(talk):
                self._owed[talk] = None
            case Drop(talk):
                self._owed.pop(talk, None)
            case SetArmed(on):
                self.is_armed = on
        self.send(order)

    @property
    def owed_talks(self) -> tuple[Talk, ...]:
        """The Talks that were handed over and have not ended."""
        return tuple(self._owed)

    def explain_end(self) -> str:
        """One sentence of how the ear ended."""
        # Its connection may end a moment before it does.
        end = self.describe_end(CLOSE_WITHIN)
        return f"The microphone's process {end}: ear.log beside the log may tell why. Talk again: it is started anew."

    def end(self, seconds: float, farewell: Any = None) -> None:
        super().end(seconds, farewell)
        self._recogniser.kill()

    def _on_event(self, event: ListenerEvent | Worn | NeedRecogniser) -> None:
        """In the reader's thread: keep track of what is owed, and pass the event on."""
        match event:
            case Worn():
                self.is_worn = True
                self._supervisor.ended(self)
                return
            case NeedRecogniser(lost):
                self._supervisor.post(_Needs(self, lost))
                return
            case ListenerTranscribed() | ListenerFailed():
                self._owed.pop(event.talk, None)
            case ListenerArmed():
                self.is_armed = event.on
        self._supervisor.tell(event)


class _ListenerSupervisor(Supervisor[_ListenerProcess]):
    """Starts the ear where it is needed, and reports its end to every Talk that waits for it."""

    def __init__(
        self,
        options: ListenerOptions,
        deliver: Callable[[ListenerEvent], None],
        loop: asyncio.AbstractEventLoop,
        hung_after: float,
    ) -> None:
        super().__init__("ear", deliver, loop, LOOK_EVERY, CLOSE_WITHIN * 3)
        self._options = options
        self._hung_after = hung_after
        self._should_be_armed = False

    def perform(self, order: Order | _Warm | _Renew | _Needs) -> None:
        match order:
            case _Warm():
                self._ensure_listener()
            case _Renew() if self.child is not None:
                self._renew(self.child)
            case _Needs(listener, lost) if listener is self.child and lost == listener.recogniser_number:
                self._renew(listener)
            case Open(talk):
                self._hand_over(order, lambda sentence: ListenerFailed(talk, sentence))
                if self._should_be_armed and self.child is not None and not self.child.is_armed:
                    # It could not be, or is not any more: whoever talks has mended that.
                    self.child.order(SetArmed(True))
            case SetArmed(on):
                self._should_be_armed = on
                if on:
                    self._hand_over(order, lambda sentence: ListenerArmed(False, sentence))
                elif self.child is not None:
                    self.child.order(order)
                else:
                    self.tell(ListenerArmed(False, ""))
            case LetGo() | Drop():
                if self.child is not None:
                    self.child.order(order)

    def lost(self, child: _ListenerProcess, is_hung: bool) -> None:
        if is_hung:
            self.bury("The microphone's process hung, and was ended. Talk again: it is started anew.")
        elif child.is_worn:
            self._replace(child)
        else:
            self.bury(child.explain_end())

    def failed(self, error: Exception) -> None:
        # A Talk that is lost by a fault of ours must not cost the next one.
        LOG.error("The ear failed by a fault of ours", exc_info=error)
        self.bury("The microphone's process failed by a fault of ours: the log says where. Talk again.")

    def bury(self, sentence: str = "") -> None:
        """End the ear; all to whom it owes something get the sentence, unless that is empty."""
        listener, self.child = self.child, None
        if listener is None:
            return
        listener.end(CLOSE_WITHIN, Leave())
        self.tell(ListenerReady(False))
        if sentence:
            LOG.warning("%s", sentence)
            for talk in listener.owed_talks:
                self.tell(ListenerFailed(talk, sentence))
            if listener.is_armed:
                self.tell(ListenerArmed(False, sentence))

    def _hand_over(self, order: Order, failed: Callable[[str], ListenerEvent]) -> None:
        try:
            self._ensure_listener().order(order)
        except OSError as error:
            self.tell(failed(f"The microphone's process cannot be started: {error}."))

    def _ensure_listener(self) -> _ListenerProcess:
        if self.child is not None and not self.child.process.is_alive():
            self.bury(self.child.explain_end())
        if self.child is None:
            self.child = _ListenerProcess(self._options, self, self._hung_after)
        return self.child

    def _renew(self, listener: _ListenerProcess) -> None:
        try:
            listener.renew_recogniser()
        except OSError as error:
            self.bury(f"The recogniser's process cannot be started: {error}.")

    def _replace(self, worn: _ListenerProcess) -> None:
        """Start another ear at once, so that the next Talk finds it ready, and armed where the old one still was."""
        self.bury()
        for talk in worn.owed_talks:
            # It came when that ear listened no more.
            self.tell(ListenerFailed(talk, "The microphone was just being opened anew: say it again."))
        fresh = self._ensure_listener()
        if worn.is_armed:
            fresh.order(SetArmed(True))
