"""Reads the style presets that come with MuseAroo, and the user's own beside them."""

from collections.abc import Iterator, Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from bridge.logs import LOG
from engines.errors import PresetError
from engines.styles.reading import join_sections, parse_style, read_mapping, rest_on_base
from engines.styles.style import Style


def read_styles(user_folder: Path | None = None) -> dict[str, Style]:
    """Every style by name, sorted; a user's preset of the same name wins. A broken preset is logged and left out.

    A style is a YAML file, or a folder with a file a section.
    """
    data: dict[str, Mapping[str, object]] = {}
    sources: dict[str, str] = {}
    for source, entry in _entries(user_folder):
        try:
            found = _read_entry(entry, source)
        except (OSError, UnicodeDecodeError, PresetError) as error:
            LOG.warning("A style is left out: %s", error)
        else:
            name = str(found.get("name", source))
            data[name], sources[name] = found, source
    styles: dict[str, Style] = {}
    for name, own in sorted(data.items()):
        try:
            styles[name] = parse_style(rest_on_base(own, data, sources[name]), sources[name])
        except PresetError as error:
            LOG.warning("A style is left out: %s", error)
    return styles


def _entries(user_folder: Path | None) -> Iterator[tuple[str, Traversable]]:
    for entry in resources.files("presets").joinpath("styles").iterdir():
        if entry.is_dir() or entry.name.endswith(".yaml"):
            yield entry.name, entry
    if user_folder and user_folder.is_dir():
        for path in sorted(user_folder.iterdir()):
            if path.is_dir() or path.name.endswith(".yaml"):
                yield str(path), path


def _read_entry(entry: Traversable, source: str) -> Mapping[str, object]:
    if not entry.is_dir():
        return read_mapping(entry.read_text(encoding="utf-8"), source)
    sections = [part for part in entry.iterdir() if part.name.endswith(".yaml")]
    return join_sections({part.name[: -len(".yaml")]: part.read_text(encoding="utf-8") for part in sections}, source)
