"""Read the shipped style presets, and the user's own."""

from collections.abc import Mapping
from hashlib import blake2b
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

import msgspec

from musearoo.bridge.settings.home_files import read_bounded, read_text, write_whole
from musearoo.bridge.settings.logs import LOG
from musearoo.engines.errors import PresetError
from musearoo.engines.styles.live_sounds import LiveSounds, parse_live_sounds
from musearoo.engines.styles.reading import WHOLE, find_name, join_sections, parse_style, read_mapping, rest_on_base
from musearoo.engines.styles.schema import Style

Texts = dict[str, str]
"""The texts of one style by section; a style in a single file has one text."""
Data = Mapping[str, object]

ENDING: Final = ".yaml"

KEPT: Final = "styles.cache"
"""Cache of the shipped presets' data, next to the user's folder: thirty folders of YAML take a fifth of a second to
read, and the daemon must be ready in one."""


def read_styles(user_folder: Path | None = None) -> dict[str, Style]:
    """Return all styles by name, sorted; a user's preset wins over one of the same name. Broken ones are logged.

    A style is a YAML file, or a folder with one file per section.
    """
    builtin = _read_builtin(user_folder.parent / KEPT if user_folder else None)
    shipped = {find_name(data, source): data for source, data in builtin.items()}
    styles: dict[str, Style] = {}
    for source, data in builtin.items():
        _add(styles, source, data, shipped)
    own = _read_own(user_folder) if user_folder else {}
    for source, data in own.items():
        # A user's style may be based on the shipped one of the same name.
        others = {find_name(base, other): base for other, base in own.items() if other != source}
        _add(styles, source, data, shipped | others)
    return dict(sorted(styles.items()))


def read_live_sounds() -> LiveSounds:
    """Return the shipped names of Live's instruments."""
    entry = resources.files("musearoo.presets").joinpath("live_sounds.yaml")
    return parse_live_sounds(entry.read_text(encoding="utf-8"), entry.name)


def read_shipped_style(name: str) -> Style:
    """Return one shipped style that is based on no other, by the name of its folder."""
    folder = resources.files("musearoo.presets").joinpath("styles", name)
    return parse_style(join_sections(_texts_of(folder), name), name)


def stamp_styles(user_folder: Path) -> tuple[tuple[str, int], ...]:
    """Return a stamp of the user's styles, which changes when they do: their files and when each was written."""
    files = sorted(user_folder.rglob("*.yaml")) if user_folder.is_dir() else []
    stamps = []
    for path in files:
        try:
            stamps.append((str(path), path.stat().st_mtime_ns))
        except OSError:
            continue  # deleted since the listing
    return tuple(stamps)


def _add(styles: dict[str, Style], source: str, data: Data, others: Mapping[str, Data]) -> None:
    try:
        style = parse_style(rest_on_base(data, others, source), source)
        styles[style.name] = style
    except PresetError as error:
        LOG.warning("A style is left out: %s", error)


def _read_builtin(kept: Path | None) -> dict[str, Data]:
    """Return the data of each shipped preset by its folder, from the cache if that is of the same texts."""
    texts = {
        entry.name: _texts_of(entry)
        for entry in resources.files("musearoo.presets").joinpath("styles").iterdir()
        if entry.is_dir() and not entry.name.startswith("__")
    }
    digest = blake2b(msgspec.msgpack.encode(texts), digest_size=16).hexdigest()
    if kept is not None:
        try:
            of, data = msgspec.msgpack.decode(read_bounded(kept), type=tuple[str, dict[str, dict[str, object]]])
            if of == digest and all(find_name(own, source) for source, own in data.items()):
                return dict(data)
        except (OSError, msgspec.DecodeError, PresetError, RecursionError) as error:
            LOG.debug("No presets are kept in %s: %s", kept, error)
    read: dict[str, Data] = {}
    for source, own in texts.items():
        found = _read(source, own)
        if found is not None:
            read[source] = found
    if kept is not None and kept.parent.is_dir():
        _keep(kept, msgspec.msgpack.encode((digest, read)))
    return read


def _keep(path: Path, content: bytes) -> None:
    try:
        write_whole(path, content, durable=False)
    except OSError as error:
        LOG.debug("Presets cannot be kept: %s", error)


def _read_own(folder: Path) -> dict[str, Data]:
    """Return the data of the user's presets by their paths."""
    found: dict[str, Data] = {}
    try:
        paths = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        LOG.warning("Your styles are left out: %s: %s", folder, error.strerror or error)
        return found
    for path in paths:
        try:
            # A folder may have the name of a file.
            is_file = not path.is_dir()
            if is_file and path.suffix != ENDING:
                continue
            texts = _read_texts(path, is_file)
        except OSError as error:
            LOG.warning("A style is left out: %s: %s", error.filename or path, error.strerror or error)
            continue
        data = _read(str(path), texts, is_file)
        if data is not None:
            found[str(path)] = data
    return found


def _read_texts(path: Path, is_file: bool) -> Texts:
    """Return the texts of a user's style; raises OSError."""
    if is_file:
        return {WHOLE: read_text(path)}
    return {part.name.removesuffix(ENDING): read_text(part) for part in sorted(path.glob(f"*{ENDING}"))}


def _texts_of(folder: Traversable) -> Texts:
    """Return the texts of a shipped style."""
    parts = sorted((part for part in folder.iterdir() if part.name.endswith(ENDING)), key=lambda part: part.name)
    return {part.name.removesuffix(ENDING): part.read_text(encoding="utf-8") for part in parts}


def _read(source: str, texts: Texts, is_file: bool = False) -> Data | None:
    """Return the data of a style's texts; None, and a log record, if they are invalid YAML or name no style."""
    try:
        data = read_mapping(texts[WHOLE], source) if is_file else join_sections(texts, source)
        find_name(data, source)
        return data
    except PresetError as error:
        LOG.warning("A style is left out: %s", error)
        return None
