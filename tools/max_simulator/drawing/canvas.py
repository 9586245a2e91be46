"""A picture that is drawn larger than it will be and then made smaller, so that its edges are smooth."""

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from musearoo.tools.max_simulator.drawing.themes import Colour

GRAIN = 4
"""Dots a side that are drawn for each dot of the finished picture."""

WEIGHT = 0.022
"""Ems on each side that make Aileron Regular, the font that comes with Pillow, as heavy as Ableton Sans Medium."""

PLAIN = str.maketrans({"–": "-", "—": "-", "♭": "b", "♯": "#", "×": "x", "•": "·", "→": ">"})
"""Stand-ins for what Aileron has no letter for."""

Point = tuple[float, float]


class Area:
    """A rectangle to draw in, in pixels of the device from its own left upper corner; nothing reaches beyond it."""

    def __init__(self, image: Image.Image, width: float, height: float, dots: int) -> None:
        """`dots` is the number of dots of the image for one pixel of the device."""
        self.width = width
        self.height = height
        self._dots = dots
        self._pen = ImageDraw.Draw(image, "RGBA")

    def box(self, left: float, top: float, right: float, bottom: float, fill: Colour, radius: float = 0.0) -> None:
        """A filled rectangle; `right` and `bottom` are the first edge beyond it."""
        corners = self._corners(left, top, right, bottom)
        if corners[2] >= corners[0] and corners[3] >= corners[1]:
            self._pen.rounded_rectangle(corners, radius=radius * self._dots, fill=fill)

    def framed(
        self, left: float, top: float, right: float, bottom: float, fill: Colour, frame: Colour, radius: float = 0.0
    ) -> None:
        """A filled rectangle with a frame of one pixel inside its edges."""
        self.box(left, top, right, bottom, fill, radius)
        corners = self._corners(left, top, right, bottom)
        self._pen.rounded_rectangle(corners, radius=radius * self._dots, outline=frame, width=self._dots)

    def disc(self, middle: Point, radius: float, fill: Colour) -> None:
        """A filled circle."""
        x, y = middle
        self._pen.ellipse(
            [self._dot(x - radius), self._dot(y - radius), self._dot(x + radius), self._dot(y + radius)], fill=fill
        )

    def arc(self, middle: Point, radius: float, start: float, end: float, thickness: float, fill: Colour) -> None:
        """Part of a ring whose outer edge is `radius`; degrees clockwise from three o'clock, as Pillow counts."""
        x, y = middle
        around = [self._dot(x - radius), self._dot(y - radius), self._dot(x + radius), self._dot(y + radius)]
        self._pen.arc(around, start, end, fill=fill, width=self._dot(thickness))

    def line(self, start: Point, end: Point, thickness: float, fill: Colour) -> None:
        """A straight line."""
        points = [(self._dot(x), self._dot(y)) for x, y in (start, end)]
        self._pen.line(points, fill=fill, width=self._dot(thickness))

    def shape(self, points: Sequence[Point], fill: Colour) -> None:
        """A filled polygon."""
        self._pen.polygon([(self._dot(x), self._dot(y)) for x, y in points], fill=fill)

    def text(self, at: Point, text: str, size: float, fill: Colour, anchor: str = "l", weight: float = WEIGHT) -> None:
        """A line of opaque text on its baseline; `at` is its left end `l`, middle `m` or right end `r`."""
        if text:
            x, y = self._dot(at[0]), self._dot(at[1])
            stroke = size * weight * self._dots
            font = _font(size * self._dots)
            self._pen.text((x, y), drawable(text), fill=fill, font=font, anchor=anchor + "s", stroke_width=stroke)

    def _corners(self, left: float, top: float, right: float, bottom: float) -> list[int]:
        """First and last dots across and down, as Pillow counts them."""
        return [self._dot(left), self._dot(top), self._dot(right) - 1, self._dot(bottom) - 1]

    def _dot(self, place: float) -> int:
        return round(place * self._dots)


class Canvas:
    """A picture of a device in the making."""

    def __init__(self, width: float, height: float, background: Colour, *, scale: int = 1) -> None:
        """`width` and `height` in pixels of the device; `scale` is how many dots of the picture stand for one."""
        self._dots = scale * GRAIN
        self._image = Image.new("RGB", (round(width * self._dots), round(height * self._dots)), background[:3])

    @contextmanager
    def area(self, left: float, top: float, width: float, height: float) -> Iterator[Area]:
        """A rectangle to draw in, put back when done."""
        corner = round(left * self._dots), round(top * self._dots)
        size = round(width * self._dots), round(height * self._dots)
        part = self._image.crop((*corner, corner[0] + size[0], corner[1] + size[1]))
        yield Area(part, width, height, self._dots)
        self._image.paste(part, corner)

    def picture(self) -> Image.Image:
        """The finished picture, RGB."""
        return self._image.reduce(GRAIN)


def drawn_width(text: str, size: float) -> float:
    """Pixels that a line of text takes as it is drawn here."""
    return _font(size * GRAIN).getlength(drawable(text)) / GRAIN


def drawable(text: str) -> str:
    """The text in letters that Pillow's own font has.

    >>> drawable("Café – A♭")
    'Cafe - Ab'
    """
    letters = unicodedata.normalize("NFKD", text.translate(PLAIN).replace("…", "\0"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).replace("\0", "…")


@lru_cache(maxsize=64)
def _font(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("This Pillow was built without FreeType; install Pillow from its wheels to draw devices.")
    return font
