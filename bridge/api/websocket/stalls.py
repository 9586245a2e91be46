"""WebSockets whose clients stop reading are cut off: uvicorn alone would wait for them without end."""

from __future__ import annotations

import asyncio
from typing import Final

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

READ_WITHIN = 10.0
"""Seconds in which a client must read on once the buffers between it and the server are full."""
STALLED: Final = "has_stalled"
"""What stands in the connection's state after it was cut off."""


class BoundedSocket(WebSocketsSansIOProtocol):
    """uvicorn's protocol that aborts the connection of a client that reads nothing any more."""

    _deadline: asyncio.TimerHandle | None = None

    def pause_writing(self) -> None:
        """Expect the client to read."""
        super().pause_writing()
        self._deadline = self.loop.call_later(READ_WITHIN, self._cut_off)

    def resume_writing(self) -> None:
        """Expect nothing any more."""
        self._end_wait()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing any more."""
        self._end_wait()
        super().connection_lost(exc)

    def _end_wait(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _cut_off(self) -> None:
        self.scope["state"][STALLED] = True
        self.transport.abort()
