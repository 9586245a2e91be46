"""Dispatch the daemon's requests: each gets its result or exactly one error, whatever the packet contains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Generator

from ..edits.draft import capital
from ..edits.refusal import first_line
from ..live_set.notes import encode_notes
from ..wire.messages import Arguments, OscError, WireError, checked, decode, packet, request_in
from ..wire.table import BAD_MESSAGE, EXPIRED, GONE, LIVE_ERROR, LONGEST_FRAME, UNSUPPORTED, WRONG_TRACK
from .answers import Answer, Answers, Refusal

if TYPE_CHECKING:
    from ..host.log import Log
    from ..live_set.identities import Identities
    from ..wire.osc import Message
    from .transaction import Transactions


class Requests:
    """Handles packets and answers through `send`."""

    def __init__(
        self,
        transactions: Transactions,
        identities: Identities,
        send: Callable[[bytes], None],
        show: Callable[[str], None],
        wall_clock: Callable[[], float],
        log: Log,
    ) -> None:
        self._transactions, self._identities, self._send = transactions, identities, send
        self._show, self._wall_clock, self._log = show, wall_clock, log
        self._answers = Answers()
        self._request = ""
        self._running: Generator[None, None, Answer] | None = None

    @property
    def is_busy(self) -> bool:
        """Return whether a transaction is waiting for Live: then `go_on` must be called before any other packet is
        handled.
        """
        return self._running is not None

    def go_on(self) -> None:
        """Give a waiting transaction its next tick, and answer it when it is done; never raises."""
        running = self._running
        if running is None:
            return
        self._log.request = self._request
        try:
            next(running)
        except StopIteration as done:
            self._finish(done.value)
        except Exception as error:
            self._log.traceback("performing a transaction")
            self._finish(Refusal(LIVE_ERROR, 0, f"Live refused: {first_line(error)}."))
        finally:
            self._log.request = ""

    def stop(self) -> None:
        """End a waiting transaction without an answer, because Live closes the set."""
        if self._running is not None:
            self._running.close()
            self._running = None

    def answer(self, packet_: bytes) -> None:
        """Handle a packet and answer it, immediately or in `go_on`; never raises."""
        messages, fault = _readable(packet_)
        if fault or not messages:
            why = fault or "nothing at all"
            self._refuse(request_in(messages), BAD_MESSAGE, f"The daemon sent what is not OSC: {why}.")
        elif messages[0].address == "/roo/do":
            self._guard(self._do, messages)
        elif messages[0].address == "/roo/take_back":
            self._guard(self._take_back, messages)
        else:
            for message in messages:
                self._guard(self._answer_one, [message])

    def _guard(self, act: Callable[[list[Message]], None], messages: list[Message]) -> None:
        self._log.request = request_in(messages)
        try:
            act(messages)
        except WireError as error:
            self._refuse(request_in(messages), BAD_MESSAGE, capital(str(error)) + ".")
        except Exception as error:
            # A failing request must not stop the others of this tick.
            self._log.traceback("answering a request")
            self._refuse(request_in(messages), LIVE_ERROR, f"Live refused: {first_line(error)}.")
        finally:
            self._log.request = ""

    def _refuse(self, request: str, code: int, sentence: str) -> None:
        self._send(Refusal(code, 0, sentence).packet(request, False))

    def _do(self, messages: list[Message]) -> None:
        head = checked(messages[0])
        if not head.request:
            raise WireError("a transaction needs a request id")
        known = self._answers.find(head.request)
        if known is not None:
            self._send(known.packet(head.request, True))
            return
        self._request = head.request
        late = self._wall_clock() - head.deadline
        if head.deadline and late > 0:
            self._finish(Refusal(EXPIRED, 0, f"Live was busy and came to this {late:.1f} s too late: press again."))
            return
        self._running = self._transactions.perform(head.request, messages[1:])
        self.go_on()

    def _take_back(self, messages: list[Message]) -> None:
        asked = checked(messages[0])
        known = self._answers.find(asked.request)
        if known is not None:
            self._send(known.packet(asked.request, True))
            return
        self._request = asked.request
        self._finish(self._transactions.take_back(asked.transaction, bool(asked.insists)))

    def _finish(self, answer: Answer) -> None:
        self._running = None
        self._answers.keep(self._request, answer)
        self._send(answer.packet(self._request, False))

    def _answer_one(self, messages: list[Message]) -> None:
        (message,) = messages
        arguments = checked(message)
        if message.address == "/roo/read/notes":
            self._read_notes(arguments)
        elif message.address == "/roo/script/say":
            self._show(arguments.sentence)
        elif message.address.startswith("/roo/edit/"):
            raise WireError(f"{message.address} must stand in a bundle that /roo/do heads")

    def _read_notes(self, arguments: Arguments) -> None:
        clip: Any = self._identities.find(arguments.clip)
        if clip is None or not hasattr(clip, "is_midi_clip"):
            self._refuse(arguments.request, GONE, f"The clip (id {arguments.clip}) is not in the set any more.")
        elif not clip.is_midi_clip:
            self._refuse(arguments.request, WRONG_TRACK, f"The clip ({clip.name:.60}) is audio and has no notes.")
        else:
            blob, count = encode_notes(clip)
            if 2 * len(blob) > LONGEST_FRAME:
                self._refuse(arguments.request, UNSUPPORTED, f"The clip has {count} notes, too many for one message.")
                return
            self._send(packet("/roo/notes", arguments.request, arguments.clip, blob))


def _readable(packet_: bytes) -> tuple[list[Message], str]:
    """Return the messages of a packet and "", or those before its error and one sentence about it."""
    try:
        return decode(packet_), ""
    except OscError as fault:
        return fault.read, str(fault)
