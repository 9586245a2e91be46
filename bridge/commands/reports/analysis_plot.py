"""The plot that `musearoo analyze --plot` draws: time from left to right, groove and character below."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from musearoo.bridge.commands.reports.analysis_grid import clock
from musearoo.bridge.commands.reports.analysis_page import headline
from musearoo.bridge.commands.reports.analysis_palette import BACKGROUND, INK, MUTED
from musearoo.bridge.commands.reports.pictures import new_figure, save_figure

if TYPE_CHECKING:
    from musearoo.engines.analysis.fast.activation.sound import Sound
    from musearoo.engines.music.knowledge.analysis import Analysis

SIZE: Final = (14.0, 9.6)
"""Width and height in inches."""

INTERVALS: Final = (0.01, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0)
MOST_TIMES: Final = 12

ROWS: Final = {"wave": 2.3, "chords": 0.75, "form": 0.42, "energy": 0.95, "drums": 1.55}
"""The rows that share the time axis, and their heights relative to one another."""


def plot_analysis(analysis: Analysis, sound: Sound | None, path: Path, name: str = "") -> None:
    """Draw the plot of a clip into the file `path` (PNG, SVG or PDF); without `sound` the waveform stays empty.

    Raises ParamError for another kind of file, EngineError if matplotlib is missing or the file cannot be written.
    """
    figure = new_figure(path, SIZE)
    _draw(figure, analysis, sound, name)
    save_figure(figure, path)


def _draw(figure: Any, analysis: Analysis, sound: Sound | None, name: str) -> None:
    # Imported here, as matplotlib is, because it imports NumPy.
    from musearoo.bridge.commands.reports import analysis_panels as panels
    from musearoo.bridge.commands.reports import analysis_timeline as timeline

    _write_title(figure, analysis, name)
    rows = figure.add_gridspec(
        len(ROWS),
        1,
        height_ratios=list(ROWS.values()),
        left=0.065,
        right=0.98,
        top=0.885,
        bottom=0.365,
        hspace=0.09,
    )
    axes: dict[str, Any] = {}
    for number, row in enumerate(ROWS):
        axes[row] = figure.add_subplot(rows[number, 0], sharex=axes.get("wave"))
        _strip(axes[row], is_last=number == len(ROWS) - 1)
    timeline.draw_wave(axes["wave"], analysis, sound)
    timeline.draw_chords(axes["chords"], analysis.harmony, analysis.duration)
    timeline.draw_form(axes["form"], analysis.character.sections, analysis.duration)
    timeline.draw_energy(axes["energy"], analysis.character.energy, analysis.duration)
    timeline.draw_hits(axes["drums"], analysis)
    axes["wave"].set_xlim(0.0, analysis.duration)
    axes["wave"].set_xticks(_times(analysis.duration))
    axes["drums"].xaxis.set_major_formatter(lambda second, _: _time_label(second, analysis.duration))
    below = figure.add_gridspec(
        1,
        4,
        width_ratios=[2.6, 0.85, 0.85, 0.85],
        left=0.065,
        right=0.98,
        top=0.285,
        bottom=0.07,
        wspace=0.24,
    )
    panels.draw_groove(figure.add_subplot(below[0, 0]), analysis)
    panels.draw_styles(figure.add_subplot(below[0, 1]), analysis.character.styles)
    panels.draw_mood(figure.add_subplot(below[0, 2]), analysis.character.mood)
    panels.draw_bands(figure.add_subplot(below[0, 3]), analysis.character)


def _write_title(figure: Any, analysis: Analysis, name: str) -> None:
    figure.text(0.065, 0.955, name or "clip", fontsize=17, fontweight="bold", color=INK, va="center", parse_math=False)
    figure.text(0.065, 0.918, headline(analysis), fontsize=11.5, color=MUTED, va="center")


def _strip(axes: Any, is_last: bool) -> None:
    """Format a row of the time axis: no frame, and times under the last row only."""
    axes.set_facecolor(BACKGROUND)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.tick_params(axis="x", length=0, labelsize=8.5, labelcolor=MUTED, labelbottom=is_last)
    axes.tick_params(axis="y", length=0, labelsize=8.5, labelcolor=MUTED)


def _times(duration: float) -> list[float]:
    """Return the times to label: at most a dozen, at round intervals.

    >>> _times(2.0)[:3], _times(184.0)[:3]
    ([0.0, 0.2, 0.4], [0.0, 30.0, 60.0])
    """
    interval = next((step for step in INTERVALS if duration / step <= MOST_TIMES), duration)
    return [interval * number for number in range(int(duration / interval) + 1)]


def _time_label(second: float, duration: float) -> str:
    return clock(second) if duration >= 20.0 else f"{second:g} s"
