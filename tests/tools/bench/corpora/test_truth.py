"""The truth of excerpts is that of the piece that they were cut from."""

from dataclasses import replace

import pytest

from musearoo.tools.bench.corpora.piece import beats_in_bar, cut, quarters_per_beat, stretch
from musearoo.tools.bench.corpora.truth import truth_of
from tests.each_case import each_case
from tests.tools.bench.corpora.pieces import four_bars


def test_a_whole_piece_tells_all_that_is_known() -> None:
    truth = truth_of(four_bars(bpm=100.0, swing=1.5))
    assert truth["tempo"] == pytest.approx(100.0)
    assert truth["meter"] == "4/4"
    assert truth["key"] == "A minor"
    assert truth["downbeats"] == pytest.approx([0.0, 2.4, 4.8, 7.2])
    assert truth["swing"] == pytest.approx(1.5, abs=0.01)
    assert truth["microtiming_rms_ms"] == pytest.approx(0.0, abs=0.1)
    assert truth["chords"] == [[0.0, 4.8, "A:min7"], [4.8, 9.6, "D:7"]]
    drums = truth["drums"]
    assert isinstance(drums, list)
    assert {kind for _, kind, _ in drums} == {"kick", "snare", "hat"}
    assert len(drums) == 48


def test_an_excerpt_counts_from_its_own_start() -> None:
    truth = truth_of(cut(four_bars(), 0.7, 4.3, "excerpt"))
    assert truth["duration"] == pytest.approx(3.6)
    assert truth["beats"] == pytest.approx([0.3, 0.8, 1.3, 1.8, 2.3, 2.8, 3.3])
    assert truth["downbeats"] == pytest.approx([1.3, 3.3])
    assert truth["chords"] == [[0.0, 3.3, "A:min7"], [3.3, 3.6, "D:7"]]
    assert truth["sections"] == [[0.0, 3.3, "A"], [3.3, 3.6, "B"]]


def test_what_rings_into_an_excerpt_is_played_but_is_no_stroke_of_it() -> None:
    excerpt = cut(four_bars(), 1.1, 4.0, "excerpt")
    assert any(stroke.time < 0.0 for stroke in excerpt.strokes)
    drums = truth_of(excerpt)["drums"]
    assert isinstance(drums, list)
    assert all(time >= 0.0 for time, _, _ in drums)


def test_playing_slower_moves_all_times() -> None:
    truth = truth_of(stretch(four_bars(bpm=120.0), 1.25))
    assert truth["tempo"] == pytest.approx(96.0)
    assert truth["chords"] == [[0.0, 5.0, "A:min7"], [5.0, 10.0, "D:7"]]
    assert truth["duration"] == pytest.approx(10.0)


def test_percussion_outside_the_five_kinds_is_kept_apart() -> None:
    piece = four_bars()
    cowbell = replace(piece, strokes=tuple(replace(stroke, pitch=56) for stroke in piece.strokes))
    truth = truth_of(cowbell)
    assert truth["drums"] == []
    percussion = truth["percussion"]
    assert isinstance(percussion, list)
    assert len(percussion) == len(piece.strokes)


@each_case("meter, beats, quarters", [("5/4", 5, 1.0), ("9/8", 3, 1.5), ("7/8", 7, 0.5), ("3/8", 3, 0.5)])
def test_beats_are_what_a_listener_counts(meter: str, beats: int, quarters: float) -> None:
    assert (beats_in_bar(meter), quarters_per_beat(meter)) == (beats, quarters)
