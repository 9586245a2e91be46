"""Pictures of takes: what is drawn where, read off the pixels."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import ROLES
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.scale import Key
from tests.bridge.renders.some_takes import BEAT, LINE
from tests.optional import require

require("PIL")

from PIL import Image

from musearoo.bridge.renders.piano_roll import draw_piano_roll
from musearoo.bridge.renders.roll_rows import choose_labels, drum_name, drum_rows, key_rows
from musearoo.bridge.renders.roll_theme import THEMES, blend, font, part_color, plain_text

LIGHT = THEMES["light"]
WIDTH, HEIGHT = 1200, 400
RIGHT = WIDTH - 18
"""Where the grid ends."""

TOP, BOTTOM = 62, 330
"""The edges of the rows in a picture of usual size."""


def draw(clip: Clip, **options: Any) -> Image.Image:
    return Image.open(BytesIO(draw_piano_roll(clip, **{"role": "bass", "bpm": 120.0, **options})))


def grey(image: Image.Image) -> npt.NDArray[np.uint8]:
    return np.asarray(image.convert("L"))


def near(left: Any, right: Any, by: int = 6) -> bool:
    return all(abs(one - other) <= by for one, other in zip(left, right, strict=True))


def grid_left(image: Image.Image) -> int:
    """The left edge of the grid: the beginning of its upper line."""
    return next(x for x in range(WIDTH // 2, 0, -1) if not near(image.getpixel((x, TOP)), LIGHT.bar)) + 1


def columns_of(image: Image.Image, color: tuple[int, int, int], box: tuple[int, int, int, int]) -> list[int]:
    cut = image.crop(box)
    return [x + box[0] for x in range(cut.width) if any(near(cut.getpixel((x, y)), color) for y in range(cut.height))]


def test_it_is_a_png_of_the_size_asked_for_and_the_same_each_time() -> None:
    for width, height, scale in ((1200, 400, 1), (320, 160, 1), (641, 281, 1), (500, 300, 2)):
        data = draw_piano_roll(LINE, role="bass", bpm=120.0, width=width, height=height, scale=scale)
        image = Image.open(BytesIO(data))
        assert (image.format, image.mode) == ("PNG", "RGB")
        assert image.size == (width * scale, height * scale)
        assert data == draw_piano_roll(LINE, role="bass", bpm=120.0, width=width, height=height, scale=scale)


def test_a_note_is_where_it_sounds_in_the_colour_of_its_role() -> None:
    for role in ROLES:
        clip = Clip("one", 8.0, (Note(2.0, 60, 3.0, 127.0),))
        image = draw(clip, role=role, key=Key.parse("C"))
        left = grid_left(image)
        found = columns_of(image, part_color(role), (left, TOP, RIGHT, BOTTOM))
        beat = (RIGHT - left) / 8.0
        assert abs(found[0] - (left + 2 * beat)) <= 2, role
        if role == "drums":
            assert found[-1] - found[0] <= 9
        else:
            assert abs(found[-1] - (left + 5 * beat)) <= 3, role


def test_higher_notes_are_higher_and_a_louder_one_is_stronger() -> None:
    notes = (Note(0.0, 60, 1.0, 127.0), Note(1.0, 67, 1.0, 127.0), Note(2.0, 60, 1.0, 20.0))
    image = draw(Clip("three", 4.0, notes), key=Key.parse("C"))
    left = grid_left(image)
    beat = (RIGHT - left) / 4.0
    full = part_color("bass")

    def row_of(number: int, color: tuple[int, int, int]) -> int:
        x = round(left + (number + 0.5) * beat)
        rows = [y for y in range(TOP, BOTTOM) if near(image.getpixel((x, y)), color)]
        return sum(rows) // len(rows)

    soft = blend(LIGHT.row, full, LIGHT.faint + (1.0 - LIGHT.faint) * 20.0 / 127.0)
    assert row_of(1, full) < row_of(0, full) == row_of(2, soft)
    assert sum(soft) > sum(full)


def test_a_muted_note_is_an_outline_without_a_velocity() -> None:
    heard, muted = (Clip("one", 4.0, (Note(1.0, 60, 2.0, 127.0, mute=mute),)) for mute in (False, True))
    below = (0, HEIGHT - 62, RIGHT, HEIGHT - 18)
    for clip, is_filled in ((heard, True), (muted, False)):
        image = draw(clip)
        left = grid_left(image)
        middle = (left + round((RIGHT - left) / 2.2), TOP, left + round((RIGHT - left) / 2.1), BOTTOM)
        assert bool(columns_of(image, part_color("bass"), middle)) == is_filled
        assert bool(columns_of(image, part_color("bass"), below)) == is_filled


def test_rows_of_the_scale_are_light_and_those_of_the_tonic_tinted() -> None:
    clip = Clip("around A", 4.0, (Note(0.0, 69, 0.25, 100.0), Note(0.0, 81, 0.25, 100.0)))
    rows = key_rows(clip, Key.parse("A minor"))
    image = draw(clip, key=Key.parse("A minor"), role="melody")
    left = grid_left(image)
    x = left + round(0.9 * (RIGHT - left)) + 7
    tall = (BOTTOM - TOP) / len(rows)
    for number, row in enumerate(reversed(rows)):
        shade = LIGHT.row if row.pitch % 12 in (9, 11, 0, 2, 4, 5, 7) else LIGHT.other_row
        if row.pitch % 12 == 9:
            shade = blend(shade, part_color("melody"), LIGHT.tint)
        assert near(image.getpixel((x, round(TOP + (number + 0.5) * tall))), shade, by=2), row


def test_bar_lines_divide_the_grid() -> None:
    for meter, bars in ((Meter(4, 4), 4), (Meter(7, 8), 3), (Meter(6, 8), 8)):
        image = draw(Clip("empty", bars * meter.bar_beats, (), meter))
        left = grid_left(image)
        y = HEIGHT - 30
        lines = [x for x in range(left + 3, RIGHT - 3) if near(image.getpixel((x, y)), LIGHT.bar)]
        wanted = [left + (RIGHT - left) * bar / bars for bar in range(1, bars)]
        assert len(lines) == len(wanted), meter
        assert all(abs(line - other) <= 1.5 for line, other in zip(lines, wanted, strict=True)), meter


def test_dark_is_dark() -> None:
    light, dark = (grey(draw(BEAT, role="drums", theme=theme)).mean() for theme in THEMES)
    assert light > 200
    assert dark < 70


def test_title_and_facts_stand_apart_and_what_has_no_room_is_left_out() -> None:
    for title in ("Take 3", "a title that goes on and on " * 9):
        image = draw(LINE, title=title, style="deep house", key=Key.parse("F# minor"))
        inked = 30 + np.flatnonzero(grey(image)[10:42, 30:].min(axis=0) < 170)
        gaps = np.diff(inked)
        assert inked[-1] <= WIDTH - 18
        # The title ends, and after a gap come the facts; a long title leaves them no room.
        assert (gaps.max() > 20) == (title == "Take 3")


def test_an_empty_take_says_so() -> None:
    for role in ("bass", "drums"):
        image = draw(Clip("nothing", 16.0), role=role)
        assert grey(image)[150:240, WIDTH // 3 :].min() < 140, role


def test_drums_have_names_and_lanes_in_order() -> None:
    pitches = (38, 36, 49, 42, 63, 45, 90)
    clip = Clip.of("kit", 4.0, [Note(0.0, pitch, 0.25, 90.0) for pitch in pitches])
    names = [row.label for row in drum_rows(clip)]
    assert names == ["kick", "snare", "closed hat", "mid tom", "crash", "conga high", "F#6"]
    assert [row.label for row in drum_rows(Clip("empty", 4.0))] == ["kick", "snare", "closed hat"]
    assert len({drum_name(pitch) for pitch in (36, 37, 38, 39, 42, 44, 46, 49, 51, 53, 54, 55, 56, 70, 75)}) == 15


def test_keys_are_spelt_in_the_key_and_there_are_enough_of_them() -> None:
    rows = key_rows(LINE, Key.parse("Eb minor"))
    labels = [row.label for row in rows]
    assert "Gb2" in labels
    assert "F#2" not in labels
    assert (rows[0].pitch, rows[-1].pitch) == (38, 52)
    one = key_rows(Clip("one", 4.0, (Note(0.0, 60, 1.0, 90.0),)), None)
    assert len(one) == 15
    for pitch in (0, 127):
        edge = key_rows(Clip("edge", 4.0, (Note(0.0, pitch, 1.0, 90.0),)), None)
        assert 0 <= edge[0].pitch <= pitch <= edge[-1].pitch <= 127


@given(
    pitches=st.sets(st.integers(0, 127), min_size=1, max_size=30),
    height=st.floats(1.0, 40.0),
    tonic=st.integers(0, 11),
)
def test_labels_never_touch(pitches: set[int], height: float, tonic: int) -> None:
    clip = Clip.of("any", 4.0, [Note(0.0, pitch, 1.0, 90.0) for pitch in pitches])
    rows = key_rows(clip, Key(tonic))
    shown = sorted(choose_labels(rows, frozenset(pitches), 12.0, height))
    assert all((after - before) * height >= 12.0 for before, after in pairwise(shown))
    assert shown
    if height >= 12.0:
        assert pitches <= set(shown)


notes = st.builds(
    Note,
    start=st.floats(0.0, 63.9),
    pitch=st.integers(0, 127),
    duration=st.floats(0.001, 100.0),
    velocity=st.floats(1.0, 127.0),
    mute=st.booleans(),
)


@settings(max_examples=40)
@given(
    played=st.lists(notes, max_size=30),
    length=st.sampled_from((64.0, 64.5, 500.0, 1_576_800.0)),
    role=st.sampled_from(ROLES),
    size=st.sampled_from(((320, 160), (400, 281), (900, 200))),
    meter=st.sampled_from((Meter(), Meter(7, 8), Meter(1, 16), Meter(99, 1))),
    title=st.text(max_size=40),
    tonic=st.none() | st.integers(0, 11),
)
def test_any_clip_can_be_drawn(
    played: list[Note],
    length: float,
    role: Any,
    size: tuple[int, int],
    meter: Meter,
    title: str,
    tonic: int | None,
) -> None:
    clip = Clip.of("any", length, played, meter)
    key = None if tonic is None else Key(tonic, "Phrygian")
    image = draw(clip, role=role, width=size[0], height=size[1], title=title, key=key)
    assert image.size == size
    # Whatever is in it, the margins stay free.
    for box in ((0, 0, size[0], 8), (size[0] - 12, 0, size[0], size[1]), (0, size[1] - 6, size[0], size[1])):
        assert image.crop(box).getcolors() == [((box[2] - box[0]) * (box[3] - box[1]), LIGHT.paper)], box


def test_texts_keep_what_the_typeface_has() -> None:
    assert plain_text("Größe\n№ 5 – Ål, Łódź") == "Grosse No 5 - Al, Lodz"
    assert plain_text("夜 🎵") == "? ?"
    assert blend((0, 0, 0), (200, 100, 50), 0.5) == (100, 50, 25)
    assert font(11).getlength("closed hat") > 20


def test_sizes_scales_and_themes_that_are_not_there() -> None:
    for options, message in (
        ({"width": 319}, "width must be 320 to 4096 pixels, but was 319"),
        ({"height": 5000}, "height must be 160 to 2160 pixels, but was 5000"),
        ({"scale": 3}, "scale must be 1 or 2, but was 3"),
        ({"theme": "pink"}, "theme must be light or dark, but was 'pink'"),
    ):
        with pytest.raises(ParamError, match=message):
            draw(LINE, **options)
