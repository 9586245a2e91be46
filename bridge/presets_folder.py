"""Reads the style presets that come with MuseAroo, and the user's own beside them."""

from importlib import resources
from pathlib import Path

from bridge.logs import LOG
from engines.errors import PresetError
from engines.styles import Style, parse_style


def read_styles(user_folder: Path | None = None) -> dict[str, Style]:
    """Every style by name, sorted; a user's preset of the same name wins. A broken preset is logged and left out."""
    styles: dict[str, Style] = {}
    builtin = resources.files("presets").joinpath("styles")
    texts = [(entry.name, entry) for entry in builtin.iterdir() if entry.name.endswith(".yaml")]
    if user_folder and user_folder.is_dir():
        texts += [(str(path), path) for path in sorted(user_folder.glob("*.yaml"))]
    for source, entry in texts:
        try:
            style = parse_style(entry.read_text(encoding="utf-8"), source)
        except (OSError, UnicodeDecodeError, PresetError) as error:
            LOG.warning("A style is left out: %s", error)
        else:
            styles[style.name] = style
    return dict(sorted(styles.items()))
