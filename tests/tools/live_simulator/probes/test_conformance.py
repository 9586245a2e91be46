"""The conformance run: its report, and the run itself where AbletonOSC lies at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from musearoo.tools.live_simulator.core.shapes import NEWEST
from musearoo.tools.live_simulator.probes.conformance.__main__ import main, run_conformance
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
    report = run_conformance("abletonosc", str(CHECKOUT), NEWEST)
    assert report.unexpected == []
    assert len(report.suite) >= 54
