"""Choices for certain sections are used only there."""

from __future__ import annotations

from musearoo.engines.styles.drums import Groove
from musearoo.engines.styles.rows import OnsetRow
from musearoo.engines.styles.section_choices import meant_for

ANYWHERE = Groove(name="backbeat", kick=OnsetRow("X . x ."))
BREAKDOWN = Groove(name="half time", sections=("bridge", "breakdown"), kick=OnsetRow("X . . ."))


def test_a_section_that_is_named_has_nothing_else() -> None:
    assert meant_for((ANYWHERE, BREAKDOWN), "breakdown") == [BREAKDOWN]
    assert meant_for((ANYWHERE, BREAKDOWN), "verse") == [ANYWHERE]


def test_a_loop_may_be_any_section() -> None:
    assert meant_for((ANYWHERE, BREAKDOWN), "loop") == [ANYWHERE, BREAKDOWN]


def test_a_single_choice_is_always_played() -> None:
    assert meant_for((BREAKDOWN,), "verse") == [BREAKDOWN]
