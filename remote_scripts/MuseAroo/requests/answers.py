"""The memory of answered requests: a repeat gets the first answer and changes nothing."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple, Union

from ..wire.messages import packet

MOST_ANSWERS = 1024
"""Answers kept, across connections: at a press a second a quarter of an hour, far longer than any repeat waits."""


class Result(NamedTuple):
    """A transaction was performed: for each edit the id of what it made, then the notes read back."""

    numbers: tuple[int, ...]

    def packet(self, request: str, repeated: bool) -> bytes:
        """The `/roo/result` of this answer."""
        return packet("/roo/result", request, int(repeated), *self.numbers)


class Refusal(NamedTuple):
    """A request was refused: code, which edit (counted from 1, 0 for the request itself), sentence."""

    code: int
    edit: int
    sentence: str

    def packet(self, request: str, repeated: bool) -> bytes:
        """The `/roo/error` of this answer, the same for a repeat."""
        del repeated
        return packet("/roo/error", request, self.code, self.edit, self.sentence)


Answer = Union[Result, Refusal]


class Answers:
    """The last answers by request id, the oldest dropped first."""

    def __init__(self, most: int = MOST_ANSWERS) -> None:
        self._most = most
        self._answers: OrderedDict[str, Answer] = OrderedDict()

    def __len__(self) -> int:
        return len(self._answers)

    def find(self, request: str) -> Answer | None:
        """The answer that `request` got, if it is still remembered."""
        return self._answers.get(request)

    def keep(self, request: str, answer: Answer) -> None:
        """Remembers what `request` was answered."""
        self._answers[request] = answer
        if len(self._answers) > self._most:
            self._answers.popitem(last=False)
