"""Colours of the plot of an analysis, and its label for unknown values."""

from __future__ import annotations

from typing import Any, Final

BACKGROUND, PANEL = "#fbfaf7", "#f3f1eb"
INK, MUTED, GRID = "#2b2a33", "#8d8a94", "#e4e1da"
WAVE, DOWNBEAT, BEAT, ENERGY = "#5b6c8f", "#c8553d", "#cfc8bd", "#e0a458"
FEEL_COLORS: Final = {
    "kick": "#c8553d",
    "snare": "#d99a2b",
    "hat": "#2f7f86",
    "tom": "#7d5a94",
    "cymbal": "#6a9c5b",
    "all": WAVE,
}
"""Colours of the drums, and of all onsets if no drums are distinguished."""

SECTION_COLORS: Final = ("#9fb4cf", "#e3b7a0", "#b9cfa8", "#cdb5d6", "#e6d59a", "#a9d0cb", "#d9a9b6", "#c4c0b6")


def note_unknown(axes: Any, word: str = "unknown") -> None:
    """Write "unknown" into the middle of matplotlib axes."""
    axes.text(0.5, 0.5, word, transform=axes.transAxes, ha="center", va="center", color=MUTED, fontsize=9)
