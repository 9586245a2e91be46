"""An antialiased canvas: draw at a higher resolution, then scale down."""

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

from musearoo.tools.max_simulator.drawing.themes import Colour

GRAIN = 4
"""The oversampling factor per side."""

WEIGHT = 0.022
"""The stroke on each side, in ems, that makes Aileron Regular, Pillow's built-in font, as heavy as Ableton Sans Medium.
"""

PLAIN = str.maketrans({"–": "-", "—": "-", "♭": "b", "♯": "#", "×": "x", "•": "·", "→": ">"})
"""Replacements for characters that Aileron lacks."""

Point = tuple[float, float]


class Area:
    """A clipped drawing rectangle, in device pixels from its own top left corner."""

    def __init__(self, image: Image.Image, width: float, height: float, dots: int) -> None:
        """`dots` is the number of image pixels per device pixel."""
        self.width = width
        self.height = height
        self._dots = dots
        self._pen = ImageDraw.Draw(image, "RGBA")

    def box(self, left: float, top: float, right: float, bottom: float, fill: Colour, radius: float = 0.0) -> None:
        """Fill a rectangle; `right` and `bottom` are exclusive."""
        corners = self._corners(left, top, right, bottom)
        if corners[2] >= corners[0] and corners[3] >= corners[1]:
            self._pen.rounded_rectangle(corners, radius=radius * self._dots, fill=fill)

    def framed(
        self, left: float, top: float, right: float, bottom: float, fill: Colour, frame: Colour, radius: float = 0.0
    ) -> None:
        """Fill a rectangle with a one-pixel frame inside its edges."""
        self.box(left, top, right, bottom, fill, radius)
        corners = self._corners(left, top, right, bottom)
        self._pen.rounded_rectangle(corners, radius=radius * self._dots, outline=frame, width=self._dots)

    def disc(self, middle: Point, radius: float, fill: Colour) -> None:
        """Fill a circle."""
        x, y = middle
        self._pen.ellipse(
            [self._dot(x - radius), self._dot(y - radius), self._dot(x + radius), self._dot(y + radius)], fill=fill
        )

    def arc(self, middle: Point, radius: float, start: float, end: float, thickness: float, fill: Colour) -> None:
        """Draw a ring segment with outer edge `radius`, in degrees clockwise from three o'clock, as in Pillow."""
        x, y = middle
        around = [self._dot(x - radius), self._dot(y - radius), self._dot(x + radius), self._dot(y + radius)]
        self._pen.arc(around, start, end, fill=fill, width=self._dot(thickness))

    def line(self, start: Point, end: Point, thickness: float, fill: Colour) -> None:
        """Draw a straight line."""
        points = [(self._dot(x), self._dot(y)) for x, y in (start, end)]
        self._pen.line(points, fill=fill, width=self._dot(thickness))

    def shape(self, points: Sequence[Point], fill: Colour) -> None:
        """Fill a polygon."""
        self._pen.polygon([(self._dot(x), self._dot(y)) for x, y in points], fill=fill)

    def text(self, at: Point, text: str, size: float, fill: Colour, anchor: str = "l", weight: float = WEIGHT) -> None:
        """Draw a line of opaque text on its baseline; `at` is its left end `l`, middle `m` or right end `r`."""
        if text:
            x, y = self._dot(at[0]), self._dot(at[1])
            stroke = size * weight * self._dots
            font = _font(size * self._dots)
            self._pen.text((x, y), drawable(text), fill=fill, font=font, anchor=anchor + "s", stroke_width=stroke)

    def _corners(self, left: float, top: float, right: float, bottom: float) -> list[int]:
        """Return the first and last image pixels across and down, inclusive as in Pillow."""
        return [self._dot(left), self._dot(top), self._dot(right) - 1, self._dot(bottom) - 1]

    def _dot(self, place: float) -> int:
        return round(place * self._dots)


class Canvas:
    """An image of a device, being drawn."""

    def __init__(self, width: float, height: float, background: Colour, *, scale: int = 1) -> None:
        """`width` and `height` are in device pixels; `scale` is the number of image pixels per device pixel."""
        self._dots = scale * GRAIN
        self._image = Image.new("RGB", (round(width * self._dots), round(height * self._dots)), background[:3])

    @contextmanager
    def area(self, left: float, top: float, width: float, height: float) -> Iterator[Area]:
        """Provide an area to draw in, and paste it into the image afterwards."""
        corner = round(left * self._dots), round(top * self._dots)
        size = round(width * self._dots), round(height * self._dots)
        part = self._image.crop((*corner, corner[0] + size[0], corner[1] + size[1]))
        yield Area(part, width, height, self._dots)
        self._image.paste(part, corner)

    def picture(self) -> Image.Image:
        """Return the finished RGB image."""
        return self._image.reduce(GRAIN)


def drawn_width(text: str, size: float) -> float:
    """Return the width of a line of text as drawn here, in pixels."""
    return _font(size * GRAIN).getlength(drawable(text)) / GRAIN


def drawable(text: str) -> str:
    """Return the text in characters that Pillow's built-in font has.

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
