"""Roman numerals: parsing, formatting, and transposition to keys."""

from __future__ import annotations

import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.music.chord import QUALITIES, Chord
from musearoo.engines.music.numeral import Numeral, parse_numeral, parse_numerals
from tests.each_case import each_case

WRITTEN = {
    "I": "C", "ii7": "Dm7", "bIII": "Eb", "#ivo7": "F#dim7", "V7b9": "G7b9", "bVImaj7": "G#maj7", "viiø": "Bm7b5",
    "i5": "C5", "IV69": "F69", "Vsus4": "Gsus4", "vi9": "Am9", "bII7": "C#7", "III+": "Eaug",
}  # fmt: skip


@each_case("text", WRITTEN)
def test_numerals_are_counted_from_the_major_scale(text: str) -> None:
    assert parse_numeral(text).in_key(0) == Chord.parse(WRITTEN[text])
    assert parse_numeral(text).in_key(7).root == (Chord.parse(WRITTEN[text]).root + 7) % 12


def test_every_chord_has_a_numeral_in_every_key() -> None:
    for quality in QUALITIES:
        for root in range(12):
            chord = Chord(root, quality.harte, (root + 5) % 12 if root % 2 else None)
            assert Numeral.of(chord, 3).in_key(3) == chord


@each_case("text", ["I", "ii", "bVII7", "iiø", "V7sus4", "IVmaj9", "viio", "#ivo7", "I/3", "v/b3"])
def test_parsing_is_the_inverse_of_writing(text: str) -> None:
    assert parse_numeral(str(parse_numeral(text))) == parse_numeral(text)


def test_applied_chords_lead_to_their_goal() -> None:
    assert parse_numeral("V7/ii") == Numeral(9, "7")
    assert parse_numeral("viio7/V") == Numeral(6, "dim7")


@each_case("text", ["", "H", "I | | V", "% | I", "Vmaj13b5", "i/9"])
def test_an_invalid_numeral_raises(text: str) -> None:
    with pytest.raises(ParamError, match="Roman numerals"):
        parse_numerals(text)
