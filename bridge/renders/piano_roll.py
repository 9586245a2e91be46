"""Pictures of takes: a piano roll as PNG, with a keyboard or named drums, bars, and velocities below.

Shapes are drawn several times too large and reduced, since Pillow draws them without smooth edges; texts are drawn in
their final size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import accumulate
from math import ceil
from typing import Final

from PIL import Image, ImageDraw

from musearoo.bridge.renders.roll_rows import Row, choose_labels, drum_rows, key_rows
from musearoo.bridge.renders.roll_theme import (
    Color,
    Theme,
    ThemeName,
    Words,
    blend,
    find_theme,
    font,
    part_color,
    plain_text,
)
from musearoo.engines.errors import ParamError, require_between
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.note import Note
from musearoo.engines.music.scale import Key

WIDTHS: Final = (320, 4096)
HEIGHTS: Final = (160, 2160)

ENLARGED: Final = {1: 3, 2: 4}
"""How many times as large shapes are drawn, by the picture's scale."""

TITLE, FACTS, SMALL = 17, 13, 11
"""Sizes of the texts in pixels."""

FACTS_JOINT: Final = "  ·  "

MARGIN: Final = 18
HEADER: Final = 44
RULER: Final = 18
LANE_GAP: Final = 8
VELOCITIES: Final = 44
"""Height of the velocities; pictures lower than SHOWS_VELOCITIES leave them out."""

SHOWS_VELOCITIES: Final = 280
KEYBOARD: Final = 26

NARROWEST_BAR, NARROWEST_BEAT, NARROWEST_STEP = 4.0, 8.0, 15.0
"""Least pixels between lines of bars, beats and sixteenths; denser ones are left out."""

LEAST_RULED: Final = 8
"""Least height of rows that are ruled off from one another."""

NARROWEST_NUMBER: Final = 28.0
LEAST_NOTE: Final = 3.0
"""Least height of a note, which is higher than its row where there are very many."""

STROKE_BEATS: Final = 0.22
"""Width of a drum stroke, whose duration means nothing: just less than a sixteenth."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where everything is, in final pixels: the grid's edges, the edges of the rows from the top, and the theme."""

    clip: Clip
    rows: tuple[Row, ...]
    edges: tuple[int, ...]
    left: int
    right: int
    velocities: tuple[int, int] | None
    is_drums: bool
    color: Color
    theme: Theme

    @property
    def top(self) -> int:
        return self.edges[0]

    @property
    def bottom(self) -> int:
        return self.edges[-1]

    @property
    def beat_width(self) -> float:
        return (self.right - self.left) / self.clip.length

    def x(self, beat: float) -> float:
        return self.left + min(beat, self.clip.length) * self.beat_width

    def spans(self) -> Iterator[tuple[Row, int, int]]:
        """Yield each row with its upper and lower edge."""
        for number, row in enumerate(reversed(self.rows)):
            yield row, self.edges[number], self.edges[number + 1]

    def shade(self, note: Note) -> Color:
        """Return the colour of a note: the louder, the stronger."""
        share = self.theme.faint + (1.0 - self.theme.faint) * note.velocity / 127.0
        return blend(self.theme.row, self.color, share)


