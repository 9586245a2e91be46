"""The presets that come with MuseAroo, parsed once for all tests."""

from __future__ import annotations

from importlib import resources
from typing import Final

import yaml

from engines.styles import Style, parse_style

FOLDER: Final = resources.files("presets").joinpath("styles")
TEXTS: Final[dict[str, str]] = {
    entry.name: entry.read_text(encoding="utf-8")
    for entry in sorted(FOLDER.iterdir(), key=lambda entry: entry.name)
    if entry.name.endswith(".yaml")
}
STYLES: Final[dict[str, Style]] = {
    style.name: style for style in (parse_style(text, source) for source, text in TEXTS.items())
}


def rock_data() -> dict[str, object]:
    """The rock preset as plain data of its own, to be broken by a test."""
    data = yaml.safe_load(TEXTS["rock.yaml"])
    if not isinstance(data, dict):
        raise TypeError("rock.yaml does not hold a mapping")
    return data
