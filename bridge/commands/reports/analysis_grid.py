"""Grids of the report of `musearoo analyze`: bars with their chords, and one bar of the groove as drum tablature."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rich.text import Text

from musearoo.engines.music.drum_map import DRUM_KINDS
from musearoo.engines.music.groove import Groove, GrooveProfile
from musearoo.engines.music.knowledge.analysis import Analysis, DetectedChord, Harmony

WIDTH: Final = 80
MOST_ROWS: Final = 12
"""Most rows of bars on the page; of longer music only the beginning is shown."""

LABEL: Final = 10
"""Columns on the left of every row, for its label."""

NARROWEST_CELL: Final = 4
WIDEST_CELL: Final = 10
MOST_BEATS: Final = 16
"""Most beats of a bar that are drawn."""

SIMILE: Final = "%"
"""Sign for a bar that continues the chord before, as on lead sheets."""

DOWNBEAT, BEAT = "●", "·"
GHOST, STROKE, ACCENT = "o", "x", "X"
GHOST_BELOW: Final = 50.0
ACCENT_FROM: Final = 100.0
"""Velocities below which a stroke is a ghost note, and from which it is an accent."""

SAME_PLACE: Final = 0.02
"""Beats between two positions of a bar that are drawn as one."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its number (0 is an upbeat) and the times of its beats in seconds."""

    number: int
    beats: tuple[float, ...]
    begins_with_downbeat: bool

    def cells(self, beats: int) -> tuple[float | None, ...]:
        """Return one cell a beat of a whole bar; an upbeat is at the end, with None before it."""
        missing = (None,) * max(0, beats - len(self.beats))
        return (missing + self.beats if self.number == 0 else self.beats + missing)[:beats]


def clock(seconds: float) -> str:
    """Format a time as minutes and seconds.

    >>> clock(83.96), clock(0.0)
    ('1:24', '0:00')
    """
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02}"


def bars_of(beats: Sequence[float], downbeats: Sequence[float]) -> list[Bar]:
    """Return the bars between downbeats, or rows of four beats if no downbeat is known."""
    starts = sorted({bisect_left(beats, downbeat) for downbeat in downbeats})
    known = bool(starts)
    starts = starts or list(range(0, len(beats), 4))
    upbeat = [Bar(0, tuple(beats[: starts[0]]), False)] if starts and starts[0] else []
    stretches = pairwise([*starts, len(beats)])
    return upbeat + [Bar(number, tuple(beats[a:b]), known) for number, (a, b) in enumerate(stretches, 1) if a < b]


# --- bars and chords -------------------------------------------------------------------------------------------------


def draw_bars(analysis: Analysis) -> Iterator[Text]:
    """Draw rows of bars, with chords over the beats on which they begin; nothing if no beats are known."""
    rhythm = analysis.rhythm
    bars = bars_of(rhythm.beats, rhythm.downbeats)
    if not bars:
        return
    beats = min(max(len(bar.beats) for bar in bars), MOST_BEATS)
    in_row, cell = _layout(beats)
    chords = _chords_by_beat(rhythm.beats, analysis.harmony)
    shown = bars[: MOST_ROWS * in_row]
    for first in range(0, len(shown), in_row):
        row = shown[first : first + in_row]
        yield _chord_row(row, chords, beats, cell)
        yield _beat_row(row, beats, cell)
    if len(bars) > len(shown):
        yield Text(f"{'':{LABEL}}… and {len(bars) - len(shown)} more bars, to {clock(rhythm.beats[-1])}", style="dim")


