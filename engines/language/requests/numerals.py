"""Resolve chords named by scale degree: Roman numerals, or degrees whose quality the key gives."""

from __future__ import annotations

from typing import Final

from musearoo.engines.music.chord import Chord
from musearoo.engines.music.numeral import parse_numeral
from musearoo.engines.music.scale import SCALES, Key
from musearoo.engines.music.spelling import spell_chords

_TRIADS: Final = {(4, 7): "maj", (3, 7): "min", (3, 6): "dim", (4, 8): "aug"}
"""Qualities by the semitones of third and fifth; other combinations, in rare scales, follow the third."""
_SEVEN: Final = 7
_FIFTH: Final = 5


def chords_in_key(numerals: str, key: Key) -> str:
    """Return the progression of numerals such as "ii7 V7 Imaj7", or of degrees such as "2 5 1", in a key.

    A degree has the scale's triad on it, except that in minor the fifth is major, for its leading note. Scales without
    seven notes count as major or minor. Raises ParamError for anything else.

    >>> chords_in_key("2 5 1", Key.parse("Bb")), chords_in_key("2 5 1", Key.parse("A minor"))
    ('Cm F Bb', 'Bdim E Am')
    >>> chords_in_key("I V vi IV", Key.parse("D")), chords_in_key("ii7 V7/V V7", Key.parse("F"))
    ('D A Bm G', 'Gm7 G7 C7')
    """
    chords = [_on_step(int(word), key) if word.isdecimal() else _of_numeral(word, key) for word in numerals.split()]
    return " ".join(spell_chords(chords, key))


def _of_numeral(text: str, key: Key) -> Chord:
    return parse_numeral(text).in_key(key.tonic)


def _on_step(step: int, key: Key) -> Chord:
    scale = key.intervals if len(key.intervals) == _SEVEN else SCALES["Minor" if key.is_minor else "Major"]
    root, third, fifth = (scale[(step - 1 + more) % _SEVEN] for more in (0, 2, 4))
    size = ((third - root) % 12, (fifth - root) % 12)
    quality = _TRIADS.get(size, "min" if size[0] <= 3 else "maj")
    if step == _FIFTH and scale == SCALES["Minor"]:
        quality = "maj"
    return Chord((key.tonic + root) % 12, quality)
