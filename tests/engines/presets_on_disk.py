"""The presets that come with MuseAroo, read once for all tests."""

from __future__ import annotations

from importlib import resources
from typing import Final

from musearoo.engines.styles.reading import join_sections, parse_style, rest_on_base
from musearoo.engines.styles.schema import Style

FOLDER: Final = resources.files("musearoo.presets").joinpath("styles")
DATA: Final[dict[str, dict[str, object]]] = {
    folder.name: join_sections(
        {
            entry.name.removesuffix(".yaml"): entry.read_text(encoding="utf-8")
            for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
            if entry.name.endswith(".yaml")
        },
        folder.name,
    )
    for folder in sorted(FOLDER.iterdir(), key=lambda folder: folder.name)
    if folder.is_dir() and not folder.name.startswith("__")
}
"""The data of each style by the name of its folder."""
_BY_NAME: Final = {str(data["name"]): data for data in DATA.values()}
STYLES: Final[dict[str, Style]] = {
    style.name: style
    for style in (parse_style(rest_on_base(data, _BY_NAME, source), source) for source, data in DATA.items())
}


def rock_data() -> dict[str, object]:
    """The rock preset as plain data, to be broken by a test on a copy."""
    return DATA["rock"]
