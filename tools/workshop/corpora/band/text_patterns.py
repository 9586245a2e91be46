"""Drum machine patterns from github jcelerier/drum-patterns: one text file per bar, one line per drum, one character
per sixteenth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from musearoo.tools.bench.corpora.splits import Split, split_of
from musearoo.tools.workshop.corpora.band.grooves import Line, Pattern

FOLDERS: Final = (
    "Drum Machine Patterns",
    "Drum Machine Patterns (260)",
    "EDM literature patterns",
    "Tidal patterns",
)
_STEPS: Final = {16: "4/4"}
"""The meter by number of steps: patterns of 12 or 24 steps may be triplets or 3/4, which the corpus does not say."""
_LEAST_DRUMS: Final = 2
_ACCENT, _PLAIN = "9", "7"
_DRUM_OF: Final = {
    35: "kick", 36: "kick", 37: "rim", 38: "snare", 39: "clap", 40: "snare", 42: "hat", 44: "pedal", 46: "open",
    43: "low tom", 45: "low tom", 47: "mid tom", 50: "high tom", 49: "crash", 51: "ride", 56: "cowbell", 75: "claves",
}  # fmt: skip


def patterns(corpora: Path, split: Split) -> Iterator[tuple[str, Pattern]]:
    """Yield the patterns of a split with their names in the corpus; variants of one rhythm are in one split."""
    for folder in FOLDERS:
        for path in sorted((corpora / "drum-patterns" / folder).glob("*.pat")):
            rhythm = f"patterns/{re.split(r'[-0-9(_]', path.stem)[0].strip().lower()}"
            if split_of(rhythm) == split:
                pattern = read_pattern(path.read_text(encoding="utf-8"), path.stem)
                if pattern is not None:
                    yield rhythm, pattern


def read_pattern(text: str, name: str) -> Pattern | None:
    """Return the pattern of a file's text; None unless its bar has sixteen steps and enough strokes.

    >>> read_pattern("AC x---\\n36 x---", "short") is None
    True
    """
    rows = [line.split() for line in text.splitlines() if len(line.split()) == 2]
    lengths = {len(steps) for _, steps in rows}
    if len(lengths) != 1 or (length := lengths.pop()) not in _STEPS:
        return None
    accents = next((steps for drum, steps in rows if drum == "AC"), "-" * length)
    lines = []
    for drum, steps in rows:
        if drum.isdigit() and int(drum) in _DRUM_OF:
            loud = "".join(
                "." if step == "-" else _ACCENT if accent != "-" else _PLAIN
                for step, accent in zip(steps, accents, strict=True)
            )
            lines.append(Line(_DRUM_OF[int(drum)], loud))
    strokes = sum(len(line.steps) - line.steps.count(".") for line in lines)
    return Pattern(name, _STEPS[length], 0.25, tuple(lines)) if len(lines) >= _LEAST_DRUMS and strokes > 3 else None
