"""Listen on the first free port."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from musearoo.bridge.protocol import PORTS_TO_TRY


async def listen_on_free_port(first_port: int, listen: Callable[[int], Awaitable[object]]) -> int:
    """Return the first port from `first_port` on, of those that a peer tries, at which `listen` succeeds.

    Raises OSError if all of them are in use.
    """
    last_port = first_port + PORTS_TO_TRY - 1
    for port in range(first_port, last_port):
        try:
            await listen(port)
        except OSError:
            continue
        return port
    await listen(last_port)
    return last_port
