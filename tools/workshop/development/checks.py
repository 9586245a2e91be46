"""The checks that a change must pass, in one table; CI runs the same."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from musearoo.tools.workshop.development.failures import last_lines
from musearoo.tools.workshop.development.processes import Processes, tell

PYTHON = "{python}"

# What Live 11 runs, and what must be able to try it: Python 3.7, standard library only.
OLD_PYTHON_FOLDERS = ("remote_scripts", "tools/live_simulator")

# What goes into Live, and what it is made of: Max would ignore most faults in silence.
DEVICES = ("max_for_live/MuseAroo.amxd", "max_for_live/MuseAroo MIDI.amxd")

# Shows more of a failing step than anyone reads, but not all of ten thousand lines.
_SHOWN_LINES = 60


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    command: tuple[str, ...]
    # Files and folders without which there is nothing to check, as in an installation without them.
    needs: tuple[str, ...] = ()


CHECKS: tuple[Check, ...] = (
    Check("lint", (PYTHON, "-m", "ruff", "check", ".")),
    Check("format", (PYTHON, "-m", "ruff", "format", "--check", ".")),
    Check("types", (PYTHON, "-m", "mypy")),
    Check(
        "Python 3.7 features",
        (PYTHON, "-c", "import vermin; vermin.main()", "-t=3.7-", "--violations", "--no-tips", *OLD_PYTHON_FOLDERS),
    ),
    Check("layers", (PYTHON, "-m", "pytest", "-q", "tests/architecture")),
    Check("locks", (PYTHON, "tools/dev.py", "lock", "--check")),
    Check("wire in step", (PYTHON, "-m", "musearoo.tools.workshop.generate.wire", "--check")),
    Check("device in step", (PYTHON, "-m", "musearoo.tools.workshop.device_builder", "--check")),
    Check("device lint", (PYTHON, "-m", "musearoo.tools.workshop.lint.device", *DEVICES)),
    Check("WebSocket in step", (PYTHON, "-m", "musearoo.tools.workshop.generate.frames", "--check")),
    Check("golden parts in step", (PYTHON, "-m", "tests.engines.regenerate_golden", "--check")),
    Check("voice page in step", (PYTHON, "-m", "musearoo.tools.workshop.generate.voice_page", "--check")),
    Check("clients in step", (PYTHON, "-m", "musearoo.tools.workshop.generate.client", "--check")),
    Check("page's vendored file", (PYTHON, "-m", "musearoo.tools.workshop.generate.page_vendor", "--check")),
    Check("TypeScript in step", (PYTHON, "-m", "musearoo.tools.workshop.generate.typescript", "--check")),
    Check("docs in step", (PYTHON, "-m", "musearoo.tools.workshop.lint.docs")),
)


def run_checks(root: Path, python: Path, processes: Processes, say: Callable[[str], None] = tell) -> tuple[str, ...]:
    """The names of the checks that failed; each says one line with its time, and a failed one what it printed."""
    failed: list[str] = []
    for check in (*CHECKS, *_old_python_checks(root)):
        missing = [need for need in check.needs if not (root / need).exists()]
        if missing:
            say(f"skip  {check.name:<22} {', '.join(missing)} is not here")
            continue
        started = time.perf_counter()
        outcome = processes.capture([part.format(python=python) for part in check.command], root)
        seconds = time.perf_counter() - started
        say(f"{'ok  ' if outcome.status == 0 else 'FAIL'}  {check.name:<22} {seconds:6.1f} s")
        if outcome.status != 0:
            failed.append(check.name)
            say(last_lines(outcome.output, _SHOWN_LINES))
    return tuple(failed)


def _old_python_checks(root: Path) -> tuple[Check, ...]:
    """Compiling for Python 3.7, by a Python 3.7; skipped where there is none, which the features check makes up for."""
    name = "Python 3.7 compiles"
    python = find_old_python()
    if python is None:
        return (Check(name, (), needs=("a Python 3.7",)),)
    files = sorted(
        str(path.relative_to(root)) for folder in OLD_PYTHON_FOLDERS for path in (root / folder).rglob("*.py")
    )
    compile_all = "import sys; [compile(open(name, encoding='utf-8').read(), name, 'exec') for name in sys.argv[1:]]"
    return (Check(name, (str(python), "-c", compile_all, *files)),)


def find_old_python(candidates: Sequence[Path] | None = None) -> Path | None:
    """A Python 3.7 of this machine that really starts, or None."""
    if candidates is None:
        on_path = shutil.which("python3.7")
        versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
        candidates = [*([Path(on_path)] if on_path else []), *sorted(versions.glob("3.7*/bin/python3.7"))]
    for candidate in candidates:
        try:
            done = subprocess.run([candidate, "-c", "print('3.7')"], capture_output=True, check=False)
        except OSError:
            continue
        if done.returncode == 0:
            return candidate
    return None