def draw_piano_roll(
    clip: Clip,
    *,
    role: Role,
    bpm: float,
    key: Key | None = None,
    title: str = "",
    style: str = "",
    width: int = 1200,
    height: int = 400,
    theme: ThemeName = "light",
    scale: int = 1,
) -> bytes:
    """Return a PNG of a clip, `width` × `height` pixels, in the colour of its role; the same input, the same bytes.

    With a `scale` of 2 it shows the same in twice as many pixels both ways, for screens with fine pixels. The title is
    the clip's name unless one is given. Notes are the stronger the louder they are; muted ones are outlines. Rows of
    the key's scale are light, those of its tonic tinted; without a key, those of the white keys and of C. The typeface
    has Latin letters without accents. Raises ParamError for a size, a scale or a theme that is not there.
    """
    require_between("width", width, *WIDTHS, "pixels")
    require_between("height", height, *HEIGHTS, "pixels")
    if scale not in ENLARGED:
        raise ParamError("scale", "1 or 2", scale)
    colors = find_theme(theme)
    rows = drum_rows(clip) if role == "drums" else key_rows(clip, key)
    plan = _lay_out(clip, rows, role, colors, width, height)
    image = _draw_shapes(plan, width, height, ENLARGED[scale]).reduce(ENLARGED[scale] // scale)
    words = Words(ImageDraw.Draw(image), scale)
    facts = [style, f"{bpm:.4g} BPM", str(clip.meter), str(key) if key else "", _count_bars(clip)]
    _write_header(words, plan, title or clip.name, [fact for fact in facts if fact], width)
    _write_labels(words, plan)
    _write_bar_numbers(words, plan)
    if not clip.notes:
        middle = ((plan.left + plan.right) / 2, (plan.top + plan.bottom) / 2)
        words.write(middle, "no notes", FACTS, colors.muted, room=plan.right - plan.left, anchor="mm")
    stream = BytesIO()
    image.save(stream, format="PNG", compress_level=6)
    return stream.getvalue()


def _lay_out(clip: Clip, rows: tuple[Row, ...], role: Role, theme: Theme, width: int, height: int) -> _Plan:
    is_drums = role == "drums"
    widest = max(font(SMALL).getlength(plain_text(row.label)) for row in rows)
    left = ceil(MARGIN + widest + 8 + (0 if is_drums else KEYBOARD))
    bottom = height - MARGIN
    velocities = None
    if height >= SHOWS_VELOCITIES:
        velocities = (bottom - VELOCITIES, bottom)
        bottom -= VELOCITIES + LANE_GAP
    top = HEADER + RULER
    count = len(rows)
    return _Plan(
        clip=clip,
        rows=rows,
        edges=tuple(round(top + (bottom - top) * number / count) for number in range(count + 1)),
        left=left,
        right=width - MARGIN,
        velocities=velocities,
        is_drums=is_drums,
        color=part_color(role),
        theme=theme,
    )


# --- shapes, enlarged ------------------------------------------------------------------------------------------------


class _Pen:
    """Draws shapes in final pixels onto the enlarged picture."""

    def __init__(self, image: Image.Image, enlarged: int) -> None:
        self._draw = ImageDraw.Draw(image)
        self._enlarged = enlarged

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        *,
        fill: Color | None,
        outline: Color | None = None,
        radius: float = 0.0,
        line: float = 1.0,
    ) -> None:
        """Draw a rectangle; `radius` rounds its corners, `outline` is drawn inside, `line` wide."""
        corners = [round(edge * self._enlarged) for edge in (left, top, right, bottom)]
        # Pillow includes the last pixel.
        place = (corners[0], corners[1], max(corners[0], corners[2] - 1), max(corners[1], corners[3] - 1))
        width = round(line * self._enlarged) if outline else 0
        if radius:
            self._draw.rounded_rectangle(place, round(radius * self._enlarged), fill=fill, outline=outline, width=width)
        else:
            self._draw.rectangle(place, fill=fill, outline=outline, width=width)

    def upright(self, x: float, top: float, bottom: float, color: Color, width: float = 1.0) -> None:
        """Draw a vertical line whose middle is at `x`, on whole pixels, so that it stays sharp."""
        at = round(x - width / 2)
        self.box(at, top, at + width, bottom, fill=color)


def _draw_shapes(plan: _Plan, width: int, height: int, enlarged: int) -> Image.Image:
    image = Image.new("RGB", (width * enlarged, height * enlarged), plan.theme.paper)
    pen = _Pen(image, enlarged)
    pen.box(MARGIN, 17, MARGIN + 5, 35, fill=plan.color, radius=2)
    _draw_rows(pen, plan)
    if not plan.is_drums:
        _draw_keyboard(pen, plan)
    _draw_grid(pen, plan)
    for note in sorted(plan.clip.notes, key=lambda note: note.velocity):
        _draw_velocity(pen, plan, note)
    spans = {row.pitch: (top, bottom) for row, top, bottom in plan.spans()}
    for note in plan.clip.notes:
        top, bottom = spans[note.pitch]
        (_draw_stroke if plan.is_drums else _draw_note)(pen, plan, note, top, bottom)
    return image


