"""Our players against people: most measures of each part within the quartiles of human playing, controls far off.

The figures of the bench, on few takes: they guard against nonsense and prove no quality. Drums stand against the Groove
MIDI Dataset (Gillick et al., 2019), the others against POP909 (Wang et al., 2020).
"""

from __future__ import annotations

from functools import cache

from musearoo.tools.bench.engines.drums.judging import judge_drums
from musearoo.tools.bench.engines.ranges import judge_ranges
from musearoo.tools.bench.rows import Row
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES

TAKES = 10
"""Four times as many songs; of fewer the medians tell more of the songs than of the players."""


@cache
def pitched() -> dict[str, Row]:
    return {row.name: row for row in judge_ranges(STYLES, range(TAKES))}


@cache
def drums() -> dict[str, float]:
    return {row.name: row.ours for row in judge_drums(STYLES, TAKES)}


@each_case("part", ["bass", "harmony", "melody"])
def test_three_of_four_measures_are_human(part: str) -> None:
    assert pitched()[f"{part}: measures within the quartiles"].met


@each_case("part", ["bass", "melody"])
@each_case("control", ["notes at random", "the same notes shuffled", "other chords"])
def test_control_music_is_distinguished_from_ours(part: str, control: str) -> None:
    assert pitched()[f"{part}: beside {control}"].met


def test_drummers_are_human_and_of_their_style() -> None:
    assert drums()["all: measures that are human"] >= 0.7
    assert drums()["all: named by ears for people"] >= 0.65


@each_case("control", ["random hits", "shuffled in time"])
def test_strokes_without_a_drummer_are_not(control: str) -> None:
    assert drums()[f"{control}: measures that are human"] <= 0.55
    assert drums()[f"{control}: named by ears for people"] <= 0.35
