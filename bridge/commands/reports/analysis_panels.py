"""The panels below the timeline in the plot of an analysis, each drawn into given matplotlib axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from musearoo.bridge.commands.reports.analysis_page import LIKELY_STYLE
from musearoo.bridge.commands.reports.analysis_palette import (
    DOWNBEAT,
    ENERGY,
    FEEL_COLORS,
    GRID,
    INK,
    MUTED,
    PANEL,
    WAVE,
    note_unknown,
)
from musearoo.engines.music.groove import GrooveProfile
from musearoo.engines.music.knowledge.analysis import Analysis, Character, Mood, StyleGuess

SIDE_BY_SIDE: Final = 0.035
"""Beats between two drums on the same position, in the plot."""


def _frame(axes: Any, title: str) -> None:
    axes.set_facecolor(PANEL)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(which="both", length=0, labelsize=8.5, labelcolor=MUTED)
    axes.set_title(title, loc="left", fontsize=10.5, color=INK, pad=7)


def _empty(axes: Any) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    note_unknown(axes)


def draw_groove(axes: Any, analysis: Analysis) -> None:
    """Draw the microtiming of each grid position in milliseconds, for each drum or for all onsets."""
    groove, bpm = analysis.groove, analysis.rhythm.tempo.value
    swing = "" if groove.swing.value is None else f" · swing {groove.swing.value:.2f} : 1"
    spread = "" if groove.microtiming_rms_ms is None else f" · {groove.microtiming_rms_ms:.0f} ms rms"
    _frame(axes, f"groove{swing}{spread}")
    feels: dict[str, GrooveProfile] = {kind: feel for kind, feel in (groove.drums or {}).items() if any(feel.counts)}
    if not feels and groove.whole is not None:
        feels = {"all": groove.whole}
    if not feels or bpm is None:
        _empty(axes)
        return
    to_ms = 60_000.0 / bpm
    most = max(max(feel.counts) for feel in feels.values())
    for number, (kind, feel) in enumerate(feels.items()):
        played = [index for index, count in enumerate(feel.counts) if count]
        color = FEEL_COLORS[kind]
        # Simultaneous drums are drawn side by side.
        aside = (number - (len(feels) - 1) / 2) * SIDE_BY_SIDE
        positions = [feel.positions[index] + aside for index in played]
        late = [feel.offsets[index] * to_ms for index in played]
        sizes = [14.0 + 70.0 * feel.counts[index] / most for index in played]
        axes.vlines(positions, 0.0, late, color=color, linewidth=1.4, alpha=0.7, zorder=2)
        axes.scatter(positions, late, s=sizes, color=color, linewidth=0, label=kind, zorder=3)
    reach = max(12.0, *(1.25 * abs(offset) * to_ms for feel in feels.values() for offset in feel.offsets))
    axes.set_ylim(-reach, reach)
    axes.set_xlim(-0.12, groove.bar_beats - 0.05)
    axes.axhline(0.0, color=MUTED, linewidth=0.8, zorder=1)
    beats = range(int(np.ceil(groove.bar_beats)))
    axes.set_xticks(list(beats), [str(beat + 1) for beat in beats])
    axes.set_xticks(np.arange(0.0, groove.bar_beats, 0.25), minor=True)
    axes.grid(axis="x", which="both", color=GRID, linewidth=0.8, zorder=0)
    axes.set_ylabel("early     ms     late", fontsize=8.5, color=MUTED)
    tight = {"columnspacing": 0.9, "handletextpad": 0.0, "handlelength": 1.4, "borderpad": 0.0, "borderaxespad": 0.0}
    legend = axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.025), ncols=len(feels), frameon=False, **tight)
    for text, handle in zip(legend.get_texts(), legend.legend_handles, strict=True):
        text.set(fontsize=8.5, color=MUTED)
        handle.set_sizes([36.0])


def draw_styles(axes: Any, styles: Sequence[StyleGuess]) -> None:
    """Draw the likeliest styles as bars."""
    _frame(axes, "style")
    ranked = sorted(styles, key=lambda style: -style.likelihood)[:5]
    if not ranked or ranked[0].likelihood < LIKELY_STYLE:
        _empty(axes)
        return
    for row, style in enumerate(ranked):
        axes.barh(row, style.likelihood, color=WAVE, height=0.32, zorder=2)
        axes.text(0.02, row - 0.36, style.name, fontsize=8.5, color=INK, va="center", zorder=3)
    axes.set_yticks([])
    axes.set_ylim(4.4, -0.75)
    axes.set_xlim(0.0, 1.0)
    axes.set_xticks([0.0, 0.5, 1.0], ["0", "", "100 %"])
    axes.grid(axis="x", color=GRID, linewidth=0.8, zorder=0)


def draw_mood(axes: Any, mood: Mood | None) -> None:
    """Draw the point in the valence-arousal plane."""
    _frame(axes, "mood")
    if mood is None:
        _empty(axes)
        return
    axes.set_xlim(-1.0, 1.0)
    axes.set_ylim(-1.0, 1.0)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.axhline(0.0, color=GRID, linewidth=1.0, zorder=1)
    axes.axvline(0.0, color=GRID, linewidth=1.0, zorder=1)
    for x, y, word in ((-0.55, 0.85, "tense"), (0.55, 0.85, "happy"), (-0.55, -0.88, "sad"), (0.55, -0.88, "peaceful")):
        axes.text(x, y, word, ha="center", va="center", fontsize=8.5, color=MUTED)
    fade = 0.25 + 0.75 * mood.confidence
    axes.scatter([mood.valence], [mood.arousal], s=150, color=DOWNBEAT, linewidth=0, alpha=fade, zorder=3)


def draw_bands(axes: Any, character: Character) -> None:
    """Draw the level of each band relative to the whole, with loudness and stereo width in the title."""
    loudness = character.loudness
    title = "bands" if loudness is None or loudness.lufs is None else f"bands · {loudness.lufs:.1f} LUFS"
    _frame(axes, title)
    if not character.bands:
        _empty(axes)
        return
    positions = range(len(character.bands))
    lowest = min(-40.0, *(band.level_db for band in character.bands if np.isfinite(band.level_db)))
    heights = [max(0.0, band.level_db - lowest) if np.isfinite(band.level_db) else 0.0 for band in character.bands]
    axes.bar(list(positions), heights, bottom=lowest, color=ENERGY, width=0.6, zorder=2)
    axes.set_xticks(list(positions), [band.name.replace(" ", "\n") for band in character.bands], fontsize=7.5)
    axes.set_ylim(lowest, 0.0)
    axes.set_yticks([-40, -20, 0], ["-40", "-20", "0 dB"])
    axes.grid(axis="y", color=GRID, linewidth=0.8, zorder=0)
