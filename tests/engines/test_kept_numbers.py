"""Kept numbers: what is noticed, and what is left to rounding."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.engines.kept_numbers import check_numbers, write_tokens

ROW = np.cos(np.arange(40.0))
KEPT = (True, 3, "kick", 0.5, ROW)


def keep(folder: Path, value: object) -> None:
    (folder / "numbers.txt").write_text(f"beats one: {' '.join(write_tokens(value))}\n", encoding="utf-8")


def test_rounding_is_forgiven_and_every_change_is_noticed(tmp_path: Path) -> None:
    keep(tmp_path, KEPT)
    check_numbers(tmp_path, "beats", [("one", KEPT)])
    check_numbers(tmp_path, "beats", [("one", (True, 3, "kick", 0.50001, ROW * 1.00001))])
    swapped = ROW.copy()
    swapped[[3, 4]] = ROW[[4, 3]]
    changed: list[object] = [
        (False, *KEPT[1:]),
        (True, 4, *KEPT[2:]),
        (True, 3, "snare", *KEPT[3:]),
        (True, 3, "kick", 0.501, ROW),
        (True, 3, "kick", None, ROW),
        (*KEPT[:4], swapped),
        (*KEPT[:4], ROW[:-1]),
        KEPT[:4],
    ]
    for value in changed:
        with pytest.raises(AssertionError, match="beats one"):
            check_numbers(tmp_path, "beats", [("one", value)])


def test_cases_that_are_missing_or_new_are_noticed(tmp_path: Path) -> None:
    keep(tmp_path, KEPT)
    with pytest.raises(AssertionError, match="missing"):
        check_numbers(tmp_path, "beats", [])
    with pytest.raises(AssertionError, match="nothing"):
        check_numbers(tmp_path, "beats", [("one", KEPT), ("two", 1.0)])
