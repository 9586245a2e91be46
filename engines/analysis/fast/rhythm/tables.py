"""Learned tables as text: a name and its numbers per line."""

from __future__ import annotations

from musearoo.engines.errors import EngineError


def read_table(text: str) -> dict[str, tuple[float, ...]]:
    """Return the rows of a table by name; raises EngineError where a row is empty or unreadable.

    >>> read_table("bias -1.5\\nkick 0.25 1\\n")
    {'bias': (-1.5,), 'kick': (0.25, 1.0)}
    """
    table = {}
    for line in text.strip().splitlines():
        name, *numbers = line.split()
        try:
            table[name] = tuple(float(number) for number in numbers)
        except ValueError as error:
            raise EngineError(
                f"The trained values of {name!r} cannot be read ({error}): reinstall MuseAroo."
            ) from error
        if not numbers:
            raise EngineError(f"The trained values of {name!r} are missing: reinstall MuseAroo.")
    return table


def write_table(rows: dict[str, tuple[float, ...]]) -> str:
    """Return a table as text, rounded to four digits; the inverse of `read_table`."""
    return "".join(" ".join([name, *(f"{number:.4g}" for number in numbers)]) + "\n" for name, numbers in rows.items())
