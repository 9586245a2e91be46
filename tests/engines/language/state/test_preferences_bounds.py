"""Thresholds of preferences, and bounds of stored ones."""

from __future__ import annotations

import json
from typing import Any

import pytest

from musearoo.engines.errors import PresetError
from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.state.preferences import (
    NO_PREFERENCES,
    Preferences,
    Preferred,
    Taste,
    all_preferred,
    describe,
    describe_part,
    forget,
    format_preferences,
    learn,
    parse_preferences,
    prefer,
)


def tastes(trait: str, **values: tuple[float, float]) -> Preferences:
    """Return the tastes for a bass in one trait: kept and undone counts per value; a dot is written `_`."""
    given = {
        value.strip("v").replace("_", "."): {"kept": kept, "undone": gone} for value, (kept, gone) in values.items()
    }
    data = {"parts": {"bass": {"kept": 1, "undone": 0, "traits": {trait: given}}}}
    return parse_preferences(json.dumps(data), "mine.json")


def value_of(preferences: Preferences, trait: str) -> str | None:
    """Return the preferred value for a bass."""
    found = prefer(preferences, "bass", trait)
    return None if found is None else found.value


def test_two_and_a_half_takes_are_enough_to_say_something() -> None:
    for kept, expected in ((2.5, "4"), (2.49, None), (1.5, None)):
        assert value_of(tastes("bars", v4=(kept, 0.0)), "bars") == expected, kept
    assert value_of(tastes("bars", v4=(2.0, 0.0), v8=(0.0, 0.5)), "bars") == "4"
    assert value_of(tastes("bars", v4=(2.0, 0.0), v8=(0.0, 0.49)), "bars") is None


def test_a_value_must_have_been_kept_one_and_a_half_times() -> None:
    for kept, expected in ((1.5, "4"), (1.49, None)):
        assert value_of(tastes("bars", v4=(kept, 0.0), v8=(0.0, 2.0)), "bars") == expected, kept


def test_a_value_must_be_clearly_better_than_the_usual_one() -> None:
    # (kept + 1) / (kept + undone + 2): 0.8 against 0.6 is better by 0.2, against 0.667 by 0.133.
    assert value_of(tastes("bars", v4=(3.0, 0.0), v8=(2.0, 1.0)), "bars") == "4"
    assert value_of(tastes("bars", v4=(3.0, 0.0), v8=(1.0, 0.0)), "bars") is None
    assert value_of(tastes("bars", v4=(3.0, 1.0), v8=(1.0, 0.0)), "bars") is None
    assert value_of(tastes("bars", v4=(3.0, 0.0)), "bars") == "4"


def test_the_likeliest_value_is_meant_and_of_two_alike_the_later_word() -> None:
    assert value_of(tastes("bars", v4=(3.0, 1.0), v16=(3.0, 0.0)), "bars") == "16"
    assert value_of(tastes("bars", v4=(3.0, 0.0), v16=(3.0, 0.0)), "bars") == "4"
    found = prefer(tastes("bars", v4=(3.0, 0.0)), "bass", "bars")
    assert found == Preferred("bass", "bars", "4", 0.8)


def test_of_amounts_neighbours_count_by_their_distance() -> None:
    # One step away counts for 0.607, two for 0.135.
    near = prefer(tastes("complexity", v0_8=(3.0, 0.0), v0_9=(1.0, 0.0)), "bass", "complexity")
    assert near is not None
    assert near.value == "0.8"
    assert near.likely == pytest.approx((3.607 + 1) / (3.607 + 2), abs=2e-3)
    assert value_of(tastes("complexity", v0_6=(3.0, 0.0)), "complexity") is None
    assert value_of(tastes("density", v0_8=(3.0, 0.0)), "density") == "0.8"
    assert value_of(tastes("density", v0_8=(3.0, 3.0)), "density") is None


def test_taste_fades_by_a_twentieth_and_is_forgotten_in_the_end() -> None:
    def bass(**fields: Any) -> SetAction:
        return SetAction(intent=Intent.PLAY, parts=("bass",), **fields)

    preferences = learn(learn(NO_PREFERENCES, bass(bars=4), liked=True), bass(bars=2), liked=False)
    bars = preferences.parts["bass"].traits["bars"]
    assert bars == {"4": Taste(0.95, 0.0), "2": Taste(0.0, 1.0)}
    assert (preferences.parts["bass"].kept, preferences.parts["bass"].undone) == (1, 1)
    for number in range(1, 60):
        preferences = learn(preferences, bass(bars=8), liked=True)
        # 0.95 ** 58 is 0.051, 0.95 ** 59 is 0.0485.
        assert ("4" in preferences.parts["bass"].traits["bars"]) is (number < 58), number
    assert learn(NO_PREFERENCES, SetAction(intent=Intent.MIX, parts=("bass",)), liked=True) == NO_PREFERENCES


