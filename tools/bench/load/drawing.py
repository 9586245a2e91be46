"""The plot of a load: throughput by concurrency with the fitted law, and waiting by the offered rate with the knee."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from musearoo.bridge.commands.reports.analysis_palette import GRID, INK, MUTED, PANEL
from musearoo.bridge.commands.reports.pictures import new_figure, save_figure
from musearoo.tools.bench.load.knee import WITHIN, Offered, knee_of
from musearoo.tools.bench.load.scaling import Point, fit_law

SIZE: Final = (11.5, 4.8)
COLORS: Final = ("#5b6c8f", "#c8553d", "#2f7f86")
SMOOTH: Final = 200
TICKS: Final = (1, 2, 5, 10, 20, 50, 100, 250, 500, 1000, 2500, 5000, 10_000)


def draw_load(
    path: Path, points: Mapping[int, Sequence[Point]], offered: Sequence[Offered], composers: int, load: str
) -> None:
    """Draw what was measured into a file: .png, .svg or .pdf. `load` is the machine's, in words.

    Raises ParamError for another kind of file, EngineError where matplotlib is missing or the file cannot be written.
    """
    figure = new_figure(path, SIZE)
    shown = [panel for panel, has in ((_draw_scaling, points), (_draw_knee, offered)) if has]
    grid = figure.add_gridspec(1, len(shown), left=0.065, right=0.985, top=0.86, bottom=0.17, wspace=0.2)
    for place, panel in enumerate(shown):
        axes = figure.add_subplot(grid[0, place])
        _dress(axes)
        if panel is _draw_scaling:
            _draw_scaling(axes, points)
        else:
            _draw_knee(axes, offered, composers)
    figure.text(0.985, 0.025, f"musearoo bench load · {load}", ha="right", fontsize=7.5, color=MUTED)
    save_figure(figure, path)


def _draw_scaling(axes: Any, points: Mapping[int, Sequence[Point]]) -> None:
    """Draw each measured point, and the law through them."""
    most = max(point.users for some in points.values() for point in some)
    for color, (composers, some) in zip(COLORS, points.items(), strict=False):
        law = fit_law(some)
        steps = [1 + (most - 1) * step / SMOOTH for step in range(SMOOTH + 1)]
        name = f"{composers} composer{'s' if composers > 1 else ''}"
        label = f"{name}: λ {law.rate:.0f}/s, α {law.contention:.2f}, β {law.coherence:.4f}, R² {law.fit:.2f}"
        axes.plot(steps, [law.at(users) for users in steps], color=color, linewidth=1.8, label=label)
        axes.scatter(
            [point.users for point in some],
            [point.rate for point in some],
            s=26,
            color=color,
            alpha=0.75,
            edgecolor="white",
            linewidth=0.6,
            zorder=3,
        )
    axes.set_xlim(0, most * 1.03)
    axes.set_ylim(0, None)
    axes.set_xlabel("users who ask without a pause")
    axes.set_ylabel("takes a second")
    axes.set_title("Throughput and the Universal Scalability Law", loc="left", fontsize=11, color=INK)
    axes.legend(frameon=False, fontsize=8, loc="lower right", labelcolor=INK)


def _draw_knee(axes: Any, offered: Sequence[Offered], composers: int) -> None:
    """Draw the percentiles of takes, and the share that was refused, by the rate that was offered."""
    ordered = sorted(offered, key=lambda each: each.rate)
    rates = [each.rate for each in ordered]
    for color, percent in zip(COLORS, (50, 95, 99), strict=True):
        values = [each.measured.latency(percent) for each in ordered]
        axes.plot(rates, values, color=color, linewidth=1.6, marker="o", markersize=4, label=f"p{percent}")
    knee = knee_of(list(offered))
    axes.axhline(WITHIN, color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
    axes.axvline(knee.rate, color=INK, linewidth=0.9, linestyle=(0, (1, 2)))
    lowest = min(each.measured.latency(50) for each in ordered)
    axes.set_yscale("log")
    axes.set_xlim(0, max(rates) * 1.05)
    axes.set_ylim(lowest / 2, max(WITHIN * 1.6, max(each.measured.latency(99) for each in ordered) * 1.2))
    axes.annotate(
        f"knee {knee.rate:.0f}/s",
        (knee.rate, axes.get_ylim()[0]),
        xytext=(-4, 6),
        textcoords="offset points",
        rotation=90,
        ha="right",
        va="bottom",
        fontsize=8,
        color=INK,
    )
    axes.annotate(
        f"{WITHIN:g} ms at p95", (0, WITHIN), xytext=(4, 3), textcoords="offset points", fontsize=8, color=MUTED
    )
    axes.set_xlabel("requests offered a second, at random times")
    axes.set_ylabel("ms from the intended start to the take")
    name = f"{composers} composer{'s' if composers > 1 else ''}"
    axes.set_title(f"Waiting and the knee, {name}", loc="left", fontsize=11, color=INK)
    axes.yaxis.set_major_formatter(lambda value, _place: f"{value:g}")
    axes.set_yticks([tick for tick in TICKS if lowest / 2 <= tick <= axes.get_ylim()[1]])
    # Left of the first rate that was offered.
    axes.legend(frameon=False, fontsize=8, loc="center left", labelcolor=INK)


def _dress(axes: Any) -> None:
    axes.set_facecolor(PANEL)
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(which="both", colors=INK, labelsize=8.5, length=0)
    axes.xaxis.label.set(color=INK, fontsize=9)
    axes.yaxis.label.set(color=INK, fontsize=9)
    for side in axes.spines.values():
        side.set_visible(False)
