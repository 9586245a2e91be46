"""Whatever stands anywhere in a device's JSON, the lint says what is wrong and does not stop."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musearoo.tools.workshop.lint.device.linter import check_device, check_patcher
from musearoo.tools.workshop.lint.device.script.rules import check_script
from tests.tools.workshop.lint.device.good import good_device

GARBAGE: tuple[Any, ...] = (None, True, -1, 1.5, 10**9, "", "x", "\0", "0" * 5000, [], [1], [[]], {}, {"a": 1})

Path = tuple[str | int, ...]


def _places(value: Any, place: Path = ()) -> Iterator[Path]:
    """Where values stand in a JSON document, from its leaves to its largest parts."""
    parts: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from _places(part, (*place, key))
        yield (*place, key)


def _check_garbage(seed: int, count: int) -> None:
    chance = random.Random(seed)
    places = list(_places(good_device().patcher))
    for _ in range(count):
        device = good_device()
        *ahead, last = chance.choice(places)
        holder: Any = device.patcher
        for step in ahead:
            holder = holder[step]
        holder[last] = chance.choice(GARBAGE)
        device.findings()


def test_garbage_in_a_device_stops_nothing() -> None:
    _check_garbage(seed=11, count=60)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(4))
def test_much_garbage_in_a_device_stops_nothing(seed: int) -> None:
    _check_garbage(seed, count=5000)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("boxes", "lines", "box", "patchline", "id", "parameters", "project")), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=40, deadline=None)
@given(_JSON)
def test_any_json_is_told_from_a_patcher(value: Any) -> None:
    check_patcher({"patcher": value})


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_told_from_a_device(content: bytes) -> None:
    assert check_device(content, "a.amxd")


@settings(max_examples=30, deadline=None)
@given(st.text("abc(){}[];,.=+-/*'\"`\\ \nfunction=>0", max_size=40))
def test_any_text_is_told_from_a_script(source: str) -> None:
    for finding in check_script(source, "a.js"):
        assert finding.sentence