def _draw_rows(pen: _Pen, plan: _Plan) -> None:
    theme = plan.theme
    for row, top, bottom in plan.spans():
        shade = theme.row if row.in_scale else theme.other_row
        if row.is_tonic:
            shade = blend(shade, plan.color, theme.tint)
        pen.box(plan.left, top, plan.right, bottom, fill=shade)
        if not plan.is_drums and bottom - top >= LEAST_RULED:
            pen.box(plan.left, bottom - 0.67, plan.right, bottom, fill=blend(shade, theme.bar, 0.25))
    if plan.velocities:
        pen.box(plan.left, plan.velocities[0], plan.right, plan.velocities[1], fill=theme.other_row)


def _draw_keyboard(pen: _Pen, plan: _Plan) -> None:
    """Draw the keys left of the grid: white ones as a board, black ones on it, and lines between white neighbours."""
    theme, left, right = plan.theme, plan.left - KEYBOARD, plan.left - 3
    line = blend(theme.white_key, theme.black_key, 0.35)
    pen.box(left, plan.top, right, plan.bottom, fill=theme.white_key, outline=line)
    for row, top, bottom in plan.spans():
        if row.is_black:
            pen.box(left, top, left + 14, bottom, fill=theme.black_key)
            middle = (top + bottom) / 2
            pen.box(left + 14, middle, right, middle + 0.67, fill=line)
        elif row.pitch % 12 in (0, 5):
            pen.box(left, bottom - 0.67, right, bottom, fill=line)


def _draw_grid(pen: _Pen, plan: _Plan) -> None:
    theme = plan.theme
    lanes = [(plan.top, plan.bottom), *([plan.velocities] if plan.velocities else [])]
    # Strong lines last: sixteenths, beats and bars coincide.
    for color, beats in _grid_lines(plan):
        for beat in beats:
            if 0.0 < beat < plan.clip.length:
                for top, bottom in lanes:
                    pen.upright(plan.x(beat), top, bottom, color)
    for top, bottom in lanes:
        pen.box(plan.left, top, plan.right, bottom, fill=None, outline=theme.bar)


def _grid_lines(plan: _Plan) -> Iterator[tuple[Color, list[float]]]:
    """Yield lines of sixteenths, beats and bars with their colours; where bars are narrow, most of them are faint."""
    theme, meter = plan.theme, plan.clip.meter
    bars = [bar * meter.bar_beats for bar in range(0, ceil(plan.clip.bars), _bar_step(plan, NARROWEST_BAR))]
    if min(meter.pulses) * plan.beat_width >= NARROWEST_BEAT:
        if plan.beat_width / 4 >= NARROWEST_STEP:
            steps = range(1, ceil(meter.bar_beats * 4))
            yield theme.step, [bar + step / 4 for bar in bars for step in steps]
        beats = list(accumulate(meter.pulses[:-1]))
        yield theme.beat, [bar + beat for bar in bars for beat in beats]
    yield theme.beat, bars
    yield (
        theme.bar,
        [bar * meter.bar_beats for bar in range(0, ceil(plan.clip.bars), _bar_step(plan, NARROWEST_NUMBER))],
    )


def _draw_note(pen: _Pen, plan: _Plan, note: Note, top: int, bottom: int) -> None:
    left = plan.x(note.start)
    # A narrow gap between repeated notes.
    right = max(left + 2.5, plan.x(note.end) - 0.67)
    gap = 0.67 if bottom - top >= 5 else min(0.0, (bottom - top - LEAST_NOTE) / 2)
    radius = min(3.0, (bottom - top) / 4, (right - left) / 3)
    pen.box(
        left,
        top + gap,
        min(right, plan.right),
        bottom - gap,
        fill=None if note.mute else plan.shade(note),
        outline=blend(plan.color, plan.theme.ink, 0.15) if bottom - top >= 5 or note.mute else None,
        radius=radius,
        line=0.67,
    )


