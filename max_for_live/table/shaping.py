"""Factories for common controls: buttons, switches, menus and dials, each with its parameter."""

from musearoo.max_for_live.table.records import BOTH, Control, Kind, Parameter, Rect, Twin, Visibility

OFF_ON = ("Off", "On")


def button(
    name: str, label: str, rect: Rect, title: str, info: str, *, role: str = "button", twins: tuple[Twin, ...] = BOTH
) -> Control:
    """Return a button that sends when pressed. Live neither stores nor automates it, so it adds nothing to undo."""
    parameter = Parameter(title, label, Visibility.HIDDEN, choices=OFF_ON)
    return Control(name, Kind.BUTTON, rect, label, label, title, info, parameter, speaks=True, role=role, twins=twins)


def menu(
    name: str,
    choices: tuple[str, ...],
    rect: Rect,
    title: str,
    short: str,
    info: str,
    *,
    initial: int = 0,
    twins: tuple[Twin, ...] = BOTH,
) -> Control:
    """Return a menu that sends the index of its choice. Live can automate it, so it is available on Push."""
    parameter = Parameter(title, short, Visibility.AUTOMATED, high=len(choices) - 1, initial=initial, choices=choices)
    return Control(
        name, Kind.MENU, rect, title=title, info=info, parameter=parameter, speaks=True, role="menu", twins=twins
    )


def dial(name: str, label: str, rect: Rect, title: str, info: str, *, initial: float) -> Control:
    """Return a dial of 0 to 100 percent that can be automated."""
    parameter = Parameter(title, label, Visibility.AUTOMATED, high=100, initial=initial, unit="%", whole=True)
    return Control(name, Kind.DIAL, rect, label, "", title, info, parameter, speaks=True, role="dial")
