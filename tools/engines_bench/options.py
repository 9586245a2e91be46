"""The options of `musearoo bench engines`; light, for the command line reads them at every start."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from bridge.commands.shared.arguments import whole_in

PARTS: Final = ("speed", "drums", "ranges", "distances", "faults", "variety", "recognition", "song", "fit")
"""What the bench can judge, in order; the last needs a corpus."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of the bench; `--json` is the command line's own."""
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument(
        "--takes", type=whole_in(2, 10_000), default=10, metavar="N", help="takes of an engine in a style (10)"
    )
    parser.add_argument(
        "--seed", type=whole_in(0, 2**31), default=0, metavar="N", help="the first take's; others judge anew (0)"
    )
    parser.add_argument("--styles", nargs="+", default=[], metavar="STYLE", help="which styles (all)")
    parser.add_argument(
        "--corpora",
        type=Path,
        metavar="DIR",
        help="POP909 with its phrases and reviewed chords, for the part that fits",
    )
    parser.add_argument("--render", type=Path, metavar="DIR", help="a minute of each style goes there, as WAV and PNG")
