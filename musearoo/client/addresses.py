"""Where the server is, and the token that it admits: given, from the environment, or this machine's own."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from musearoo.client.errors import ClientError

LOCAL_URL: Final = "http://127.0.0.1:24640"
"""The server of this machine, where `musearoo serve` listens unless told otherwise."""
VARIABLE: Final = "MUSEAROO_TOKEN"
"""The environment variable with the token."""
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
LONGEST_TOKEN: Final = 256


@dataclass(frozen=True, slots=True)
class Address:
    """A server's address: `url` without a slash at its end. `is_local`: it is on this machine."""

    url: str
    is_local: bool

    @classmethod
    def parse(cls, url: str) -> Address:
        """Return the address. Raises ClientError for what is none.

        >>> Address.parse("http://127.0.0.1:24640/")
        Address(url='http://127.0.0.1:24640', is_local=True)
        """
        sentence = f"{url[:200]!r} is no address of a server: write it as {LOCAL_URL}."
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError as error:
            raise ClientError(sentence, code="bad_address") from error
        if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or parts.username:
            raise ClientError(sentence, code="bad_address")
        return cls(parts.geturl().rstrip("/"), host in LOOPBACK)

    @property
    def live_url(self) -> str:
        """The address for WebSockets."""
        return "ws" + self.url.removeprefix("http")


def find_token(token: str | None, address: Address) -> str:
    """Return the token: the one given, else MUSEAROO_TOKEN, else the token file, which goes to no other machine.

    Raises ClientError for one that cannot be a token.
    """
    found = (os.environ.get(VARIABLE, "") if token is None else token).strip()
    if found and not _may_be_token(found):
        where = VARIABLE if token is None else "The token that was given"
        raise ClientError(f"{where} is no token: musearoo tokens add NAME prints one.", code="bad_token")
    if found or token is not None:
        return found
    if not address.is_local:
        return ""
    # Here: a program that gives its token does without.
    from musearoo.bridge.settings.config_files import home_folder

    try:
        return (home_folder() / "token").read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError):
        return ""


def read_token(path: Path) -> str:
    """Return the token in a file. Raises ClientError where there is none."""
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise ClientError(f"The token file {path} cannot be read: {why}.", code="bad_token_file") from error
    if not _may_be_token(token):
        raise ClientError(f"{path} has no token in it: musearoo tokens add NAME prints one.", code="bad_token_file")
    return token


def _may_be_token(text: str) -> bool:
    return 0 < len(text) <= LONGEST_TOKEN and text.isascii() and text.isprintable()
