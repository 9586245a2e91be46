"""What engines raise, told apart by whose fault it was."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

SHOWN: Final = 2_000
"""Characters that are shown of what somebody else wrote: a value may be as long as its file."""


class UserFacingError(Exception):
    """An error whose message is written for the user: what is wrong, where, and what to do."""


class ParamError(ValueError):
    """A value from the user that no engine can work with.

    >>> raise ParamError("bars", "1 to 64", 0)
    Traceback (most recent call last):
    musearoo.engines.errors.ParamError: bars must be 1 to 64, but was 0

    `nearest` is what may have been meant, where something is near.
    """

    def __init__(self, field: str, bounds: str, got: object, nearest: str = "") -> None:
        question = f": did you mean {nearest!r}?" if nearest else ""
        super().__init__(f"{field} must be {bounds}, but was {cut(repr(got))}{question}")
        self.field = field
        self.bounds = bounds
        self.got = got
        self.nearest = nearest

    def __reduce__(self) -> tuple[type[ParamError], tuple[str, str, object, str]]:
        return type(self), (self.field, self.bounds, self.got, self.nearest)


class PresetError(UserFacingError, ValueError):
    """A preset whose text is at fault; it names the file and the field.

    >>> raise PresetError("rock.yaml", "drums.grooves[0].weight", "expected a number above 0")
    Traceback (most recent call last):
    musearoo.engines.errors.PresetError: rock.yaml: drums.grooves[0].weight: expected a number above 0
    """

    def __init__(self, source: str, field: str, problem: str) -> None:
        field, problem = cut(field), cut(problem)
        super().__init__(f"{source}: {field}: {problem}" if field else f"{source}: {problem}")
        self.source = source
        self.field = field
        self.problem = problem

    def __reduce__(self) -> tuple[type[PresetError], tuple[str, str, str]]:
        return type(self), (self.source, self.field, self.problem)


def cut(text: str) -> str:
    """Return the beginning of a text that is too long to be shown.

    >>> len(cut("x" * 5_000))
    2001
    """
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


class EngineError(UserFacingError, RuntimeError):
    """Our fault or the machine's: the message says what to install or to do."""


def unknown_name(
    field: str, got: str, names: Iterable[str], aliases: Iterable[str] = (), or_else: str = ""
) -> ParamError:
    """The error for a name that is none of `names` nor of their `aliases`; it has all names, and the nearest of either.

    `or_else`: what is possible besides.

    >>> unknown_name("style", "Fnuk", ("funk", "house"), ("deep funk",))
    ParamError("style must be one of funk, house, but was 'Fnuk': did you mean 'funk'?")
    """
    names = tuple(names)
    by_lower = {name.lower(): name for name in (*aliases, *names)}
    near = get_close_matches(got.strip().lower(), by_lower, n=1)
    return ParamError(field, f"one of {', '.join(names)}{or_else}", got, by_lower[near[0]] if near else "")


def require_between(field: str, got: float, low: float, high: float, unit: str = "") -> None:
    """Raises ParamError unless `low <= got <= high` (which NaN never is).

    >>> require_between("bpm", 1000, 20, 999)
    Traceback (most recent call last):
    musearoo.engines.errors.ParamError: bpm must be 20 to 999, but was 1000
    """
    if isinstance(got, bool) or not isinstance(got, int | float) or not low <= got <= high:
        raise ParamError(field, f"{low:g} to {high:g}{unit and ' ' + unit}", got)
