"""Cached analyses: found again by content and version, lost without harm."""

from dataclasses import replace
from pathlib import Path

import pytest

from musearoo.bridge.analysis.cache import AnalysisCache, AnalysisKey
from musearoo.bridge.cache.catalogue import ANALYSES
from musearoo.bridge.cache.disk import DiskLevel
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.analysis import Analysis, Onset, Rhythm

KEY = AnalysisKey("c0ffee", 0, 2000, False, "fast")
ANALYSIS = Analysis(2.0, "fast", Rhythm(Estimate(92.0, 0.9, "clip"), beats=(0.1, 0.7523)), onsets=(Onset(0.1, 1.0),))


def open_cache(folder: Path, version: str = "1") -> AnalysisCache:
    return AnalysisCache(DiskLevel(folder, ANALYSES.bounds, ANALYSES.suffix), version)


def test_what_was_written_is_read_back_the_same(tmp_path: Path) -> None:
    open_cache(tmp_path).write(KEY, ANALYSIS)
    assert open_cache(tmp_path).read(KEY) == ANALYSIS


@pytest.mark.parametrize(
    "other",
    [
        replace(KEY, content="c0ffef"),
        replace(KEY, start_ms=1),
        replace(KEY, end_ms=0),
        replace(KEY, repeats=True),
        replace(KEY, depth="deep"),
        replace(KEY, stems="dsp 1"),
    ],
)
def test_another_passage_is_another_entry(tmp_path: Path, other: AnalysisKey) -> None:
    cache = open_cache(tmp_path)
    cache.write(KEY, ANALYSIS)
    assert cache.read(other) is None


def test_another_analyzer_version_finds_nothing(tmp_path: Path) -> None:
    open_cache(tmp_path).write(KEY, ANALYSIS)
    assert open_cache(tmp_path, "2").read(KEY) is None


def test_a_broken_entry_is_none_and_is_replaced(tmp_path: Path) -> None:
    cache = open_cache(tmp_path)
    cache.write(KEY, ANALYSIS)
    (path,) = tmp_path.glob("*.analysis")
    for broken in (path.read_bytes()[:-3], b"", b"{}"):
        path.write_bytes(broken)
        assert cache.read(KEY) is None
        assert not path.exists()
    cache.write(KEY, ANALYSIS)
    assert cache.read(KEY) == ANALYSIS


def test_a_whole_entry_of_another_format_is_none_and_goes(tmp_path: Path) -> None:
    level = DiskLevel(tmp_path, ANALYSES.bounds, ANALYSES.suffix)
    level.write(KEY.name("1"), b"what dump_analysis never wrote")
    assert AnalysisCache(level, "1").read(KEY) is None
    assert level.names() == ()
