"""The plot of the scale: a press, the time to mirror the set and the daemon's memory, by the clips of the set."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from musearoo.bridge.commands.reports.analysis_palette import GRID, INK, MUTED, PANEL
from musearoo.bridge.commands.reports.pictures import new_figure, save_figure
from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.scale.growth import Measured, fit_exponent

SIZE: Final = (13.0, 4.9)
PRESS, COMPOSED, READING, MEMORY = "#5b6c8f", "#c8553d", "#2f7f86", "#d99a2b"


def draw_scale(path: Path, found: Sequence[Measured], load: str) -> None:
    """Draw what was measured into a file: .png, .svg or .pdf. `load` is the machine's, in words.

    Raises ParamError for another kind of file, EngineError where matplotlib is missing or the file cannot be written.
    """
    figure = new_figure(path, SIZE)
    grid = figure.add_gridspec(
        1, 3, left=0.055, right=0.985, top=0.88, bottom=0.21, wspace=0.22, width_ratios=(1.3, 1.3, 1.0)
    )
    panels = ((_draw_press, "A press"), (_draw_mirror, "Until the mirror is whole"), (_draw_memory, "Memory"))
    for place, (draw, title) in enumerate(panels):
        axes = figure.add_subplot(grid[0, place])
        _dress(axes, found)
        draw(axes, found)
        axes.set_title(title, loc="left", fontsize=11, color=INK)
    figure.text(
        0.055,
        0.03,
        "At the lines: exponents over the clips. 0 does not grow with the set, 1 grows as the set does.",
        fontsize=7.5,
        color=MUTED,
    )
    figure.text(0.985, 0.03, f"musearoo bench scale · simulated Live · {load}", ha="right", fontsize=7.5, color=MUTED)
    save_figure(figure, path)


def _draw_press(axes: Any, found: Sequence[Measured]) -> None:
    """Draw medians, and a shade up to the 99th percentile."""
    for name, color, times in (
        ("press to clip", PRESS, [each.presses.total for each in found]),
        ("of it composed", COMPOSED, [each.presses.composed for each in found]),
    ):
        medians = [percentile(values, 50) for values in times]
        worst = [percentile(values, 99) for values in times]
        axes.fill_between(_clips(found), medians, worst, color=color, alpha=0.13, linewidth=0)
        _draw_line(axes, found, name, color, medians, below=color == COMPOSED)
    reading = [each.readings.request / 1000 for each in found]
    _draw_line(axes, found, "of it the set is read", READING, reading, below=True)
    axes.set_yscale("log")
    axes.set_ylim(min(reading) / 4, max(percentile(each.presses.total, 99) for each in found) * 1.6)
    axes.set_ylabel("ms: median, shaded to p99")
    _plain_numbers(axes.yaxis)


def _draw_mirror(axes: Any, found: Sequence[Measured]) -> None:
    whole = [each.presses.mirror_seconds for each in found]
    own = [each.readings.mirror_seconds for each in found]
    _draw_line(axes, found, "told by Live and the script", PRESS, whole)
    _draw_line(axes, found, "of it the daemon", COMPOSED, own, below=True)
    axes.set_yscale("log")
    axes.set_ylim(min(own) / 2.5, max(whole) * 2)
    axes.set_ylabel("s")
    _plain_numbers(axes.yaxis)


def _draw_memory(axes: Any, found: Sequence[Measured]) -> None:
    known = [each for each in found if each.presses.memory_mb is not None]
    values = [each.presses.memory_mb or 0.0 for each in known]
    axes.plot(_clips(known), values, color=MEMORY, linewidth=1.8, marker="o", markersize=5)
    for clips, value in zip(_clips(known), values, strict=True):
        axes.annotate(f"{value:.0f}", (clips, value), xytext=(0, 8), textcoords="offset points", **_label(MEMORY))
    axes.set_ylim(0, max(values, default=1.0) * 1.25)
    axes.set_ylabel("MB of the daemon")


def _draw_line(
    axes: Any, found: Sequence[Measured], name: str, color: str, values: Sequence[float], *, below: bool = False
) -> None:
    """Draw a line with its points, and above or below it what it is and its exponent."""
    clips = _clips(found)
    axes.plot(clips, values, color=color, linewidth=1.8, marker="o", markersize=5)
    label = f"{name}: {fit_exponent(clips, values) or 0.0:.2f}".replace("-0.00", "0.00")
    middle = ((clips[0] * clips[-1]) ** 0.5, (values[0] * values[-1]) ** 0.5)
    if values[-1] < 2 * values[0]:
        place, offset, align = middle, (0, -9 if below else 7), "center"
    elif below:
        place, offset, align = middle, (14, -12), "left"
    else:
        place, offset, align = (clips[-1], values[-1]), (-12, 4), "right"
    axes.annotate(
        label,
        place,
        xytext=offset,
        textcoords="offset points",
        ha=align,
        va="top" if below else "bottom",
        fontsize=8.5,
        color=color,
    )


def _clips(found: Sequence[Measured]) -> list[int]:
    return [each.size.clips for each in found]


def _label(color: str) -> dict[str, Any]:
    return {"ha": "center", "fontsize": 8.5, "color": color}


def _plain_numbers(axis: Any) -> None:
    axis.set_major_formatter(lambda value, _place: f"{value:g}")
    axis.set_minor_formatter(lambda _value, _place: "")


def _dress(axes: Any, found: Sequence[Measured]) -> None:
    axes.set_facecolor(PANEL)
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_xscale("log")
    clips = _clips(found)
    axes.set_xlim(clips[0] / 1.35, clips[-1] * 1.35)
    axes.set_xticks(clips, [f"{each.size.tracks:,}\n{each.size.clips:,}" for each in found])
    axes.set_xticks([], minor=True)
    axes.set_xlabel("tracks, and below them clips of the set")
    axes.tick_params(which="both", colors=INK, labelsize=8.5, length=0)
    axes.xaxis.label.set(color=INK, fontsize=9)
    axes.yaxis.label.set(color=INK, fontsize=9)
    for side in axes.spines.values():
        side.set_visible(False)
