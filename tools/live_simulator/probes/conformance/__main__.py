"""Measure the simulator's fidelity: run other people's scripts and tests in it.

`python -m musearoo.tools.live_simulator.probes.conformance abletonosc|ableton-js|ableton-mcp --checkout DIR` loads the
peer's unmodified Remote Script in a simulated Live, runs the peer's own tests against it from another process (for
ableton-mcp, which has none, each of its commands), and then the house probes. `all --checkouts DIR` runs all three on
every profile. With `--break MUTATION` the simulator is broken on purpose, and the run must fail.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from types import ModuleType

from musearoo.tools.live_simulator.core.shapes import NEWEST, PROFILES
from musearoo.tools.live_simulator.probes.conformance import ableton_js, ableton_mcp, abletonosc
from musearoo.tools.live_simulator.probes.conformance.report import Outcome, Report, describe
from musearoo.tools.live_simulator.probes.runner import run_in_process
from musearoo.tools.live_simulator.program.simulator import MUTATIONS

PEERS: dict[str, ModuleType] = {"abletonosc": abletonosc, "ableton-js": ableton_js, "ableton-mcp": ableton_mcp}
CHECKOUTS = {"abletonosc": "AbletonOSC", "ableton-js": "ableton-js", "ableton-mcp": "ableton-mcp"}
"""The folders of the three checkouts, as their authors call them."""


def run_conformance(
    peers: dict[str, str], profile: str, mutation: str | None = None, python: str | None = None
) -> list[Report]:
    """Run the suites of peers (their checkouts by name) and the house probes against one profile.

    `python` is the interpreter of the Lives.
    """
    probes = [Outcome(*finding) for finding in run_in_process(profile, mutation, python)]
    reports = []
    for peer, checkout in peers.items():
        suite, not_simulated = PEERS[peer].run(os.path.abspath(checkout), profile, mutation, python)
        reports.append(Report(peer, profile, mutation, suite, probes, not_simulated))
    return reports


def describe_all(reports: list[Report]) -> str:
    """Return one table of several reports: passed of all, by peer and profile, and what failed."""
    lines = ["{:<14}".format("") + "".join(f"{profile:>12}" for profile in PROFILES)]
    for peer in PEERS:
        cells = {
            each.profile: f"{sum(o.passed for o in each.suite)}/{len(each.suite)}"
            for each in reports
            if each.peer == peer
        }
        lines.append(f"{peer:<14}" + "".join(f"{cells.get(profile, '-'):>12}" for profile in PROFILES))
    for report in reports:
        for outcome in report.suite + report.probes:
            if not outcome.passed:
                reason = report.reason(outcome) or "UNEXPECTED: " + (outcome.text.strip().splitlines() or [""])[0]
                lines.append(f"{report.peer} {report.profile} {outcome.name}: {reason}")
    lines.append("conformant" if all(report.is_conformant for report in reports) else "NOT conformant")
    return "\n".join(lines)


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Return the options; exits with a sentence for a folder that is no checkout of the peer."""
    prog = "python -m musearoo.tools.live_simulator.probes.conformance"
    parser = argparse.ArgumentParser(prog=prog, description=__doc__)
    parser.add_argument("peer", choices=(*PEERS, "all"), help="whose script and tests to run")
    parser.add_argument("--checkout", metavar="DIR", help="a checkout of the peer")
    parser.add_argument("--checkouts", metavar="DIR", help="for all: the folder with the three checkouts")
    parser.add_argument("--profile", default=NEWEST, choices=PROFILES, help="the Live version to be")
    parser.add_argument("--break", dest="mutation", choices=MUTATIONS, help="break the simulator on purpose")
    parser.add_argument("--python", metavar="PATH", help="the interpreter that runs Live, such as python3.7")
    parser.add_argument("--json", action="store_true", help="report as JSON")
    options = parser.parse_args(arguments)
    folder = options.checkouts if options.peer == "all" else options.checkout
    if folder is None:
        parser.error("name the folder: --checkouts for all, --checkout for one peer")
    wanted = {options.peer: folder}
    if options.peer == "all":
        wanted = {peer: os.path.join(folder, name) for peer, name in CHECKOUTS.items()}
    for peer, checkout in wanted.items():
        fault = PEERS[peer].find_fault(checkout)
        if fault:
            parser.error(fault)
    options.wanted = wanted
    return options


def main(arguments: list[str] | None = None) -> int:
    """Return the exit status: 0 only when every test passed or is a known exception."""
    options = parse(arguments)
    profiles = PROFILES if options.peer == "all" else (options.profile,)
    reports = [
        report
        for profile in profiles
        for report in run_conformance(options.wanted, profile, options.mutation, options.python)
    ]
    if options.json:
        print(json.dumps([report.as_data() for report in reports], indent=1))
    else:
        print(describe_all(reports) if options.peer == "all" else describe(reports[0]))
    return 0 if all(report.is_conformant for report in reports) else 1


if __name__ == "__main__":
    sys.exit(main())
