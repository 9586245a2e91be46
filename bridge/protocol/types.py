"""The parts of a wire message: argument kinds with bounds, and the decorator that makes a message a frozen class.

The table itself is `bridge.protocol`; `bridge.protocol.codec` encodes and decodes.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from enum import Enum
from typing import (
    Annotated,
    Any,
    ClassVar,
    TypeVar,
    cast,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from musearoo.bridge.text.bounded import cut_text
from musearoo.engines.foundation.frozen import frozen

INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1


NO_TEXT = "-"
"""Stands for an empty text on the device's link: it is not known whether Max keeps empty ones in a message."""


class WireError(Exception):
    """A message violates the table; the text gives the address, the argument and its bounds."""


class Kind(Enum):
    """The kind of an argument in an OSC packet; the value is its OSC type tag."""

    WHOLE = "i"
    REAL = "f"
    DOUBLE = "d"
    TEXT = "s"
    BLOB = "b"


# Each argument of each message is checked: attributes of an Enum take three times as long to find as these.
_WHOLE, _TEXT, _BLOB = Kind.WHOLE, Kind.TEXT, Kind.BLOB
_NUMBERS = (int, float)


class Route(Enum):
    """The link and the direction of a message."""

    DEVICE_TO_DAEMON = "device → daemon"
    DAEMON_TO_DEVICE = "daemon → device"
    SCRIPT_TO_DAEMON = "script → daemon"
    DAEMON_TO_SCRIPT = "daemon → script"
    API_TO_DAEMON = "api → daemon"
    DAEMON_TO_API = "daemon → api"


@dataclass(frozen=True, slots=True)
class Spec:
    """One argument: its kind, its meaning in the musician's words, and its bounds.

    `low` and `high` bound numbers; for text `high` bounds the UTF-8 length in bytes. `choices`, if any, are the only
    values. `records` names a blob's records. `is_cut`: display text, which is cut to its bound when it is sent; all
    other text is refused if it is too long.
    """

    kind: Kind
    meaning: str
    low: float
    high: float
    choices: tuple[str | int, ...] = ()
    records: str = ""
    is_cut: bool = False

    def fit(self, value: object) -> object:
        """Return `value` as it is sent: display text is cut to its bound."""
        return cut_text(value, int(self.high)) if self.is_cut and isinstance(value, str) else value

    def check(self, where: str, value: object) -> Any:
        """Return `value` in the argument's own type; raises WireError naming `where` and the bounds."""
        kind = self.kind
        if kind is _TEXT:
            return self._checked_text(where, value)
        if kind is _BLOB:
            if isinstance(value, bytes):
                return value
            raise WireError(f"{where} must be {self.bounds}, not {type(value).__name__}")
        if isinstance(value, bool) or not isinstance(value, _NUMBERS):
            raise WireError(f"{where} must be a number {self.bounds}, not {type(value).__name__}")
        if not self.low <= value <= self.high or (self.choices and value not in self.choices):
            raise WireError(f"{where} must be {self.bounds}, not {value!r:.60}")
        if kind is not _WHOLE:
            return float(value)
        if value != int(value):
            raise WireError(f"{where} must be a whole number {self.bounds}, not {value!r}")
        return int(value)

    def _checked_text(self, where: str, value: object) -> str:
        if not isinstance(value, str):
            raise WireError(f"{where} must be text, not {type(value).__name__}")
        if self.choices and value not in self.choices:
            raise WireError(f"{where} must be {self.bounds}, not {value!r:.60}")
        try:
            size = len(value.encode("utf-8"))
        except UnicodeEncodeError as error:
            raise WireError(f"{where} must be text that UTF-8 can hold, not {value!r:.60}") from error
        if "\0" in value or size > self.high:
            raise WireError(f"{where} must be {self.bounds} without a zero byte, got {size} bytes")
        return value

    @property
    def bounds(self) -> str:
        """Return the bounds as one phrase, such as `in 1..64` or `one of volume, panning`."""
        if self.choices:
            return "one of " + ", ".join(map(str, self.choices))
        if self.kind is Kind.TEXT:
            return f"text of at most {self.high:g} bytes"
        if self.kind is Kind.BLOB:
            return f"a blob of {self.records}"
        return f"in {_plain(self.low)}..{_plain(self.high)}"


def _plain(number: float) -> str:
    return str(int(number)) if number == int(number) else repr(number)


def whole(low: int, high: int, meaning: str, choices: tuple[int, ...] = ()) -> Spec:
    """A whole number; a float without a fraction is accepted too, since some controllers send nothing else."""
    return Spec(Kind.WHOLE, meaning, low, high, choices)


def real(low: float, high: float, meaning: str) -> Spec:
    """A number in single precision: all that Max can send."""
    return Spec(Kind.REAL, meaning, low, high)


