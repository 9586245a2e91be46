"""The conformance run: its report, and the run itself where AbletonOSC lies at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from musearoo.tools.live_simulator.core.shapes import NEWEST
from musearoo.tools.live_simulator.probes.conformance import ableton_js, ableton_mcp
from musearoo.tools.live_simulator.probes.conformance.__main__ import describe_all, main, run_conformance
from musearoo.tools.live_simulator.probes.conformance.report import Outcome, Report, describe

CHECKOUT = os.environ.get("MUSEAROO_ABLETONOSC")

PASSED = Outcome("tests.test_x::test_a", True, "")
FAILED = Outcome("tests.test_x::test_b", False, "assert 1 == 2\nmore")


def test_a_report_is_conformant_only_when_all_passed() -> None:
    assert Report("abletonosc", NEWEST, None, [PASSED], [PASSED], []).is_conformant
    assert not Report("abletonosc", NEWEST, None, [PASSED, FAILED], [PASSED], []).is_conformant
    assert not Report("abletonosc", NEWEST, None, [PASSED], [FAILED], []).is_conformant
    assert not Report("abletonosc", NEWEST, None, [], [PASSED], []).is_conformant


def test_a_report_names_what_failed() -> None:
    text = describe(Report("abletonosc", NEWEST, "note-order", [PASSED, FAILED], [PASSED], ["Clip.quantize"]))
    assert text.splitlines() == [
        f"simulated Live {NEWEST}, broken: note-order",
        "abletonosc's own tests: 1 of 2 passed",
        "  FAILED tests.test_x::test_b (unexpected): assert 1 == 2",
        "house probes: 1 of 1 passed",
        "  touched, but not simulated: Clip.quantize",
        "NOT conformant",
    ]


def test_a_folder_that_is_no_checkout_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["abletonosc", "--checkout", str(tmp_path)])
    assert "is no checkout of AbletonOSC" in capsys.readouterr().err


@pytest.mark.long
@pytest.mark.skipif(CHECKOUT is None, reason="MUSEAROO_ABLETONOSC names no checkout of AbletonOSC")
def test_abletonosc_passes_its_own_tests_in_the_simulated_live() -> None:
    (report,) = run_conformance({"abletonosc": str(CHECKOUT)}, NEWEST)
    assert report.unexpected == []
    assert len(report.suite) >= 54


def test_a_failure_with_a_named_reason_is_allowed() -> None:
    known = Outcome("create_audio_clip", False, "unavailable")
    assert Report("ableton-mcp", "12.0.0", None, [PASSED, known], [PASSED], []).is_conformant
    # A reason holds for its peer and its version of Live alone.
    assert not Report("ableton-mcp", "12.0.5", None, [PASSED, known], [PASSED], []).is_conformant
    assert not Report("ableton-js", "12.0.0", None, [PASSED, known], [PASSED], []).is_conformant


def test_the_table_of_all_peers_names_reasons_and_what_is_unexpected() -> None:
    known = Outcome("create_audio_clip", False, "unavailable")
    reports = [
        Report("abletonosc", NEWEST, None, [PASSED, FAILED], [PASSED], []),
        Report("ableton-mcp", "12.0.0", None, [PASSED, known], [PASSED], []),
    ]
    text = describe_all(reports)
    assert "1/2" in text
    assert "UNEXPECTED: assert 1 == 2" in text
    assert "Live 12.0.0 has no create_audio_clip" in text
    assert text.endswith("NOT conformant")


def test_results_of_vitest_are_read() -> None:
    case = {"fullName": "Song reads", "status": "passed", "failureMessages": []}
    broken = {"fullName": "Song writes", "status": "failed", "failureMessages": ["timed out"]}
    data = {
        "testResults": [
            {"name": "/x/song.spec.ts", "status": "failed", "assertionResults": [case, broken]},
            {"name": "/x/track.spec.ts", "status": "failed", "message": "no such module", "assertionResults": []},
        ]
    }
    assert ableton_js.read_results(data) == [
        Outcome("song.spec.ts::Song reads", True, ""),
        Outcome("song.spec.ts::Song writes", False, "timed out"),
        Outcome("track.spec.ts", False, "no such module"),
    ]


def test_a_checkout_of_ableton_js_needs_its_packages(tmp_path: Path) -> None:
    assert "no folder midi-script" in ableton_js.find_fault(str(tmp_path))
    (tmp_path / "midi-script").mkdir()
    assert "npm install" in ableton_js.find_fault(str(tmp_path))


MCP_SCRIPT = """
import json, socket, threading
from _Framework.ControlSurface import ControlSurface

class Stand_in(ControlSurface):
    def __init__(self, c_instance):
        super().__init__(c_instance)
        self.server = socket.create_server(("127.0.0.1", 9877))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        connection, _ = self.server.accept()
        while data := connection.recv(65536):
            command = json.loads(data)
            good = command["type"] != "set_tempo"
            answer = {"status": "success" if good else "error", "result": {"name": "AbletonMCP"}, "message": "no"}
            connection.sendall(json.dumps(answer).encode())

    def disconnect(self):
        self.server.close()
        super().disconnect()

def create_instance(c_instance):
    return Stand_in(c_instance)
"""


def test_each_command_is_judged_by_its_answer_and_by_the_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / ableton_mcp.FOLDER_NAME
    folder.mkdir()
    (folder / "__init__.py").write_text(MCP_SCRIPT, encoding="utf-8")
    assert ableton_mcp.find_fault(str(tmp_path)) == ""
    wanted = ("get_script_info", "set_tempo", "create_midi_track", "get_session_info")
    steps = [step for step in ableton_mcp.steps("") if step.command in wanted][:4]
    monkeypatch.setattr(ableton_mcp, "steps", lambda _: steps)
    monkeypatch.setattr(ableton_mcp, "SETTLE_SECONDS", 0.01)
    outcomes, not_simulated = ableton_mcp.run(str(tmp_path), NEWEST, None, None)
    told = {outcome.name: (outcome.passed, outcome.text) for outcome in outcomes}
    assert told["get_script_info"] == (True, "")
    assert told["get_session_info"] == (False, "tempo is None, not 120.0")
    assert told["set_tempo"] == (False, "no")
    assert not told["create_midi_track at the end"][0]
    assert not_simulated == []
