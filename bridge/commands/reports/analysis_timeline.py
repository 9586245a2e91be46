"""The rows in the plot of an analysis that share its time axis, each drawn into given matplotlib axes."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from musearoo.bridge.commands.reports.analysis_grid import clock
from musearoo.bridge.commands.reports.analysis_palette import (
    BEAT,
    DOWNBEAT,
    ENERGY,
    FEEL_COLORS,
    GRID,
    INK,
    SECTION_COLORS,
    WAVE,
    note_unknown,
)
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.drum_map import DRUM_KINDS
from musearoo.engines.music.knowledge.analysis import Analysis, DetectedChord, EnergyCurve, Harmony, Section

if TYPE_CHECKING:
    from musearoo.engines.analysis.fast.activation.sound import Sound

Column = npt.NDArray[np.float64]

COLUMNS: Final = 1800
"""Points of the waveform from left to right: one per pixel of the plot."""

MOST_BEAT_LINES: Final = 160
"""Most beat lines that are distinguishable; with more, lines are drawn at numbered bars only."""

MOST_BAR_NUMBERS: Final = 24
LABEL_WIDTH: Final = 0.0068
"""Share of the clip's width per letter of a chord's name; in a narrower block the name is vertical, or left out."""

UPRIGHT_WIDTH: Final = 0.0078
"""Share of the clip's width that a vertical name takes."""


def draw_wave(axes: Any, analysis: Analysis, sound: Sound | None) -> None:
    """Draw the waveform, with lines for beats, stronger ones for downbeats, and bar numbers."""
    rhythm = analysis.rhythm
    axes.set_ylim(-1.0, 1.0)
    axes.set_yticks([])
    if sound is not None:
        wave = _outline(sound)
        axes.fill_between(wave.times, wave.low, wave.high, color=WAVE, alpha=0.6, linewidth=0, zorder=2)
        inner = np.maximum(-wave.level, wave.low), np.minimum(wave.level, wave.high)
        axes.fill_between(wave.times, *inner, color=WAVE, linewidth=0, zorder=2)
    if len(rhythm.beats) <= MOST_BEAT_LINES:
        axes.vlines(rhythm.beats, -1.0, 1.0, color=BEAT, linewidth=0.8, zorder=1)
    step = _step_of(len(rhythm.downbeats))
    if len(rhythm.downbeats) <= MOST_BEAT_LINES:
        axes.vlines(rhythm.downbeats, -1.0, 1.0, color=DOWNBEAT, linewidth=0.7, alpha=0.35, zorder=1)
    axes.vlines(rhythm.downbeats[::step], -1.0, 1.0, color=DOWNBEAT, linewidth=1.0, alpha=0.9, zorder=3)
    for number, second in enumerate(rhythm.downbeats, 1):
        if (number - 1) % step == 0:
            axes.annotate(
                str(number),
                (second, 1.0),
                xytext=(2, 2),
                textcoords="offset points",
                fontsize=8,
                color=DOWNBEAT,
                va="bottom",
                annotation_clip=False,
            )


@dataclass(frozen=True, eq=False)
class Outline:
    """A waveform in columns: times in seconds, lowest and highest sample, and RMS level."""

    times: Column
    low: Column
    high: Column
    level: Column


def _outline(sound: Sound) -> Outline:
    """Return at most COLUMNS columns, scaled so that the loudest sample reaches 92 % of the row.

    Computed column by column: squaring half an hour of samples at once would take another gigabyte.
    """
    samples = sound.mono
    edges = np.unique(np.linspace(0, samples.size, min(COLUMNS, samples.size) + 1).astype(np.int64))
    pieces = [samples[first:last] for first, last in pairwise(edges)]
    low = np.array([float(piece.min()) for piece in pieces])
    high = np.array([float(piece.max()) for piece in pieces])
    level = np.sqrt([float(piece @ piece) / piece.size for piece in pieces])
    scale = 0.92 / max(float(high.max()), -float(low.min()), 1e-9)
    return Outline(edges[:-1] / sound.rate, low * scale, high * scale, level * scale)


def _step_of(bars: int) -> int:
    """Return the interval of bar numbers: 1, 2, 4, 8 …"""
    step = 1
    while bars / step > MOST_BAR_NUMBERS:
        step *= 2
    return step


