"""Which bytes of a file a client asks for: the header `Range` of HTTP, by RFC 9110, section 14. Pure functions.

The caller handles `If-Range`: if its validator is not the file's, pass None as the header.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from musearoo.engines.errors import ParamError

WHOLE: Final = 200
PART: Final = 206
UNSATISFIABLE: Final = 416

MOST_DIGITS: Final = 18
"""Digits of the longest position that is read exactly: no file is as large, so a longer one is only beyond the end."""

_SPEC: Final = re.compile(r"([0-9]*)-([0-9]*)")


@dataclass(frozen=True, slots=True)
class RangeAnswer:
    """What to send: a status, and of a file of `size` bytes the `length` bytes from `first` on (none for 416)."""

    status: Literal[200, 206, 416]
    first: int
    length: int
    size: int

    @property
    def headers(self) -> dict[str, str]:
        """The headers that belong to the answer; those of 416 leave the length to the caller's own error body."""
        if self.status == UNSATISFIABLE:
            return {"accept-ranges": "bytes", "content-range": f"bytes */{self.size}"}
        headers = {"accept-ranges": "bytes", "content-length": str(self.length)}
        if self.status == PART:
            headers["content-range"] = f"bytes {self.first}-{self.first + self.length - 1}/{self.size}"
        return headers


def answer_range(header: str | None, size: int) -> RangeAnswer:
    """Return the answer to a request's `Range` header for a file of `size` bytes.

    Without a header the whole file is sent, as for other units than bytes, invalid headers, and several ranges. Raises
    ParamError for a negative size.

    >>> answer_range("bytes=0-1", 10)
    RangeAnswer(status=206, first=0, length=2, size=10)
    >>> answer_range("bytes=-3", 10).headers["content-range"]
    'bytes 7-9/10'
    >>> answer_range("bytes=10-", 10).headers["content-range"]
    'bytes */10'
    """
    if size < 0:
        raise ParamError("size", "0 bytes or more", size)
    whole = RangeAnswer(WHOLE, 0, size, size)
    unit, equals, specs = (header or "").partition("=")
    # Empty elements of a list do not count (RFC 9110, section 5.6.1.2).
    asked = [spec.strip(" \t") for spec in specs.split(",") if spec.strip(" \t")]
    if not equals or unit.strip(" \t").lower() != "bytes" or len(asked) != 1:
        return whole
    match = _SPEC.fullmatch(asked[0])
    if match is None or match[0] == "-":
        return whole
    first, last = (_position(digits) for digits in match.groups())
    if first is None:
        return _suffix(last or 0, size)
    if last is not None and last < first:
        return whole
    if first >= size:
        return RangeAnswer(UNSATISFIABLE, 0, 0, size)
    end = size if last is None else min(last + 1, size)
    return RangeAnswer(PART, first, end - first, size)


def _suffix(length: int, size: int) -> RangeAnswer:
    """Return the answer for the last `length` bytes; all of them if the file is shorter."""
    if length == 0:
        return RangeAnswer(UNSATISFIABLE, 0, 0, size)
    if size == 0:
        # No content-range can name a part of an empty file.
        return RangeAnswer(WHOLE, 0, 0, 0)
    first = max(0, size - length)
    return RangeAnswer(PART, first, size - first, size)


def _position(digits: str) -> int | None:
    """Return a position, None where none is given; at most 10 to the power of MOST_DIGITS."""
    if not digits:
        return None
    plain = digits.lstrip("0")
    return int(plain or "0") if len(plain) <= MOST_DIGITS else 10**MOST_DIGITS
