"""The link to the daemon: finding it, connecting, the greeting, and reconnecting."""

from __future__ import annotations

from typing import Callable

from ..host.config import find_endpoint
from ..host.log import Log
from .connection import Connection, LinkError
from .messages import OscError, WireError, checked, decode
from .table import WIRE_VERSION

_FIRST_RETRY_S, _LAST_RETRY_S = 0.25, 2.0
_RETRY_AFTER_REFUSAL_S = 5.0
_WELCOME_WITHIN_S = 5.0


class Link:
    """At most one connection at a time; `hello` builds the greeting from the token, `on_welcome` starts reporting the
    set.
    """

    def __init__(
        self,
        folder: str,
        hello: Callable[[str], bytes],
        on_welcome: Callable[[], None],
        on_lost: Callable[[], None],
        show: Callable[[str], None],
        clock: Callable[[], float],
        log: Log,
    ) -> None:
        self._folder, self._hello, self._clock, self._log = folder, hello, clock, log
        self._on_welcome, self._on_lost, self._show = on_welcome, on_lost, show
        self._connection: Connection | None = None
        self._token = ""
        self._next_attempt = 0.0
        self._retry_s = _FIRST_RETRY_S
        self._welcome_until = 0.0
        self._logged_state = ""
        self.is_admitted = False

    def poll(self) -> list[bytes]:
        """Return the packets received since the last poll, once the daemon has admitted the script."""
        try:
            return self._poll()
        except LinkError as lost:
            self._lose(str(lost), self._retry_s)
            self._retry_s = min(2 * self._retry_s, _LAST_RETRY_S)
        return []

    def send(self, packet: bytes) -> None:
        """Queue a packet; without a connection it is dropped, because a new one begins with the whole set."""
        if self._connection is None or not self._connection.is_open:
            return
        if not self._connection.queue(packet):
            self._log.line(f"a clip has more notes than one message holds ({len(packet)} bytes) and is not told")

    def flush(self) -> None:
        """Send queued packets, as far as the daemon accepts them now."""
        if self._connection is not None and self._connection.is_open:
            try:
                self._connection.send()
            except LinkError as lost:
                self._lose(str(lost), self._retry_s)

    def close(self) -> None:
        """Close the connection, after a last attempt to send queued packets."""
        self.flush()
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self.is_admitted = False

    def _poll(self) -> list[bytes]:
        now = self._clock()
        if self._connection is None:
            if now >= self._next_attempt:
                self._attempt(now)
            return []
        if not self._connection.is_open:
            if self._connection.finish_opening(now):
                self._connection.queue(self._hello(self._token))
                self._welcome_until = now + _WELCOME_WITHIN_S
            return []
        packets = self._connection.receive()
        while packets and not self.is_admitted and self._connection is not None:
            self._be_admitted(packets.pop(0))
        if not self.is_admitted:
            if self._connection is not None and now > self._welcome_until:
                raise LinkError("the program on the daemon's port does not answer as MuseAroo does")
            return []
        return packets

    def _attempt(self, now: float) -> None:
        self._next_attempt = now + self._retry_s
        endpoint = find_endpoint(self._folder)
        if isinstance(endpoint, str):
            self._retry_s = min(2 * self._retry_s, _LAST_RETRY_S)
            self._log_once(endpoint)
            return
        self._token = endpoint.token
        self._connection = Connection(endpoint.port, now)

    def _be_admitted(self, packet: bytes) -> None:
        try:
            messages = [(message, checked(message)) for message in decode(packet)]
        except (OscError, WireError) as error:
            raise LinkError(f"the daemon's greeting was not understood: {error}") from error
        for message, arguments in messages:
            if message.address == "/roo/script/refused":
                self._refused(arguments.sentence)
            elif message.address == "/roo/script/welcome" and arguments.wire_version != WIRE_VERSION:
                self._refused(_other_version(arguments.daemon_version))
            elif message.address == "/roo/script/welcome":
                self.is_admitted = True
                self._retry_s = _FIRST_RETRY_S
                self._log_once(f"connected to the daemon, version {arguments.daemon_version}")
                self._on_welcome()

    def _refused(self, sentence: str) -> None:
        if sentence != self._logged_state:
            self._show(sentence)
        self._log_once(sentence)
        self._lose(sentence, _RETRY_AFTER_REFUSAL_S)

    def _lose(self, why: str, retry_s: float) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._next_attempt = self._clock() + retry_s
        if self.is_admitted:
            self.is_admitted = False
            self._on_lost()
            self._log_once(f"lost the daemon: {why}")
        else:
            self._log_once(why)

    def _log_once(self, state: str) -> None:
        # One line for each change of state: a line for each attempt would fill Log.txt overnight.
        if state != self._logged_state:
            self._logged_state = state
            self._log.line(state)


def _other_version(daemon_version: str) -> str:
    return (
        f"MuseAroo's Remote Script and its daemon (version {daemon_version}) do not fit together: "
        "run `musearoo install` and start Live again."
    )
