"""A device's user interface as lines of text, for a terminal."""

from collections.abc import Mapping
from typing import Any

ROW = 12
"""The height in pixels within which controls count as one row."""

INTERACTIVE = ("live.text", "live.menu", "live.dial", "live.numbox", "live.slider", "live.tab", "textedit", "ubutton")


def face_text(patcher: Mapping[str, Any], shown: Mapping[str, Any]) -> str:
    """Return the controls row by row from the top, each as `name: value`; unnamed ones are omitted."""
    placed = []
    for wrapped in patcher.get("boxes", []):
        box = wrapped["box"]
        name = box.get("varname", "")
        if name in shown and box.get("presentation") and shown[name] is not None:
            left, top = box["presentation_rect"][:2]
            placed.append((int(top) // ROW, left, name, box["maxclass"], shown[name]))
    rows: dict[int, list[str]] = {}
    for row, _, name, class_name, value in sorted(placed, key=lambda found: found[:3]):
        rows.setdefault(row, []).append(_entry(name, class_name, value))
    return "\n".join("  ".join(entries) for entries in rows.values())


def _entry(name: str, class_name: str, value: Any) -> str:
    if class_name == "live.text":
        return f"[{name}: {value}]"
    if class_name in INTERACTIVE:
        return f"<{name}: {_plain(value)}>"
    return f"{name}: {_plain(value)}"


def _plain(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        return "(" + " ".join(f"{part:g}" for part in value) + ")"
    return f"{value:g}" if isinstance(value, float) else str(value)
