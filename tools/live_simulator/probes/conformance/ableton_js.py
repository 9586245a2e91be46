"""ableton-js: its Remote Script and its own tests, which need a running Live.

Its script cuts messages by the size of the socket's send buffer. On macOS, where it is used, that is 9,216 bytes; Linux
tells more than a datagram can hold, and loses more of them. So both ends get macOS's sizes, from outside.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from typing import Any

from musearoo.tools.live_simulator.probes.conformance.report import Outcome
from musearoo.tools.live_simulator.process import LiveProcess

FOLDER_NAME = "AbletonJS"
SUITE_SECONDS = 240.0
PRELOAD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mac_datagrams.cjs")


def find_fault(checkout: str) -> str:
    """Return what is missing in a checkout, "" for nothing."""
    if not os.path.isdir(os.path.join(checkout, "midi-script")):
        return f"{checkout} is no checkout of ableton-js: it has no folder midi-script"
    if not os.path.isdir(os.path.join(checkout, "node_modules", "vitest")):
        return f"{checkout} has no vitest: run `npm install` there (Node 20 or newer)"
    return ""


def run(checkout: str, profile: str, mutation: str | None, python: str | None) -> tuple[list[Outcome], list[str]]:
    """Return the outcomes of its own tests, and what they touched that is not simulated."""
    with tempfile.TemporaryDirectory(prefix="conformance ") as folder:
        copy = os.path.join(folder, FOLDER_NAME)
        # Beside the script there is a folder of stubs, which would hide Live.
        shutil.copytree(
            os.path.join(checkout, "midi-script"), copy, ignore=shutil.ignore_patterns("Live", "__pycache__")
        )
        own = os.path.join(folder, "tmp")
        os.mkdir(own)
        library = os.path.join(folder, "User Library")
        os.mkdir(library)
        # Both ends find each other's port in the folder for temporary files.
        with LiveProcess(
            profile,
            scripts=(copy,),
            user_library=library,
            mutation=mutation,
            python=python,
            env={"TMPDIR": own},
            mac_datagrams=True,
        ) as live:
            outcomes = _run_tests(checkout, own, os.path.join(folder, "results.json"))
            return outcomes, live.not_simulated()


def _run_tests(checkout: str, temporary: str, results: str) -> list[Outcome]:
    vitest = os.path.join(checkout, "node_modules", "vitest", "vitest.mjs")
    command = ["node", vitest, "--run", "--reporter=json", f"--outputFile={results}"]
    environment = dict(os.environ, TMPDIR=temporary, NODE_OPTIONS=f'--require "{PRELOAD}"')
    done = subprocess.run(
        command,
        cwd=checkout,
        env=environment,
        timeout=SUITE_SECONDS,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if not os.path.isfile(results):
        return [Outcome("collection", False, done.stdout[-2000:])]
    with open(results, encoding="utf-8") as file:
        return read_results(json.load(file))


def read_results(data: Any) -> list[Outcome]:
    """Return the outcomes in vitest's JSON report; a file that could not be loaded is a failure."""
    outcomes = []
    for each in data["testResults"]:
        name = os.path.basename(each["name"])
        if not each["assertionResults"] and each["status"] != "passed":
            outcomes.append(Outcome(name, False, each.get("message", "")))
        for case in each["assertionResults"]:
            text = "\n".join(case.get("failureMessages", ()))
            outcomes.append(Outcome(f"{name}::{case['fullName']}", case["status"] == "passed", text))
    return outcomes
