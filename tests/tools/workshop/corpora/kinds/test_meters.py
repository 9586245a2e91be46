"""Bars of 4/4 that were recut to other meters."""

import pytest

from musearoo.tools.bench.corpora.piece import beats_in_bar, quarters_per_beat
from musearoo.tools.bench.corpora.truth import truth_of
from musearoo.tools.workshop.corpora.kinds.meters import CUTTINGS, Cutting, recut
from tests.each_case import each_case
from tests.tools.bench.corpora.pieces import four_bars


@each_case("cutting", CUTTINGS)
def test_bars_are_as_long_as_their_meter_says(cutting: Cutting) -> None:
    piece = recut(four_bars(bpm=120.0), cutting)
    numerator, denominator = (int(part) for part in cutting.meter.split("/"))
    bar = numerator * 4.0 / denominator * 0.5
    assert piece.made
    assert piece.meter == cutting.meter
    gaps = [later - earlier for earlier, later in zip(piece.downbeats, piece.downbeats[1:], strict=False)]
    assert gaps == pytest.approx([bar] * len(gaps))
    assert len(piece.beats) == len(piece.downbeats) * beats_in_bar(cutting.meter)
    assert truth_of(piece)["tempo"] == pytest.approx(120.0 / quarters_per_beat(cutting.meter), abs=0.01)


def test_a_shortened_bar_loses_its_last_strokes_alone() -> None:
    piece = recut(four_bars(), Cutting("7/8", ((0.0, 3.5),)))
    hats = [stroke.time for stroke in piece.strokes if stroke.pitch == 42]
    assert hats == pytest.approx([0.25 * number for number in range(len(hats))])


def test_only_common_time_can_be_recut() -> None:
    waltz = recut(four_bars(), Cutting("3/4", ((0.0, 3.0),)))
    with pytest.raises(ValueError, match="only 4/4"):
        recut(waltz, CUTTINGS[0])
