"""Presets: those that come with MuseAroo are sound, and a broken one is told with its file, field and bounds."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from engines.errors import ParamError, PresetError
from engines.rows import HitRow
from engines.styles import find_style, parse_style
from tests.engines.presets_on_disk import STYLES, TEXTS, rock_data

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
    (lambda data: data.pop("drums"), "", "missing required field `drums`"),
)


@pytest.mark.parametrize(("change", "field", "problem"), BROKEN)
def test_a_broken_preset_is_told_with_file_field_and_bounds(change: Break, field: str, problem: str) -> None:
    data = deepcopy(rock_data())
    change(data)
    with pytest.raises(PresetError) as error:
        parse_style(data, "mine.yaml")
    assert error.value.source == "mine.yaml"
    assert error.value.field == field
    assert problem in str(error.value)


@pytest.mark.parametrize("text", ["name: [", "\t- x: {", "just words", "- a\n- b", ""])
def test_what_is_no_mapping_is_told(text: str) -> None:
    with pytest.raises(PresetError, match=r"mine\.yaml"):
        parse_style(text, "mine.yaml")


@pytest.mark.parametrize("source", TEXTS)
def test_files_are_named_after_their_style(source: str) -> None:
    style = parse_style(TEXTS[source], source)
    assert find_style(source.removesuffix(".yaml"), STYLES) == style or style.name.startswith(
        source.removesuffix(".yaml").split("_")[0]
    )


def test_the_four_styles_of_the_first_band_are_there() -> None:
    assert {"rock", "funk", "hip-hop", "house"} <= STYLES.keys()


def test_names_and_aliases_are_unambiguous() -> None:
    names = [name.lower() for style in STYLES.values() for name in (style.name, *style.aliases)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", ["hip-hop", "Hip Hop", "hip_hop", "BOOM BAP"])
def test_styles_are_found_however_they_are_written(name: str) -> None:
    assert find_style(name, STYLES).name == "hip-hop"


def test_an_unknown_style_is_told_with_those_there_are() -> None:
    with pytest.raises(ParamError, match=r"one of .*funk.*rock"):
        find_style("polka", STYLES)


def test_rows_are_equal_by_what_they_say() -> None:
    assert HitRow("X . x .") == HitRow("X . x .") != HitRow("X . X .")
    assert len({HitRow("X . x ."), HitRow("X . x .")}) == 1
    assert not HitRow("X . x .").is_empty
    assert HitRow(". . . .").is_empty
