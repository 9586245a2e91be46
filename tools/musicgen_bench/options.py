"""The options of `musearoo bench musicgen`; light, for the command line reads them at every start."""

from __future__ import annotations

import argparse
from typing import Final

PARTS: Final = ("steps", "codec", "sound", "stopping", "likeness", "loops", "gpu")
"""What the bench can judge, in order."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of the bench; `--json` is the command line's own."""
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="a minute's look: tiny models, few takes")
