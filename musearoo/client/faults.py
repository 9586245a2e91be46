"""What goes wrong on the way to the server, as sentences that say what to do."""

from __future__ import annotations

import ssl

import httpx2

from musearoo.client.errors import ClientError


def explain(error: Exception, url: str) -> ClientError:
    """Return the ClientError of an error of HTTP's library."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return untrusted(url, cause)
        cause = cause.__cause__ or cause.__context__
    match error:
        case httpx2.ConnectTimeout() | httpx2.ConnectError():
            return unreachable(url)
        case httpx2.TimeoutException():
            return ClientError(
                f"{url} took too long to answer: ask again with a larger timeout, or for less.", code="timed_out"
            )
        case httpx2.InvalidURL() | httpx2.UnsupportedProtocol():
            return ClientError(f"{url} is no address of a server: write it as http://HOST:PORT.", code="bad_address")
        case httpx2.ProxyError():
            return ClientError(f"The proxy before {url} refuses: check HTTPS_PROXY and NO_PROXY.", code="unreachable")
    return lost(url)


def unreachable(url: str) -> ClientError:
    """Return the error for an address where nothing answers."""
    return ClientError(
        f"Nothing answers at {url}: start the server there (musearoo serve), or check the address.", code="unreachable"
    )


def lost(url: str) -> ClientError:
    """Return the error for a connection that ended before its answer."""
    return ClientError(
        f"The connection to {url} was lost before the answer came: see what is there, then ask again.",
        code="connection_lost",
    )


def untrusted(url: str, error: ssl.SSLError) -> ClientError:
    """Return the error for a failed TLS handshake."""
    why = getattr(error, "verify_message", "") or error.reason or "no TLS"
    return ClientError(
        f"{url} cannot be trusted ({why}): name its certificate, or use http where it has none.",
        code="bad_certificate",
    )
