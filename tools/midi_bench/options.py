"""The options of `musearoo bench midi`; light, for the command line reads them at every start."""

from __future__ import annotations

import argparse
from typing import Final

PARTS: Final = ("timing", "kills", "clock", "jam", "groove")
"""What the bench can judge, in order."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of the bench; `--json` is the command line's own."""
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--full", action="store_true", help="as much of each as its target is for, and more: an hour")
