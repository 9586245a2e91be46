"""One-time links: a code that stands for a token which is made when the code is shown. In memory alone."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from musearoo.bridge.api.access.who import Who

LASTS: Final = 120.0
"""Seconds in which a link must be opened."""
LASTS_ON_PHONES: Final = 600.0
"""Seconds for a link that is carried to another machine first."""
MOST: Final = 16
"""Links that wait to be opened: of more, the oldest one ends."""


@dataclass(frozen=True, slots=True)
class Link:
    """What the token of a link may do, for how many days, and whose it is. `is_remote`: for another machine."""

    who: Who
    name: str
    scopes: tuple[str, ...]
    days: float | None
    ends: float
    is_remote: bool = False


class Links:
    """The links that have not been opened yet. Of a code only its SHA-256 is kept."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._waiting: OrderedDict[bytes, Link] = OrderedDict()

    def make(
        self, who: Who, *, name: str, scopes: tuple[str, ...], days: float | None, is_remote: bool = False
    ) -> tuple[str, float]:
        """Return the code of a new link, and when it ends, in Unix time."""
        ends = self._clock() + (LASTS_ON_PHONES if is_remote else LASTS)
        code = secrets.token_urlsafe(32)
        self._waiting = OrderedDict(
            (digest, link) for digest, link in self._waiting.items() if self._clock() < link.ends
        )
        self._waiting[_digest(code)] = Link(who, name, scopes, days, ends, is_remote)
        while len(self._waiting) > MOST:
            self._waiting.popitem(last=False)
        return code, ends

    def take(self, code: str) -> Link | None:
        """Return the link of a code, and forget it; None for one that is unknown, was opened, or has ended."""
        link = self._waiting.pop(_digest(code), None)
        return link if link is not None and self._clock() < link.ends else None

    def drop_remote(self) -> None:
        """End the links for other machines."""
        for digest in [digest for digest, link in self._waiting.items() if link.is_remote]:
            del self._waiting[digest]


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode("utf-8", "replace")).digest()
