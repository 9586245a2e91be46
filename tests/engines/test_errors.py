"""What engines raise: by whose fault, with bounds, and what may have been meant."""

from __future__ import annotations

import pickle
from math import inf, nan
from typing import Any

import pytest

from musearoo.engines.errors import SHOWN, ParamError, PresetError, cut, require_between, unknown_name


def test_a_wrong_value_is_named_with_its_bounds_and_survives_pickling() -> None:
    error = ParamError("bars", "1 to 64", 0, "1")
    assert str(error) == "bars must be 1 to 64, but was 0: did you mean '1'?"
    again = pickle.loads(pickle.dumps(error))
    assert (again.field, again.bounds, again.got, again.nearest) == ("bars", "1 to 64", 0, "1")
    assert str(ParamError("bars", "1 to 64", "x")) == "bars must be 1 to 64, but was 'x'"
    assert ParamError("bars", "1 to 64", 0).nearest == ""


def test_a_wrong_preset_is_named_with_file_and_field() -> None:
    error = PresetError("a.yaml", "tempo", "too fast")
    assert str(error) == "a.yaml: tempo: too fast"
    assert str(PresetError("a.yaml", "", "empty")) == "a.yaml: empty"
    again = pickle.loads(pickle.dumps(error))
    assert (again.source, again.field, again.problem) == ("a.yaml", "tempo", "too fast")


def test_only_the_beginning_of_a_long_text_is_shown() -> None:
    assert cut("x" * SHOWN) == "x" * SHOWN
    assert cut("x" * (SHOWN + 1)) == "x" * SHOWN + "…"
    assert len(str(ParamError("a", "b", "y" * 9_999))) < SHOWN + 100
    long = PresetError("a", "f" * 9_999, "p" * 9_999)
    assert (len(long.field), len(long.problem)) == (SHOWN + 1, SHOWN + 1)


def test_what_lies_on_a_bound_is_between_and_nothing_else_than_a_number_is() -> None:
    good: tuple[float, ...] = (1, 1.0, 2.5, 4, 4.0)
    for got in good:
        require_between("n", got, 1.0, 4.0)
    bad: tuple[Any, ...] = (0.999, 4.001, nan, inf, -inf, True, "2", None)
    for got in bad:
        with pytest.raises(ParamError, match=r"^n must be 1 to 4, but was"):
            require_between("n", got, 1.0, 4.0)
    with pytest.raises(ParamError, match="1 to 4 beats, but was 5"):
        require_between("n", 5, 1.0, 4.0, "beats")


def test_the_nearest_name_is_found_whatever_its_case() -> None:
    names, aliases = ("Funk", "House"), ("Deep Funk",)
    for got, nearest in ((" fNuk ", "Funk"), ("deep fnuk", "Deep Funk"), ("polka", ""), ("HOUSE", "House")):
        error = unknown_name("style", got, iter(names), iter(aliases), " or a file")
        assert (error.nearest, error.bounds) == (nearest, "one of Funk, House or a file"), got
    # A name stands before an alias that is written alike.
    assert unknown_name("style", "funk", ("Funk",), ("FUNK",)).nearest == "Funk"
