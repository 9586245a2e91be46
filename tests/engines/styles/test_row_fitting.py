"""Rows in meters: every step is within its bar, in order, and the bar keeps its shape."""

from __future__ import annotations

import pytest

from musearoo.engines.errors import ParamError
from musearoo.engines.foundation.chance import derive_seed, pick, scaled_chance, stream
from musearoo.engines.music.meter import DENOMINATORS, Meter
from musearoo.engines.players.band.catalogue import ENGINES, find_engine
from musearoo.engines.styles.row_fitting import BarStep, bar_cells, fit_row, fit_row_at_end
from musearoo.engines.styles.rows import FillRow, OnsetRow
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES

BUSY = OnsetRow("XxXx XxXx xxx xxxxxxxx | x... .x.. ..x. ...x")
ALL_METERS = [Meter(numerator, denominator) for numerator in range(1, 20) for denominator in DENOMINATORS]


@each_case("meter", ALL_METERS)
def test_steps_lie_in_their_bar_in_order(meter: Meter) -> None:
    for bar in range(9):
        cells = bar_cells(meter, bar)
        assert cells[0].start == 0.0
        assert cells[-1].start + cells[-1].length == pytest.approx(meter.bar_beats)
        places = [step.at for step in fit_row(BUSY, meter, bar)]
        assert places == sorted(set(places))
        assert all(0.0 <= place < meter.bar_beats for place in places)
        assert fit_row(BUSY, meter, bar) == fit_row(BUSY, meter, bar + 8)


@each_case("meter", ALL_METERS)
@each_case("text", ["S", "SsSs", "ss hl", "S... sshhll", "s.s. s.s. ssss SSSS"])
def test_fills_end_with_the_bar(meter: Meter, text: str) -> None:
    steps, start = fit_row_at_end(FillRow(text), meter)
    assert all(start <= step.at < meter.bar_beats for step in steps)
    assert start == 0.0 or len(bar_cells(meter, 0)) > len(text.split())


@each_case(
    "meter, backbeats",
    [("4/4", [1, 3]), ("3/4", [1, 2]), ("5/4", [1, 2, 4]), ("7/8", [1, 3]), ("6/8", [1.5]), ("12/8", [1.5, 4.5])],
)
def test_a_backbeat_goes_with_the_meter(meter: str, backbeats: list[float]) -> None:
    row = OnsetRow(".... X... .... X...")
    assert [step.at for step in fit_row(row, Meter.parse(meter), 0)] == backbeats


def test_a_style_may_choose_its_beats() -> None:
    trap = STYLES["trap"]
    meter = Meter(3, 4)
    clap = OnsetRow(".... .... X... ....")
    assert [step.at for step in fit_row(clap, meter, 0, trap.written_beats(meter))] == [2.0]
    assert fit_row(clap, meter, 0) == ()


def test_chance_is_the_same_everywhere() -> None:
    assert derive_seed(1, "kick", 3) == 5177414644090321782
    assert stream(7, "x").random() == 0.9841037684121962
    assert [pick(stream(seed), "abc", [1, 1, 1]) for seed in range(6)] == list("cabcca")


@each_case("likelihood", [0.0, 0.1, 0.5, 0.9, 0.99, 1.0])
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


def test_every_meter_plays_the_written_beats_that_keep_its_shape() -> None:
    # By meter and bar: which written bar it plays, and which beats of it.
    cases: list[tuple[str, int, int, list[int]]] = [
        ("1/4", 1, 0, [1]), ("1/4", 5, 1, [1]), ("1/8", 3, 0, [3]), ("3/8", 6, 1, [2]),
        ("2/4", 0, 0, [0, 1]), ("2/4", 1, 0, [2, 3]), ("6/8", 5, 2, [2, 3]), ("3/4", 5, 5, [0, 1, 3]),
        ("4/4", 1, 1, [0, 1, 2, 3]), ("7/8", 0, 0, [0, 1, 2, 3]), ("5/4", 2, 2, [0, 1, 3, 2, 3]),
        ("6/4", 0, 0, [0, 1, 2, 3, 2, 3]), ("7/4", 0, 0, [0, 1, 2, 3, 0, 1, 3]),
        ("9/4", 1, 1, [0, 1, 2, 3, 0, 1, 3, 2, 3]), ("11/4", 0, 0, [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 3]),
    ]  # fmt: skip
    for meter, bar, source_bar, beats in cases:
        cells = bar_cells(Meter.parse(meter), bar)
        assert [(cell.source_bar, cell.source_beat) for cell in cells] == [(source_bar, beat) for beat in beats], meter
    chosen = bar_cells(Meter(3, 4), 7, (3, 2, 1))
    assert [(cell.start, cell.length, cell.source_bar, cell.source_beat) for cell in chosen] == [
        (0.0, 1.0, 7, 3), (1.0, 1.0, 7, 2), (2.0, 1.0, 7, 1),
    ]  # fmt: skip
    # A choice of too few or too many beats is none.
    for beats_chosen in ((0, 1), (0, 1, 2, 3)):
        assert bar_cells(Meter(3, 4), 1, beats_chosen) == bar_cells(Meter(3, 4), 1)


def placed(steps: tuple[BarStep, ...]) -> str:
    return " ".join(f"{step.at:.3g}{step.mark}" for step in steps)


def test_steps_move_to_thirds_in_compound_pulses_and_end_with_short_ones() -> None:
    row = OnsetRow("12345678 123 1234 12345")
    assert placed(fit_row(row, Meter(6, 8), 0)) == "01 0.53 15 1.51 22 2.53"
    assert placed(fit_row(row, Meter(6, 8), 1)) == "01 0.52 13 1.51 22 2.54"
    assert placed(fit_row(row, Meter(7, 8), 0)).endswith("2.754 31 3.22 3.43")
    two = OnsetRow("1... 2... 3... 4... | 5... 6... 7... 8...")
    assert [placed(fit_row(two, Meter(2, 4), bar)) for bar in (0, 1, 2, 3, 4)] == [
        "01 12",
        "03 14",
        "05 16",
        "07 18",
        "01 12",
    ]
    assert [placed(fit_row(two, Meter(1, 4), bar)) for bar in (6, 7, 8)] == ["07", "08", "01"]
    assert placed(fit_row(two, Meter(3, 4), 1)) == "05 16 28"


def test_short_rows_end_with_the_bar_and_lose_their_first_beats() -> None:
    cases = [
        ("4/4", "ss", "3s 3.5s", 3.0), ("4/4", "shl hl", "2s 2.33h 2.67l 3h 3.5l", 2.0),
        ("3/4", "s... h... K... L..l", "0h 1K 2L 2.75l", 0.0), ("6/8", "s.h. K... L..l", "0K 1.5L 2.5l", 0.0),
        ("7/8", "ss", "3s", 3.0), ("7/8", "ss hl", "2s 2.5s 3h", 2.0), ("5/4", "ss", "4s 4.5s", 4.0),
        ("1/4", "shl hl", "0h 0.5l", 0.0), ("6/8", "sshhllkk", "1.5s 2h 2.5l", 1.5),
    ]  # fmt: skip
    for meter, text, steps, start in cases:
        found = fit_row_at_end(FillRow(text), Meter.parse(meter))
        assert (placed(found[0]), found[1]) == (steps, start), (meter, text)
