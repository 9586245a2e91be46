"""The conformance run: its report, and the run itself where AbletonOSC lies at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from musearoo.tools.live_simulator.core.shapes import NEWEST
from musearoo.tools.live_simulator.probes.conformance import Outcome, Report, describe, main, run_conformance

CHECKOUT = os.environ.get("MUSEAROO_ABLETONOSC")

PASSED = Outcome("tests.test_x::test_a", True, "")
FAILED = Outcome("tests.test_x::test_b", False, "assert 1 == 2\nmore")


def test_a_report_is_conformant_only_when_all_passed() -> None:
    assert Report(NEWEST, None, [PASSED], [PASSED], []).is_conformant
    assert not Report(NEWEST, None, [PASSED, FAILED], [PASSED], []).is_conformant
    assert not Report(NEWEST, None, [PASSED], [FAILED], []).is_conformant
    assert not Report(NEWEST, None, [], [PASSED], []).is_conformant


def test_a_report_names_what_failed() -> None:
    text = describe(Report(NEWEST, "note-order", [PASSED, FAILED], [PASSED], ["Clip.quantize"]))
    assert text.splitlines() == [
        f"simulated Live {NEWEST}, broken: note-order",
        "AbletonOSC's own tests: 1 of 2 passed",
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
    report = run_conformance(str(CHECKOUT), NEWEST, None)
    assert report.unexpected == []
    assert len(report.suite) >= 54
