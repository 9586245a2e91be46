"""Arrows point one way: wiring, shells, pure core, engines, music data. What stands apart imports the least."""

import re
import subprocess
import sys
from collections import Counter

from musearoo.tools.workshop.development.checks import OLD_PYTHON_FOLDERS
from tests.architecture.imports import (
    ROOT,
    by_folder,
    find_breaches,
    find_circle,
    has_modern_annotations,
    name_module,
    name_targets,
    read_graph,
    read_imports,
)
from tests.architecture.layers import LAYERS
from tests.each_case import each_case

LAYERED = sorted(path for folder in ("engines", "bridge") for path in (ROOT / folder).rglob("*.py"))

# What runs inside Live, stands in for Live, or runs before anything is installed; and what else each may import.
STANDARD_LIBRARY_ONLY = (
    ("remote_scripts", {"remote_scripts", "Live", "ableton", "_Framework"}),
    ("tools/live_simulator", {"tools.live_simulator", "Live", "ableton", "_Framework"}),
    ("tools/workshop/development", {"tools.workshop.development"}),
)

# Threads starve inside Live, and its Windows build has no ctypes.
NOT_INSIDE_LIVE = {"_thread", "asyncio", "concurrent", "ctypes", "multiprocessing", "subprocess", "threading"}

MOST_FILES = 22

HEAVY = (
    "torch",
    "librosa",
    "numba",
    "numpy",
    "scipy",
    "transformers",
    "demucs",
    "audiocraft",
    "madmom",
    "huggingface_hub",
    # The server's: it is a process of its own.
    "alembic",
    "fastapi",
    "psycopg",
    "pydantic",
    "sqlalchemy",
    "starlette",
    "uvicorn",
)


def test_every_module_imports_only_its_own_layer_and_lower_ones() -> None:
    breaches = [
        breach
        for path in LAYERED
        for breach in find_breaches(
            path.read_text(encoding="utf-8"), name_module(path), is_package=path.name == "__init__.py"
        )
    ]
    assert breaches == []


@each_case(
    "module, source, said",
    [
        ("engines.music.note", "import engines.styles.schema", "music data may not import engines.styles.schema"),
        ("engines.players.drums.fills", "from bridge import protocol", "engines may not import bridge.protocol"),
        ("engines.players.drums.fills", "from tools import studio", "engines may not import tools.studio"),
        ("engines.players.drums.fills", "import random", r"engines may not import random \(random\)"),
        ("engines.players.drums.fills", "from random import choice, Random", r"may not import random \(choice\)"),
        ("engines.players.drums.fills", "import numpy as np", "engines may not import numpy"),
        ("engines.players.drums.fills", "def f():\n    import time", r"fills:2: engines may not import time"),
        (
            "bridge.core.conductor",
            "from bridge.settings.logs import LOG",
            "pure core may not import bridge.settings.logs",
        ),
        ("bridge.core.conductor", "from ..commands import run", "pure core may not import bridge.commands.run"),
        ("bridge.core.conductor", "import asyncio", "pure core may not import asyncio"),
        ("bridge.core.conductor", "from pathlib import Path", r"may not import pathlib \(Path\)"),
        ("bridge.core.conductor", "open('notes.txt')", r"may not call open\(\)"),
        ("bridge.settings.logs", "import bridge.daemon", "shells may not import bridge.daemon"),
        ("bridge.daemon", "import tools.studio.processes", "wiring may not import tools.studio.processes"),
        ("bridge.unheard_of.conductor", "", "has no place"),
    ],
)
def test_a_breach_is_named(module: str, source: str, said: str) -> None:
    assert re.search(said, "\n".join(find_breaches(source, module)))


@each_case(
    "module, source",
    [
        ("engines.players.drums.fills", "from random import Random\nfrom engines.music.note import Note\nimport math"),
        (
            "bridge.core.conductor",
            "from bridge import protocol\nfrom engines.styles.schema import Style\nfrom pathlib import PurePath",
        ),
        (
            "bridge.commands.demo",
            "from tools.studio.processes import Studio\nfrom bridge.daemon import Daemon\nimport rich",
        ),
    ],
)
def test_what_is_allowed_passes(module: str, source: str) -> None:
    assert find_breaches(source, module) == ()


@each_case("folder", ["bridge", "engines", "remote_scripts", "max_for_live", "tools"])
def test_no_files_and_no_folders_import_each_other_in_a_circle(folder: str) -> None:
    graph = read_graph(folder)
    assert find_circle(graph) == ()
    assert find_circle(by_folder(graph)) == ()


@each_case("folder", ["bridge", "engines", "remote_scripts", "max_for_live", "tools"])
def test_no_folder_is_a_corridor(folder: str) -> None:
    """A folder with many more than twenty files wants rooms."""
    files = Counter(path.parent.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob("*.py"))
    assert {folder: count for folder, count in files.items() if count > MOST_FILES} == {}


def test_only_dev_py_and_the_workshop_import_the_workshop() -> None:
    importers = {
        module
        for folder in ("bridge", "engines", "max_for_live", "tools")
        for path in (ROOT / folder).rglob("*.py")
        for module in [name_module(path)]
        for found in read_imports(path.read_text(encoding="utf-8"), module)
        if any(target.startswith("tools.workshop") for target in name_targets(found))
    }
    assert {module for module in importers if not module.startswith("tools.workshop")} == {"tools.dev"}


def test_no_folder_stands_twice_in_the_table() -> None:
    folders = [folder for layer in LAYERS for folder in layer.folders]
    assert len(folders) == len(set(folders))
    assert all(
        (ROOT / folder.replace(".", "/")).exists() or (ROOT / f"{folder.replace('.', '/')}.py").exists()
        for folder in folders
    )


@each_case("folder, also", STANDARD_LIBRARY_ONLY)
def test_nothing_but_the_standard_library(folder: str, also: set[str]) -> None:
    strangers: list[str] = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        package = name_module(path.parent / "__init__.py")
        for found in read_imports(path.read_text(encoding="utf-8"), package):
            known = found.top in sys.stdlib_module_names or any(
                f"{found.module}.".startswith(f"{name}.") for name in also
            )
            if not known or (folder == "remote_scripts" and found.top in NOT_INSIDE_LIVE):
                strangers.append(f"{path.relative_to(ROOT)}:{found.line}: {found.module}")
    assert strangers == []


@each_case("folder", OLD_PYTHON_FOLDERS)
def test_annotations_of_today_are_not_evaluated_by_python_3_7(folder: str) -> None:
    """vermin reads no annotations: `list[str]` and `int | None` pass in 3.7 only where they stay text."""
    evaluated: list[str] = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "from __future__ import annotations" not in source and has_modern_annotations(source):
            evaluated.append(str(path.relative_to(ROOT)))
    assert evaluated == []


@each_case(
    "source, modern",
    [
        ("def f(a: list[str]) -> None: ...", True),
        ("def f(a) -> int | None: ...", True),
        ("def f(*rest: Optional[tuple[int, ...]]): ...", True),
        ("names: dict[str, int] = {}", True),
        ("def f(a: List[str], *, b: 'list[str]') -> Optional[int]: return a[0] | b", False),
    ],
)
def test_modern_annotations_are_recognised(source: str, modern: bool) -> None:
    assert has_modern_annotations(source) is modern


def test_the_daemon_starts_without_heavy_packages() -> None:
    ask = f"import sys, bridge.daemon, bridge.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
