"""AbletonOSC: its Remote Script and its own 54 tests, which were written against a real Live."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

from musearoo.tools.live_simulator.probes.conformance.report import Outcome
from musearoo.tools.live_simulator.process import LiveProcess

FOLDER_NAME = "AbletonOSC"
"""The name by which its tests import it."""

SUITE_SECONDS = 180.0


def find_fault(checkout: str) -> str:
    """Return what is missing in a checkout, "" for nothing."""
    if os.path.isdir(os.path.join(checkout, "abletonosc")):
        return ""
    return f"{checkout} is no checkout of AbletonOSC: it has no folder abletonosc"


def run(checkout: str, profile: str, mutation: str | None, python: str | None) -> tuple[list[Outcome], list[str]]:
    """Return the outcomes of its own tests, and what they touched that is not simulated."""
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
    return read_results(results)


def read_results(path: str) -> list[Outcome]:
    """Return the outcomes in a JUnit file."""
    outcomes = []
    for case in ElementTree.parse(path).iter("testcase"):
        problem = next((child for child in case if child.tag in ("failure", "error")), None)
        text = "" if problem is None else (problem.get("message") or problem.text or "failed")
        outcomes.append(Outcome(f"{case.get('classname')}::{case.get('name')}", problem is None, text))
    return outcomes
