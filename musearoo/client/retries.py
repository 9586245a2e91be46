"""Which failed calls are tried again, and when. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from musearoo.client.errors import ClientError

NOT_DONE: Final = ("unreachable",)
"""Failures by which a request has certainly not reached the server."""
PERHAPS_DONE: Final = ("connection_lost",)
"""Failures after which the server may have done the request: repeated only if a repeat does nothing twice."""
PASSING: Final = frozenset({429, 502, 503, 504})
"""Statuses that pass: too many requests, the server is busy or starts again."""
REFUSED: Final = frozenset({429, 503})
"""Those of them by which a server says that it has not done the request."""


def is_certainly_not_done(error: ClientError) -> bool:
    """Whether the server has certainly not done what was asked."""
    return error.code in NOT_DONE or error.status in REFUSED


@dataclass(frozen=True, slots=True)
class Retries:
    """How calls are tried again: at most `most` times, with at most `longest` seconds of waiting in all.

    The first wait is about `first` seconds, each next one twice as long. Where the server says Retry-After, it is that
    and up to `first` more.
    """

    most: int = 3
    longest: float = 30.0
    first: float = 0.2

    def wait(self, error: ClientError, tried: int, waited: float, chance: float, *, repeatable: bool) -> float | None:
        """Return the seconds until the next try; None to give up.

        `tried` counts the tries so far, `waited` the seconds waited in all, `chance` is drawn from 0..1. `repeatable`:
        the same request twice does nothing twice.

        >>> busy = ClientError("Busy.", code="overloaded", status=503, retry_after=2.0)
        >>> Retries().wait(busy, 1, 0.0, 0.5, repeatable=False)
        2.1
        """
        perhaps = error.code in PERHAPS_DONE or error.status in PASSING or error.retry_after is not None
        if tried > self.most or not (is_certainly_not_done(error) or (perhaps and repeatable)):
            return None
        # Clients that failed together must not come back together.
        if error.retry_after is None:
            seconds = self.first * 2 ** (tried - 1) * (0.5 + chance)
        else:
            seconds = max(error.retry_after, 0.0) + self.first * chance
        return seconds if waited + seconds <= self.longest else None


PATIENT: Final = Retries()
"""What is usual."""
NEVER: Final = Retries(most=0)
"""No call is tried again."""