def _layout(beats: int) -> tuple[int, int]:
    """Return the bars per row and the columns per beat."""
    cells = {bars: (WIDTH - LABEL - bars - 1) // (bars * beats) for bars in (4, 2, 1)}
    bars = next((bars for bars, cell in cells.items() if cell >= NARROWEST_CELL), 1)
    return bars, min(cells[bars], WIDEST_CELL)


def _chords_by_beat(beats: Sequence[float], harmony: Harmony) -> dict[float, str]:
    """Return the chord that begins nearest to each beat, spelt in its key; of several, the longest."""
    longest: dict[float, DetectedChord] = {}
    names: dict[float, str] = {}
    for chord, symbol in zip(harmony.chords, harmony.symbols, strict=True):
        after = bisect_right(beats, chord.start)
        near = min(beats[max(0, after - 1) : after + 1] or beats[-1:], key=lambda beat: abs(beat - chord.start))
        held = longest.get(near)
        if held is None or chord.end - chord.start > held.end - held.start:
            longest[near], names[near] = chord, symbol or "NC"
    return names


def _chord_row(row: Sequence[Bar], chords: dict[float, str], beats: int, cell: int) -> Text:
    line = Text(f"{row[0].number:>4} {clock(row[0].beats[0]):>4} ", style="dim")
    for bar in row:
        line.append("│", style="dim")
        line.append(_chords_of_bar(bar.cells(beats), chords, cell), style="bold cyan")
    line.append("│", style="dim")
    return line


def _chords_of_bar(beats: Sequence[float | None], chords: dict[float, str], cell: int) -> str:
    """Return the chord names of a bar, each over its beat and cut where the next begins."""
    width = len(beats) * cell
    starts = [(number * cell, chords[beat]) for number, beat in enumerate(beats) if beat in chords]
    if not starts:
        return (SIMILE if chords else "").ljust(width)
    text = "".ljust(starts[0][0])
    for (column, name), (following, _) in zip(starts, [*starts[1:], (width, "")], strict=True):
        room = following - column
        text += (name if len(name) < room else name[: room - 2] + "…").ljust(room)
    return text


def _beat_row(row: Sequence[Bar], beats: int, cell: int) -> Text:
    line = Text("".ljust(LABEL))
    for bar in row:
        line.append("│", style="dim")
        for number, beat in enumerate(bar.cells(beats)):
            is_one = number == 0 and bar.begins_with_downbeat
            mark = "" if beat is None else DOWNBEAT if is_one else BEAT
            line.append(mark.ljust(cell), style="bold" if is_one else "dim")
    line.append("│", style="dim")
    return line


# --- groove ----------------------------------------------------------------------------------------------------------


def draw_groove(groove: Groove, bpm: float | None) -> Iterator[Text]:
    """Draw one bar of the groove: the microtiming of each grid position, and each drum's pattern."""
    whole = groove.whole
    drums = groove.drums or {}
    feels = [feel for feel in (whole, *drums.values()) if feel is not None]
    columns = _columns(feels)
    if not columns:
        return
    cell = max(3, min(5, (WIDTH - LABEL - 2) // len(columns)))
    yield _row("", (_count(position) for position in columns), cell, "dim")
    for kind in reversed(DRUM_KINDS):
        if kind in drums and any(drums[kind].counts):
            most = max(max(feel.counts, default=0) for feel in drums.values())
            yield _row(kind, _strokes(drums[kind], columns, most), cell, "")
    if whole is not None and bpm is not None:
        yield _row("ms late", _lateness(whole, columns, bpm), cell, "cyan")


def _columns(feels: Sequence[GrooveProfile]) -> list[float]:
    """Return the positions in the bar of all feels, merging those less than SAME_PLACE apart."""
    columns: list[float] = []
    for position in sorted(position for feel in feels for position in feel.positions):
        if not columns or position - columns[-1] > SAME_PLACE:
            columns.append(position)
    return columns


def _row(label: str, cells: Iterator[str], cell: int, style: str) -> Text:
    line = Text(f"  {label:<{LABEL - 2}}", style="dim")
    line.append("".join(text.rjust(cell - 1).ljust(cell) for text in cells)[: WIDTH - LABEL], style=style)
    return line


def _count(position: float) -> str:
    """Return the count of a grid position as musicians say it: 1 e & a 2, or a dot for positions between."""
    beat, rest = divmod(position + SAME_PLACE / 2, 1.0)
    names = {0.0: str(int(beat) + 1), 0.25: "e", 0.5: "&", 0.75: "a"}
    return next((name for position, name in names.items() if abs(rest - position) <= SAME_PLACE), BEAT)


def _at(feel: GrooveProfile, position: float) -> int | None:
    """Return the index of a position in a feel."""
    near = (index for index, own in enumerate(feel.positions) if abs(own - position) <= SAME_PLACE)
    return next(near, None)


def _strokes(feel: GrooveProfile, columns: Sequence[float], most: int) -> Iterator[str]:
    """Yield a sign for each position, in brackets if it is played less than half as often as the most frequent."""
    for position in columns:
        index = _at(feel, position)
        if index is None or not feel.counts[index]:
            yield "-"
            continue
        velocity = feel.velocities[index]
        sign = GHOST if velocity < GHOST_BELOW else ACCENT if velocity >= ACCENT_FROM else STROKE
        yield f"({sign})" if 2 * feel.counts[index] < most else sign


def _lateness(feel: GrooveProfile, columns: Sequence[float], bpm: float) -> Iterator[str]:
    for position in columns:
        index = _at(feel, position)
        if index is None or not feel.counts[index]:
            yield ""
        else:
            yield f"{round(feel.offsets[index] * 60_000.0 / bpm):+d}".replace("+0", "0").replace("-0", "0")
