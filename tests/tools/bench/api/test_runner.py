"""`musearoo bench api`: one part for real, what it needs, and what it says where something is not there."""

import importlib.util
import json
from importlib.machinery import ModuleSpec

import pytest

from musearoo.bridge.cli import main
from musearoo.bridge.commands import bench
from musearoo.tools.studio.processes import DaemonProcess
from tests.optional import require

require("fastapi", "sqlalchemy", "websockets")

from musearoo.tools.bench.api import runner
from musearoo.tools.bench.api.imports import imports_told, web_imports
from musearoo.tools.bench.options import API_PARTS
from musearoo.tools.bench.rows import Row


def test_a_part_is_measured_with_a_real_server(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "api", "--quick", "--only", "sizes", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    kilobytes = {row["name"].partition(": ")[2]: row["ours"] for row in report["rows"]}
    assert 3.0 < kilobytes["of these the notes, in msgpack"] < kilobytes["WebSocket, msgpack"] < 6.0
    assert kilobytes["WebSocket, msgpack"] < kilobytes["REST, JSON"]
    assert "load average" in report["notes"][-1]


def test_the_parts_run_in_order_and_what_is_not_there_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    measured: list[str] = []

    def measure(part: str, amounts: runner.Amounts, _progress: runner.Progress) -> tuple[list[Row], str]:
        measured.append(part)
        assert amounts is runner.FULL
        return ([], "Uploads are not there yet.") if part == "upload" else ([Row(part, "p50", "ms", 1.0)], "")

    monkeypatch.setattr(runner, "measure", measure)
    assert main(["bench", "api", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert tuple(measured) == API_PARTS
    assert "Uploads are not there yet." in report["notes"]
    assert len(report["rows"]) == len(API_PARTS) - 1
    assert main(["bench", "api", "--only", "upload"]) == 1
    assert capsys.readouterr().err.strip() == "musearoo: Uploads are not there yet."


def test_without_the_server_both_benches_say_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def find_spec(name: str) -> ModuleSpec | None:
        return None if name in ("fastapi", "sqlalchemy") else importlib.util.find_spec(name)

    monkeypatch.setattr(bench, "find_spec", find_spec)
    for name in ("api", "load"):
        assert main(["bench", name]) == 1, name
        said = capsys.readouterr().err.strip()
        assert said.startswith("musearoo: The server needs fastapi and sqlalchemy: run "), name
        assert said.count("\n") == 0, name


def test_a_running_daemon_imports_nothing_of_the_server(tmp_path_factory: pytest.TempPathFactory) -> None:
    with imports_told(), DaemonProcess(tmp_path_factory.mktemp("home")) as daemon:
        pass
    assert web_imports(daemon.said()) == []
    assert web_imports(f"{daemon.said()}\nimport time: 1 | 2 |   fastapi.routing") == ["fastapi"]
