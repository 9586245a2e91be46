"""The panels of the picture of an analysis. Each draws into matplotlib axes that it is given."""

from __future__ import annotations

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from bridge.analysis_grid import clock
from bridge.analysis_page import LIKELY_STYLE
from engines.music.analysis import (
    DRUM_KINDS,
    Analysis,
    Character,
    EnergyCurve,
    Feel,
    HeardChord,
    Mood,
    Section,
    StyleGuess,
)
from engines.music.chord import Chord

if TYPE_CHECKING:
    from engines.brainaroo.hearing.sound import Sound

Column = npt.NDArray[np.float64]

INK, MUTED, GRID, PANEL = "#2b2a33", "#8d8a94", "#e4e1da", "#f3f1eb"
WAVE, DOWNBEAT, BEAT, ENERGY = "#5b6c8f", "#c8553d", "#cfc8bd", "#e0a458"
FEEL_COLORS: Final = {
    "kick": "#c8553d",
    "snare": "#d99a2b",
    "hat": "#2f7f86",
    "tom": "#7d5a94",
    "cymbal": "#6a9c5b",
    "all": WAVE,
}
SECTION_COLORS: Final = ("#9fb4cf", "#e3b7a0", "#b9cfa8", "#cdb5d6", "#e6d59a", "#a9d0cb", "#d9a9b6", "#c4c0b6")

SIDE_BY_SIDE: Final = 0.035
"""Beats between two drums that play on the same place of the bar."""

COLUMNS: Final = 1800
"""Points of the waveform from left to right: one a pixel of the picture."""

MOST_BEAT_LINES: Final = 160
"""Beats whose lines can still be told apart; with more only downbeats are drawn."""

MOST_BAR_NUMBERS: Final = 24
LABEL_WIDTH: Final = 0.0068
"""Part of the clip that one letter of a chord's name takes; a narrower block has its name upright, or none."""

UPRIGHT_WIDTH: Final = 0.0078
"""Part of the clip that a name takes that stands upright."""


def _note_unknown(axes: Any, word: str = "unknown") -> None:
    axes.text(0.5, 0.5, word, transform=axes.transAxes, ha="center", va="center", color=MUTED, fontsize=9)


# --- along the time axis ---------------------------------------------------------------------------------------------


def draw_wave(axes: Any, analysis: Analysis, sound: Sound | None) -> None:
    """The waveform, with lines for beats, stronger ones for downbeats, and bar numbers."""
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
                *(str(number), (second, 1.0)),
                xytext=(2, 2),
                textcoords="offset points",
                fontsize=8,
                color=DOWNBEAT,
                va="bottom",
                annotation_clip=False,
            )


@dataclass(frozen=True, eq=False)
class Outline:
    """A waveform as a row of columns: times in seconds, the lowest and highest sample, and the level (rms)."""

    times: Column
    low: Column
    high: Column
    level: Column


def _outline(sound: Sound) -> Outline:
    """At most COLUMNS columns, scaled so that the loudest sample reaches 92 % of the row.

    Column by column, for half an hour of samples would take a gigabyte more if they were squared all at once.
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
    """Every how many bars a number stands: 1, 2, 4, 8 …"""
    step = 1
    while bars / step > MOST_BAR_NUMBERS:
        step *= 2
    return step


def draw_chords(axes: Any, chords: Sequence[HeardChord], duration: float) -> None:
    """Chords as blocks: the colour follows the root along the circle of fifths, minor ones are darker."""
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([0.5], ["chords"])
    if not any(heard.chord for heard in chords):
        _note_unknown(axes, "none" if chords else "unknown")
    named = [(heard, heard.chord) for heard in chords if heard.chord is not None]
    # One call for all: each one costs as much as a thousand blocks.
    spans = [(heard.start, heard.end - heard.start - _gap(heard, duration)) for heard, _ in named]
    axes.broken_barh(spans, (0.04, 0.92), facecolors=[chord_color(chord) for _, chord in named], linewidth=0)
    for (start, width), (_, chord) in zip(spans, named, strict=True):
        name, part = chord.symbol, width / duration
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


def _gap(heard: HeardChord, duration: float) -> float:
    """The seconds that stay free behind a chord's block."""
    return min(0.0012 * duration, (heard.end - heard.start) / 8)


def chord_color(chord: Chord) -> tuple[float, float, float]:
    """Red, green and blue of a chord's block."""
    hue = (chord.root * 7 % 12) / 12.0
    return colorsys.hls_to_rgb((hue + 0.08) % 1.0, 0.45 if chord.is_minor else 0.72, 0.38)


def draw_form(axes: Any, sections: Sequence[Section], duration: float) -> None:
    """Sections as blocks; those with one label have one colour."""
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([0.5], ["form"])
    if not sections:
        _note_unknown(axes)
    labels = list(dict.fromkeys(section.label for section in sections))
    for section in sections:
        color = SECTION_COLORS[labels.index(section.label) % len(SECTION_COLORS)]
        width = section.end - section.start
        axes.broken_barh([(section.start, width - 0.0012 * duration)], (0.08, 0.84), facecolor=color, linewidth=0)
        axes.text(section.start + width / 2, 0.48, section.label, ha="center", va="center", fontsize=10, color=INK)


