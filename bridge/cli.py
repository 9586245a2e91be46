"""The command line: `musearoo COMMAND …`. Exit status 0 on success, 2 on wrong usage, 1 on failure with one line."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, Final, NoReturn

from bridge import __version__
from bridge.audio_files import AudioFileError
from bridge.commands.failure import CommandError
from bridge.commands.standard_output import tell, whole_output
from bridge.config_files import ConfigError, home_folder
from bridge.escaping import escape_line
from bridge.library_environment import prepare_libraries
from bridge.settings import SettingsError
from engines.errors import EngineError, ParamError, PresetError
from engines.midi_files.chunks import MidiFileError

COMMANDS: Final = {
    "run": "run",
    "demo": "demo",
    "install": "install",
    "uninstall": "install",
    "doctor": "doctor",
    "analyze": "analyze",
    "generate": "generate",
    "refine": "refine",
    "song": "song",
    "split": "split",
    "imagine": "imagine",
    "say": "say",
    "listen": "listen",
    "midi": "midi",
    "preferences": "preferences",
    "learn": "learn",
    "models": "models",
    "engines": "catalogue",
    "styles": "catalogue",
    "bench": "bench",
}
"""The commands in the order of the help, with the modules of `bridge.commands` that declare them.

Only the module of the command that is called is imported: the daemon is to be ready in a second.
"""

FETCHING: Final = ["models", "fetch"]
"""The one command that may ask another machine for something."""

EXPECTED = (AudioFileError, CommandError, ConfigError, SettingsError, MidiFileError, PresetError, EngineError)
"""Errors whose message is meant for the user; any other is a fault of ours and keeps its traceback."""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with an argument without acting out what stands in it."""

    def error(self, message: str) -> NoReturn:
        super().error(escape_line(message))


def load_command(name: str) -> Any:
    """The module that declares a command."""
    return import_module(f"bridge.commands.{COMMANDS[name]}")


def make_parser(called: str | None = None) -> argparse.ArgumentParser:
    """The parser of the whole command line, or of one command alone when it is named."""
    parser = _Parser(prog="musearoo", description="AI music inside Ableton Live.")
    parser.add_argument("--version", action="version", version=f"MuseAroo {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    names = (called,) if called in COMMANDS else COMMANDS
    for command in dict.fromkeys(map(load_command, names)):
        command.add_to(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status."""
    words = sys.argv[1:] if argv is None else list(argv)
    prepare_libraries(home_folder(), may_fetch=words[:2] == FETCHING)
    try:
        # All of it within: Ctrl-C may come while a command's modules load, and help has readers that leave, too.
        with whole_output():
            options = make_parser(words[0] if words else None).parse_args(words)
            status: int = options.run(options)
    except EXPECTED as error:
        tell(f"musearoo: {error}", to_stderr=True)
        return 1
    except ParamError as error:
        # A value out of bounds, or a name that nothing has, is wrong usage, as where argparse notices it.
        tell(f"musearoo: {error}", to_stderr=True)
        return 2
    except KeyboardInterrupt:
        return 1
    return status
