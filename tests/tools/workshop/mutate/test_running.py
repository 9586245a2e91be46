"""The run: mutants that tests notice, that they miss, that never end; and the tree stays as it is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import PurePath

import pytest

from musearoo.tools.workshop.mutate.mutants import Mutant, find_mutants
from musearoo.tools.workshop.mutate.scope import read_source
from tests.architecture.imports import ROOT

JUDGE = """
import json, os, sys, tempfile
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
from pathlib import Path, PurePath
from musearoo.tools.workshop.mutate.mutants import Mutant
from musearoo.tools.workshop.mutate.running import judge
sample = [(PurePath(path), Mutant(**mutant)) for path, mutant in json.load(sys.stdin)]
with tempfile.TemporaryDirectory() as folder:
    print(json.dumps([verdict for _, verdict in judge(sample, Path(folder))]))
"""
SENDS = "engines/players/mix/sends.py"
"""Little code, and quick tests."""

if sys.platform == "win32":
    pytest.skip("mutants need fork", allow_module_level=True)


def mutant_of(path: str, before: str, after: str) -> dict[str, object]:
    """The mutant of a module that changes a line so."""
    source = read_source(PurePath(path))
    start = source.encode().index(before.encode())
    function = next(each.function for each in find_mutants(source) if each.start >= start)
    line = source[: source.index(before)].count("\\n") + 1
    mutant = Mutant("test", line, before, after, function, start, start + len(before.encode()), after)
    return {name: getattr(mutant, name) for name in Mutant.__slots__}


def verdicts_on(*mutants: tuple[str, dict[str, object]]) -> list[str]:
    """Judged in a process of its own, which forks before it imports anything of ours."""
    done = subprocess.run(
        [sys.executable, "-c", JUDGE], input=json.dumps(mutants), capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


@pytest.mark.long
def test_a_fault_is_killed_no_fault_survives_and_what_never_ends_runs_out_of_time() -> None:
    first = next(line.strip() for line in read_source(PurePath(SENDS)).splitlines() if line.startswith("    return "))
    verdicts = verdicts_on(
        (SENDS, mutant_of(SENDS, first, "return None")),
        (SENDS, mutant_of(SENDS, first, f"None\n    {first}")),
        (SENDS, mutant_of(SENDS, first, f"while True: pass\n    {first}")),
    )
    assert verdicts == ["killed", "survived", "timeout"]


@pytest.mark.long
def test_a_function_that_ran_at_the_import_is_met_with_the_fault_in_it() -> None:
    """The styles are read while their tests are collected: the fault must be there by then."""
    path = "engines/styles/reading.py"
    line = next(line.strip() for line in read_source(PurePath(path)).splitlines() if line.strip().startswith("return "))
    assert verdicts_on((path, mutant_of(path, line, "return None"))) == ["killed"]


def test_the_command_reports_what_it_saw_and_leaves_the_tree_alone() -> None:
    before = {path: path.read_bytes() for path in (ROOT / SENDS).parent.glob("*.py")}
    arguments = ["--count", "4", "--seed", "3", "--only", SENDS, "--json", "--at-least", "101"]
    done = subprocess.run(
        [sys.executable, "-m", "musearoo.tools.workshop.mutate", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    report = json.loads(done.stdout)
    assert report["killed"] + report["timeout"] + report["survived"] == 4
    assert report["percent"] == 100.0 * (4 - report["survived"]) / 4
    assert len(report["survivors"]) == report["survived"]
    assert done.returncode == 1, "fewer than were asked for"
    assert {path: path.read_bytes() for path in before} == before
