"""Guitar chord shapes in standard tuning, moved along the neck.

A shape has one fret per string from low E to high E; 0 is the nut or the barre, x is a muted string.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from musearoo.engines.music.chord import BY_HARTE, Chord

OPEN_STRINGS: Final = (40, 45, 50, 55, 59, 64)
HIGHEST_FRET: Final = 12
"""The highest fret of a chord before another shape is used."""

# The string of the root, 0 being low E, and the frets. A barre replaces the nut in movable shapes; open shapes need the
# nut itself.
_MOVABLE: Final[dict[str, tuple[tuple[int, str], ...]]] = {
    "maj": ((0, "022100"), (1, "x02220"), (2, "xx0232")),
    "min": ((0, "022000"), (1, "x02210"), (2, "xx0231")),
    "7": ((0, "020100"), (1, "x02020"), (2, "xx0212")),
    "maj7": ((0, "0x110x"), (1, "x02120"), (2, "xx0222")),
    "min7": ((0, "020000"), (1, "x02010"), (2, "xx0211")),
    "maj6": ((0, "0x2120"), (1, "x02222")),
    "min6": ((0, "0x2020"), (1, "x02212")),
    "9": ((1, "x1011x"), (0, "020102")),
    "maj9": ((1, "x1021x"),),
    "min9": ((1, "x2022x"), (0, "020002")),
    "maj(9)": ((1, "x32030"), (0, "022102")),
    "min(9)": ((0, "022002"),),
    "maj6(9)": ((1, "x1001x"),),
    "13": ((0, "0x012x"),),
    "7(#9)": ((1, "x1012x"),),
    "7(b9)": ((1, "x1010x"),),
    "sus4": ((0, "022200"), (1, "x02230"), (2, "xx0233")),
    "sus4(b7)": ((0, "020200"), (1, "x02030"), (2, "xx0213")),
    "sus2": ((1, "x02200"), (2, "xx0230")),
    "dim": ((1, "x0121x"),),
    "dim7": ((2, "xx0101"), (1, "x1202x")),
    "hdim7": ((1, "x0101x"), (0, "0x001x")),
    "aug": ((1, "x03221"),),
    "aug(b7)": ((0, "0x011x"),),
    "(1,5)": ((0, "022xxx"), (1, "x022xx")),
    "minmaj7": ((1, "x02110"), (0, "021000")),
    "7(b5)": ((1, "x0102x"),),
}
_OPEN: Final[dict[tuple[int, str], tuple[str, ...]]] = {
    (0, "maj"): ("x32010",),
    (7, "maj"): ("320003", "320033"),
    (0, "7"): ("x32310",),
    (7, "7"): ("320001",),
    (11, "7"): ("x21202",),
    (0, "maj7"): ("x32000",),
    (7, "maj7"): ("320002",),
    (5, "maj7"): ("xx3210",),
    (0, "maj(9)"): ("x32030",),
    (7, "maj(9)"): ("300203",),
    (2, "maj(9)"): ("xx0230",),
}
_SIMPLER: Final = {
    "11": "9", "min11": "min9", "maj13": "maj9", "min13": "min9", "maj7(#11)": "maj7", "7(#11)": "7",
    "7(b9,#9,b13)": "7(#9)",
}  # fmt: skip
"""Simpler qualities for chords with more tones than the hand has fingers."""


@lru_cache(maxsize=1024)
def grips_of(chord: Chord) -> tuple[tuple[int | None, ...], ...]:
    """Return all grips for a chord, lowest first: one fret per string from low E, None for a muted string.

    Strings below the bass are muted: the bass of a slash chord is left to the bass player.

    >>> grips_of(Chord.parse("G7"))[0], grips_of(Chord.parse("Bm"))[0]
    ((3, 2, 0, 0, 0, 1), (None, 2, 4, 4, 3, 2))
    """
    quality = _SIMPLER.get(chord.quality, chord.quality)
    grips = [_frets(text, 0) for text in _OPEN.get((chord.root, quality), ())]
    for string, text in _MOVABLE.get(quality, ()):
        written = _frets(text, 0)[string]
        fret = (chord.root - OPEN_STRINGS[string] - (written or 0)) % 12
        if fret <= HIGHEST_FRET - 3:
            grips.append(_frets(text, fret))
    # For a chord without a shape, use a triad that it contains.
    if not grips:
        intervals = BY_HARTE[quality].intervals
        plain = "min" if 3 in intervals else "maj" if 4 in intervals else "sus4"
        return grips_of(Chord(chord.root, plain))
    return tuple(sorted(grips, key=_position))


def pitches_of(grip: tuple[int | None, ...]) -> tuple[int, ...]:
    """Return the pitches of a grip from the lowest string up.

    >>> pitches_of((None, 3, 2, 0, 1, 0))
    (48, 52, 55, 60, 64)
    """
    return tuple(string + fret for string, fret in zip(OPEN_STRINGS, grip, strict=True) if fret is not None)


def _frets(text: str, barre: int) -> tuple[int | None, ...]:
    return tuple(None if mark == "x" else int(mark) + barre for mark in text)


def _position(grip: tuple[int | None, ...]) -> tuple[int, str]:
    return max(fret for fret in grip if fret is not None), str(grip)
