"""The width of text in Arial Bold, the widest font in which Live may display a device.

Max falls back to Arial where a device's font is missing. Ableton Sans Medium is some 8 % narrower, so text that fits
here also fits there. The advances are those of Helvetica Bold's published metrics (Adobe Font Metrics, 1997), which are
the same as Arial Bold's.
"""

import unicodedata
from collections.abc import Callable

_ADVANCES = (
    "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 "  # space to /
    "556 556 556 556 556 556 556 556 556 556 333 333 584 584 584 611 "  # 0 to ?
    "975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 "  # @ to O
    "667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 "  # P to _
    "333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 "  # ` to o
    "611 611 389 556 333 611 556 778 556 556 500 389 280 389 584"  # p to ~
)
FIRST = ord(" ")
ADVANCES = tuple(int(number) / 1000 for number in _ADVANCES.split())
"""Widths from the space to the tilde, in ems."""

PUNCTUATION = {"…": 1.0, "·": 0.278, "–": 0.556, "—": 1.0, "’": 0.278, "“": 0.5, "”": 0.5, "°": 0.4, "×": 0.584}
UNKNOWN = 1.0
"""The width in ems of an unknown letter: a full em, the safe upper bound."""


def text_width(text: str, size: float) -> float:
    """Pixels that a line of text takes in Arial Bold of that size in pixels.

    >>> round(text_width("Drums", 10), 2)
    31.67
    """
    return sum(_advance(letter) for letter in text) * size


def _advance(letter: str) -> float:
    plain = unicodedata.normalize("NFKD", letter)[0]
    place = ord(plain) - FIRST
    if 0 <= place < len(ADVANCES):
        return ADVANCES[place]
    return PUNCTUATION.get(letter, UNKNOWN)


def wrapped(text: str, width: float, measure: Callable[[str], float]) -> tuple[str, ...]:
    """Return a text broken into lines at its spaces; a word longer than `width` gets its own line.

    `measure` returns the length of a line, in the same unit as `width`.

    >>> wrapped("no daemon: start it", 60, lambda line: text_width(line, 10))
    ('no daemon:', 'start it')
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if line and measure(longer) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return tuple(lines)
