"""`musearoo install` and `musearoo uninstall`: put the Remote Script and the device where Live looks for them."""

import argparse
from collections.abc import Callable
from pathlib import Path

from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.terminal import Terminal
from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.live_folders import InstallError, Step, install, uninstall, user_library
from musearoo.bridge.text.escaping import escape_line

NEXT = """\
Next, in Live:
  1. Start Live (it looks for control surfaces only when it starts).
  2. Open Settings (Preferences in Live 11), then Link, Tempo & MIDI.
  3. Choose MuseAroo under Control Surface; leave Input and Output at None.
  4. Start the daemon: musearoo run
  5. In Live's browser open Max for Live, Max Audio Effect, and drag MuseAroo
     onto a track. MuseAroo MIDI, under Max MIDI Effect, is for MIDI tracks.
  6. Press Test on the device: it says what works."""


def declare_install(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `install`."""
    _declare(parser)
    parser.set_defaults(run=run_install)


def declare_uninstall(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `uninstall`."""
    _declare(parser)
    parser.set_defaults(run=run_uninstall)


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--user-library", type=Path, metavar="DIR", help="Live's User Library, when it was moved")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")


def run_install(options: argparse.Namespace) -> int:
    """Install, and say what to click next."""
    steps = _perform(lambda library, dry_run: install(library, home_folder(), dry_run), options)
    console = Terminal()
    _show(console, steps, options.dry_run)
    console.print(NEXT, highlight=False)
    return 0


def run_uninstall(options: argparse.Namespace) -> int:
    """Uninstall."""
    steps = _perform(uninstall, options)
    console = Terminal()
    _show(console, steps, options.dry_run)
    if not steps:
        console.print("MuseAroo is not installed there: nothing to do.")
    return 0


def _perform(action: Callable[[Path, bool], list[Step]], options: argparse.Namespace) -> list[Step]:
    library = options.user_library or user_library()
    if library is None:
        raise CommandError("This platform has no standard User Library: name Live's with --user-library DIR.")
    try:
        return action(library.expanduser(), options.dry_run)
    except InstallError as error:
        raise CommandError(str(error)) from error


def _show(console: Terminal, steps: list[Step], dry_run: bool) -> None:
    for step in steps:
        line = f"{'would ' if dry_run else ''}{step.verb} {step.path}"
        console.print(escape_line(line), highlight=False, markup=False, soft_wrap=True)
