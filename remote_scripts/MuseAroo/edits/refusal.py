"""Refusals of edits, and the names of tracks, scenes and clips in their sentences."""

from __future__ import annotations


class EditError(Exception):
    """A refused request: the wire table's code, and one sentence for the user."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


def called(what: str, number: int, name: str) -> str:
    """Return the name of an object that Live shows with a number, counted from 1, and a name.

    >>> called("track", 3, "Bass"), called("scene", 2, "")
    ('track 3 (Bass)', 'scene 2')
    """
    return f"{what} {number} ({name:.60})" if name else f"{what} {number}"


def first_line(error: BaseException) -> str:
    """Return Live's own error message, without the C++ signatures that follow it."""
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
