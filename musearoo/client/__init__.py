"""A typed client of `musearoo serve`: sessions, takes and every action, from other programs and other machines.

>>> from musearoo.client import Client
>>> client = Client("http://127.0.0.1:24640", token="roo_example")
>>> client.session("01K00000000000000000000000").id
'01K00000000000000000000000'
>>> client.close()

`Client` waits for each answer, `AsyncClient` is for asyncio; both have the same methods. docs/server.md has recipes.
"""

from musearoo import IN_CHECKOUT, how_to_install

try:
    from musearoo.client.asynchronous.client import AsyncClient, AsyncSession
    from musearoo.client.errors import ClientError
    from musearoo.client.exchange import File
    from musearoo.client.live.blocking import Live
    from musearoo.client.live.connection import AsyncLive
    from musearoo.client.retries import NEVER, Retries
    from musearoo.client.synchronous.client import Client, Session
except ModuleNotFoundError as error:
    if error.name not in ("httpx2", "websockets"):
        raise
    how = how_to_install("server" if IN_CHECKOUT else "client")
    raise ImportError(f"The client needs {error.name}: run {how}.", name=error.name) from error

__all__ = [
    "NEVER",
    "AsyncClient",
    "AsyncLive",
    "AsyncSession",
    "Client",
    "ClientError",
    "File",
    "Live",
    "Retries",
    "Session",
]
