"""Read Prometheus' text format 0.0.4, and join the texts of several processes. The daemon needs neither."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from musearoo.engines.errors import UserFacingError

_LABEL: Final = re.compile(r'([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)')
_LINE: Final = re.compile(r'([a-zA-Z_:][\w:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})? +(\S+)(?: +-?\d+)?')
_TYPE: Final = re.compile(r"^# TYPE (\S+) ", re.MULTILINE)
_ESCAPED: Final = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}


class TextError(UserFacingError, ValueError):
    """A text is not in the format: the message has the line's number and the line."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One line of the text: a name, its labels in their order, and a number."""

    name: str
    labels: tuple[tuple[str, str], ...]
    value: float


def read_text(text: str) -> tuple[Sample, ...]:
    """Return the samples of a text in their order; comments and times are left out. Raises TextError."""
    # Not splitlines(), which also ends lines at characters that a label may have.
    lines = enumerate(text.split("\n"), 1)
    return tuple(_read_line(number, line) for number, line in lines if line.strip() and not line.startswith("#"))


def _read_line(number: int, line: str) -> Sample:
    found = _LINE.fullmatch(line.strip())
    try:
        if found is None:
            raise ValueError
        name, labels, value = found.groups()
        return Sample(name, tuple(_read_labels(labels or "")), float(value))
    except ValueError as error:
        raise TextError(f"line {number} is no sample of Prometheus' text format: {line:.80}") from error


def _read_labels(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        found = _LABEL.match(text, at)
        if found is None:
            raise ValueError
        yield found[1], re.sub(r'\\[\\"n]', lambda each: _ESCAPED[each[0]], found[2])
        at = found.end()


def join_texts(*texts: str) -> str:
    """Return the texts of several processes as one; raises ValueError if two have a family of one name."""
    seen: set[str] = set()
    for text in texts:
        names = _TYPE.findall(text)
        if twice := next((name for name in names if name in seen), None):
            raise ValueError(f"two texts have the family {twice}: give each process's families a prefix of their own")
        seen.update(names)
    return "".join(text if not text or text.endswith("\n") else f"{text}\n" for text in texts)
