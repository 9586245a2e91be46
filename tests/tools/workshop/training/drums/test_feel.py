"""What is learned of drummers' touch, on a performance made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from musearoo.tools.bench.corpora.piece import Piece, Stroke
from musearoo.tools.workshop.training.drums.feel import LIMBS, limb_of, read_strokes, usual_table, without_graces

BEAT = 0.5


def perform(late_seconds: float) -> Piece:
    """Eight bars of eighths on the hat at 120 BPM, the off-beats softer and late, and a kick on every beat."""
    strokes = []
    for eighth in range(64):
        off = eighth % 2 == 1
        strokes.append(Stroke(eighth * BEAT / 2 + late_seconds * off, 42, 60 if off else 100))
        if not off:
            strokes.append(Stroke(eighth * BEAT / 2, 36, 90))
    return Piece(
        name="eighths", song="eighths", duration=16.0, beats=tuple(BEAT * beat for beat in range(33)), downbeats=(),
        meter="4/4", strokes=tuple(strokes), style="rock",
    )  # fmt: skip


def test_limbs_of_pitches() -> None:
    assert [limb_of(pitch, 90) for pitch in (36, 38, 42, 51, 45, 99)] == [
        "kick", "snare", "cymbal", "cymbal", "tom", None,
    ]  # fmt: skip
    assert limb_of(38, 30) == "ghost"


def test_a_grace_note_is_no_ghost_note() -> None:
    flam, ghost = Stroke(0.97, 38, 30), Stroke(0.75, 38, 30)
    assert without_graces([ghost, flam, Stroke(1.0, 38, 110)]) == ["ghost", None, "snare"]


def test_late_off_beats_are_found_against_what_all_play() -> None:
    limbs, rows = read_strokes(perform(0.015))
    many = usual_table(limbs * 400, np.concatenate([rows] * 400), None)
    late, louder = many["cymbal"]
    assert late[2] - late[0] == pytest.approx(14.0, abs=1.0)  # some of it counts as wandering
    assert many["kick"][0, 0] == pytest.approx(late[0], abs=0.01)
    assert louder[2] < 0.0 < louder[0]


def test_what_few_play_is_drawn_to_what_all_do() -> None:
    limbs, rows = read_strokes(perform(0.015))
    everybody = {limb: np.full((2, 16), 5.0) for limb in LIMBS}
    drawn = usual_table(limbs, rows, everybody)
    assert drawn["tom"] == pytest.approx(everybody["tom"])
    assert drawn["cymbal"][1, 0] == pytest.approx((8 * 20.0 + 60 * 5.0) / 68)
