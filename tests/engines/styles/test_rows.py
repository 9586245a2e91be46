"""The row notation: the meaning and position of each mark, and invalid rows."""

from __future__ import annotations

import pytest

from musearoo.engines.styles.rows import (
    ACCENT,
    GHOST,
    MAX_STEPS,
    NORMAL,
    SOFT,
    FillRow,
    OnsetRow,
    Step,
    ToneRow,
    ToneRun,
    likelihood,
    strength,
)  # fmt: skip


def test_the_steps_of_a_beat_divide_it_evenly() -> None:
    row = OnsetRow("X.x. xgo ..-. 3 | .... .... .... x.......")
    assert row.bars[0] == (
        (Step(0.0, "X"), Step(0.5, "x")),
        (Step(0.0, "x"), Step(1 / 3, "g"), Step(2 / 3, "o")),
        (),
        (Step(0.0, "3"),),
    )
    assert row.bars[1] == ((), (), (), (Step(0.0, "x"),))
    assert row.beats == (*row.bars[0], *row.bars[1])
    assert repr(row) == "OnsetRow('X.x. xgo ..-. 3 | .... .... .... x.......')"


def test_rows_are_equal_by_kind_and_text() -> None:
    text = "R... .... .... ...."
    assert ToneRow(text) == ToneRow(text)
    assert hash(ToneRow(text)) == hash(ToneRow(text))
    assert ToneRow(text) != ToneRun(text)
    assert ToneRow(text) != ToneRow("R... .... .... ...5")
    assert ToneRow(text) != text


def test_a_row_is_empty_without_any_step_and_certain_without_digits() -> None:
    cases = [(".... .... .... ....", True, True), ("---- .... .... ...9", False, False), ("x... . . .", False, True)]
    for text, is_empty, is_certain in cases:
        assert (OnsetRow(text).is_empty, OnsetRow(text).is_certain) == (is_empty, is_certain), text
    assert not OnsetRow(".... .... .... .... | x... .... .... ....").is_empty


def test_an_invalid_row_raises() -> None:
    cases = [
        (OnsetRow, "x... x... x...", "bar 1 must have 4 groups"),
        (OnsetRow, "x x x x | x x x x x", "bar 2 must have 4 groups.*has 5"),
        (OnsetRow, "x x x x |", "bar 2 must have 4 groups.*has 0"),
        (OnsetRow, "x x x R", "step 'R' in 'R'"),
        (ToneRow, "R x . .", "step 'x' in 'x'"),
        (OnsetRow, f"{'x' * (MAX_STEPS + 1)} . . .", "has 9"),
        (FillRow, "", "at least one group"),
        (FillRow, "ss | ", "at least one group"),
    ]
    for kind, text, problem in cases:
        with pytest.raises(ValueError, match=problem):
            kind(text)
    assert len(OnsetRow(f"{'x' * MAX_STEPS} . . .").beats[0]) == MAX_STEPS


def test_runs_and_strokes_have_as_many_beats_as_they_like() -> None:
    assert len(ToneRun("R5").beats) == 1
    assert len(FillRow("ss hl sS K f").beats) == 5


def test_marks_say_how_likely_and_how_hard() -> None:
    assert [likelihood(mark) for mark in "Xxog19"] == [1.0, 1.0, 1.0, 1.0, 0.1, 0.9]
    assert [strength(mark) for mark in "goxX5"] == [GHOST, SOFT, NORMAL, ACCENT, NORMAL]