def draw_chords(axes: Any, harmony: Harmony, duration: float) -> None:
    """Draw chords as blocks: the colour follows the root along the circle of fifths, minor chords are darker."""
    chords = harmony.chords
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([0.5], ["chords"])
    if not any(detected.chord for detected in chords):
        note_unknown(axes, "none" if chords else "unknown")
    pairs = zip(chords, harmony.symbols, strict=True)
    named = [(detected, detected.chord, symbol) for detected, symbol in pairs if detected.chord is not None]
    # One call for all blocks, because each call costs as much as a thousand blocks.
    spans = [(detected.start, detected.end - detected.start - _gap(detected, duration)) for detected, _, _ in named]
    axes.broken_barh(spans, (0.04, 0.92), facecolors=[chord_color(chord) for _, chord, _ in named], linewidth=0)
    for (start, width), (_, chord, name) in zip(spans, named, strict=True):
        part = width / duration
        lies = part >= LABEL_WIDTH * (len(name) + 0.6)
        if lies or part >= UPRIGHT_WIDTH:
            axes.text(
                start + width / 2,
                0.5,
                name,
                ha="center",
                va="center",
                fontsize=9 if lies else 6.5,
                rotation=0 if lies else 90,
                color="white" if chord.is_minor else INK,
                clip_on=True,
            )


def _gap(detected: DetectedChord, duration: float) -> float:
    """Return the gap in seconds after a chord's block."""
    return min(0.0012 * duration, (detected.end - detected.start) / 8)


def chord_color(chord: Chord) -> tuple[float, float, float]:
    """Return red, green and blue of a chord's block."""
    hue = (chord.root * 7 % 12) / 12.0
    return colorsys.hls_to_rgb((hue + 0.08) % 1.0, 0.45 if chord.is_minor else 0.72, 0.38)


def draw_form(axes: Any, sections: Sequence[Section], duration: float) -> None:
    """Draw sections as blocks; those with the same label have the same colour."""
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([0.5], ["form"])
    if not sections:
        note_unknown(axes)
    labels = list(dict.fromkeys(section.label for section in sections))
    for section in sections:
        color = SECTION_COLORS[labels.index(section.label) % len(SECTION_COLORS)]
        width = section.end - section.start
        axes.broken_barh([(section.start, width - 0.0012 * duration)], (0.08, 0.84), facecolor=color, linewidth=0)
        axes.text(section.start + width / 2, 0.48, section.label, ha="center", va="center", fontsize=10, color=INK)


def draw_energy(axes: Any, energy: EnergyCurve | None, duration: float) -> None:
    """Draw the energy curve, 0 to 1, with its climax."""
    axes.set_ylim(0.0, 1.3)
    axes.set_yticks([0.5], ["energy"])
    if energy is None or not energy.values:
        note_unknown(axes)
        return
    # A value is at the middle of its step; the first and the last extend to the clip's ends.
    times = np.concatenate([[0.0], (np.arange(len(energy.values)) + 0.5) * energy.step, [duration]])
    values = np.concatenate([energy.values[:1], energy.values, energy.values[-1:]])
    axes.fill_between(times, 0.0, values, color=ENERGY, alpha=0.35, linewidth=0)
    axes.plot(times, values, color=ENERGY, linewidth=1.6)
    at = float(np.interp(energy.climax, times, values))
    axes.plot([energy.climax], [at], marker="o", markersize=5, color=DOWNBEAT, zorder=4)
    axes.annotate(
        f"climax {clock(energy.climax)}",
        (energy.climax, at),
        xytext=(0, 5),
        textcoords="offset points",
        ha="left" if energy.climax < 0.06 * duration else "right" if energy.climax > 0.94 * duration else "center",
        fontsize=8,
        color=DOWNBEAT,
        va="bottom",
    )


def draw_hits(axes: Any, analysis: Analysis) -> None:
    """Draw a lane for each drum, with strokes as tall as they are loud; without drums one lane of onsets."""
    if not analysis.hits:
        axes.set_ylim(0.0, 1.0)
        axes.set_yticks([0.5], ["onsets"])
        if not analysis.onsets:
            note_unknown(axes)
        times = [onset.time for onset in analysis.onsets]
        axes.vlines(times, 0.0, [onset.strength for onset in analysis.onsets], color=WAVE, linewidth=1.0)
        return
    detected = {hit.kind for hit in analysis.hits}
    lanes = [kind for kind in DRUM_KINDS if kind in detected]
    axes.set_ylim(-0.1, len(lanes))
    axes.set_yticks([lane + 0.4 for lane in range(len(lanes))], lanes)
    thick = min(2.2, max(0.5, 900.0 / len(analysis.hits)))
    for lane, kind in enumerate(lanes):
        hits = [hit for hit in analysis.hits if hit.kind == kind]
        axes.hlines(lane, 0.0, analysis.duration, color=GRID, linewidth=0.8, zorder=1)
        tops = [lane + 0.15 + 0.65 * hit.velocity / 127.0 for hit in hits]
        axes.vlines([hit.time for hit in hits], lane, tops, color=FEEL_COLORS[kind], linewidth=thick, zorder=2)