def test_an_open_action_says_nothing_about_bars_and_style() -> None:
    action = SetAction(
        intent=Intent.CHANGE, parts=("bass",), changes=("darker", "higher", "lower"), swing=1.4, complexity=0.44
    )
    traits = learn(NO_PREFERENCES, action, liked=True).parts["bass"].traits
    assert {trait: list(values) for trait, values in traits.items()} == {
        "complexity": ["0.4"],
        "density": ["0.5"],
        "register": ["higher"],
        "swing": ["1.5"],
    }


def test_one_part_is_forgotten_or_all() -> None:
    both = Preferences({**tastes("bars", v4=(3.0, 0.0)).parts, "drums": tastes("bars").parts["bass"]})
    assert list(forget(both, "bass").parts) == ["drums"]
    assert forget(both) == NO_PREFERENCES


def test_all_that_is_preferred_is_listed_by_part() -> None:
    bass = tastes("bars", v4=(3.0, 0.0)).parts["bass"]
    both = Preferences({"band": bass, "bass": bass})
    assert [found.part for found in all_preferred(both)] == ["bass", "band"]
    assert [found.part for found in all_preferred(both, "band")] == ["band"]
    assert prefer(both, "drums", "bars") is None


def test_an_amount_is_described_by_its_degree() -> None:
    bit = describe(Preferred("bass", "complexity", "0.4", 0.9)).removesuffix("simpler")
    assert bit
    for trait, value, expected in (
        ("complexity", "0.3", "simpler"),
        ("complexity", "0.6", f"{bit}busier"),
        ("complexity", "0.7", "busier"),
        ("density", "0.6", f"{bit}denser"),
        ("density", "0.2", "sparser"),
        ("swing", "1", "straight"),
        ("bars", "1", "1 bar"),
        ("bars", "16", "16 bars"),
        ("style", "funk", "funk"),
        ("register", "lower", "lower"),
    ):
        assert describe(Preferred("bass", trait, value, 0.9)) == expected, (trait, value)
    assert "1.25" in describe(Preferred("bass", "swing", "1.25", 0.9))


def test_how_often_something_was_kept_is_counted() -> None:
    def line(kept: int, undone: int) -> str:
        data = {"parts": {"bass": {"kept": kept, "undone": undone, "traits": {}}}}
        return describe_part(parse_preferences(json.dumps(data), "mine"), "bass")

    assert len({line(kept, undone) for kept in range(4) for undone in range(4)}) == 16
    for kept, undone, numbers in ((0, 1, ""), (1, 0, ""), (2, 1, "2"), (3, 12, "312")):
        assert "".join(filter(str.isdigit, line(kept, undone))) == numbers, (kept, undone)
    assert describe_part(NO_PREFERENCES, "bass") == ""
    liked = describe_part(tastes("bars", v4=(3.0, 0.0)), "bass")
    assert "4 bars" in liked


def test_values_are_read_within_their_bounds() -> None:
    for trait, value, is_one in (
        ("complexity", "0", True),
        ("complexity", "1", True),
        ("complexity", "1.1", False),
        ("density", "-0.1", False),
        ("swing", "3.5", True),
        ("swing", "3.6", False),
        ("swing", "nan", False),
        ("swing", "far", False),
        ("bars", "1", True),
        ("bars", "0", False),
        ("bars", "64", True),
        ("bars", "65", False),
        ("bars", "1.5", False),
        ("register", "", True),
        ("register", "lower", True),
        ("register", "upper", False),
        ("style", "x", True),
        ("style", "", False),
        ("style", "x" * 60, True),
        ("style", "x" * 61, False),
        ("colour", "red", False),
    ):
        data = {"parts": {"bass": {"traits": {trait: {value: {"kept": 1.0}}}}}}
        if is_one:
            preferences = parse_preferences(json.dumps(data), "mine.json")
            assert parse_preferences(format_preferences(preferences), "mine.json") == preferences
            continue
        with pytest.raises(PresetError, match="is no value of it") as caught:
            parse_preferences(json.dumps(data), "mine.json")
        assert caught.value.field == f"parts.bass.traits.{trait}"


def test_only_parts_have_tastes() -> None:
    for part in ("drums", "band"):
        assert part in parse_preferences(json.dumps({"parts": {part: {}}}), "mine.json").parts
    with pytest.raises(PresetError, match="zither") as caught:
        parse_preferences(json.dumps({"parts": {"zither": {}}}), "mine.json")
    assert caught.value.field == "parts"
