"""Which parts `musearoo bench load` measures."""

import json
from collections.abc import Sequence

import pytest

from musearoo.bridge.cli import main
from tests.optional import require

require("fastapi", "sqlalchemy", "websockets")

from musearoo.tools.bench.load import runner
from musearoo.tools.bench.options import LOAD_PARTS
from musearoo.tools.bench.rows import Row


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, runner.Amounts]]:
    """The parts that would be measured, with their amounts."""
    parts: list[tuple[str, runner.Amounts]] = []

    def measure(
        part: str, _parts: Sequence[str], amounts: runner.Amounts, _c: int, found: runner.Found, _p: runner.Progress
    ) -> None:
        parts.append((part, amounts))
        found.rows.append(Row(part, "p50", "ms", 1.0))

    monkeypatch.setattr(runner, "_measure", measure)
    return parts


def test_overload_is_measured_where_the_knee_is(
    measured: list[tuple[str, runner.Amounts]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "load", "--json"]) == 0
    assert [part for part, _ in measured] == [part for part in LOAD_PARTS if part != "overload"]
    assert main(["bench", "load", "--only", "overload", "--json"]) == 0
    assert measured[-1] == ("overload", runner.USUAL)
    assert "load average" in json.loads(capsys.readouterr().out.splitlines()[-1])["notes"][-1]


def test_quick_and_full_are_other_amounts(
    measured: list[tuple[str, runner.Amounts]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", "load", "--quick", "--json"]) == 0
    assert {part for part, _ in measured} == set(runner.QUICK_PARTS) - {"overload"}
    assert main(["bench", "load", "--full", "--only", "idle", "--json"]) == 0
    assert measured[-1] == ("idle", runner.FULL)
    assert runner.FULL.idle[-1][0] == 5_000
    capsys.readouterr()


@pytest.mark.usefixtures("measured")
def test_a_plot_without_anything_to_draw_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "load", "--only", "users", "--plot", "load.png"]) == 1
    assert "asked for with the part scaling or knee" in capsys.readouterr().err
