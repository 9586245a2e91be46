"""Errors of other rooms as problems for clients."""

from __future__ import annotations

from typing import Final

from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.store.errors import (
    BusyError,
    ConflictError,
    CorruptError,
    DiskFullError,
    MissingError,
    RefusedError,
    StoreError,
)
from musearoo.engines.errors import ParamError

RETRY_AFTER: Final = 2.0
"""Seconds after which a store that cannot be used now is worth another try."""
_STORE: Final[dict[type[StoreError], tuple[int, str, str]]] = {
    BusyError: (503, "store_busy", "The store is locked or overloaded: try again in a moment."),
    DiskFullError: (507, "disk_full", "The server's disk is full, and nothing was changed: free some space there."),
    CorruptError: (500, "store_damaged", "The store is damaged: restore a backup there (musearoo db restore FILE)."),
    ConflictError: (409, "conflict", ""),
    MissingError: (404, "not_found", ""),
    RefusedError: (422, "bad_parameter", ""),
}
"""Status, code and sentence by the store's error. "" is the store's own sentence, which names no file."""
_UNAVAILABLE: Final = (503, "store", "The store cannot be used now: see the server's log, then try again.")


def problem_of(error: Exception) -> ApiError:
    """Return the problem that an error is for a client."""
    match error:
        case ApiError():
            return error
        case StoreError():
            status, code, sentence = _STORE.get(type(error), _UNAVAILABLE)
            if status >= 500:
                # Its own sentence names the database, which is no business of clients.
                LOG.warning("The store failed: %s", error)
            return ApiError(status, code, sentence or str(error), retry_after=RETRY_AFTER if status == 503 else None)
        case ParamError():
            return ApiError(422, "bad_parameter", f"{error}.", error.field)
    raise error