def draw_energy(axes: Any, energy: EnergyCurve | None, duration: float) -> None:
    """The energy curve, 0 to 1, with its climax."""
    axes.set_ylim(0.0, 1.3)
    axes.set_yticks([0.5], ["energy"])
    if energy is None or not energy.values:
        _note_unknown(axes)
        return
    # A value stands for its step's middle; the first and the last reach to the clip's ends.
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
    """A lane for each drum, its strokes as tall as they are loud; without drums one lane of onsets."""
    if not analysis.hits:
        axes.set_ylim(0.0, 1.0)
        axes.set_yticks([0.5], ["onsets"])
        if not analysis.onsets:
            _note_unknown(axes)
        times = [onset.time for onset in analysis.onsets]
        axes.vlines(times, 0.0, [onset.strength for onset in analysis.onsets], color=WAVE, linewidth=1.0)
        return
    heard = {hit.kind for hit in analysis.hits}
    lanes = [kind for kind in DRUM_KINDS if kind in heard]
    axes.set_ylim(-0.1, len(lanes))
    axes.set_yticks([lane + 0.4 for lane in range(len(lanes))], lanes)
    thick = min(2.2, max(0.5, 900.0 / len(analysis.hits)))
    for lane, kind in enumerate(lanes):
        hits = [hit for hit in analysis.hits if hit.kind == kind]
        axes.hlines(lane, 0.0, analysis.duration, color=GRID, linewidth=0.8, zorder=1)
        tops = [lane + 0.15 + 0.65 * hit.velocity / 127.0 for hit in hits]
        axes.vlines([hit.time for hit in hits], lane, tops, color=FEEL_COLORS[kind], linewidth=thick, zorder=2)


# --- below the time axis ---------------------------------------------------------------------------------------------


def _frame(axes: Any, title: str) -> None:
    axes.set_facecolor(PANEL)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(which="both", length=0, labelsize=8.5, labelcolor=MUTED)
    axes.set_title(title, loc="left", fontsize=10.5, color=INK, pad=7)


def _empty(axes: Any) -> None:
    axes.set_xticks([])
    axes.set_yticks([])
    _note_unknown(axes)


def draw_groove(axes: Any, analysis: Analysis) -> None:
    """How many milliseconds late or early each place of the bar is played, for each drum or for all that sounds."""
    groove, bpm = analysis.groove, analysis.rhythm.tempo.value
    swing = "" if groove.swing.value is None else f" · swing {groove.swing.value:.2f} : 1"
    spread = "" if groove.microtiming_rms_ms is None else f" · {groove.microtiming_rms_ms:.0f} ms rms"
    _frame(axes, f"groove{swing}{spread}")
    feels: dict[str, Feel] = {kind: feel for kind, feel in (groove.drums or {}).items() if any(feel.counts)}
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
        # Drums that play together stand side by side.
        aside = (number - (len(feels) - 1) / 2) * SIDE_BY_SIDE
        places = [feel.positions[index] + aside for index in played]
        late = [feel.offsets[index] * to_ms for index in played]
        sizes = [14.0 + 70.0 * feel.counts[index] / most for index in played]
        axes.vlines(places, 0.0, late, color=color, linewidth=1.4, alpha=0.7, zorder=2)
        axes.scatter(places, late, s=sizes, color=color, linewidth=0, label=kind, zorder=3)
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
    """The likeliest styles as bars."""
    _frame(axes, "style")
    ranked = sorted(styles, key=lambda style: -style.likelihood)[:5]
    if not ranked or ranked[0].likelihood < LIKELY_STYLE:
        _empty(axes)
        return
    for place, style in enumerate(ranked):
        axes.barh(place, style.likelihood, color=WAVE, height=0.32, zorder=2)
        axes.text(0.02, place - 0.36, style.name, fontsize=8.5, color=INK, va="center", zorder=3)
    axes.set_yticks([])
    axes.set_ylim(4.4, -0.75)
    axes.set_xlim(0.0, 1.0)
    axes.set_xticks([0.0, 0.5, 1.0], ["0", "", "100 %"])
    axes.grid(axis="x", color=GRID, linewidth=0.8, zorder=0)


def draw_mood(axes: Any, mood: Mood | None) -> None:
    """The place in the plane of valence and arousal."""
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
    """The level of each band below the whole, with loudness and stereo picture in the title."""
    loudness = character.loudness
    title = "bands" if loudness is None or loudness.lufs is None else f"bands · {loudness.lufs:.1f} LUFS"
    _frame(axes, title)
    if not character.bands:
        _empty(axes)
        return
    places = range(len(character.bands))
    lowest = min(-40.0, *(band.level_db for band in character.bands if np.isfinite(band.level_db)))
    heights = [max(0.0, band.level_db - lowest) if np.isfinite(band.level_db) else 0.0 for band in character.bands]
    axes.bar(list(places), heights, bottom=lowest, color=ENERGY, width=0.6, zorder=2)
    axes.set_xticks(list(places), [band.name.replace(" ", "\n") for band in character.bands], fontsize=7.5)
    axes.set_ylim(lowest, 0.0)
    axes.set_yticks([-40, -20, 0], ["-40", "-20", "0 dB"])
    axes.grid(axis="y", color=GRID, linewidth=0.8, zorder=0)
