"""The options of `musearoo bench device`; light, for the command line reads them at every start."""

from __future__ import annotations

import argparse

from bridge.commands.shared.arguments import whole_in


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options of the bench; `--json` is the command line's own."""
    parser.add_argument("--presses", type=whole_in(1, 10_000), default=100, help="measured presses of Drums (100)")
    parser.add_argument("--clicks", type=whole_in(1, 1_000), default=10, help="clicks on each button (10)")
