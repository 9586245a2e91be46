"""What `musearoo bench scale` measures and says."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from musearoo.bridge.cli import main
from musearoo.tools.bench.scale import runner
from musearoo.tools.bench.scale.presses import Presses, told_after
from musearoo.tools.bench.scale.reading import Readings, measure_readings
from musearoo.tools.bench.scale.sets import SetSize
from musearoo.tools.studio.processes import StudioError
from tests.tools.bench.scale.some_measures import measured

LOG = """2026-01-31 23:59:59.500 INFO    Live 12.3.6 is connected (script 0.1.0).
2026-02-01 00:00:02.750 INFO    Live 12.3.6 has told its set (10111 objects).
"""


def test_each_size_is_measured_and_other_notes_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def press(size: SetSize, presses: int, progress: Callable[[int], None]) -> Presses:
        progress(presses)
        found = measured(size).presses
        return replace(found, notes=[143, 208, 142 if size.tracks < 1000 else 141])

    def read(size: SetSize) -> Readings:
        return measured(size).readings

    monkeypatch.setattr(runner, "measure_presses", press)
    monkeypatch.setattr(runner, "measure_readings", read)
    assert main(["bench", "scale", "--json"]) == 0
    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    names = [row["name"] for row in report["rows"]]
    for size in ("10 tracks, 100 scenes, 998 clips", "1,000 tracks, 100 scenes, 20,000 clips"):
        assert f"{size}: press, p99" in names
    assert [row["met"] for row in report["rows"] if row["met"] is not None] == [True, True, True]
    assert [note for note in report["notes"] if "other notes" in note] == [
        "With 1,000 tracks 1 of 3 presses gave other notes: the machine was too busy for full takes in one of the "
        "sets. Measure again when it is idle."
    ]


def test_the_log_says_how_long_the_set_took_to_tell() -> None:
    assert told_after(LOG) == 3.25
    with pytest.raises(StudioError, match="does not say when the set was told"):
        told_after(LOG.splitlines()[0])


def test_readings_are_of_the_whole_set() -> None:
    readings = measure_readings(SetSize(tracks=9, scenes=3, most_clips=20))
    assert min(readings.mirror_seconds, readings.request, readings.band, readings.ticks) > 0.0
