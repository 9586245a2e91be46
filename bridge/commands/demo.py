"""`musearoo demo`: the whole path in a simulated Live, on any machine."""

import argparse
from pathlib import Path

from bridge.commands.arguments import Subparsers
from bridge.commands.failure import CommandError


def add_to(subparsers: Subparsers) -> None:
    """Declares the command."""
    parser = subparsers.add_parser("demo", help="the whole path in a simulated Live: one press, one clip")
    parser.add_argument("--out", type=Path, metavar="DIR", default=Path("out"), help="where MIDI files go (out)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Runs the demo."""
    from tools.demo import run_demo  # here, for it loads the simulator
    from tools.studio import STUDIO_FAILURES

    try:
        run_demo(options.out)
    except STUDIO_FAILURES as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{options.out} cannot be written: {error.strerror or error}.") from error
    return 0
