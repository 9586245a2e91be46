"""Errors of the server, each with the status and the problem that a client gets. Every sentence says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from musearoo.bridge.api.types.answers import Problem
from musearoo.bridge.protocol import Refusal
from musearoo.engines.errors import UserFacingError


class ApiError(UserFacingError):
    """A request that fails: its status, the name of its code, and a sentence. `field` names the value at fault."""

    def __init__(
        self,
        status: int,
        code: str,
        sentence: str,
        field: str = "",
        retry_after: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.status, self.code, self.sentence = status, code, sentence
        self.field, self.retry_after, self.headers = field, retry_after, headers or {}

    def problem(self, instance: str = "") -> Problem:
        """Return the error as problem+json."""
        return Problem(
            title=TITLES.get(self.status, "Error"),
            status=self.status,
            detail=self.sentence,
            code=self.code,
            instance=instance,
            field=self.field,
            retry_after=self.retry_after,
        )


class RefusedError(ApiError):
    """A request that MuseAroo itself refuses, by the refusal codes of the device's link."""

    def __init__(self, code: Refusal, sentence: str, field: str = "") -> None:
        super().__init__(STATUS.get(code, 422), code.name.lower(), sentence, field)


class OverloadedError(ApiError):
    """There is more to do than the composers can: `seconds` from now there should be room."""

    def __init__(self, seconds: float) -> None:
        after = max(1, round(seconds))
        super().__init__(
            503, "overloaded", f"The server has too much to do: try again in {after} s.", retry_after=after
        )


class NotFoundError(ApiError):
    """Something that is not there, or that this user may not see: the two look alike."""

    def __init__(self, sentence: str) -> None:
        super().__init__(404, "not_found", sentence)


class ConflictError(ApiError):
    """Something has changed meanwhile."""

    def __init__(self, sentence: str) -> None:
        super().__init__(409, "conflict", sentence)


class ClosedError(ApiError):
    """A session that takes nothing until it is resumed."""

    def __init__(self) -> None:
        super().__init__(409, "closed", "That session is closed: resume it first.")


class TakesLongerError(ApiError):
    """A request that takes minutes, where an answer is waited for. `said` is RooAroo's sentence about it, or ""."""

    def __init__(self, request: Any, said: str = "") -> None:
        super().__init__(422, "takes_longer", f"{said} That takes longer: ask for it as a job by REST.".strip())
        self.request, self.said = request, said


TITLES: Final = {
    400: "Bad request",
    401: "Who is it?",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    408: "Too slow",
    409: "Conflict",
    410: "Gone",
    411: "Length required",
    412: "Precondition failed",
    413: "Too large",
    415: "Unsupported media type",
    416: "Range not satisfiable",
    421: "Misdirected request",
    422: "Cannot be done",
    429: "Too many requests",
    431: "Headers too large",
    500: "A fault of ours",
    502: "Live failed",
    503: "Not now",
    507: "No space",
}

STATUS: Final = {
    Refusal.BAD_PARAMETER: 422,
    Refusal.BAD_MESSAGE: 422,
    Refusal.GONE: 409,
    Refusal.SLOT_FILLED: 409,
    Refusal.NO_LIVE: 503,
    Refusal.LIVE_LOST: 503,
    Refusal.LIVE_BUSY: 503,
    Refusal.EXPIRED: 503,
    Refusal.TOO_MANY: 429,
    Refusal.UNSUPPORTED: 422,
    Refusal.NOT_MINE: 409,
    Refusal.ENGINE_FAILED: 500,
    Refusal.LIVE_ERROR: 502,
    Refusal.CANCELLED: 409,
}
"""HTTP status by refusal; others are 422."""
