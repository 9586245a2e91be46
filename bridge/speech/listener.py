"""The daemon's speech listener: supervises the speech process, which records, and its recogniser, which transcribes.

A speech process that ended, hangs or is worn is replaced together with its recogniser. A lost recogniser is replaced
alone: recording goes on, and the new recogniser gets the utterance from its beginning.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from musearoo.bridge.process.supervised import SupervisedProcess, Supervisor
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.speech.messages import (
    Command,
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
    RecogniserStarted,
    SetArmed,
    Talk,
    Worn,
)

if TYPE_CHECKING:
    import asyncio

HUNG_AFTER: Final = 10.0
"""Seconds without a turn of its loop after which the speech process counts as hung; an idle one takes a turn each
second. Some Bluetooth headsets take three seconds to open."""

LOOK_EVERY: Final = 0.5
"""Seconds between two checks of the heartbeat."""

RECOGNISER_PROCESS: Final = "The recogniser is process"
"""Log message for each recogniser that is started."""

CLOSE_WITHIN: Final = 1.0
"""Seconds that the processes have to exit by themselves."""


@dataclass(frozen=True, slots=True)
class _Warm:
    pass


@dataclass(frozen=True, slots=True)
class _Renew:
    pass


@dataclass(frozen=True, slots=True, eq=False)
class _Needs:
    """A speech process needs a new recogniser in place of one that it has lost."""

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
        report: Callable[[ListenerEvent], None],
        loop: asyncio.AbstractEventLoop,
        hung_after: float = HUNG_AFTER,
    ) -> None:
        self._report = report
        self._open: set[Talk] = set()
        self._should_be_armed = False
        self._supervisor = _ListenerSupervisor(options, self._pass_on, loop, hung_after)

    @property
    def pid(self) -> int | None:
        """The id of the process that has the microphone, None without one."""
        return self._supervisor.pid

    def warm(self) -> None:
        """Start the processes ahead of the first Talk, which would lose its first second otherwise."""
        self._supervisor.post(_Warm())

    def renew(self) -> None:
        """Replace a running recogniser, because the grammar has changed."""
        if self._supervisor.has_begun:
            self._supervisor.post(_Renew())

    def open(self, talk: Talk) -> None:
        """Begin an utterance: Talk was pressed."""
        self._open.add(talk)
        self._supervisor.post(Open(talk, time.monotonic()))

    def let_go(self, talk: Talk) -> None:
        """End an utterance: Talk was released. Its transcript follows."""
        if talk in self._open:
            self._supervisor.post(LetGo(talk))

    def drop(self, talk: Talk) -> None:
        """Discard an utterance; nothing more is reported of it."""
        if talk in self._open:
            self._open.remove(talk)
            self._supervisor.post(Drop(talk))

    def arm(self, on: bool) -> None:
        """Keep the microphone open between Talks, or stop doing so; a repeat changes nothing.

        A microphone that cannot be opened is reported once, and tried again at the next Talk.
        """
        if on != self._should_be_armed:
            self._should_be_armed = on
            self._supervisor.post(SetArmed(on))

    def close(self) -> None:
        """End the processes within three seconds, and close the microphone. Nothing is reported afterwards."""
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
        self._report(event)


class _ListenerProcess(SupervisedProcess):
    """A speech process with its recogniser, and the Talks whose outcome it still owes."""

    def __init__(self, options: ListenerOptions, supervisor: _ListenerSupervisor, hung_after: float) -> None:
        # Imported here to keep the daemon's start fast.
        from musearoo.bridge.speech.process import run_listener

        self._options = options
        self._supervisor = supervisor
        # Changed in the reader's thread and read in the supervisor's: each change is atomic in CPython.
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
        """Replace the recogniser, and hand the new one to the speech process; raises OSError."""
        before, self._recogniser = self._recogniser, self._start_recogniser()
        with self._recogniser.connection as connection:
            self.recogniser_number += 1
            self.send(RecogniserStarted(self.recogniser_number, connection))
        # Killed only now: while the speech process uses a recogniser, its end counts as a crash.
        before.kill()

    def _start_recogniser(self) -> SupervisedProcess:
        from musearoo.bridge.speech.recogniser_process import run_recogniser

        # The speech process watches it; the daemon receives nothing from it.
        recogniser = SupervisedProcess("recogniser", run_recogniser, (self._options,))
        LOG.debug("%s %d", RECOGNISER_PROCESS, recogniser.pid)
        return recogniser

    def command(self, command: Command) -> None:
        """Send a command. One that cannot be sent is lost with the process, whose end the reader notices."""
        match command:
            case Open(talk):
                self._owed[talk] = None
            case Drop(talk):
                self._owed.pop(talk, None)
            case SetArmed(on):
                self.is_armed = on
        self.send(command)

    @property
    def owed_talks(self) -> tuple[Talk, ...]:
        """The Talks that have begun and not ended."""
        return tuple(self._owed)

    def explain_end(self) -> str:
        """Return a sentence on how the speech process ended."""
        # The connection may close a moment before the process ends.
        end = self.describe_end(CLOSE_WITHIN)
        return f"The microphone's process {end}: ear.log beside the log may tell why. Talk again: it is started anew."

    def end(self, seconds: float, farewell: Any = None) -> None:
        super().end(seconds, farewell)
        self._recogniser.kill()

    def _on_event(self, event: ListenerEvent | Worn | NeedRecogniser) -> None:
        """Track the owed outcomes, and pass the event on. Runs in the reader's thread."""
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
        self._supervisor.report(event)


