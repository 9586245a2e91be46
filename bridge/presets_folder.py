"""Reads the style presets that come with MuseAroo, and the user's own beside them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    styles: dict[str, Style] = {}
    builtin = _read_all(_builtin_entries())
    own = _read_all(_user_entries(user_folder)) if user_folder else ()
    shipped = {name: data for name, _, data in builtin}
    for name, source, data in (*builtin, *own):
        # A user's style may rest on the one whose name it takes; those that come with MuseAroo rest on each other.
        others = {other: base for other, _, base in own if other != name} if (name, source, data) in own else {}
        try:
            styles[name] = parse_style(rest_on_base(data, shipped | others, source), source)
        except PresetError as error:
            LOG.warning("A style is left out: %s", error)
    return dict(sorted(styles.items()))


def _builtin_entries() -> Iterator[tuple[str, Traversable]]:
    for entry in resources.files("presets").joinpath("styles").iterdir():
        if entry.is_dir() and not entry.name.startswith("__"):
            yield entry.name, entry


def _user_entries(folder: Path) -> Iterator[tuple[str, Traversable]]:
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.is_dir() or path.suffix == ".yaml":
                yield str(path), path


def _read_all(entries: Iterable[tuple[str, Traversable]]) -> Sequence[tuple[str, str, Mapping[str, object]]]:
    """Name, source and data of every entry that can be read."""
    found = []
    for source, entry in entries:
        try:
            data = _read_entry(entry, source)
        except (OSError, UnicodeDecodeError, PresetError) as error:
            LOG.warning("A style is left out: %s", error)
        else:
            found.append((str(data.get("name", source)), source, data))
    return found


def _read_entry(entry: Traversable, source: str) -> Mapping[str, object]:
    if not entry.is_dir():
        return read_mapping(entry.read_text(encoding="utf-8"), source)
    sections = [part for part in entry.iterdir() if part.name.endswith(".yaml")]
    return join_sections({part.name[: -len(".yaml")]: part.read_text(encoding="utf-8") for part in sections}, source)
