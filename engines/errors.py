"""What engines raise, told apart by whose fault it was."""

from __future__ import annotations


class ParamError(ValueError):
    """A value from the user that no engine can work with.

    >>> raise ParamError("bars", "1 to 64", 0)
    Traceback (most recent call last):
    engines.errors.ParamError: bars must be 1 to 64, but was 0
    """

    def __init__(self, field: str, bounds: str, got: object) -> None:
        super().__init__(f"{field} must be {bounds}, but was {got!r}")
        self.field = field
        self.bounds = bounds
        self.got = got

    def __reduce__(self) -> tuple[type[ParamError], tuple[str, str, object]]:
        return type(self), (self.field, self.bounds, self.got)


class PresetError(ValueError):
    """A preset whose text is at fault; it names the file and the field.

    >>> raise PresetError("rock.yaml", "drums.grooves[0].weight", "expected a number above 0")
    Traceback (most recent call last):
    engines.errors.PresetError: rock.yaml: drums.grooves[0].weight: expected a number above 0
    """

    def __init__(self, source: str, field: str, problem: str) -> None:
        super().__init__(f"{source}: {field}: {problem}" if field else f"{source}: {problem}")
        self.source = source
        self.field = field
        self.problem = problem

    def __reduce__(self) -> tuple[type[PresetError], tuple[str, str, str]]:
        return type(self), (self.source, self.field, self.problem)


class EngineError(RuntimeError):
    """Our fault or the machine's: the message says what to install or to do."""


def require_between(field: str, got: float, low: float, high: float, unit: str = "") -> None:
    """Raises ParamError unless `low <= got <= high` (which NaN never is).

    >>> require_between("bpm", 1000, 20, 999)
    Traceback (most recent call last):
    engines.errors.ParamError: bpm must be 20 to 999, but was 1000
    """
    if isinstance(got, bool) or not isinstance(got, int | float) or not low <= got <= high:
        raise ParamError(field, f"{low:g} to {high:g}{unit and ' ' + unit}", got)
