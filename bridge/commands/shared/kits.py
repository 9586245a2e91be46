"""`--kit`: the drum kit that MIDI files are written for and read from."""

import argparse
from importlib import resources
from pathlib import Path
from typing import Final

from musearoo.bridge.commands.shared.files import read_file
from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.home_files import read_text
from musearoo.bridge.settings.logs import LOG
from musearoo.engines.errors import PresetError
from musearoo.engines.styles.kit_maps import BUILT_IN, GENERAL_MIDI, KitMap, find_kit, parse_kit

ENDING: Final = ".yaml"


def add_kit(parser: argparse.ArgumentParser, what: str) -> None:
    """Add `--kit`, for what a command does with it."""
    parser.add_argument(
        "--kit", default=GENERAL_MIDI, metavar="NAME", help=f"drum kit {what}: a name, or a file ({GENERAL_MIDI})"
    )


def read_kits(user_folder: Path) -> tuple[KitMap, ...]:
    """Return the user's kits, then the shipped ones; a broken one of the user's is logged and left out."""
    own = []
    for path in sorted(user_folder.glob(f"*{ENDING}")):
        try:
            own.append(parse_kit(read_text(path), path.name))
        except (OSError, PresetError) as error:
            LOG.warning("A kit is left out: %s", error)
    shipped = [
        parse_kit(entry.read_text(encoding="utf-8"), entry.name)
        for entry in sorted(
            resources.files("musearoo.presets").joinpath("kits").iterdir(), key=lambda entry: entry.name
        )
        if entry.name.endswith(ENDING)
    ]
    return (*own, *BUILT_IN, *shipped)


def choose_kit(wanted: str) -> KitMap:
    """Return the kit of a name or file; raises ParamError for an unknown name, PresetError for a broken file."""
    if wanted.lower().endswith(ENDING):
        path = Path(wanted)
        return parse_kit(read_file(path).decode("utf-8", "replace"), path.name)
    return find_kit(wanted, read_kits(home_folder() / "kits"))
