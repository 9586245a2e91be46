"""A cache of answered requests: a repeated request gets the first answer and changes nothing."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple, Union

from ..wire.messages import packet

MOST_ANSWERS = 1024
"""The number of cached answers, across connections: a quarter of an hour at one request per second, far longer than any
repeat is delayed.
"""


class Result(NamedTuple):
    """The result of a transaction: for each edit the id of what it created, then the notes read back."""

    numbers: tuple[int, ...]

    def packet(self, request: str, repeated: bool) -> bytes:
        """Return the `/roo/result` of this answer."""
        return packet("/roo/result", request, int(repeated), *self.numbers)


class Refusal(NamedTuple):
    """The refusal of a request: code, index of the edit (from 1, 0 for the request itself), sentence."""

    code: int
    edit: int
    sentence: str

    def packet(self, request: str, repeated: bool) -> bytes:
        """Return the `/roo/error` of this answer, the same for a repeat."""
        del repeated
        return packet("/roo/error", request, self.code, self.edit, self.sentence)


Answer = Union[Result, Refusal]


class Answers:
    """The last answers by request id; the oldest are dropped first."""

    def __init__(self, most: int = MOST_ANSWERS) -> None:
        self._most = most
        self._answers: OrderedDict[str, Answer] = OrderedDict()

    def __len__(self) -> int:
        return len(self._answers)

    def find(self, request: str) -> Answer | None:
        """Return the answer to `request`, if it is still cached."""
        return self._answers.get(request)

    def keep(self, request: str, answer: Answer) -> None:
        """Cache the answer to `request`."""
        self._answers[request] = answer
        if len(self._answers) > self._most:
            self._answers.popitem(last=False)