def double(low: float, high: float, meaning: str) -> Spec:
    """A number in double precision: beats and seconds, for which single precision is not exact to the sample."""
    return Spec(Kind.DOUBLE, meaning, low, high)


def text(longest: int, meaning: str, choices: tuple[str, ...] = ()) -> Spec:
    """UTF-8 text of at most `longest` bytes, such as an id or a path."""
    return Spec(Kind.TEXT, meaning, 0, longest, choices)


def words(longest: int, meaning: str) -> Spec:
    """UTF-8 text for people, such as a name or a sentence: sent cut to `longest` bytes, between characters."""
    return Spec(Kind.TEXT, meaning, 0, longest, is_cut=True)


def notes(meaning: str) -> Spec:
    """Note records packed into one blob; `bridge.protocol.codec` reads and writes the records."""
    return Spec(Kind.BLOB, meaning, 0, INT32_MAX, records="note records")


def warp_markers(meaning: str) -> Spec:
    """Warp markers packed into one blob; `bridge.protocol.codec` reads and writes the records."""
    return Spec(Kind.BLOB, meaning, 0, INT32_MAX, records="warp markers")


def packed(meaning: str) -> Spec:
    """Bytes that have an encoding of their own, such as an OSC packet; no bytes for nothing."""
    return Spec(Kind.BLOB, meaning, 0, INT32_MAX, records="bytes")


class Message:
    """Base of every message: `path`, `route` and `specs` belong to the class, the arguments to the instance."""

    __slots__ = ()
    path: ClassVar[str]
    route: ClassVar[Route]
    specs: ClassVar[tuple[tuple[str, Spec], ...]]
    places: ClassVar[tuple[str, ...]]
    """What errors call each argument: address and name."""
    repeats: ClassVar[bool]
    """Whether the last argument repeats until the packet ends; it is a tuple then."""


M = TypeVar("M", bound=Message)

_TO_OR_FROM_DEVICE = (Route.DEVICE_TO_DAEMON, Route.DAEMON_TO_DEVICE)


@dataclass_transform(frozen_default=True)
def message(path: str, route: Route) -> Callable[[type[M]], type[M]]:
    """A decorator that makes a class a frozen message at `path`; every field must be `Annotated[type, Spec]`."""

    def decorate(cls: type[M]) -> type[M]:
        made = frozen(cls)
        hints = get_type_hints(made, include_extras=True)
        specs = []
        made.repeats = False
        for field in fields(made):  # type: ignore[arg-type]
            hint = hints[field.name]
            if get_origin(hint) is tuple:
                made.repeats, hint = True, get_args(hint)[0]
            if get_origin(hint) is not Annotated:
                raise TypeError(f"{path}: {field.name} has no Spec")
            specs.append((field.name, get_args(hint)[1]))
        made.path, made.route, made.specs = path, route, tuple(specs)
        made.places = tuple(f"{path} {name}" for name, _ in specs)
        return made

    return decorate


def for_session(sent: M, session: int) -> M:
    """Return the message with the number of its session; raises TypeError if it has none."""
    made: M = replace(cast(Any, sent), session=session)
    return made


def arguments(sent: Message) -> list[tuple[Kind, Any]]:
    """Return the message's arguments in wire order, each with its kind; display text is cut to its bounds.

    Raises WireError if any other argument is out of bounds.
    """
    flat: list[tuple[Kind, Any]] = []
    empty = NO_TEXT if sent.route in _TO_OR_FROM_DEVICE else ""
    for (name, spec), place in zip(sent.specs, sent.places, strict=True):
        value = getattr(sent, name)
        repeated = sent.repeats and name == sent.specs[-1][0]
        for one in value if repeated else (value,):
            checked = spec.check(place, spec.fit(one) if spec.is_cut else one)
            flat.append((spec.kind, empty if checked == "" else checked))
    return flat


def build(cls: type[M], values: list[Any]) -> M:
    """Build a message of class `cls` from raw OSC arguments; raises WireError on a wrong count, type or bound."""
    if cls.route in _TO_OR_FROM_DEVICE:
        values = ["" if value == NO_TEXT else value for value in values]
    fixed = len(cls.specs) - cls.repeats
    if len(values) < fixed or (len(values) > fixed and not cls.repeats):
        wanted = ", ".join(name for name, _ in cls.specs) or "none"
        raise WireError(f"{cls.path} takes {fixed} arguments ({wanted}), got {len(values)}")
    pairs = zip(cls.specs[:fixed], cls.places, values, strict=False)
    checked = [spec.check(place, value) for (_, spec), place, value in pairs]
    if cls.repeats:
        (_, spec), place = cls.specs[-1], cls.places[-1]
        checked.append(tuple([spec.check(place, value) for value in values[fixed:]]))
    return cls(*checked)
