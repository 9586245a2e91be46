"""The plot of a song: a piano roll for each part over one time axis, with sections and chords above."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from musearoo.bridge.audio.rendering import SongPart
from musearoo.bridge.commands.reports.analysis_palette import (
    BACKGROUND,
    DOWNBEAT,
    FEEL_COLORS,
    GRID,
    INK,
    MUTED,
    SECTION_COLORS,
)
from musearoo.bridge.commands.reports.pictures import new_figure, save_figure
from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_map import KIND_OF_PITCH
from musearoo.engines.music.knowledge.analysis import DetectedChord, Harmony, KeySpan
from musearoo.engines.music.note import Note
from musearoo.engines.music.piano_roll import DRUM_NAMES
from musearoo.engines.music.pitch import pitch_name
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key

WIDTH: Final = 16.0
"""Width in inches."""
HEADER: Final = 0.9
STRIP: Final = 0.3
"""Height in inches of a row of sections or chords."""
PART: Final = 1.35
PART_COLORS: Final = ("#5b6c8f", "#2f7f86", "#7d5a94", "#c8553d", "#6a9c5b", "#d99a2b")
MOST_BAR_NUMBERS: Final = 32
MOST_BAR_LINES: Final = 200


def plot_song(
    parts: Sequence[SongPart],
    path: Path,
    title: str = "",
    sections: Sequence[tuple[str, float]] = (),
    chords: Sequence[ChordSpan] = (),
    keys: Sequence[tuple[float, Key]] = (),
) -> None:
    """Draw parts that begin together into the file `path` (PNG, SVG or PDF); louder notes are darker.

    `sections` are names with the beats at which they begin, in order, and so are the `keys` that chords are spelt in.
    Raises ParamError for another kind of file or no part, EngineError if matplotlib is missing or the file cannot
    be written.
    """
    if not parts:
        raise ParamError("parts", "at least one part to draw", list(parts))
    strips = [name for name, given in (("sections", sections), ("chords", chords)) if given]
    heights = [STRIP] * len(strips) + [PART] * len(parts)
    size = (WIDTH, HEADER + sum(heights) + 0.4)
    figure = new_figure(path, size)
    if title:
        figure.text(0.06, 1.0 - 0.45 / size[1], title, fontsize=15, fontweight="bold", color=INK, parse_math=False)
    rows = figure.add_gridspec(
        len(heights),
        1,
        height_ratios=heights,
        left=0.06,
        right=0.985,
        top=1.0 - 0.75 / size[1],
        bottom=0.4 / size[1],
        hspace=0.14,
    )
    first = None
    length = max(part.clip.length for part in parts)
    for number, _ in enumerate(heights):
        axes = figure.add_subplot(rows[number, 0], sharex=first)
        first = first or axes
        _clear(axes, is_last=number == len(heights) - 1)
        if number >= len(strips):
            color = PART_COLORS[(number - len(strips)) % len(PART_COLORS)]
            _draw_part(axes, parts[number - len(strips)], color)
        elif strips[number] == "sections":
            _draw_sections(axes, sections, length)
        else:
            _draw_chords(axes, chords, keys, length)
    _rule_bars(figure, parts[0].clip, length, [beat for _, beat in sections])
    save_figure(figure, path)


def _clear(axes: Any, is_last: bool) -> None:
    axes.set_facecolor(BACKGROUND)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(axis="x", length=0, labelsize=8, labelcolor=MUTED, labelbottom=is_last)
    axes.tick_params(axis="y", length=0, labelsize=7.5, labelcolor=MUTED)


def _draw_part(axes: Any, part: SongPart, color: str) -> None:
    notes = [note for note in part.clip.notes if not note.mute]
    axes.set_ylabel(part.name, fontsize=10, color=INK, parse_math=False)
    if not notes:
        axes.set_yticks([])
        return
    if part.program is None:
        pitches = sorted({note.pitch for note in notes}, key=lambda pitch: (_drum_row(pitch), pitch))
        rows = {pitch: float(row) for row, pitch in enumerate(pitches)}
        axes.set_yticks(list(rows.values()), [DRUM_NAMES.get(pitch, str(pitch)) for pitch in pitches], fontsize=6)
        axes.set_ylim(-0.7, len(pitches) - 0.3)
        colors = [FEEL_COLORS[KIND_OF_PITCH.get(note.pitch, "cymbal")] for note in notes]
        axes.vlines(
            [note.start for note in notes],
            [rows[note.pitch] - 0.38 for note in notes],
            [rows[note.pitch] + 0.38 for note in notes],
            colors=colors,
            alpha=[_shade(note) for note in notes],
            linewidth=1.1,
        )
        return
    low, high = min(note.pitch for note in notes) - 2, max(note.pitch for note in notes) + 2
    axes.set_ylim(low, high)
    octaves = [pitch for pitch in range(low, high + 1) if pitch % 12 == 0]
    axes.set_yticks(octaves, [pitch_name(pitch) for pitch in octaves])
    axes.hlines(octaves, 0.0, part.clip.length, color=GRID, linewidth=0.6, zorder=0)
    axes.hlines(
        [note.pitch for note in notes],
        [note.start for note in notes],
        [note.end for note in notes],
        colors=color,
        alpha=[_shade(note) for note in notes],
        # A semitone's height in points, within readable bounds.
        linewidth=min(5.0, max(1.3, 0.8 * 72.0 * PART / (high - low))),
    )


def _draw_sections(axes: Any, sections: Sequence[tuple[str, float]], length: float) -> None:
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([])
    kinds = list(dict.fromkeys(name.rstrip("0123456789 ") for name, _ in sections))
    ends = [beat for _, beat in sections[1:]] + [length]
    for (name, start), end in zip(sections, ends, strict=True):
        color = SECTION_COLORS[kinds.index(name.rstrip("0123456789 ")) % len(SECTION_COLORS)]
        axes.broken_barh([(start, end - start)], (0.04, 0.92), facecolors=color, edgecolors=BACKGROUND)
        axes.text((start + end) / 2.0, 0.48, name, ha="center", va="center", fontsize=8, color=INK, clip_on=True)


def _draw_chords(axes: Any, chords: Sequence[ChordSpan], keys: Sequence[tuple[float, Key]], length: float) -> None:
    # Imported here, because it imports NumPy.
    from musearoo.bridge.commands.reports.analysis_timeline import draw_chords

    ends = [start for start, _ in keys[1:]] + [length]
    harmony = Harmony(
        keys=tuple(KeySpan(start, end, key, 1.0) for (start, key), end in zip(keys, ends, strict=bool(keys))),
        chords=tuple(DetectedChord(span.start, span.end, span.chord, span.confidence) for span in chords),
    )
    draw_chords(axes, harmony, length)


def _rule_bars(figure: Any, clip: Clip, length: float, sections: Sequence[float]) -> None:
    """Draw bar lines through all rows, stronger ones at sections, and bar numbers below."""
    bar = clip.meter.bar_beats
    count = max(1, round(length / bar))
    step = 1
    while count / step > MOST_BAR_NUMBERS:
        step *= 2
    for axes in figure.axes:
        if count <= MOST_BAR_LINES:
            for number in range(0, count, step):
                axes.axvline(number * bar, color=GRID, linewidth=0.7, zorder=0)
        for beat in sections:
            axes.axvline(beat, color=DOWNBEAT, linewidth=0.8, alpha=0.5, zorder=0)
    last = figure.axes[-1]
    last.set_xlim(0.0, length)
    last.set_xticks([number * bar for number in range(0, count, step)], range(1, count + 1, step))


def _shade(note: Note) -> float:
    return min(1.0, 0.25 + 0.75 * note.velocity / 127.0)


def _drum_row(pitch: int) -> int:
    """Return a drum's row, from the bottom up: feet, snare, toms, hats, cymbals, the rest."""
    order = ("kick", "snare", "tom", "hat", "cymbal")
    kind = KIND_OF_PITCH.get(pitch)
    return len(order) if kind is None else order.index(kind)
