"""Run the house probes in a simulated Live and return their findings."""

from __future__ import annotations

import os
import re
import time
from typing import Iterable, NamedTuple

from musearoo.tools.live_simulator.core.clock import ManualClock
from musearoo.tools.live_simulator.process import LiveProcess
from musearoo.tools.live_simulator.program.simulator import Simulator

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "HouseProbes")
FINISHED = "PROBES finished"
LONGEST_SECONDS = 60.0
_LINE = re.compile(r"PROBE (?P<name>\w+): (?P<outcome>ok|FAILED)(?: (?P<text>.*))?")


class Finding(NamedTuple):
    """The result of one probe: empty, or the text of its failure."""

    name: str
    passed: bool
    text: str


def read_findings(log_lines: Iterable[str]) -> list[Finding]:
    """Return the findings recorded in a log."""
    matches = [_LINE.search(line) for line in log_lines]
    return [Finding(m["name"], m["outcome"] == "ok", m["text"] or "") for m in matches if m is not None]


def run_stepped(profile: str, mutation: str | None = None) -> list[Finding]:
    """Run the probes instantly, with a manual clock."""
    clock = ManualClock()
    simulator = Simulator(profile, clock=clock, mutation=mutation)
    simulator.install()
    try:
        script = simulator.load_script(FOLDER)
        script.instance.clock = clock.now
        simulator.run_for(LONGEST_SECONDS)
        return read_findings(simulator.log_lines)
    finally:
        simulator.quit()


def run_in_process(profile: str, mutation: str | None = None, python: str | None = None) -> list[Finding]:
    """Run the probes in a separate process, in real time."""
    with LiveProcess(profile, scripts=(FOLDER,), mutation=mutation, python=python) as live:
        deadline = time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < deadline:
            lines = live.log()
            if any(FINISHED in line for line in lines):
                return read_findings(lines)
            time.sleep(0.2)
        return [*read_findings(live.log()), Finding("all_probes", False, "did not finish in time")]
