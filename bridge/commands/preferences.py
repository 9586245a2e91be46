"""`musearoo preferences`: what RooAroo has learnt from the takes you kept and undid, and how to erase it."""

import argparse
import json
from typing import Final

import msgspec

from musearoo.bridge.commands.shared.arguments import add_json
from musearoo.bridge.commands.shared.standard_output import tell
from musearoo.bridge.copilot.preferences_file import (
    delete_preferences,
    preferences_file,
    read_preferences,
    write_preferences,
)
from musearoo.bridge.settings.config_files import home_folder
from musearoo.engines.language.requests.commands import BAND, PARTS
from musearoo.engines.language.state.preferences import (
    NO_PREFERENCES,
    Preferences,
    all_preferred,
    describe_part,
    forget,
)

EVERYTHING: Final = "everything"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument(
        "--forget",
        nargs="?",
        const=EVERYTHING,
        choices=(*PARTS, BAND, EVERYTHING),
        metavar="PART",
        help=f"erase it, of one of {', '.join((*PARTS, BAND))}, or all of it",
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Show or erase what was learnt."""
    home = home_folder()
    if options.forget == EVERYTHING:
        # Erases a broken file, too.
        delete_preferences(home)
        left = NO_PREFERENCES
    else:
        left = read_preferences(home)
        if options.forget:
            left = forget(left, options.forget)
            write_preferences(home, left)
    if options.json:
        print(json.dumps(_encode(left, str(preferences_file(home)))))
    elif options.forget:
        tell("Forgotten." if options.forget == EVERYTHING else f"Forgotten: {options.forget}.")
    else:
        _show(left, str(preferences_file(home)))
    return 0


def _encode(preferences: Preferences, file: str) -> dict[str, object]:
    return {
        "file": file,
        "parts": msgspec.to_builtins(preferences.parts),
        "preferred": [msgspec.to_builtins(preferred) for preferred in all_preferred(preferences)],
    }


def _show(preferences: Preferences, file: str) -> None:
    lines = [line for part in (*PARTS, BAND) if (line := describe_part(preferences, part))]
    if not lines:
        tell("Nothing is learnt yet: keep what you like, undo what you do not.")
        return
    tell(*lines)
    tell(f"It is in {file}; musearoo preferences --forget erases it.")
