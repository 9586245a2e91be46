"""Measure the simulator's fidelity: run other people's scripts and tests in it.

`python -m musearoo.tools.live_simulator.probes.conformance abletonosc --checkout DIR` loads AbletonOSC's unmodified
Remote Script in a simulated Live, runs AbletonOSC's own unmodified tests against it from another process, and then the
house probes. With `--break MUTATION` the simulator is broken on purpose, and the run must fail.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from typing import NamedTuple

from musearoo.tools.live_simulator.core.shapes import NEWEST, PROFILES
from musearoo.tools.live_simulator.probes.runner import run_in_process
from musearoo.tools.live_simulator.process import LiveProcess
from musearoo.tools.live_simulator.program.simulator import MUTATIONS

FOLDER_NAME = "AbletonOSC"
"""The name by which its tests import it."""

SUITE_SECONDS = 180.0

KNOWN_EXCEPTIONS: dict[str, str] = {}
"""Tests that are allowed to fail, each with its reason. There are none."""


class Outcome(NamedTuple):
    """The result of one test or probe; `text` describes the failure."""

    name: str
    passed: bool
    text: str


class Report(NamedTuple):
    """A conformance run."""

    profile: str
    mutation: str | None
    suite: list[Outcome]
    probes: list[Outcome]
    not_simulated: list[str]

    @property
    def unexpected(self) -> list[Outcome]:
        """The failures that are not known exceptions."""
        failed = [outcome for outcome in self.suite + self.probes if not outcome.passed]
        return [outcome for outcome in failed if outcome.name not in KNOWN_EXCEPTIONS]

    @property
    def is_conformant(self) -> bool:
        """True when every test ran and none failed unexpectedly."""
        return bool(self.suite and self.probes) and not self.unexpected


def run_abletonosc(
    checkout: str, profile: str, mutation: str | None, python: str | None = None
) -> tuple[list[Outcome], list[str]]:
    """Return the outcomes of AbletonOSC's own tests, and what they touched that is not simulated."""
    with tempfile.TemporaryDirectory(prefix="conformance ") as folder:
        copy = os.path.join(folder, FOLDER_NAME)
        shutil.copytree(checkout, copy, ignore=shutil.ignore_patterns(".git", "__pycache__", "logs"))
        with LiveProcess(profile, scripts=(copy,), mutation=mutation, python=python) as live:
            outcomes = _run_tests(copy, os.path.join(folder, "results.xml"))
            return outcomes, live.not_simulated()


def _run_tests(checkout: str, results: str) -> list[Outcome]:
    """Run the checkout's tests with its own bundled libraries; return their outcomes."""
    command = [sys.executable, "-m", "pytest", "tests", "-q", "-p", "no:cacheprovider", "--junitxml", results]
    environment = dict(os.environ, PYTHONPATH=checkout, PYTHONDONTWRITEBYTECODE="1")
    done = subprocess.run(
        command,
        cwd=checkout,
        env=environment,
        timeout=SUITE_SECONDS,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    if not os.path.isfile(results):
        return [Outcome("collection", False, done.stdout[-2000:])]
    outcomes = []
    for case in ElementTree.parse(results).iter("testcase"):
        problem = next((child for child in case if child.tag in ("failure", "error")), None)
        text = "" if problem is None else (problem.get("message") or problem.text or "failed")
        outcomes.append(Outcome(f"{case.get('classname')}::{case.get('name')}", problem is None, text))
    return outcomes


def run_conformance(checkout: str, profile: str, mutation: str | None, python: str | None = None) -> Report:
    """Run AbletonOSC's suite and the house probes against one profile; `python` is the interpreter of the Lives."""
    suite, not_simulated = run_abletonosc(checkout, profile, mutation, python)
    probes = [Outcome(*finding) for finding in run_in_process(profile, mutation, python)]
    return Report(profile, mutation, suite, probes, not_simulated)


def describe(report: Report) -> str:
    """Return the report as readable lines."""
    lines = [f"simulated Live {report.profile}" + (f", broken: {report.mutation}" if report.mutation else "")]
    for title, outcomes in (("AbletonOSC's own tests", report.suite), ("house probes", report.probes)):
        passed = sum(outcome.passed for outcome in outcomes)
        lines.append(f"{title}: {passed} of {len(outcomes)} passed")
        for outcome in outcomes:
            if not outcome.passed:
                reason = KNOWN_EXCEPTIONS.get(outcome.name, "unexpected")
                first_line = outcome.text.strip().splitlines()[0] if outcome.text.strip() else ""
                lines.append(f"  FAILED {outcome.name} ({reason}): {first_line}")
    for member in report.not_simulated:
        lines.append(f"  touched, but not simulated: {member}")
    lines.append("conformant" if report.is_conformant else "NOT conformant")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Return the exit status: 0 only when every test passed or is a known exception."""
    parser = argparse.ArgumentParser(
        prog="python -m musearoo.tools.live_simulator.probes.conformance", description=__doc__
    )
    parser.add_argument("peer", choices=("abletonosc",), help="whose script and tests to run")
    parser.add_argument("--checkout", required=True, metavar="DIR", help="a checkout of the peer")
    parser.add_argument("--profile", default=NEWEST, choices=PROFILES, help="the Live version to be")
    parser.add_argument("--break", dest="mutation", choices=MUTATIONS, help="break the simulator on purpose")
    parser.add_argument("--python", metavar="PATH", help="the interpreter that runs Live, such as python3.7")
    parser.add_argument("--json", action="store_true", help="report as JSON")
    options = parser.parse_args(arguments)
    if not os.path.isdir(os.path.join(options.checkout, "abletonosc")):
        parser.error(f"{options.checkout} is no checkout of AbletonOSC: it has no folder abletonosc")
    report = run_conformance(options.checkout, options.profile, options.mutation, options.python)
    if options.json:
        document = {
            "profile": report.profile,
            "mutation": report.mutation,
            "suite": [outcome._asdict() for outcome in report.suite],
            "probes": [outcome._asdict() for outcome in report.probes],
            "known_exceptions": KNOWN_EXCEPTIONS,
            "not_simulated": report.not_simulated,
            "conformant": report.is_conformant,
        }
        print(json.dumps(document, indent=1))
    else:
        print(describe(report))
    return 0 if report.is_conformant else 1


if __name__ == "__main__":
    sys.exit(main())
