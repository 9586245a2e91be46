"""The plan of a take: its units and its tension."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import msgspec
import pytest

from musearoo.engines.errors import PresetError
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.song_section import LOOP, SongSection
from musearoo.engines.players.melody.planning import CLIMAX, plan_units, tension_at
from musearoo.engines.styles.melody import MelodyForm, MelodyStyle
from musearoo.engines.styles.reading import parse_style
from tests.each_case import each_case
from tests.engines.presets_on_disk import rock_data

PERIOD = MelodyStyle(forms=(MelodyForm(units="a b, a _ c."),))


@each_case("bars", [1, 2, 3, 7, 8, 10, 64])
@each_case("meter", ["4/4", "6/8", "2/4", "7/8"])
def test_units_fill_the_take_in_order(bars: int, meter: str) -> None:
    units = plan_units(PERIOD, LOOP, bars, Meter.parse(meter), 1)
    assert units
    assert all(unit.letter != "_" for unit in units)
    assert all(one.bar + one.bars <= other.bar for one, other in pairwise(units))
    assert units[-1].bar + units[-1].bars == bars


def test_a_form_is_read_as_it_is_written_and_cut_with_its_close() -> None:
    units = plan_units(PERIOD, LOOP, 10, Meter(), 1)
    assert [(unit.letter, unit.close, unit.bar) for unit in units] == [
        ("a", "", 0), ("b", ",", 2), ("a", "", 4), ("c", ".", 8),
    ]  # fmt: skip
    assert [(unit.letter, unit.close) for unit in plan_units(PERIOD, LOOP, 4, Meter(), 1)] == [("a", ""), ("c", ".")]


def test_the_third_time_round_brings_other_motifs() -> None:
    letters = [unit.letter for unit in plan_units(PERIOD, LOOP, 40, Meter(), 1)]
    assert letters == [*"abac", *"abac", *"ABAC", *"abac"]


def test_sections_choose_their_own_forms() -> None:
    style = msgspec.structs.replace(PERIOD, forms=(*PERIOD.forms, MelodyForm(units="d d d d", sections=("build",))))
    assert {unit.letter for unit in plan_units(style, SongSection("build"), 8, Meter(), 1)} == {"d"}
    assert "d" not in {unit.letter for unit in plan_units(style, LOOP, 8, Meter(), 1)}


def test_the_top_lies_at_two_thirds_and_builds_only_rise() -> None:
    places = [step / 50.0 for step in range(51)]
    assert abs(max(places, key=lambda place: tension_at(place, LOOP)) - CLIMAX) < 0.02
    build = [tension_at(place, SongSection("build")) for place in places]
    assert build == sorted(build)


@each_case(
    "melody, problem",
    [
        ({"low": "C4", "high": "E4"}, "melody.high: expected at least an octave"),
        ({"low": "H4"}, "melody.low: "),
        ({"forms": [{"units": "a e"}]}, r"melody.forms\[0\].units: expected units such as"),
        ({"forms": [{"units": "_ _"}]}, r"melody.forms\[0\].units: expected at least one unit"),
        ({"figures": [{"rhythm": "5... r... .... ...."}]}, r"melody.figures\[0\].rhythm: expected at least one step"),
        ({"closes": [{"rhythm": "x... .... .... ....", "density": [1, 0]}]}, r"melody.closes\[0\].density"),
        ({"contours": {}}, "melody.contours: expected at least one"),
        ({"figure": []}, "melody: .*unknown field"),
    ],
)
def test_faults_in_a_style_raise_with_their_field(melody: dict[str, object], problem: str) -> None:
    with pytest.raises(PresetError, match=problem):
        parse_style({**rock_data(), "melody": melody}, "rock")


def test_the_default_melodist_can_be_used_by_a_style_without_a_section() -> None:
    data = {name: value for name, value in rock_data().items() if name != "melody"}
    style = parse_style(data, "rock")
    assert style.melody == MelodyStyle()
    assert replace(LOOP, kind="verse").kind == "verse"
