"""The judge lets a drummer pass and stops what only looks like one."""

from collections.abc import Callable
from random import Random

from musearoo.engines.music.clip import Clip
from musearoo.tools.bench.engines.drums.controls import random_hits, shuffled_in_time
from musearoo.tools.bench.engines.drums.human import read_human
from musearoo.tools.bench.engines.drums.judging import judge_drums, judge_style, play_takes
from musearoo.tools.bench.engines.drums.measures import MEASURES
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES

TAKES = play_takes(STYLES["soul"], 12)


def test_the_figures_of_people_are_whole() -> None:
    human = read_human()
    assert set(human.quartiles) == set(human.classifier.classes) == set(human.recognised) <= set(STYLES)
    assert set(human.sources) == set(human.quartiles)
    assert human.sources["funk"].are_enough
    assert not human.sources["blues"].are_enough
    for table in human.quartiles.values():
        assert set(table) == set(MEASURES)
        assert all(low <= high for low, high in table.values())


def test_a_soul_drummer_passes() -> None:
    verdict = judge_style("soul", TAKES)
    assert verdict.human >= 0.75, verdict.within
    assert verdict.recognised >= 0.7


@each_case("spoil", [random_hits, shuffled_in_time])
def test_controls_keep_the_strokes_and_fail(spoil: Callable[[Clip, Random], Clip]) -> None:
    spoilt = [spoil(clip, Random(number)) for number, clip in enumerate(TAKES)]
    assert [len(clip.notes) for clip in spoilt] == [len(clip.notes) for clip in TAKES]
    verdict = judge_style("soul", spoilt)
    assert verdict.human < 0.6, verdict.within
    assert verdict.recognised < 0.5


def test_a_wrong_style_is_noticed() -> None:
    assert judge_style("jazz swing", TAKES).recognised == 0.0


def test_rows_name_what_they_are_compared_with() -> None:
    rows = {row.name: row for row in judge_drums({"soul": STYLES["soul"], "house": STYLES["house"]}, 4)}
    assert rows["soul: named by ears for people"].peer == read_human().recognised["soul"]
    assert "house: named by ears for people" not in rows
    assert {"random hits: measures that are human", "shuffled in time: named by ears for people"} <= set(rows)
    assert all(0.0 <= row.ours <= 1.0 for row in rows.values())
