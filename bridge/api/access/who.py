"""Who sends a request: the user and scopes that a token stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from musearoo.bridge.api.problems.errors import ApiError

SCOPES: Final = ("read", "make", "admin", "metrics")
"""What a token may do: see, make music, manage users and tokens, read the metrics. `make` includes `read`."""
IMPLIED: Final = {"admin": SCOPES, "make": ("make", "read"), "read": ("read",), "metrics": ("metrics",)}


@dataclass(frozen=True, slots=True)
class Who:
    """The user of a token: id, name and scopes. `is_local`: the one user of this machine, by its token file."""

    user: str
    name: str
    scopes: frozenset[str]
    token: str = ""
    """The id of the token; "" for the token file."""
    is_local: bool = False
    expires: float | None = None
    """When the token ends, in Unix time; None for never."""

    def require(self, scope: str) -> None:
        """Raise ApiError if the token may not do this."""
        if scope not in self.scopes:
            sentence = f"This token may not do that: make one with the scope {scope} (musearoo tokens add)."
            raise ApiError(403, "missing_scope", sentence)


def expand(scopes: tuple[str, ...]) -> frozenset[str]:
    """Return the scopes with what they imply; unknown ones give nothing."""
    return frozenset(implied for scope in scopes for implied in IMPLIED.get(scope, ()))


def unauthorized(sentence: str = "") -> ApiError:
    """Return the error for a request without a valid token: the same for every reason."""
    return ApiError(
        401,
        "unauthorized",
        sentence or "A token is missing, wrong or expired: send it as “Authorization: Bearer …” (musearoo tokens).",
    )
