"""The options of `musearoo bench voice`; light, for the command line reads them at every start."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from bridge.commands.shared.arguments import whole_in

PARTS: Final = ("text", "speech", "outside", "ending", "clip", "ready")
"""What the bench can judge, in order."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of the bench; `--json` is the command line's own."""
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument(
        "--sentences",
        type=whole_in(1, 10_000),
        default=40,
        metavar="N",
        help="how many are spoken, each by one voice in turn (40); all of them: ten minutes of music, too",
    )
    parser.add_argument(
        "--voices", nargs="+", metavar="NAME", help='who speaks, such as "flite slt" "espeak-ng en-gb" (all)'
    )
    parser.add_argument("--music", type=Path, metavar="DIR", help="sound files under the voices (our own band's music)")
    parser.add_argument(
        "--drawn", action="store_true", help="sentences drawn from the grammar instead of those written beforehand"
    )
    parser.add_argument("--no-peer", action="store_true", help="ours alone, in about half the time")
    parser.add_argument("--full", action="store_true", help="all sentences by all voices: hours")
