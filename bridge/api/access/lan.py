"""The server on the local network: a second listener, for as long as the user wants it, and who came in by it."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from musearoo.bridge.api.problems.errors import ApiError

NOWHERE: Final = ("192.0.2.1", 9)
"""An address of documentation (RFC 5737): a UDP socket that is connected to it has this machine's address, and nothing
is sent."""
WARNING: Final = (
    "Whoever is in this network and has the link can use this page, and what is sent is not encrypted: "
    "open it in networks that you trust, and close it afterwards."
)


class Listener(Protocol):
    """What listens: opened on a socket, closed with all its connections."""

    async def close(self) -> None:
        """Stop listening, and cut what is connected."""


Listen = Callable[[socket.socket], Awaitable[Listener]]


class LanDoor:
    """Opens and closes the second listener. For the event loop's thread only."""

    def __init__(self, port: int, *, is_tls: bool) -> None:
        self._port, self._is_tls = port, is_tls
        self._listen: Listen | None = None
        self._allow: Callable[[tuple[str, ...]], None] = lambda _hosts: None
        self._listener: Listener | None = None
        self._address = ("", 0)
        self._changing = asyncio.Lock()
        self.url = ""
        """Its address, "" while it is closed."""
        self.closings = 0
        """How often it was closed."""
        self.tokens: list[tuple[str, str]] = []
        """User and id of the tokens that came in by it."""

    def connect(self, listen: Listen, allow: Callable[[tuple[str, ...]], None]) -> None:
        """Give it the server: `listen` serves a socket, `allow` takes the Host names that are answered besides now."""
        self._listen, self._allow = listen, allow

    async def open(self) -> str:
        """Open it, unless it is open, and return its address. Raises ApiError where there is no network.

        Where this machine has another address by now, as after a change of networks, it is opened there instead.
        """
        async with self._changing:
            if self._listen is None:
                raise ApiError(503, "stopping", "The server is only starting: try again in a moment.", retry_after=1)
            host = find_address()
            if self._listener is not None and self._address[0] != host:
                await self._shut()
            if self._listener is None:
                made = _bind(host, self._port)
                self._address = (host, made.getsockname()[1])
                try:
                    self._listener = await self._listen(made)
                except BaseException:
                    made.close()
                    raise
                name = f"{host}:{self._address[1]}"
                self._allow((name,))
                self.url = f"{'https' if self._is_tls else 'http'}://{name}"
            return self.url

    async def close(self) -> None:
        """Close it, and cut those who came in by it."""
        async with self._changing:
            self.closings += 1
            await self._shut()

    async def _shut(self) -> None:
        listener, self._listener, self.url = self._listener, None, ""
        self._allow(())
        if listener is not None:
            await listener.close()

    def is_way_of(self, server: tuple[str, int] | None) -> bool:
        """Whether a request came by it, by the address on which it reached the server."""
        return self._listener is not None and server == self._address

    def has_let_in(self, token: str) -> bool:
        """Whether a token came in by it, by its id."""
        return any(token == known for _, known in self.tokens)


def find_address() -> str:
    """Return this machine's address in its network. Raises ApiError where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        try:
            found.connect(NOWHERE)
            host = str(found.getsockname()[0])
        except OSError:
            host = ""
    if not host or host.startswith("127.") or host == "0.0.0.0":  # noqa: S104
        raise ApiError(409, "no_network", "This machine is in no network: connect it to one, then try again.")
    return host


def _bind(host: str, port: int) -> socket.socket:
    """Return a listening socket, on the server's own port where that is free. Raises ApiError."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name != "nt":
        # The port is free again at once after the last time.
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        try:
            made.bind((host, port))
        except OSError:
            made.bind((host, 0))
        made.listen()
    except OSError as error:
        made.close()
        why = error.strerror or type(error).__name__
        sentence = f"The network address {host} cannot be opened ({why}): see whether a firewall forbids it."
        raise ApiError(409, "no_network", sentence) from error
    return made
