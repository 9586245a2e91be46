"""The band of every style against rules of harmony and playability."""

from __future__ import annotations

from functools import cache

from musearoo.tools.bench.engines.faults import MOST_IN_HUNDRED_BARS, judge_faults
from musearoo.tools.bench.rows import Row
from tests.engines.presets_on_disk import STYLES


@cache
def rows() -> dict[str, Row]:
    return {row.name: row for row in judge_faults(STYLES, range(3))}


def test_harmonic_faults_are_rare() -> None:
    """The bench has the promise, over more takes; of so few a handful of bars may be worse."""
    found = rows()["harmonic, all kinds"].ours
    assert found is not None
    assert found <= 1.5 * MOST_IN_HUNDRED_BARS


def test_hands_can_play_all_parts() -> None:
    found = {name: row.ours for name, row in rows().items() if "hands" in name}
    assert set(found.values()) == {0.0}
    assert len(found) == 4
