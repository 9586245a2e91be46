"""Analyses on disk: found again by content, lost without harm, never more than there is room for."""

from dataclasses import replace
from pathlib import Path

import pytest

from musearoo.bridge.analysis.cache import AnalysisCache, AnalysisKey
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.analysis import Analysis, Onset, Rhythm
from musearoo.engines.music.knowledge.analysis_json import dump_analysis

KEY = AnalysisKey("c0ffee", 0, 2000, False, "fast")
ANALYSIS = Analysis(2.0, "fast", Rhythm(Estimate(92.0, 0.9, "clip"), beats=(0.1, 0.7523)), onsets=(Onset(0.1, 1.0),))


def test_what_was_written_is_read_back_the_same(tmp_path: Path) -> None:
    AnalysisCache(tmp_path, "1").write(KEY, ANALYSIS)
    assert AnalysisCache(tmp_path, "1").read(KEY) == ANALYSIS


@pytest.mark.parametrize(
    "other",
    [
        replace(KEY, content="c0ffef"),
        replace(KEY, start_ms=1),
        replace(KEY, end_ms=0),
        replace(KEY, repeats=True),
        replace(KEY, depth="deep"),
    ],
)
def test_another_passage_is_another_entry(tmp_path: Path, other: AnalysisKey) -> None:
    cache = AnalysisCache(tmp_path, "1")
    cache.write(KEY, ANALYSIS)
    assert cache.read(other) is None


def test_another_analyzer_version_finds_nothing(tmp_path: Path) -> None:
    AnalysisCache(tmp_path, "1").write(KEY, ANALYSIS)
    assert AnalysisCache(tmp_path, "2").read(KEY) is None


def test_a_broken_entry_is_none_and_is_replaced(tmp_path: Path) -> None:
    cache = AnalysisCache(tmp_path, "1")
    cache.write(KEY, ANALYSIS)
    path = tmp_path / "1" / KEY.file_name
    path.write_bytes(path.read_bytes()[:-3])
    assert cache.read(KEY) is None
    cache.write(KEY, ANALYSIS)
    assert cache.read(KEY) == ANALYSIS


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    now = iter(range(1_000_000_000, 2_000_000_000, 60))
    size = len(dump_analysis(ANALYSIS))
    cache = AnalysisCache(tmp_path / "room", "1", most_bytes=round(5.5 * size), clock=lambda: float(next(now)))
    keys = [replace(KEY, content=f"{number:06x}") for number in range(5)]
    for key in keys:
        cache.write(key, ANALYSIS)
    assert cache.read(keys[0]) == ANALYSIS
    cache.write(replace(KEY, content="new"), ANALYSIS)
    assert cache.read(keys[0]) == ANALYSIS
    assert cache.read(replace(KEY, content="new")) == ANALYSIS
    assert cache.read(keys[1]) is None


def test_the_room_is_kept_over_many_entries_and_several_runs(tmp_path: Path) -> None:
    size = len(dump_analysis(ANALYSIS))
    for run in range(3):
        cache = AnalysisCache(tmp_path / "room", f"{run}", most_bytes=10 * size)
        for number in range(30):
            cache.write(replace(KEY, content=f"{number:06x}"), ANALYSIS)
            filled = sum(path.stat().st_size for path in (tmp_path / "room").rglob("*") if path.is_file())
            assert filled <= 10 * size


def test_a_folder_that_cannot_be_written_costs_no_more_than_the_cache(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = AnalysisCache(tmp_path / "file", "1")
    cache.write(KEY, ANALYSIS)
    assert cache.read(KEY) is None
    assert "cannot be kept" in caplog.text
