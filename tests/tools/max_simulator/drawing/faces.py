"""Small faces made by hand, in the shape of real patchers."""

from pathlib import Path
from typing import Any

from PIL import Image


def size_of(path: Path) -> tuple[int, int]:
    """Width and height of a picture's file."""
    with Image.open(path) as picture:
        return picture.size


def face(*boxes: dict[str, Any], width: float = 120.0) -> dict[str, Any]:
    """A patcher of those boxes, the first in front."""
    return {
        "patcher": {
            "default_fontsize": 10.0,
            "devicewidth": width,
            "boxes": [{"box": {"id": f"obj-{place}", **box}} for place, box in enumerate(boxes, 1)],
        }
    }


def box(kind: str, name: str, *rect: float, **attributes: Any) -> dict[str, Any]:
    """A box on the face; `parameter` becomes its parameter, `theme` its colours by name."""
    parameter = attributes.pop("parameter", {})
    saved: dict[str, Any] = {
        key: {"expression": f"themecolor.{value}"} for key, value in attributes.pop("theme", {}).items()
    }
    if parameter:
        saved["valueof"] = {f"parameter_{key}": value for key, value in parameter.items()}
    shown = {"saved_attribute_attributes": saved} if saved else {}
    return {
        "maxclass": kind,
        "varname": name,
        "presentation": 1,
        "presentation_rect": list(rect),
        **shown,
        **attributes,
    }


def toggle(name: str = "auto", *rect: float, **attributes: Any) -> dict[str, Any]:
    """A live.text that is a switch."""
    parameter = {"type": 2, "enum": ["Off", "On"], "mmax": 1, "longname": name}
    return box(
        "live.text", name, *(rect or (10, 10, 40, 15)), text=name, texton=name, parameter=parameter, **attributes
    )


def button(name: str = "drums", *rect: float, **attributes: Any) -> dict[str, Any]:
    """A live.text that is a momentary button."""
    return toggle(name, *rect, mode=0, **attributes)


def menu(name: str, choices: tuple[str, ...], *rect: float, **attributes: Any) -> dict[str, Any]:
    """A live.menu."""
    parameter = {"type": 2, "enum": list(choices), "mmax": len(choices) - 1, "longname": name, "initial": [0]}
    return box("live.menu", name, *rect, parameter=parameter, **attributes)


def dial(name: str = "swing", *rect: float, **attributes: Any) -> dict[str, Any]:
    """A live.dial of 0..100 %."""
    parameter = {"type": 1, "mmax": 100.0, "shortname": name.title(), "unitstyle": 5, "initial": [0]}
    return box("live.dial", name, *(rect or (10, 10, 44, 48)), parameter=parameter, **attributes)
