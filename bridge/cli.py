"""The command line: `musearoo COMMAND …`. Exit status 0 on success, 2 on wrong usage, 1 on failure with one line."""

import argparse
import sys
from collections.abc import Collection, Sequence
from importlib import import_module
from pathlib import Path
from typing import Final, NamedTuple, NoReturn

from musearoo import __version__
from musearoo.bridge.commands.shared.standard_output import tell, whole_output
from musearoo.bridge.text.escaping import escape_line
from musearoo.engines.errors import ParamError, UserFacingError


class Command(NamedTuple):
    """A command of the command line."""

    module: str
    """The module of `bridge.commands` that has it."""
    help: str
    declare: str = "declare"
    """The module's function that declares the command's arguments, and `run`, on a parser."""


COMMANDS: Final = {
    "run": Command("run", "the daemon, until Ctrl-C"),
    "serve": Command("serving.serve", "REST and WebSocket for other programs, until Ctrl-C"),
    "page": Command("serving.page", "the page in your browser: see, hear and steer, on the desk or on a phone"),
    "demo": Command("demo", "the whole path, with a simulated Max and Live"),
    "install": Command("install", "puts the Remote Script and the device where Live looks", "declare_install"),
    "uninstall": Command("install", "takes them away again", "declare_uninstall"),
    "doctor": Command("doctor.command", "checks the installation and says how to mend it"),
    "analyze": Command("analyze", "what BrainAroo hears in audio and MIDI files"),
    "generate": Command("generate", "one engine, without Live"),
    "refine": Command("refine", "another take of a MIDI clip, or the clip changed, without Live"),
    "song": Command("song", "a whole song by the band, without Live"),
    "split": Command("split", "take a sound apart into drums, bass, vocals and the rest"),
    "imagine": Command("imagine", "sound from words, as a loop or as long as is wanted"),
    "ambient": Command("ambient.command", "endless music: through the sound card, or into a file"),
    "say": Command("say", "a sentence as Talk would hear it: what it asks for, and the answer"),
    "listen": Command("listen", "what a recorded sentence asks for, as Talk would hear it"),
    "midi": Command("midi.command", "live MIDI: ports, what is played, a jam, keeping what was played"),
    "preferences": Command("preferences", "what was learnt of you from what you kept and undid"),
    "learn": Command("learn", "a style of your own, from your MIDI files and clips"),
    "models": Command("models", "the trained networks: which there are, fetch, verify, remove"),
    "repo": Command("repo.command", "versions of your sets: keep, compare, fork, merge, bring back"),
    "cache": Command("cache", "what is kept for the next time: list, clear"),
    "db": Command("serving.db", "the server's database: upgrade, status, backup, restore, move, sweep"),
    "users": Command("serving.users", "who may use the server"),
    "tokens": Command("serving.tokens", "what programs are admitted by"),
    "engines": Command("catalogue", "the engines that there are", "declare_engines"),
    "styles": Command("catalogue", "the styles that there are", "declare_styles"),
    "top": Command("top.command", "what the daemon and the server do just now, and how fast"),
    "bench": Command("bench", "measurements"),
}
"""The commands in the order of the help. Only the module of the command that is called is imported."""

GLOBAL: Final = ("--remote", "--token-file")
"""Options that stand before the command, each with a value."""

FETCHING: Final = ["models", "fetch"]
"""The one command that may ask another machine for something."""


class _Parser(argparse.ArgumentParser):
    """An argument parser whose errors show arguments literally."""

    def error(self, message: str) -> NoReturn:
        super().error(escape_line(message))


def declare_command(name: str, parser: argparse.ArgumentParser) -> None:
    """Import a command's module and let it declare the command's arguments."""
    command = COMMANDS[name]
    getattr(import_module(f"musearoo.bridge.commands.{command.module}"), command.declare)(parser)


def make_parser(declared: Collection[str] = tuple(COMMANDS)) -> argparse.ArgumentParser:
    """Return the parser of the command line: all commands by name, and the arguments of those `declared`."""
    parser = _Parser(prog="musearoo", description="AI music inside Ableton Live.", allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"MuseAroo {__version__}")
    parser.add_argument("--remote", metavar="URL", help="have a server do the command, such as http://127.0.0.1:24640")
    parser.add_argument(
        "--token-file", type=Path, metavar="FILE", help="its token (MUSEAROO_TOKEN, or that of this machine's server)"
    )
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        of_command = subparsers.add_parser(name, help=command.help)
        if name in declared:
            declare_command(name, of_command)
            # What an option is unless it is given.
            of_command.set_defaults(usual=of_command.get_default)
    return parser


def _split_words(words: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return the global options, and the command with its own.

    >>> _split_words(["--remote", "http://studio:24640", "say", "a bass"])
    (['--remote', 'http://studio:24640'], ['say', 'a bass'])
    """
    first = 0
    while first < len(words) and words[first].partition("=")[0] in GLOBAL:
        first += 1 if "=" in words[first] else 2
    return words[:first], words[first:]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    words = sys.argv[1:] if argv is None else list(argv)
    try:
        # All of it within: Ctrl-C may come while a command's modules load, and help has readers that leave, too.
        with whole_output():
            _, command = _split_words(words)
            if command and command[0] in COMMANDS:
                _prepare(command)
            parser = make_parser(command[:1])
            options = parser.parse_args(words)
            if options.token_file and not options.remote:
                parser.error("argument --token-file: goes with --remote URL")
            status = _run_remote(command[0], options) if options.remote else int(options.run(options))
    except UserFacingError as error:
        tell(f"musearoo: {error}", to_stderr=True)
        return 1
    except ParamError as error:
        # A value out of bounds, or a name that nothing has, is wrong usage, as where argparse notices it.
        tell(f"musearoo: {error}", to_stderr=True)
        return 2
    except KeyboardInterrupt:
        return 1
    return status


def _run_remote(name: str, options: argparse.Namespace) -> int:
    """Have a server do a command; returns the exit status."""
    # Here, for it brings HTTP.
    from musearoo.bridge.commands.remote.calling import run_remote

    return run_remote(name, options)


def _prepare(words: Sequence[str]) -> None:
    """Set up the environment of libraries, before a command imports any."""
    # Here, for `musearoo --version` and `--help` need none of it.
    from musearoo.bridge.process.gc_control import calm_collector
    from musearoo.bridge.settings.config_files import home_folder
    from musearoo.bridge.settings.library_environment import prepare_libraries

    # All that imports make stays: to look for cycles in it took a tenth of the daemon's start.
    calm_collector()
    prepare_libraries(home_folder(), may_fetch=words[:2] == FETCHING)
