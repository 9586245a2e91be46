"""Which requests the server answers at all: by Host, Origin and content type. Pure.

A page of another site that the user has open may send requests to this machine (cross-site request forgery), and a name
that it owns may suddenly stand for this machine (DNS rebinding). So the Host must be one of ours, exactly, and an
Origin, which browsers always send along with what could change something, one that is allowed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from musearoo.bridge.api.problems.errors import ApiError

LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
DEFAULT_PORTS: Final = (80, 443)
"""Ports of http and https, which clients leave out of Host and Origin."""
CHANGING: Final = frozenset({"POST", "PUT", "PATCH"})
"""Methods with a body."""
JSON: Final = "application/json"
MSGPACK: Final = "application/msgpack"
OFFSET_STREAM: Final = "application/offset+octet-stream"
"""A piece of a resumable upload (tus)."""
BODIES: Final = (JSON, MSGPACK, "application/octet-stream", OFFSET_STREAM, "application/merge-patch+json")
"""Content types of bodies, besides audio and MIDI. A form is none: any page may send one without asking."""


@dataclass(frozen=True, slots=True)
class Doors:
    """The hosts and origins that the server answers, in lower case: `name:port`, and `http://name:port`.

    Both are compared as a whole: `127.0.0.1.evil.example` begins like one of ours.
    """

    hosts: frozenset[str]
    origins: frozenset[str]

    @classmethod
    def of(cls, port: int, hosts: Iterable[str] = (), origins: Iterable[str] = ()) -> Doors:
        """Return the doors of a server on a port: this machine's own names, and those that the user allows."""
        names = [f"{name}:{port}" for name in LOOPBACK] + [host.lower() for host in hosts]
        if port in DEFAULT_PORTS:
            names += LOOPBACK
        # By a proxy, or by a certificate of the user's, the same names are https.
        own = [f"{scheme}://{name}" for name in names for scheme in ("http", "https")]
        return cls(frozenset(names), frozenset([*own, *(origin.lower().rstrip("/") for origin in origins)]))

    def check(self, host: str, origin: str | None, site: str | None = None) -> None:
        """Raise ApiError for a Host or an Origin that is not allowed. `site` is the header Sec-Fetch-Site."""
        if host.lower() not in self.hosts:
            sentence = "This server does not answer under that name: use 127.0.0.1, or allow the name with --host."
            raise ApiError(421, "wrong_host", sentence)
        if origin is not None and origin.lower() not in self.origins:
            sentence = "Pages of that origin may not use this server: allow it with --origin."
            raise ApiError(403, "wrong_origin", sentence)
        if origin is None and site not in (None, "same-origin", "none"):
            raise ApiError(403, "wrong_origin", "A page of another site may not use this server.")


def check_content(method: str, content_type: str, encoding: str, has_body: bool) -> None:
    """Raise ApiError for a body that is neither JSON, msgpack, audio nor MIDI, or is compressed."""
    if method not in CHANGING or not has_body:
        return
    kind = media_type(content_type)
    if kind not in BODIES and not kind.startswith(("audio/", "video/")):
        was = f"{kind[:80]!r} is none of them" if kind else "it is missing"
        raise ApiError(415, "wrong_content_type", f"The content type must be {JSON}, or audio/… for a file: {was}.")
    if kind == JSON and _charset(content_type) not in ("", "utf-8", "utf8", "us-ascii"):
        raise ApiError(415, "wrong_content_type", "JSON must be in UTF-8: encode it so, and leave the charset out.")
    if encoding.strip().lower() not in ("", "identity"):
        raise ApiError(415, "wrong_encoding", "Send the body as it is: compressed bodies are not opened.")


def media_type(content_type: str) -> str:
    """Return a content type without its parameters, in lower case.

    >>> media_type("Application/JSON; charset=utf-8")
    'application/json'
    """
    return content_type.partition(";")[0].strip().lower()


def _charset(content_type: str) -> str:
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return ""
