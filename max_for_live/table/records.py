"""The record types of the device's table: controls, parameters, invisible objects, cords, banks. Frozen data.

Positions are whole pixels of the device's presentation, from its top left corner; the height is Live's 169.
"""

from dataclasses import dataclass
from enum import Enum

HEIGHT = 169
"""The height in pixels at which Live shows a device; anything lower is cut off."""


class Twin(Enum):
    """The two devices built from the table; the value is the four-character code of their container."""

    AUDIO = "aaaa"
    MIDI = "mmmm"


BOTH = (Twin.AUDIO, Twin.MIDI)


class Kind(Enum):
    """The type of a control."""

    BUTTON = "button"
    TOGGLE = "toggle"
    HOLD = "hold"
    MENU = "menu"
    DIAL = "dial"
    FIELD = "field"
    TEXT = "text"
    BAR = "bar"
    LAMP = "lamp"
    PANEL = "panel"
    LINE = "line"


class Visibility(Enum):
    """How Live treats a parameter; the value is Max's own code."""

    AUTOMATED = 0
    STORED = 1
    HIDDEN = 2


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in the presentation."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column to the right of it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Parameter:
    """A control's parameter data for Live's storage, automation and mapping.

    `choices` belong to a menu or a switch; without them it is a number from `low` to `high`. A text field has neither.
    """

    long_name: str
    short_name: str
    visibility: Visibility
    low: float = 0.0
    high: float = 1.0
    initial: float = 0.0
    choices: tuple[str, ...] = ()
    unit: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """One visible element of the device.

    `name` is its scripting name, the first word of its messages to the script (`drums 1`), and the script sets it by
    that name. `speaks`: it sends to the script. `shown`: the script sets it. `role` names its Look. `over` is the
    control that it covers.
    """

    name: str
    kind: Kind
    rect: Rect
    label: str = ""
    label_on: str = ""
    title: str = ""
    info: str = ""
    parameter: Parameter | None = None
    speaks: bool = False
    shown: bool = False
    role: str = ""
    over: str = ""
    twins: tuple[Twin, ...] = BOTH


Attribute = str | int | float | tuple[float, ...]
"""The value of a box attribute; a colour is red, green, blue and opacity, 0..1."""


@dataclass(frozen=True, slots=True)
class Look:
    """The appearance of all controls with one role: attributes of their boxes, and colours that follow Live's theme.

    `theme` pairs a colour attribute with the name of a theme colour, such as ("bgcolor", "live_control_bg").
    """

    name: str
    attributes: tuple[tuple[str, Attribute], ...] = ()
    theme: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Thing:
    """An invisible object; `text` is the text of its box; `maxclass` can make it a message box."""

    name: str
    text: str
    maxclass: str = "newobj"
    twins: tuple[Twin, ...] = BOTH


@dataclass(frozen=True, slots=True)
class Cord:
    """A connection from an outlet to an inlet, by the names of their things or controls."""

    source: str
    outlet: int
    destination: str
    inlet: int = 0
    twins: tuple[Twin, ...] = BOTH


@dataclass(frozen=True, slots=True)
class Bank:
    """Eight positions of Push's encoders; an empty name leaves one free."""

    name: str
    controls: tuple[str, ...]
