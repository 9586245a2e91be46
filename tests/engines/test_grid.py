"""Rows in meters: every step lies in its bar, in order, and the shape of the bar is kept."""

from __future__ import annotations

import pytest

from engines.catalogue import ENGINES, find_engine
from engines.chance import derive_seed, pick, scaled_chance, stream
from engines.errors import ParamError
from engines.grid import bar_cells, place_row, place_tail
from engines.music.meter import DENOMINATORS, Meter
from engines.rows import HitRow, StrokeRow
from tests.engines.presets_on_disk import STYLES

BUSY = HitRow("XxXx XxXx xxx xxxxxxxx | x... .x.. ..x. ...x")
ALL_METERS = [Meter(numerator, denominator) for numerator in range(1, 20) for denominator in DENOMINATORS]


@pytest.mark.parametrize("meter", ALL_METERS, ids=str)
def test_steps_lie_in_their_bar_in_order(meter: Meter) -> None:
    for bar in range(9):
        cells = bar_cells(meter, bar)
        assert cells[0].start == 0.0
        assert cells[-1].start + cells[-1].length == pytest.approx(meter.bar_beats)
        places = [step.at for step in place_row(BUSY, meter, bar)]
        assert places == sorted(set(places))
        assert all(0.0 <= place < meter.bar_beats for place in places)
        assert place_row(BUSY, meter, bar) == place_row(BUSY, meter, bar + 8)


@pytest.mark.parametrize("meter", ALL_METERS, ids=str)
@pytest.mark.parametrize("text", ["S", "SsSs", "ss hl", "S... sshhll", "s.s. s.s. ssss SSSS"])
def test_fills_end_with_the_bar(meter: Meter, text: str) -> None:
    steps, start = place_tail(StrokeRow(text), meter)
    assert all(start <= step.at < meter.bar_beats for step in steps)
    assert start == 0.0 or len(bar_cells(meter, 0)) > len(text.split())


@pytest.mark.parametrize(
    ("meter", "backbeats"),
    [("4/4", [1, 3]), ("3/4", [1, 2]), ("5/4", [1, 2, 4]), ("7/8", [1, 3]), ("6/8", [1.5]), ("12/8", [1.5, 4.5])],
)
def test_a_backbeat_goes_with_the_meter(meter: str, backbeats: list[float]) -> None:
    row = HitRow(".... X... .... X...")
    assert [step.at for step in place_row(row, Meter.parse(meter), 0)] == backbeats


def test_a_style_may_choose_its_beats() -> None:
    trap = STYLES["trap"]
    meter = Meter(3, 4)
    clap = HitRow(".... .... X... ....")
    assert [step.at for step in place_row(clap, meter, 0, trap.written_beats(meter))] == [2.0]
    assert place_row(clap, meter, 0) == ()


def test_chance_is_the_same_everywhere() -> None:
    assert derive_seed(1, "kick", 3) == 5177414644090321782
    assert stream(7, "x").random() == 0.9841037684121962
    assert [pick(stream(seed), "abc", [1, 1, 1]) for seed in range(6)] == list("cabcca")


@pytest.mark.parametrize("likelihood", [0.0, 0.1, 0.5, 0.9, 0.99, 1.0])
def test_likelihoods_rise_with_the_amount_and_stay_likelihoods(likelihood: float) -> None:
    chances = [scaled_chance(likelihood, amount / 20) for amount in range(21)]
    assert chances == sorted(chances)
    assert all(0.0 <= chance <= 1.0 for chance in chances)
    assert scaled_chance(likelihood, 0.5) == pytest.approx(likelihood)


def test_engines_are_found_by_name_and_by_part() -> None:
    for engine in ENGINES:
        assert find_engine(engine.name) is find_engine(engine.part) is find_engine(engine.title) is engine
    with pytest.raises(ParamError, match="one of drummaroo, bassaroo"):
        find_engine("kazooroo")
