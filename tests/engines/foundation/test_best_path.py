"""The best way found back from its end."""

from __future__ import annotations

from musearoo.engines.foundation.best_path import trace_back


def test_the_way_leads_from_the_first_place_to_the_last() -> None:
    assert trace_back(0, []) == [0]
    assert trace_back(2, [[1, 0, 0], [2, 1, 1], [0, 0, 2]]) == [0, 1, 2, 2]
    assert trace_back(0, [[1, 0, 0], [2, 1, 1], [0, 0, 2]]) == [0, 2, 0, 0]
