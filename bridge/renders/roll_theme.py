"""Colours and type of piano rolls."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from PIL import ImageDraw, ImageFont

from musearoo.bridge.live_set.writer import PART_COLORS
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.music.knowledge.context import Role

Color = tuple[int, int, int]
ThemeName = Literal["light", "dark"]

PLAIN_PART: Final = 0x8A93A6
"""The colour of a part whose role is unknown."""

MISSING: Final = "\ue000"
"""A character that no font has: its box shows what an unknown character looks like."""

REPLACED: Final = str.maketrans(
    {"–": "-", "—": "-", "♯": "#", "♭": "b", "×": "x", "•": "·", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"}
)


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of a picture: the paper, rows in and outside the scale, lines, texts, and piano keys.

    `faint` is the share of the part's colour in the softest note, `tint` that in the rows of the tonic.
    """

    paper: Color
    row: Color
    other_row: Color
    bar: Color
    beat: Color
    step: Color
    ink: Color
    muted: Color
    white_key: Color
    black_key: Color
    faint: float
    tint: float


THEMES: Final[dict[ThemeName, Theme]] = {
    "light": Theme(
        paper=(251, 250, 247),
        row=(255, 255, 255),
        other_row=(243, 241, 235),
        bar=(196, 191, 182),
        beat=(225, 221, 213),
        step=(238, 235, 229),
        ink=(43, 42, 51),
        muted=(110, 107, 118),
        white_key=(255, 255, 255),
        black_key=(74, 72, 84),
        faint=0.30,
        tint=0.10,
    ),
    "dark": Theme(
        paper=(22, 22, 27),
        row=(38, 38, 46),
        other_row=(29, 29, 36),
        bar=(84, 82, 96),
        beat=(53, 52, 62),
        step=(43, 43, 52),
        ink=(238, 237, 242),
        muted=(160, 157, 170),
        white_key=(190, 188, 198),
        black_key=(18, 18, 22),
        faint=0.32,
        tint=0.14,
    ),
}


def find_theme(name: str) -> Theme:
    """Return the theme of a name; raises ParamError for others."""
    for known, theme in THEMES.items():
        if name == known:
            return theme
    raise ParamError("theme", "light or dark", name)


def part_color(role: Role) -> Color:
    """Return the colour of a role, which its tracks in Live have too."""
    value = PART_COLORS.get(role, PLAIN_PART)
    return value >> 16, value >> 8 & 255, value & 255


def blend(below: Color, above: Color, share: float) -> Color:
    """Return a mixture of two colours: `share` 0 is `below`, 1 is `above`."""
    red, green, blue = (round(low + (high - low) * share) for low, high in zip(below, above, strict=True))
    return red, green, blue


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Return the typeface that Pillow brings along, so that pictures look the same on every machine."""
    found = ImageFont.load_default(size)
    if not isinstance(found, ImageFont.FreeTypeFont):
        raise EngineError("Pillow was built without FreeType, so it cannot write texts: install its wheel from PyPI.")
    return found


def plain_text(text: str) -> str:
    """Return a text in characters that the typeface has: accents are left out, other unknown characters become "?"."""
    letters = unicodedata.normalize("NFKD", re.sub(r"\s", " ", text).translate(REPLACED))
    return "".join(letter if _has_glyph(letter) else "?" for letter in letters if not unicodedata.combining(letter))


@cache
def _shape(letter: str) -> bytes:
    return bytes(font(16).getmask(letter))


def _has_glyph(letter: str) -> bool:
    return letter == " " or (letter.isprintable() and _shape(letter) != _shape(MISSING))


@dataclass(frozen=True, slots=True)
class Words:
    """Writes lines of text onto a picture; places and sizes are in pixels before its scale."""

    draw: ImageDraw.ImageDraw
    scale: int

    def measure(self, text: str, size: int) -> float:
        """Return the width of a line."""
        return font(size * self.scale).getlength(plain_text(text)) / self.scale

    def write(
        self,
        place: tuple[float, float],
        text: str,
        size: int,
        color: Color,
        *,
        room: float,
        anchor: str = "ls",
        weight: float = 0.0,
    ) -> float:
        """Write one line, shortened with an ellipsis to `room`, and return its width.

        `anchor` is Pillow's, "ls" the baseline's left end; `weight` thickens the strokes.
        """
        shown, face = plain_text(text), font(size * self.scale)
        if face.getlength(shown) > room * self.scale:
            while shown and face.getlength(f"{shown}…") > room * self.scale:
                shown = shown[:-1]
            shown = f"{shown.rstrip()}…" if shown else ""
        at = place[0] * self.scale, place[1] * self.scale
        thick = weight * self.scale
        self.draw.text(at, shown, font=face, fill=color, anchor=anchor, stroke_width=thick, stroke_fill=color)
        return face.getlength(shown) / self.scale
