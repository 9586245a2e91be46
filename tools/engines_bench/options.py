"""The options of `musearoo bench engines`; light, for the command line reads them at every start."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

PARTS: Final = ("speed", "drums", "ranges", "distances", "faults", "variety", "recognition", "song", "fit")
"""What the bench can judge, in order; the last needs a corpus."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of the bench; `--json` is the command line's own."""
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument(
        "--takes", type=_at_least_two, default=10, metavar="N", help="takes of an engine in a style (10)"
    )
    parser.add_argument("--seed", type=_whole, default=0, metavar="N", help="the first take's; others judge anew (0)")
    parser.add_argument("--styles", nargs="+", default=[], metavar="STYLE", help="which styles (all)")
    parser.add_argument(
        "--corpora",
        type=Path,
        metavar="DIR",
        help="POP909 with its phrases and reviewed chords, for the part that fits",
    )
    parser.add_argument("--render", type=Path, metavar="DIR", help="a minute of each style goes there, as WAV and PNG")


def _whole(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"expected a whole number from 0 on, got {text!r}")
    return int(text)


def _at_least_two(text: str) -> int:
    number = int(text) if text.isdigit() else 0
    if number < 2:
        raise argparse.ArgumentTypeError(f"expected a whole number from 2 on, got {text!r}")
    return number
