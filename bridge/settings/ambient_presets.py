"""Read the shipped presets of endless music; apart from the styles, for the daemon starts without them."""

from importlib import resources
from typing import Final

from musearoo.engines.ambient.preset import AmbientPreset, parse_preset

ENDING: Final = ".yaml"


def read_ambient_presets() -> dict[str, AmbientPreset]:
    """Return the shipped presets of endless music by name."""
    folder = resources.files("musearoo.presets").joinpath("ambient")
    entries = sorted((entry for entry in folder.iterdir() if entry.name.endswith(ENDING)), key=lambda entry: entry.name)
    presets = (parse_preset(entry.read_text(encoding="utf-8"), entry.name) for entry in entries)
    return {preset.name: preset for preset in presets}
