"""Quantise notes to the sixteen steps of a written bar of `engines.styles.rows`: the inverse of `row_fitting`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.swing import Swing
from musearoo.engines.players.learning.song import SourceSong
from musearoo.engines.styles.row_fitting import bar_cells
from musearoo.engines.styles.rows import BEATS_PER_BAR

BEAT_STEPS: Final = 4
STEPS: Final = BEATS_PER_BAR * BEAT_STEPS
"""Steps of a written bar."""
EARLY: Final = 0.11
"""The beats by which a note may anticipate the bar line and still belong to the next bar."""


class GridNote(NamedTuple):
    """A note quantised to a step of a written bar (both from 0), and how many milliseconds late it is.

    `at` is its straight position in the song in beats.
    """

    bar: int
    step: int
    at: float
    late_ms: float
    note: Note


def quantize_notes(song: SourceSong, notes: Iterable[Note]) -> list[GridNote]:
    """Quantise notes to the steps of the song's written bars, sorted; notes outside its bars are left out."""
    placed = []
    for note in notes:
        bar = bisect_right(song.bars, note.start + EARLY) - 1
        if bar < 0:
            continue
        inside = note.start - song.bars[bar]
        straight, late = _straighten(inside, song.meter, song.swing)
        if straight >= song.meter.bar_beats - 1e-9:
            if bar + 1 >= len(song.bars) or abs(song.bars[bar + 1] - song.bars[bar] - straight) > 1e-6:
                continue
            bar, straight = bar + 1, 0.0
        written, step = _step_of(song.meter, bar, straight)
        placed.append(GridNote(written, step, song.bars[bar] + straight, late * song.milliseconds, note))
    return sorted(placed, key=lambda one: (one.bar, one.step, one.note.pitch))


def written_bars(song: SourceSong) -> int:
    """Return the number of written bars in a song: two bars of 6/8 make one."""
    return _step_of(song.meter, len(song.bars) - 1, 0.0)[0] + 1


@lru_cache(maxsize=64)
def silent_beats(meter: Meter) -> tuple[int, ...]:
    """Return the beats of a written bar that no bar of a meter plays: the third one in 3/4.

    >>> silent_beats(Meter(3, 4)), silent_beats(Meter(6, 8))
    ((2,), ())
    """
    played = {cell.source_beat for bar in range(BEATS_PER_BAR) for cell in bar_cells(meter, bar)}
    return tuple(beat for beat in range(BEATS_PER_BAR) if beat not in played)


def _straighten(inside: float, meter: Meter, swing: Swing) -> tuple[float, float]:
    """Return the nearest step to a position in a bar, and how much later the position is, both in beats."""
    if meter.is_compound:
        third = meter.pulses[0] / 3.0
        straight = round(inside / third) * third
        return max(0.0, straight), inside - straight
    straight = max(0.0, round(swing.unwarp(inside) * BEAT_STEPS) / BEAT_STEPS)
    return straight, inside - swing.warp(straight)


@lru_cache(maxsize=65536)
def _step_of(meter: Meter, bar: int, straight: float) -> tuple[int, int]:
    """Return the written bar, and the step in it, of a position in a bar."""
    cells = bar_cells(meter, bar)
    cell = next(cell for cell in reversed(cells) if cell.start <= straight + 1e-9)
    inside = straight - cell.start
    part = round(inside * 3.0 / cell.length) if meter.is_compound else round(inside * BEAT_STEPS)
    return cell.source_bar, cell.source_beat * BEAT_STEPS + part
