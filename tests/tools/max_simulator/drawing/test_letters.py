"""How wide a text is taken to be."""

import pytest

from musearoo.tools.max_simulator.drawing.canvas import drawable, drawn_width
from musearoo.tools.max_simulator.drawing.letters import ADVANCES, text_width, wrapped
from tests.each_case import each_case

# Pixels between the outermost inks of texts in Ableton's own picture of CPU Reporter, Live 12, halved from its 2x.
MEASURED = {"Recording time (sec)": 87.0, "Average CPU usage": 82.0, "Start Recording": 66.5, "Dump": 24.0}


@each_case("text", MEASURED)
def test_widths_are_on_the_safe_side_of_lives_own(text: str) -> None:
    assert MEASURED[text] < text_width(text, 9.5) < MEASURED[text] * 1.25


@each_case("text", MEASURED)
def test_what_is_drawn_is_about_as_wide_as_in_live(text: str) -> None:
    assert drawn_width(text, 9.5) == pytest.approx(MEASURED[text], rel=0.1)


def test_every_printable_letter_has_a_width() -> None:
    assert len(ADVANCES) == ord("~") - ord(" ") + 1
    assert text_width("é", 10) == text_width("e", 10)
    assert text_width("好", 10) == 10


def test_a_text_is_broken_at_its_spaces() -> None:
    lines = wrapped("Listen needs sound\nPress play", 55, lambda line: text_width(line, 9.5))
    assert lines == ("Listen", "needs", "sound", "Press play")
    assert wrapped("", 60, len) == ("",)
    assert wrapped("Unbreakable", 3, len) == ("Unbreakable",)


def test_letters_that_the_font_lacks_are_stood_in_for() -> None:
    assert drawable("Ré – F♯ … 2×") == "Re - F# … 2x"
