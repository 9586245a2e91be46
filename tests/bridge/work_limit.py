"""Bounds the work that a call may do, counted in function calls: no clock, so a busy machine changes nothing."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TooMuchWorkError(BaseException):
    """More calls than allowed. Not an Exception, so that no broad `except` of the code at work swallows it."""


@contextmanager
def limited_work(most_calls: int) -> Iterator[None]:
    """Runs the block; raises TooMuchWorkError at the first call, Python's or C's, beyond `most_calls`."""
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        if event in ("call", "c_call"):
            calls += 1
            if calls > most_calls:
                raise TooMuchWorkError(f"more than {most_calls} calls")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(before)
