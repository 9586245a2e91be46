"""Presets: the included ones are valid, and an invalid one raises with file, field and bounds."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from musearoo.engines.errors import ParamError, PresetError
from musearoo.engines.styles.reading import find_style, join_sections, parse_style, rest_on_base
from musearoo.engines.styles.rows import OnsetRow
from tests.each_case import each_case
from tests.engines.presets_on_disk import DATA, STYLES, rock_data

Break = Callable[[dict[str, Any]], object]


def put(path: str, value: object) -> Break:
    """A change that sets the field at a dotted path."""
    *parents, last = [int(step) if step.isdigit() else step for step in path.split(".")]

    def change(data: dict[str, Any]) -> None:
        place: Any = data
        for step in parents:
            place = place[step]
        place[last] = value

    return change


BROKEN: tuple[tuple[Break, str, str], ...] = (
    (put("tempo.low", 10), "tempo.low", ">= 20"),
    (put("tempo.low", "slow"), "tempo.low", "expected `float`"),
    (put("tempo.usual", 300), "tempo", "low <= usual <= high"),
    (put("swing", {"ratio": 4}), "swing.ratio", "<= 3.5"),
    (put("swing", {"pair": "thirds"}), "swing.pair", "invalid enum value"),
    (put("feel.jitter", -1), "feel.jitter", ">= 0"),
    (put("feel.kick", 100), "feel.kick", "<= 60"),
    (put("colour", "red"), "", "unknown field `colour`"),
    (put("drums.hats", []), "drums", "unknown field `hats`"),
    (put("drums.grooves", []), "drums.grooves", "length >= 1"),
    (put("drums.grooves.1.weight", 0), "drums.grooves[1].weight", "> 0"),
    (put("drums.grooves.0.complexity", [0.9, 0.1]), "drums.grooves[0].complexity", "low <= high"),
    (put("drums.grooves.0.kick", "X... x..."), "drums.grooves[0].kick", "4 groups"),
    (put("drums.grooves.0.kick", "X... .... x... .... | X... ...."), "drums.grooves[0].kick", "bar 2"),
    (put("drums.grooves.0.kick", "X... ..q. x... ...."), "drums.grooves[0].kick", "must be one of XxogG123456789"),
    (put("drums.grooves.0.kick", "X........ . . ."), "drums.grooves[0].kick", "1 to 8 steps"),
    (put("drums.grooves.0.kick", 7), "drums.grooves[0].kick", "row of steps"),
    (put("drums.timekeepers.0.voice", "gong"), "drums.timekeepers[0].voice", "invalid enum value"),
    (put("drums.timekeepers.0.density", [1, 0]), "drums.timekeepers[0].density", "low <= high"),
    (put("drums.fills.0.hands", "S.x."), "drums.fills[0].hands", "must be one of"),
    (put("drums.levels.kick.accent", 200), "drums.levels[...].accent", "<= 127"),
    (put("drums.variation", 2), "drums.variation", "<= 1"),
    (put("bass.lines.0.tones", "R... .... z... ...."), "bass.lines[0].tones", "must be one of"),
    (put("bass.lines.0.gate", 0), "bass.lines[0].gate", "> 0"),
    (put("bass.low", "H1"), "bass.low", "note name"),
    (put("bass.high", "A1"), "bass.high", "octave above"),
    (put("vamp", "Am Q"), "vamp", "at least one chord"),
    (put("vamp", ""), "vamp", "at least one chord"),
    (put("meters", {"3/4": [1, 2]}), "meters[3/4]", "3 written beats"),
    (put("meters", {"3/5": [1, 2, 3]}), "meters[3/5]", "1, 2, 4, 8 or 16"),
    (put("meters", {"3/4": [1, 2, 5]}), "meters[...][2]", "<= 4"),
    (put("bass.home", "E3"), "bass.home", "a note from E1 to D3"),
    (put("bass.home", "H"), "bass.home", "note name"),
    (put("form.instruments.bass.0.low", "E1"), "form.instruments[bass][0].high", "low and high, or neither"),
    (put("form.instruments.bass.0.longest", 0), "form.instruments[...][0].longest", "> 0"),
    (lambda data: data.pop("drums"), "", "missing required field `drums`"),
)


@each_case("change, field, problem", BROKEN)
def test_an_invalid_preset_raises_with_file_field_and_bounds(change: Break, field: str, problem: str) -> None:
    data = deepcopy(rock_data())
    change(data)
    with pytest.raises(PresetError) as error:
        parse_style(data, "mine.yaml")
    assert error.value.source == "mine.yaml"
    assert error.value.field == field
    assert problem in str(error.value)


@each_case("text", ["name: [", "\t- x: {", "just words", "- a\n- b", ""])
def test_a_text_that_is_no_mapping_raises(text: str) -> None:
    with pytest.raises(PresetError, match=r"mine\.yaml"):
        parse_style(text, "mine.yaml")


@each_case("folder", DATA)
def test_folders_are_named_after_their_style(folder: str) -> None:
    assert folder == str(DATA[folder]["name"]).replace(" ", "_").replace("-", "_").replace("&", "n").lower()


def test_a_style_takes_what_it_lacks_from_the_one_it_is_based_on() -> None:
    mine = {"name": "my rock", "based_on": "ROCK", "tempo": {"low": 60, "usual": 70, "high": 80}}
    style = parse_style(rest_on_base(mine, {"rock": rock_data()}, "mine.yaml"), "mine.yaml")
    assert (style.name, style.tempo.usual, style.aliases) == ("my rock", 70.0, ())
    assert style.drums == STYLES["rock"].drums


@each_case("base, problem", [("polka", "expected one of"), ("mine", "circle")])
def test_an_invalid_base_raises(base: str, problem: str) -> None:
    mine: dict[str, object] = {"name": "mine", "based_on": base}
    with pytest.raises(PresetError, match=problem) as error:
        rest_on_base(mine, {"rock": rock_data(), "mine": mine}, "mine.yaml")
    assert error.value.field == "based_on"


def test_a_folder_without_a_style_file_raises() -> None:
    with pytest.raises(PresetError, match=r"mine: expected a file style\.yaml"):
        join_sections({"bass": "low: E1"}, "mine")


def test_the_four_styles_of_the_first_band_are_there() -> None:
    assert {"rock", "funk", "hip-hop", "house"} <= STYLES.keys()


def test_ways_to_play_chords_are_for_instruments_that_there_are() -> None:
    for style in STYLES.values():
        names = {voice.name for voice in style.form.voices("harmony")}
        for name in names:
            assert any(not way.instruments or name in way.instruments for way in style.harmony.comping), name
        assert all(names.issuperset(way.instruments) for way in style.harmony.comping), style.name


def test_names_and_aliases_are_unambiguous() -> None:
    names = [name.lower() for style in STYLES.values() for name in (style.name, *style.aliases)]
    assert len(names) == len(set(names))


@each_case("name", ["hip-hop", "Hip Hop", "hip_hop", "BOOM BAP"])
def test_styles_are_found_however_they_are_written(name: str) -> None:
    assert find_style(name, STYLES).name == "hip-hop"


def test_an_unknown_style_raises_with_the_known_ones() -> None:
    with pytest.raises(ParamError, match=r"one of .*funk.*rock"):
        find_style("polka", STYLES)


def test_rows_are_equal_by_what_they_say() -> None:
    assert OnsetRow("X . x .") == OnsetRow("X . x .") != OnsetRow("X . X .")
    assert len({OnsetRow("X . x ."), OnsetRow("X . x .")}) == 1
    assert not OnsetRow("X . x .").is_empty
    assert OnsetRow(". . . .").is_empty
