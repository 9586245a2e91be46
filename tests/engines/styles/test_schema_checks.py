"""Contradictory fields of a style raise with their names, at the exact bounds."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from musearoo.engines.errors import ParamError, PresetError
from musearoo.engines.music.meter import Meter
from musearoo.engines.styles.bass import HOME_ABOVE_LOW
from musearoo.engines.styles.mix import MixStyle
from musearoo.engines.styles.reading import (
    find_name,
    find_style,
    join_sections,
    parse_style,
    read_mapping,
    rest_on_base,
)
from tests.engines.presets_on_disk import STYLES, rock_data


def broken(**changes: Any) -> str:
    """The field that is told of a rock style with some fields changed, such as `bass__low`; "" where it is fine."""
    data = deepcopy(rock_data())
    for path, value in changes.items():
        inner: Any = data
        *above, last = path.split("__")
        for name in above:
            inner = inner[int(name)] if isinstance(inner, list) else inner.setdefault(name, {})
        inner[int(last) if isinstance(inner, list) else last] = value
    try:
        parse_style(data, "mine.yaml")
    except PresetError as error:
        return error.field
    return ""


def test_tempos_stand_in_their_order() -> None:
    for low, usual, high, field in (
        (90, 100, 110, ""),
        (100, 100, 100, ""),
        (101, 100, 110, "tempo"),
        (90, 111, 110, "tempo"),
        (90, 100, 99, "tempo"),
    ):
        assert broken(tempo={"low": low, "usual": usual, "high": high}) == field, (low, usual, high)


def test_a_meter_names_a_beat_for_each_pulse() -> None:
    for meter, beats, field in (
        ("3/4", [1, 2, 4], ""),
        ("3/4", [1, 2], "meters[3/4]"),
        ("3/4", [1, 2, 3, 4], "meters[3/4]"),
        ("3/5", [1, 2, 3], "meters[3/5]"),
    ):
        assert broken(meters={meter: beats}) == field, (meter, beats)
    data = deepcopy(rock_data())
    data["meters"] = {"3/4": [1, 2, 4]}
    style = parse_style(data)
    assert style.written_beats(Meter(3, 4)) == (0, 1, 3)
    assert style.written_beats(Meter(5, 4)) is None


def test_a_vamp_has_chords() -> None:
    for vamp, field in (("Am | F", ""), ("", "vamp"), ("|", "vamp"), ("Xm", "vamp")):
        assert broken(vamp=vamp) == field, vamp


def test_a_players_range_is_an_octave_at_least() -> None:
    for player in ("harmony", "melody"):
        for low, high, field in (
            ("C3", "C4", ""),
            ("C3", "B3", f"{player}.high"),
            ("H3", "C5", f"{player}.low"),
            ("C3", "H5", f"{player}.high"),
            ("C4", "C3", f"{player}.high"),
        ):
            assert broken(**{f"{player}__low": low, f"{player}__high": high}) == field, (player, low, high)


def test_a_bass_keeps_to_what_its_instrument_has() -> None:
    low, high = (STYLES["rock"].bass.played_on.low, STYLES["rock"].bass.played_on.high)
    assert (low, high) == (28, 63)
    for changes, field in (
        ({"bass__low": "E1", "bass__high": "Eb4"}, ""),
        ({"bass__low": "Eb1"}, "bass.low"),
        ({"bass__high": "E4"}, "bass.high"),
        ({"bass__low": "E1", "bass__high": "D#2", "bass__home": ""}, "bass.high"),
        ({"bass__low": "E1", "bass__high": "G3", "bass__home": "E1"}, ""),
        ({"bass__low": "E1", "bass__high": "G3", "bass__home": "G3"}, ""),
        ({"bass__low": "E1", "bass__high": "G3", "bass__home": "G#3"}, "bass.home"),
        ({"bass__low": "F1", "bass__high": "G3", "bass__home": "E1"}, "bass.home"),
        ({"bass__home": "H2"}, "bass.home"),
        ({"bass__lines__0__energy": [0.5, 0.5]}, ""),
        ({"bass__lines__0__energy": [0.6, 0.5]}, "bass.lines[0].energy"),
        ({"bass__lines__0__complexity": [0.6, 0.5]}, "bass.lines[0].complexity"),
        ({"bass__lines__0__glide": 0.1}, "bass.lines[0].glide"),
    ):
        assert broken(**changes) == field, changes
    data = deepcopy(rock_data())
    bass: Any = data["bass"]
    for line in bass["lines"]:
        line["sections"] = ["verse"]
    with pytest.raises(PresetError) as caught:
        parse_style(data)
    assert caught.value.field == "bass.lines"
    del bass["lines"][0]["sections"]
    bass["home"], bass["low"] = "A1", "F1"
    assert parse_style(data).bass.home_above_low == 4
    bass["home"] = ""
    assert parse_style(data).bass.home_above_low == HOME_ABOVE_LOW


def test_choices_of_drums_are_not_upside_down() -> None:
    for changes, field in (
        ({"drums__grooves__0__complexity": [1, 0]}, "drums.grooves[0].complexity"),
        ({"drums__grooves__0__energy": [1, 0]}, "drums.grooves[0].energy"),
        ({"drums__timekeepers__0__density": [1, 0]}, "drums.timekeepers[0].density"),
        ({"drums__timekeepers__0__density": [1, 1]}, ""),
        ({"drums__timekeepers__0__energy": [1, 0]}, "drums.timekeepers[0].energy"),
        ({"drums__fills__0__energy": [1, 0]}, "drums.fills[0].energy"),
        ({"drums__fills__0__energy": [1, 1]}, ""),
        ({"drums__fills__0__complexity": [1, 0]}, "drums.fills[0].complexity"),
        ({"drums__build__slowest": 4, "drums__build__fastest": 2}, "drums.build"),
        ({"drums__build__slowest": 4, "drums__build__fastest": 4}, ""),
    ):
        assert broken(**changes) == field, changes


def test_harmony_is_read_as_numerals_and_shorthands() -> None:
    comping = {"name": "x", "hand": "c... .... .... ...."}
    for changes, field in (
        ({"harmony__key": "H"}, "harmony.key"),
        ({"harmony__key": "Am"}, ""),
        ({"harmony__progressions": [{"name": "x", "chords": "I IX"}]}, "harmony.progressions[0].chords"),
        ({"harmony__cadences": ["V", "X"]}, "harmony.cadences[1]"),
        ({"harmony__turnarounds": ["X"]}, "harmony.turnarounds[0]"),
        ({"harmony__ways": {"loops": 0, "grammar": 0, "corpus": 0}}, "harmony.ways"),
        ({"harmony__ways": {"loops": 0, "grammar": 0, "corpus": 1}}, ""),
        ({"harmony__ways": {"loops": 0, "grammar": 1, "corpus": 0}}, ""),
        ({"harmony__ways": {"loops": 1, "grammar": 0, "corpus": 0}}, ""),
        ({"harmony__comping": [{**comping, "plays": [1, 0]}]}, "harmony.comping[0].plays"),
        ({"harmony__comping": [{**comping, "plays": [1, 1]}]}, ""),
        ({"harmony__comping": [{**comping, "complexity": [1, 0]}]}, "harmony.comping[0].complexity"),
        ({"harmony__colours": {"dom": {"7": 1}}}, ""),
        ({"harmony__colours": {"min": {"dom": 1}}}, ""),
        ({"harmony__colours": {"purple": {"7": 1}}}, "harmony.colours.purple"),
        ({"harmony__colours": {"min": {"purple": 1}}}, "harmony.colours.min"),
    ):
        assert broken(**changes) == field, changes


def test_a_melody_has_something_to_play() -> None:
    for changes, field in (
        ({"melody__forms": [{"units": "a b+ c."}]}, ""),
        ({"melody__forms": [{"units": "a e"}]}, "melody.forms[0].units"),
        ({"melody__forms": [{"units": "_ _"}]}, "melody.forms[0].units"),
        ({"melody__forms": [{"units": "_ d"}]}, ""),
        ({"melody__figures": [{"rhythm": "o... r... .... ...."}]}, "melody.figures[0].rhythm"),
        ({"melody__figures": [{"rhythm": "X... .... .... ...."}]}, ""),
        ({"melody__closes": [{"rhythm": "x... .... .... ....", "density": [1, 0]}]}, "melody.closes[0].density"),
        ({"melody__closes": [{"rhythm": "x... .... .... ....", "density": [1, 1]}]}, ""),
        ({"melody__contours": {}}, "melody.contours"),
    ):
        assert broken(**changes) == field, changes


def test_the_low_end_stands_in_the_middle_and_nothing_ducks_under_itself() -> None:
    for changes, field in (
        ({"mix__drums": {"level": -4, "pan": 0.1}}, ""),
        ({"mix__drums": {"level": -4, "pan": 0.11}}, "mix.drums.pan"),
        ({"mix__bass": {"level": -4, "pan": 0.11}}, "mix.bass.pan"),
        ({"mix__harmony": {"level": -4, "pan": 1}}, ""),
        ({"mix__drums": {"level": -4, "duck": 1}}, "mix.drums.duck"),
        ({"mix__bass": {"level": -4, "duck": 1}}, ""),
    ):
        assert broken(**changes) == field, changes
    mix = MixStyle()
    parts = (mix.drums, mix.bass, mix.harmony, mix.melody, mix.atmosphere, mix.harmony)
    roles: tuple[Any, ...] = ("drums", "bass", "harmony", "melody", "atmosphere", "unknown")
    assert tuple(mix.part(role) for role in roles) == parts


def test_layers_of_ambience_have_room() -> None:
    pad = {"kind": "pad"}
    for layers, field in (
        ([{**pad, "low": "C3", "high": "B3"}], ""),
        ([{**pad, "low": "C3", "high": "A#3"}], "atmos.layers[0].high"),
        ([{**pad, "low": "H3"}], "atmos.layers[0].low"),
        ([{**pad, "energy": [1, 0]}], "atmos.layers[0].energy"),
        ([{**pad, "energy": [1, 1]}], ""),
        ([pad, {**pad, "complexity": [1, 0]}], "atmos.layers[1].complexity"),
        ([{"kind": "riser"}], "atmos.layers"),
        ([{"kind": "riser"}, pad], ""),
    ):
        assert broken(atmos={"layers": layers}) == field, layers


def test_voices_keep_to_a_compass_or_have_none() -> None:
    voice = {"name": "b", "program": 33}
    at = "form.instruments[bass][0]"
    for given, field in (
        ({}, ""),
        ({"low": "E1", "high": "E2"}, ""),
        ({"low": "E1", "high": "D2"}, f"{at}.high"),
        ({"low": "E1"}, f"{at}.high"),
        ({"high": "E1"}, f"{at}.low"),
        ({"energy": [0.5, 0.5]}, ""),
        ({"energy": [0.6, 0.5]}, f"{at}.energy"),
    ):
        assert broken(form={"instruments": {"bass": [{**voice, **given}]}}) == field, given


def test_a_style_takes_what_it_lacks_from_those_it_is_based_on() -> None:
    reggae = {"name": "reggae", "vamp": "Am", "aliases": ["roots"], "bass": {"low": "E1"}, "tempo": 1}
    dub = {"name": "dub", "based_on": "Reggae", "tempo": 2}
    steppers = {"name": "steppers", "based_on": "dub", "bass": {"high": "G3"}}
    others = {"reggae": reggae, "dub": dub}
    assert rest_on_base(steppers, others, "x") == {
        "name": "steppers",
        "vamp": "Am",
        "bass": {"high": "G3"},
        "tempo": 2,
        "based_on": "dub",
    }
    assert rest_on_base(reggae, others, "x") == reggae
    for data, known in (
        ({"name": "a", "based_on": "b"}, {}),
        (dub, {"reggae": {**reggae, "based_on": "dub"}, "dub": dub}),
    ):
        with pytest.raises(PresetError) as caught:
            rest_on_base(data, known, "x.yaml")
        assert (caught.value.field, caught.value.source) == ("based_on", "x.yaml")


def test_a_folder_without_its_main_file_raises() -> None:
    assert join_sections({"bass": "low: E1", "style": "name: polka"}) == {"name": "polka", "bass": {"low": "E1"}}
    for texts in ({"bass": "low: E1"}, {"style": "- a list"}, {"style": "name: polka", "bass": "3"}):
        with pytest.raises(PresetError, match="expected"):
            join_sections(texts, "polka")
    for text in ("", "[1]", "polka"):
        with pytest.raises(PresetError, match="expected fields"):
            read_mapping(text)
    assert find_name({"name": "polka"}, "x") == "polka"
    with pytest.raises(PresetError):
        find_name({"name": ["polka"]}, "x")


def test_styles_are_found_however_they_are_written() -> None:
    for name in ("bossa nova", "Bossa-Nova", "BOSSA_NOVA", " bossanova "):
        assert find_style(name, STYLES).name == "bossa nova", name
    with pytest.raises(ParamError, match="style"):
        find_style("polka", STYLES)


def test_rows_are_texts() -> None:
    for row in (3, ["x"], "what"):
        assert broken(drums__grooves__0__kick=row).startswith("drums.grooves"), row
