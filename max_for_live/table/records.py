"""What the table of the device is made of: controls, parameters, objects without a face, cords, banks. Frozen data.

Positions are whole pixels of the device's presentation, from its left upper corner; the height is Live's 169.
"""

from dataclasses import dataclass
from enum import Enum

HEIGHT = 169
"""Pixels that Live shows of a device; what lies lower is cut off."""


class Twin(Enum):
    """The two devices that are built from the table; the value is the four-character code of their container."""

    AUDIO = "aaaa"
    MIDI = "mmmm"


BOTH = (Twin.AUDIO, Twin.MIDI)


class Kind(Enum):
    """What a control is to the hand and the eye."""

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
    """A place in the presentation."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column to its right."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Parameter:
    """What Live stores, automates and maps of a control.

    `choices` make it a menu's or a switch's; without them it is a number from `low` to `high`. A field of text has
    neither.
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
    """One thing on the device's face.

    `name` is its scripting name, the word with which it speaks to the script (`drums 1`) and by which the script
    sets it. `speaks` says that it sends to the script, `shown` that the script sets it. `role` names its Look, `over`
    the control on whose face it lies.
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
"""What an attribute of a box holds; a colour is red, green, blue and opacity, 0..1."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the controls of one role look: attributes of their boxes, and colours that follow Live's theme.

    `theme` pairs a colour attribute with the name of a theme colour, such as ("bgcolor", "live_control_bg").
    """

    name: str
    attributes: tuple[tuple[str, Attribute], ...] = ()
    theme: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Thing:
    """An object without a face; `text` is what stands in its box, which `maxclass` may make a message's."""

    name: str
    text: str
    maxclass: str = "newobj"
    twins: tuple[Twin, ...] = BOTH


@dataclass(frozen=True, slots=True)
class Cord:
    """From an outlet to an inlet, by the names of their things or controls."""

    source: str
    outlet: int
    destination: str
    inlet: int = 0
    twins: tuple[Twin, ...] = BOTH


@dataclass(frozen=True, slots=True)
class Bank:
    """Eight places of Push's encoders; an empty name leaves one free."""

    name: str
    controls: tuple[str, ...]
