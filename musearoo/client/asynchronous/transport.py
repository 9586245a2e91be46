"""HTTP: send calls, and try again what may be tried again."""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import Mapping
from typing import Any, Self, TypeVar

import httpx2

from musearoo import __version__
from musearoo.client.addresses import LOCAL_URL, Address, find_token
from musearoo.client.errors import ClientError
from musearoo.client.exchange import Answered, Call, File, decode, error_of, file_of, range_header
from musearoo.client.faults import explain
from musearoo.client.retries import PATIENT, Retries, is_certainly_not_done

Kind = TypeVar("Kind")


class AsyncTransport:
    """A connection to one server: its address, its token, and how patient it is."""

    def __init__(
        self,
        url: str = LOCAL_URL,
        *,
        token: str | None = None,
        timeout: float = 60.0,
        retries: Retries = PATIENT,
        certificate: str | None = None,
        transport: Any = None,
    ) -> None:
        self.address = Address.parse(url)
        self.token = find_token(token, self.address)
        self.ssl = _trust(certificate) if self.address.url.startswith("https:") else None
        self.timeout, self._retries = timeout, retries
        headers = {"user-agent": f"musearoo/{__version__}"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        try:
            self._http = httpx2.AsyncClient(
                base_url=self.address.url,
                headers=headers,
                timeout=httpx2.Timeout(timeout, connect=min(timeout, 10.0)),
                verify=self.ssl or True,
                # A proxy of the environment must not see what goes to this machine.
                trust_env=not self.address.is_local,
                transport=transport,
            )
        except httpx2.InvalidURL as error:
            raise explain(error, self.address.url) from error

    async def call(
        self,
        method: str,
        path: str,
        gives: type[Kind] | Any,
        *,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        content_type: str = "application/msgpack",
    ) -> Kind | Any:
        """Send a request and return its answer as a type; None for one without a body. Raises ClientError."""
        call = Call(method, path, query or {}, headers or {}, body, content_type)
        answered = await self.exchange(call)
        return decode(answered, gives) if answered.body else None

    async def fetch(
        self,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        byte_range: tuple[int, int | None] | None = None,
    ) -> File:
        """Return a file, or the bytes of it from the first to the last. Raises ClientError."""
        return file_of(await self.exchange(Call("GET", path, query or {}, range_header(byte_range))))

    async def exchange(self, call: Call) -> Answered:
        """Return the good answer to a call, after as many tries as it takes. Raises ClientError."""
        headers, content = call.all_headers(), call.content
        tried, waited, may_be_done = 0, 0.0, False
        while True:
            tried += 1
            try:
                return await self._send(call, headers, content)
            except ClientError as error:
                if error.status == 404 and call.method == "DELETE" and may_be_done:
                    return Answered(204, {}, b"")
                may_be_done = may_be_done or not is_certainly_not_done(error)
                chance = random.random()
                wait = self._retries.wait(error, tried, waited, chance, repeatable=call.is_repeatable)
                if wait is None:
                    raise
            await asyncio.sleep(wait)
            waited += wait

    async def _send(self, call: Call, headers: Mapping[str, str], content: bytes | None) -> Answered:
        if self._http.is_closed:
            raise ClientError("This client was closed: open another.", code="closed")
        try:
            got = await self._http.request(
                call.method, call.path, params=call.parameters, headers=headers, content=content
            )
        except (httpx2.HTTPError, httpx2.InvalidURL, ssl.SSLError) as error:
            raise explain(error, self.address.url) from error
        answered = Answered(got.status_code, {name.lower(): value for name, value in got.headers.items()}, got.content)
        if 200 <= answered.status < 300:
            return answered
        raise error_of(answered, self.address.url)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _trust(certificate: str | None) -> ssl.SSLContext:
    """Return what the usual certificates are trusted by, for REST and WebSocket, and a server's own one, in PEM."""
    context: ssl.SSLContext = httpx2.create_ssl_context()
    if certificate is None:
        return context
    try:
        context.load_verify_locations(certificate)
    except (OSError, ssl.SSLError) as error:
        sentence = f"The certificate {certificate} cannot be read: give a file in PEM."
        raise ClientError(sentence, code="bad_certificate") from error
    return context
