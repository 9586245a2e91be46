"""The boxes of a device's user interface: rectangle, attributes, theme colours and displayed value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from musearoo.tools.max_simulator.drawing.themes import Colour, DrawingError, Theme

LIVE_SIZE = 9.5
"""The default text size of a live object in pixels, chosen so that the text widths match CPU Reporter's picture."""

PATCHER_SIZE = 12.0
"""The text size in pixels of any other object when neither its box nor its patcher sets one."""


@dataclass(frozen=True, slots=True)
class Box:
    """One visible box and its displayed value.

    `data` is the box as stored in the file. `state` is its current state: `shown`, `value`, and attributes set by
    messages.
    """

    data: Mapping[str, Any]
    state: Mapping[str, Any]
    theme: Theme
    patcher_size: float = PATCHER_SIZE

    @property
    def kind(self) -> str:
        """Its class, such as `live.dial`."""
        return str(self.data["maxclass"])

    @property
    def name(self) -> str:
        """Its scripting name, or its id when it has none."""
        return str(self.data.get("varname") or self.data.get("id", "?"))

    @property
    def rect(self) -> tuple[float, float, float, float]:
        """Left, top, width and height in pixels of the device."""
        try:
            left, top, width, height = (float(number) for number in self.data["presentation_rect"])
        except (KeyError, TypeError, ValueError):
            raise DrawingError(f"{self.name} has no presentation_rect of four numbers.") from None
        return left, top, width, height

    @property
    def size(self) -> float:
        """The text size in pixels."""
        return float(self.attribute("fontsize", LIVE_SIZE if self.kind.startswith("live.") else self.patcher_size))

    def attribute(self, name: str, default: Any) -> Any:
        """Return an attribute: set by a message, else from the file, else the default."""
        return self.state.get(name, self.data.get(name, default))

    def number(self, name: str, default: float) -> float:
        """Return a numeric attribute."""
        value = self.attribute(name, default)
        return float(value[0] if isinstance(value, (list, tuple)) else value)

    def colour(self, attribute: str, default: str, *, file_name: str = "") -> Colour:
        """Return a colour attribute: set by a message, else a theme colour by name, else the file's numbers, else the
        default.

        `file_name` is the key of the numbers when it differs; a panel's `bgfillcolor` is stored as `bgcolor`.
        """
        set_by_message = self.state.get(attribute)
        if isinstance(set_by_message, (list, tuple)):
            return _of_numbers(set_by_message)
        saved = self.data.get("saved_attribute_attributes", {}).get(attribute, {})
        expression = str(saved.get("expression", "")) if isinstance(saved, Mapping) else ""
        if expression.startswith("themecolor."):
            return self.theme.colour(expression.removeprefix("themecolor."))
        numbers = self.data.get(attribute, self.data.get(file_name))
        if isinstance(numbers, (list, tuple)):
            return _of_numbers(numbers)
        return self.theme.colour(default)

    # ------------------------------------------------------------------------------------------ its parameter

    @property
    def parameter(self) -> Mapping[str, Any]:
        """The file's parameter settings, without the prefix `parameter_`."""
        valueof = self.data.get("saved_attribute_attributes", {}).get("valueof", {})
        return {key.removeprefix("parameter_"): value for key, value in valueof.items()}

    @property
    def choices(self) -> tuple[str, ...]:
        """The names of its enum values."""
        return tuple(str(choice) for choice in self.parameter.get("enum", ()))

    @property
    def low(self) -> float:
        """The minimum value."""
        return float(self.parameter.get("mmin", 0.0))

    @property
    def high(self) -> float:
        """The maximum value; Max omits it from the file when it is 127."""
        return float(self.parameter.get("mmax", 127.0))

    @property
    def value(self) -> float:
        """The current or initial number. A choice given by its text becomes its index."""
        initial = self.parameter.get("initial", [self.low])
        first = initial[0] if isinstance(initial, (list, tuple)) and initial else initial
        given = self.state.get("value", self.state.get("shown", first))
        if isinstance(given, str):
            if given in self.choices:
                return float(self.choices.index(given))
            raise DrawingError(f"{self.name} has no choice {given!r}; it has {', '.join(self.choices) or 'none'}.")
        return float(given)

    @property
    def share(self) -> float:
        """The value's position within its range, 0..1."""
        span = self.high - self.low
        return min(1.0, max(0.0, (self.value - self.low) / span)) if span else 0.0

    @property
    def text(self) -> str:
        """The displayed text: the current one, or the one in the file."""
        shown = self.state.get("shown")
        return shown if isinstance(shown, str) else str(self.data.get("text", ""))

    @property
    def is_on(self) -> bool:
        """Whether a toggle is on or a button is pressed."""
        return bool(self.state["value"]) if "value" in self.state else bool(self.parameter) and self.value > self.low


def boxes_of(patcher: Mapping[str, Any], values: Mapping[str, Any] | None, theme: Theme) -> tuple[Box, ...]:
    """Return the visible boxes, from back to front.

    `values` maps scripting names to displayed values: a number, a text, or a mapping with `shown`, `value` and
    attributes. Raises DrawingError when a name does not exist.
    """
    inner = patcher.get("patcher", patcher)
    given = dict(values or {})
    size = float(inner.get("default_fontsize", PATCHER_SIZE))
    found = []
    for wrapped in inner.get("boxes", ()):
        data = wrapped["box"]
        state = _state(given.pop(data.get("varname", ""), None))
        if data.get("presentation") and not data.get("hidden"):
            found.append(Box(data, state, theme, size))
    if given:
        raise DrawingError(f"No box of this patcher is called {', '.join(sorted(given))}.")
    found.reverse()
    return tuple(sorted(found, key=lambda box: not box.data.get("background")))


def _state(given: Any) -> Mapping[str, Any]:
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return given
    return {"shown": given} if isinstance(given, str) else {"value": given}


def _of_numbers(numbers: list[float] | tuple[float, ...]) -> Colour:
    red, green, blue, opacity = ([*numbers, 1.0] if len(numbers) == 3 else list(numbers))[:4]
    return round(red * 255), round(green * 255), round(blue * 255), round(opacity * 255)
