"""Chord successions as they are counted in corpora of three kinds."""

from __future__ import annotations

from pathlib import Path

import pytest

from musearoo.engines.music.numeral import parse_numeral
from musearoo.engines.music.progression import parse_progression
from musearoo.engines.music.scale import Key
from musearoo.tools.workshop.training.harmony.chord_chains import (
    count,
    lines_of_abc,
    lines_of_roman_text,
    lines_of_tunes,
)
from musearoo.tools.workshop.training.harmony.sources import Tune

ABC = """
X: 1
T:A tune
M:2/4
K:G
|:"G"d2|"D7"A2|"Em"B2|"G"G2:|
K:Am
|:"Am"A2|"E7"B2|"Am"A2|"E7"B2:|
"""
ROMAN = """Composer: nobody
Time Signature: 4/4
m1 C: I b3 V7
m2 I6 b2 V7/V b3 I6/4 b4 V
m3 I a: viio7
m4 i b3 VI
"""


def numerals(*texts: str) -> list[object]:
    return [parse_numeral(text) for text in texts]


def test_folk_tunes_are_read_in_their_keys(tmp_path: Path) -> None:
    (tmp_path / "tunes.abc").write_text(ABC, encoding="utf-8")
    assert list(lines_of_abc(tmp_path)) == [
        (False, numerals("I", "V7", "vi", "I")),
        (True, numerals("i", "V7", "i", "V7")),
    ]


def test_analyses_are_parted_where_the_key_changes(tmp_path: Path) -> None:
    """The six-four before a dominant is the dominant's own, and degrees of a minor key count from its scale."""
    (tmp_path / "analysis.txt").write_text(ROMAN, encoding="utf-8")
    assert list(lines_of_roman_text([tmp_path / "analysis.txt"])) == [
        (False, numerals("I", "V7", "I", "II7", "V", "I")),
        (True, numerals("viio", "i", "bVI")),
    ]


def test_songs_are_counted_in_the_key_that_they_name() -> None:
    tune = Tune("test", Key.parse("D"), 100.0, 4.0, parse_progression("D | Bm7 | Gmaj7 | A9"), {})
    assert list(lines_of_tunes([tune, None])) == [(False, numerals("I", "vi", "IV", "V7"))]


def test_what_follows_is_a_share_and_what_is_rare_is_left_out() -> None:
    often = [(False, [*numerals("I", "V", "I", "IV"), *numerals("I", "V", "I")])] * 20
    once = [(False, numerals("I", "bII"))]
    table = count([*often, *once])  # type: ignore[list-item]
    assert table["major"]["I"] == pytest.approx({"V": 0.667, "IV": 0.333})
    assert table["major"]["V"] == {"I": 1.0}
    assert "bII" not in table["major"]
