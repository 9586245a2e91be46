"""Escape text from outside: whatever could move the cursor, forge a line or reverse text becomes visible."""

import re
from typing import Final

_UNSAFE: Final = (
    "\x00-\x1f\x7f-\x9f"  # control characters: ESC, line feed, and the 8-bit ones of old terminals
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what turns the direction of writing (Unicode Annex 9)
    "\u2028\u2029"  # separators of lines and paragraphs
    "\ud800-\udfff"  # halves of surrogate pairs: Linux takes any bytes for a file's name
)
_IN_A_LINE: Final = re.compile(f"[{_UNSAFE}]")
_IN_LINES: Final = re.compile(f"(?!\n)[{_UNSAFE}]")


def escape_line(text: str) -> str:
    r"""Escape text as one line, without control or bidirectional characters.

    >>> escape_line("Bass\n09:00 INFO forged\x1b[2J \u202eevil")
    'Bass\\n09:00 INFO forged\\x1b[2J \\u202eevil'
    """
    return _IN_A_LINE.sub(_escape, text)


def escape_lines(text: str) -> str:
    r"""Escape text of several lines, keeping its line feeds.

    >>> escape_lines("one\ntwo\x07")
    'one\ntwo\\x07'
    """
    return _IN_LINES.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")
