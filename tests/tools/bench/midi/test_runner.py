"""What `musearoo bench midi` runs for which options, and what it says where it cannot."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from musearoo.bridge.cli import main
from musearoo.engines.errors import EngineError
from musearoo.tools.bench.midi.runner import JUDGES
from musearoo.tools.bench.options import MIDI_PARTS
from musearoo.tools.bench.rows import Row

Asked = list[tuple[str, int]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """The parts that would be measured, and how many of each; "jam" gives up after its first row, "kills" before."""
    asked: Asked = []

    def judge_of(part: str) -> Callable[[int, Callable[[str, int, int], None]], Iterator[Row]]:
        def judge(times: int, tell: Callable[[str, int, int], None]) -> Iterator[Row]:
            asked.append((part, times))
            tell(part, 1, times)
            if part == "kills":
                raise EngineError("nobody can be killed here.")
            yield Row(part, "late at p99", "ms", 0.5, None, True)
            if part == "jam":
                raise EngineError("the band has gone home.")

        return judge

    for part, judge in JUDGES.items():
        module = ModuleType(part)
        setattr(module, judge.function, judge_of(part))
        monkeypatch.setitem(sys.modules, f"musearoo.tools.bench.midi.{part}", module)
    return asked


def test_all_parts_are_measured_in_order_and_what_cannot_be_is_told(
    asked: Asked, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "midi", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert tuple(part for part, _ in asked) == MIDI_PARTS
    names = [row["name"] for row in report["rows"]]
    assert names == [f"{part}: late at p99" for part in MIDI_PARTS if part != "kills"]
    assert report["notes"][1:] == ["kills: nobody can be killed here.", "jam: the band has gone home."]
    assert "no keyboard" in report["notes"][0]


def test_a_part_alone_and_in_full(asked: Asked) -> None:
    assert main(["bench", "midi", "--only", "clock", "--json"]) == 0
    assert main(["bench", "midi", "--only", "clock", "--full", "--json"]) == 0
    assert asked == [("clock", JUDGES["clock"].quick), ("clock", JUDGES["clock"].full)]
    assert JUDGES["clock"].full > JUDGES["clock"].quick


@pytest.mark.usefixtures("asked")
def test_where_nothing_can_be_measured_the_bench_fails_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "midi", "--only", "kills"]) == 1
    assert capsys.readouterr().err.strip() == "musearoo: kills: nobody can be killed here."


def test_every_part_has_a_judge() -> None:
    assert tuple(JUDGES) == MIDI_PARTS
