"""The options of `musearoo bench stems`; light, for the command line reads them at every start."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from bridge.commands.shared.arguments import whole_in

PARTS: Final = ("dsp", "demucs", "memory")
"""What the bench can judge, in order."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of the bench; `--json` is the command line's own."""
    parser.add_argument("--only", nargs="+", choices=PARTS, metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--quick", action="store_true", help="a minute's look: few mixes, tiny models, short files")
    parser.add_argument(
        "--weights",
        type=Path,
        metavar="DIR",
        help="a folder of models, each in a folder of its name (MuseAroo's own; random ones where htdemucs is missing)",
    )
    parser.add_argument(
        "--minutes",
        type=whole_in(1, 240),
        default=30,
        metavar="N",
        help="how long the file is whose memory is measured (30)",
    )
