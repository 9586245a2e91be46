"""The house probes hold in the simulated Live, and notice each way to break it."""

from __future__ import annotations

from musearoo.tools.live_simulator.core.shapes import NEWEST, PROFILES
from musearoo.tools.live_simulator.probes.runner import FINISHED, read_findings, run_stepped
from musearoo.tools.live_simulator.program.simulator import MUTATIONS
from tests.each_case import each_case

CAUGHT_BY = {
    "note-order": "notes_come_back_by_pitch_then_time",
    "missing-listener": "listeners_are_notified_of_changes",
    "no-notification-guard": "writing_inside_a_listener_is_refused",
    "instant-replies": "the_display_tick_comes_every_100_ms",
}


@each_case("profile", PROFILES)
def test_all_probes_hold(profile: str) -> None:
    findings = run_stepped(profile)
    assert [finding for finding in findings if not finding.passed] == []
    assert len(findings) >= 39


@each_case("mutation", MUTATIONS)
def test_each_mutation_is_caught_by_its_probe(mutation: str) -> None:
    failed = [finding.name for finding in run_stepped(NEWEST, mutation) if not finding.passed]
    assert failed == [CAUGHT_BY[mutation]]


def test_findings_are_read_from_the_log() -> None:
    lines = ["(HouseProbes) PROBE a: ok", "noise", "(HouseProbes) PROBE b: FAILED text: x", FINISHED]
    assert [tuple(finding) for finding in read_findings(lines)] == [("a", True, ""), ("b", False, "text: x")]
