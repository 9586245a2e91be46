"""`musearoo preferences`: what was learnt from what you keep, undo and ask for, and how to erase it."""

import argparse
import json
from typing import Final

import msgspec

from musearoo.bridge.commands.shared.arguments import add_json
from musearoo.bridge.commands.shared.standard_output import tell
from musearoo.bridge.copilot.habits_file import HABITS_FILE
from musearoo.bridge.copilot.preferences_file import (
    delete_preferences,
    preferences_file,
    read_preferences,
    write_preferences,
)
from musearoo.bridge.prediction.habits import Habits, describe_habits
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
HABITS: Final = "habits"


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument(
        "--forget",
        nargs="?",
        const=EVERYTHING,
        choices=(*PARTS, BAND, HABITS, EVERYTHING),
        metavar="WHAT",
        help=f"erase it, of one of {', '.join((*PARTS, BAND))}, the {HABITS} of pressing, or all of it",
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Show or erase what was learnt."""
    home = home_folder()
    if options.forget in (HABITS, EVERYTHING):
        # Erases a broken file, too.
        HABITS_FILE.delete(home)
    if options.forget == EVERYTHING:
        delete_preferences(home)
        left = NO_PREFERENCES
    else:
        left = read_preferences(home)
        if options.forget in (*PARTS, BAND):
            left = forget(left, options.forget)
            write_preferences(home, left)
    habits, file = HABITS_FILE.read(home), str(preferences_file(home))
    if options.json:
        print(json.dumps(_encode(left, habits, file)))
    elif options.forget:
        tell("Forgotten." if options.forget == EVERYTHING else f"Forgotten: {options.forget}.")
    else:
        _show(left, habits, file)
    return 0


def _encode(preferences: Preferences, habits: Habits, file: str) -> dict[str, object]:
    return {
        "file": file,
        "parts": msgspec.to_builtins(preferences.parts),
        "preferred": [msgspec.to_builtins(preferred) for preferred in all_preferred(preferences)],
        "habits": habits.tables,
    }


def _show(preferences: Preferences, habits: Habits, file: str) -> None:
    lines = [line for part in (*PARTS, BAND) if (line := describe_part(preferences, part))]
    lines += filter(None, [describe_habits(habits)])
    if not lines:
        tell("Nothing is learnt yet: keep what you like, undo what you do not.")
        return
    tell(*lines)
    tell(f"It is in {file} and in {HABITS_FILE.name} beside it; musearoo preferences --forget erases it.")