def _draw_stroke(pen: _Pen, plan: _Plan, note: Note, top: int, bottom: int) -> None:
    """Draw a stroke of a drum: the louder, the taller."""
    left = plan.x(note.start)
    right = min(left + min(9.0, max(2.5, STROKE_BEATS * plan.beat_width)), plan.right)
    room = bottom - top - min(4.0, (bottom - top) / 4)
    tall = min(30.0, room) * (0.4 + 0.6 * note.velocity / 127.0)
    middle = (top + bottom) / 2
    pen.box(
        left,
        middle - tall / 2,
        right,
        middle + tall / 2,
        fill=None if note.mute else plan.shade(note),
        outline=blend(plan.color, plan.theme.ink, 0.15),
        radius=min(2.5, (right - left) / 3, tall / 3),
        line=0.67,
    )


def _draw_velocity(pen: _Pen, plan: _Plan, note: Note) -> None:
    if not plan.velocities or note.mute:
        return
    top, bottom = plan.velocities
    x = plan.x(note.start) + 1
    head = bottom - 3 - (bottom - top - 8) * note.velocity / 127.0
    pen.box(x - 0.67, head, x + 0.67, bottom - 1, fill=plan.shade(note))
    pen.box(x - 2.33, head - 2.33, x + 2.33, head + 2.33, fill=plan.shade(note), radius=2.33)


# --- texts -----------------------------------------------------------------------------------------------------------


def _write_header(words: Words, plan: _Plan, title: str, facts: Sequence[str], width: int) -> None:
    """Write the title, and right of it as many of the facts as there is room for."""
    theme, room = plan.theme, width - 2 * MARGIN - 12
    taken = words.write((MARGIN + 12, 32), title, TITLE, theme.ink, room=room, weight=0.3)
    lines = (FACTS_JOINT.join(facts[:count]) for count in range(len(facts), 0, -1))
    line = next((line for line in lines if words.measure(line, FACTS) <= room - taken - 24), "")
    words.write((width - MARGIN, 32), line, FACTS, theme.muted, room=room, anchor="rs")


def _write_labels(words: Words, plan: _Plan) -> None:
    height = (plan.bottom - plan.top) / len(plan.rows)
    if plan.is_drums:
        shown = frozenset(row.pitch for row in plan.rows[:: ceil((SMALL + 1) / height)])
    else:
        used = frozenset(note.pitch for note in plan.clip.notes)
        shown = choose_labels(plan.rows, used, SMALL + 1.0, height)
    right = plan.left - 8 - (0 if plan.is_drums else KEYBOARD - 2)
    for row, top, bottom in plan.spans():
        if row.pitch in shown:
            color = plan.theme.ink if row.is_tonic or plan.is_drums else plan.theme.muted
            words.write((right, (top + bottom) / 2), row.label, SMALL, color, room=right, anchor="rm")


def _write_bar_numbers(words: Words, plan: _Plan) -> None:
    for bar in range(0, ceil(plan.clip.bars), _bar_step(plan, NARROWEST_NUMBER)):
        x = plan.x(bar * plan.clip.meter.bar_beats)
        words.write((x + 3, plan.top - 6), str(bar + 1), SMALL, plan.theme.muted, room=plan.right - x)


def _bar_step(plan: _Plan, least: float) -> int:
    """Return 1, 2, 4, 8 …: bars from one mark to the next, so that marks are at least so many pixels apart."""
    step = 1
    while step * plan.clip.meter.bar_beats * plan.beat_width < least:
        step *= 2
    return step


def _count_bars(clip: Clip) -> str:
    return f"{clip.bars:.3g} bar{'' if clip.bars == 1.0 else 's'}"
