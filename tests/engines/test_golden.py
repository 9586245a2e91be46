"""Every golden take comes out again, note for note: a change in the music is seen, and meant."""

from __future__ import annotations

from tests.each_case import each_case
from tests.engines.golden_takes import FOLDER, GOLDEN_TAKES, GoldenTake, write_take


@each_case("take", GOLDEN_TAKES)
def test_takes_are_as_in_snapshots(take: GoldenTake) -> None:
    kept = take.path.read_text(encoding="utf-8")
    assert write_take(take) == kept, "when the change is meant: python -m tests.engines.regenerate_golden"


def test_no_golden_take_is_left_over() -> None:
    assert set(FOLDER.glob("*.txt")) == {take.path for take in GOLDEN_TAKES}
