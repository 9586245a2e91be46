"""Every case runs, with the fixtures that pytest finds, and the one that fails is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.each_case import each_case

met: list[tuple[int, str]] = []


@each_case("number", (1, 2))
@each_case("letter, folder", (("a", "x"), ("b", "y")))
def test_all_cases_run_and_share_the_fixtures(number: int, letter: str, folder: str, tmp_path: Path) -> None:
    (tmp_path / f"{number}{letter}{folder}").touch()
    met.append((number, letter))
    assert len(list(tmp_path.iterdir())) == len(met)
    assert met == [(1, "a"), (1, "b"), (2, "a"), (2, "b")][: len(met)]


def test_the_case_that_fails_is_named() -> None:
    @each_case("number", (0, 5, 7))
    def never_over_four(number: int) -> None:
        assert number < 5

    with pytest.raises(AssertionError) as error:
        never_over_four()
    assert error.value.__notes__ == ["in the case number = 5"]


def test_no_cases_are_an_error() -> None:
    with pytest.raises(ValueError, match="no cases of number"):
        each_case("number", [])
