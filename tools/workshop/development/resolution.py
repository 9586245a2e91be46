"""Makes the locks: resolves all groups of pyproject.toml as one, for both Pythons and all platforms."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from musearoo.tools.workshop.development.failures import SetupError, explain, last_lines
from musearoo.tools.workshop.development.locks import FOLDER, LOCKS, Lock, Pin, digest_inputs, format_lock, parse_pins
from musearoo.tools.workshop.development.processes import Processes

# It decides what stands in the locks, so its version is pinned here; no environment but the one made to lock needs it.
UV = "uv==0.13.9"


def write_locks(root: Path, processes: Processes) -> tuple[Path, ...]:
    """The lock files, written anew from pyproject.toml. Needs the network; raises SetupError."""
    pyproject = (root / "pyproject.toml").read_text(encoding="utf-8")
    digest = digest_inputs(pyproject)
    with tempfile.TemporaryDirectory(prefix="musearoo-lock-") as name:
        workshop = Path(name)
        # A copy, because uv leaves a lock of its own, full of addresses, beside the file that it resolves.
        shutil.copy(root / "pyproject.toml", workshop)
        uv = _install_uv(workshop, processes)
        _run([*uv, "lock", "--python", sys.executable], workshop, processes)
        texts = {lock: _export(uv, lock, workshop, processes) for lock in LOCKS}
    founded = {pin.package for lock in LOCKS if lock.name in ("build", "core") for pin in texts[lock]}
    (root / FOLDER).mkdir(parents=True, exist_ok=True)
    for lock, pins in texts.items():
        # Every environment has the first two locks already.
        own = pins if lock.name in ("build", "core") else [pin for pin in pins if pin.package not in founded]
        (root / lock.path).write_text(format_lock(lock, own, digest), encoding="utf-8", newline="\n")
    return tuple(lock.path for lock in LOCKS)


def _install_uv(workshop: Path, processes: Processes) -> list[str]:
    """The command of a uv of the pinned version, in an environment that goes with the folder."""
    environment = workshop / "environment"
    _run([sys.executable, "-m", "venv", str(environment)], workshop, processes)
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    _run([str(programs / "python"), "-m", "pip", "install", "--quiet", "--no-deps", UV], workshop, processes)
    return [str(programs / "uv"), "--quiet"]


def _export(uv: list[str], lock: Lock, workshop: Path, processes: Processes) -> tuple[Pin, ...]:
    """The pins that belong to one lock."""
    plain = ("--frozen", "--no-emit-project", "--no-annotate", "--no-header", "--no-emit-index-url")
    output = _run([*uv, "export", *plain, *lock.selection], workshop, processes)
    return tuple(pin for pin in parse_pins(output) if lock.holds(pin.package))


def _run(command: list[str], folder: Path, processes: Processes) -> str:
    outcome = processes.capture(command, folder)
    if outcome.status != 0:
        raise SetupError(f"the locks cannot be made: {explain(outcome.output)}\n{last_lines(outcome.output)}")
    return outcome.output
