"""Argument types shared by several commands, with errors that give the bounds."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final


def whole_in(low: int, high: int) -> Callable[[str], int]:
    """Return an argparse type for an integer in low..high."""

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"must be a whole number in {low}..{high}, not {text!r}")
        return value

    return parse


def number_in(low: float, high: float) -> Callable[[str], float]:
    """Return an argparse type for a number in low..high."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"must be a number in {low:g}..{high:g}, not {text!r}")
        return value

    return parse


MIDI_ENDINGS: Final = (".mid", ".midi", ".smf", ".kar")
"""Extensions of MIDI files that are written; other files that can be read have a container format."""


def midi_path(text: str) -> Path:
    """An argparse type for a MIDI file to write: with another extension, no program would open it.

    >>> midi_path("tune.mid").name
    'tune.mid'
    """
    path = Path(text)
    if path.suffix.lower() not in MIDI_ENDINGS:
        raise argparse.ArgumentTypeError(f"a MIDI file is written, so it must end in .mid, unlike {text!r}")
    return path


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add `--json`."""
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
