"""The options of `musearoo bench analysis`; light, for the command line reads them at every start."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

LISTENERS: Final = ("fast", "deep", "stems", "split", "librosa", "madmom")
DEEP: Final = ("deep", "madmom")
WITH_STEMS: Final = ("stems", "split")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of the bench; `--json` is the command line's own."""
    parser.add_argument("--sets", type=Path, metavar="DIR", help="rendered sets: SPLIT/KIND/NAME.flac and .json")
    parser.add_argument("--split", default="dev", help="which of their splits (dev)")
    parser.add_argument("--kinds", nargs="+", default=[], metavar="KIND", help="which kinds of music (all)")
    parser.add_argument("--limit", type=int, metavar="N", help="of each kind only the first N excerpts")
    parser.add_argument("--deep", action="store_true", help="the deep pass too, beside plain madmom")
    parser.add_argument(
        "--stems", action="store_true", help="with stems too: the true ones of rendered sets, and ours without models"
    )
    parser.add_argument("--only", nargs="+", choices=LISTENERS, metavar="WHO", help=f"of {', '.join(LISTENERS)}")
    parser.add_argument("--no-times", action="store_true", help="measure no times and no memory")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keeps the answers of librosa and madmom")