class _ListenerSupervisor(Supervisor[_ListenerProcess]):
    """Start the speech process when it is needed, and report its end to every Talk that waits for it."""

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

    def perform(self, command: Command | _Warm | _Renew | _Needs) -> None:
        match command:
            case _Warm():
                self._ensure_listener()
            case _Renew() if self.child is not None:
                self._renew(self.child)
            case _Needs(listener, lost) if listener is self.child and lost == listener.recogniser_number:
                self._renew(listener)
            case Open(talk):
                self._hand_over(command, lambda sentence: ListenerFailed(talk, sentence))
                if self._should_be_armed and self.child is not None and not self.child.is_armed:
                    # Arming failed or was lost. The user talks again, so the microphone may work now.
                    self.child.command(SetArmed(True))
            case SetArmed(on):
                self._should_be_armed = on
                if on:
                    self._hand_over(command, lambda sentence: ListenerArmed(False, sentence))
                elif self.child is not None:
                    self.child.command(command)
                else:
                    self.report(ListenerArmed(False, ""))
            case LetGo() | Drop():
                if self.child is not None:
                    self.child.command(command)

    def lost(self, child: _ListenerProcess, is_hung: bool) -> None:
        if is_hung:
            self.end_child("The microphone's process hung, and was ended. Talk again: it is started anew.")
        elif child.is_worn:
            self._replace(child)
        else:
            self.end_child(child.explain_end())

    def failed(self, error: Exception) -> None:
        # A bug in one Talk must not break the next one.
        LOG.error("The speech listener failed by a fault of ours", exc_info=error)
        self.end_child("The microphone's process failed by a fault of ours: the log says where. Talk again.")

    def end_child(self, sentence: str = "") -> None:
        """End the speech process; all Talks that wait for it fail with the sentence, unless that is empty."""
        listener, self.child = self.child, None
        if listener is None:
            return
        listener.end(CLOSE_WITHIN, Leave())
        self.report(ListenerReady(False))
        if sentence:
            LOG.warning("%s", sentence)
            for talk in listener.owed_talks:
                self.report(ListenerFailed(talk, sentence))
            if listener.is_armed:
                self.report(ListenerArmed(False, sentence))

    def _hand_over(self, command: Command, failed: Callable[[str], ListenerEvent]) -> None:
        try:
            self._ensure_listener().command(command)
        except OSError as error:
            self.report(failed(f"The microphone's process cannot be started: {error}."))

    def _ensure_listener(self) -> _ListenerProcess:
        if self.child is not None and not self.child.process.is_alive():
            self.end_child(self.child.explain_end())
        if self.child is None:
            self.child = _ListenerProcess(self._options, self, self._hung_after)
        return self.child

    def _renew(self, listener: _ListenerProcess) -> None:
        try:
            listener.renew_recogniser()
        except OSError as error:
            self.end_child(f"The recogniser's process cannot be started: {error}.")

    def _replace(self, worn: _ListenerProcess) -> None:
        """Start another process at once, ready for the next Talk, and armed if the old one still was."""
        self.end_child()
        for talk in worn.owed_talks:
            # This Talk began after that process had stopped listening.
            self.report(ListenerFailed(talk, "The microphone was just being opened anew: say it again."))
        fresh = self._ensure_listener()
        if worn.is_armed:
            fresh.command(SetArmed(True))
