"""The command line: `musearoo COMMAND …`. Exit status 0 on success, 2 on wrong usage, 1 on failure with one line."""

import argparse
import sys
from collections.abc import Sequence

from bridge import __version__
from bridge.algebra_threads import use_one_algebra_thread
from bridge.audio_files import AudioFileError
from bridge.commands import analyze, bench, catalogue, demo, doctor, generate, install, learn, refine, run, song
from bridge.commands.failure import CommandError
from bridge.config_files import ConfigError
from bridge.settings import SettingsError
from engines.errors import EngineError, ParamError, PresetError

COMMANDS = (run, demo, install, doctor, analyze, generate, refine, song, learn, catalogue, bench)
"""The modules that declare commands, in the order of the help."""

EXPECTED = (AudioFileError, CommandError, ConfigError, SettingsError, ParamError, PresetError, EngineError)
"""Errors whose message is meant for the user; any other is a fault of ours and keeps its traceback."""


def make_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    parser = argparse.ArgumentParser(prog="musearoo", description="AI music inside Ableton Live.")
    parser.add_argument("--version", action="version", version=f"MuseAroo {__version__}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_to(subparsers)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status."""
    use_one_algebra_thread()
    options = make_parser().parse_args(argv)
    try:
        status: int = options.run(options)
    except EXPECTED as error:
        print(f"musearoo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1
    return status
