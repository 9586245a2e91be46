"""Bodies and frames as types: what is wrong with one, with the path of its field."""

from __future__ import annotations

import math
from typing import Any, Final

import msgspec

from musearoo.bridge.api.problems.errors import ApiError

MOST_NESTED: Final = 32
"""Objects and lists within each other, in values that may be anything."""
LARGEST_WHOLE: Final = 2**63 - 1


def decode_body(decoder: Any, data: bytes) -> Any:
    """Return what a msgspec decoder makes of a body. Raises ApiError."""
    try:
        decoded = decoder.decode(data)
    except msgspec.ValidationError as error:
        raise explain_invalid(error) from error
    except (msgspec.DecodeError, UnicodeError, RecursionError, OverflowError) as error:
        raise ApiError(400, "bad_json", f"The body is not valid: {error}.") from error
    for name in decoded.__struct_fields__:
        require_plain(getattr(decoded, name), name)
    return decoded


def explain_invalid(error: msgspec.ValidationError) -> ApiError:
    """Return the problem of a value of the wrong type or out of bounds, with the path of its field."""
    sentence, _, path = str(error).partition(" - at `")
    field = path.rstrip("`").removeprefix("$").lstrip(".").split("[")[0]
    where = f"{field}: " if field else ""
    return ApiError(422, "bad_parameter", f"{where}{sentence}.", field)


def require_plain(value: Any, field: str, depth: int = 0) -> None:
    """Raise ApiError for what the store, or JSON, has no place for.

    msgpack has NaN, infinity, bytes and types of its own; JSON has whole numbers of any size; both have NUL in texts.
    """
    if depth > MOST_NESTED:
        raise _bad(field, f"values may be nested {MOST_NESTED} deep at most")
    match value:
        case None | bool():
            return
        case str():
            if "\0" in value:
                raise _bad(field, "a text may not have a NUL character")
        case int():
            if not -LARGEST_WHOLE <= value <= LARGEST_WHOLE:
                raise _bad(field, "a whole number may have 64 bits at most")
        case float():
            if not math.isfinite(value):
                raise _bad(field, "a number may be neither NaN nor infinite")
        case list() | tuple():
            for each in value:
                require_plain(each, field, depth + 1)
        case dict():
            for key, each in value.items():
                if not isinstance(key, str):
                    raise _bad(field, "names must be texts")
                require_plain(key, field)
                require_plain(each, field, depth + 1)
        case msgspec.Struct():
            for name in value.__struct_fields__:
                require_plain(getattr(value, name), name, depth + 1)
        case _:
            raise _bad(field, "only texts, numbers, true, false, lists and objects are taken")


def _bad(field: str, sentence: str) -> ApiError:
    return ApiError(422, "bad_parameter", f"{field}: {sentence}.", field)
