"""The mutated modules, and the tests that must detect the mutants.

The core is what the layers call pure: `engines/` without the neural models (whose networks are compared with their
peers instead), and the pure decision modules of `bridge/`. Tests mirror the tree.
"""

import hashlib
from collections import Counter
from functools import cache
from itertools import groupby
from pathlib import Path, PurePath

import yaml

from musearoo.tools.workshop.mutate.mutants import Mutant, find_mutants
from tests.architecture.imports import OURS, ROOT, name_module, read_imports
from tests.architecture.layers import LAYERS, place

TOPS = ("engines", "bridge")

# A module imported by more test files is a common data type, such as a note: its folder's tests are responsible for it.
FEW = 10

DOCTESTS = "tests/test_doctests.py"


def core_modules() -> tuple[PurePath, ...]:
    """Return the files of the core, relative to the root."""
    paths = (path for top in TOPS for path in sorted((ROOT / top).rglob("*.py")))
    return tuple(path.relative_to(ROOT) for path in paths if _is_pure(name_module(path)))


def sample_mutants(paths: tuple[PurePath, ...], count: int, seed: int) -> list[tuple[PurePath, Mutant]]:
    """Return a sample of the mutants of these files, one of a kind per position; changed code does not affect the rest
    of the sample.
    """
    found: dict[bytes, tuple[PurePath, Mutant]] = {}
    for path in paths:
        seen: Counter[str] = Counter()
        for (_, _), group in groupby(find_mutants(read_source(path)), key=lambda each: (each.start, each.operator)):
            variants = list(group)
            name = f"{seed} {path.as_posix()} {variants[0].operator} {variants[0].before}"
            seen[name] += 1
            digest = hashlib.sha256(f"{name} {seen[name]}".encode()).digest()
            found[digest] = path, variants[digest[-1] % len(variants)]
    sample = [found[digest] for digest in sorted(found)[:count]]
    return sorted(sample, key=lambda each: (each[0], each[1].start))


def read_equivalent() -> frozenset[tuple[str, str, str]]:
    """Return the equivalent mutants, as file and the line before and after."""
    listed = yaml.safe_load(Path(__file__).with_name("equivalent.yaml").read_text(encoding="utf-8"))
    return frozenset((each["file"], each["before"], each["after"]) for each in listed)


def read_source(path: PurePath) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tests_of(path: PurePath) -> tuple[str, ...]:
    """Return the test files of a module, the nearest first.

    These are the doctests of its folder; its mirror, or the tests of its folder; the shared tests of that folder and
    its parents; and the tests that import it.

    Slow tests count only as a mirror: tests of models, and those of `bridge` that need more than pure modules.
    """

    def is_cheap(file: Path) -> bool:
        if path.parts[0] == "bridge":
            return all(_is_pure(module) for module in _imported(file))
        return "models" not in file.parts

    place_of = path.with_suffix("")
    mirror: list[Path] = []
    folder: list[Path] = []
    while not (mirror or folder):
        room = ROOT / "tests" / place_of.parent
        inside = ROOT / "tests" / place_of
        mirror = [*room.glob(f"test_{place_of.name}.py"), *room.glob(f"test_{place_of.name}_*.py")]
        mirror += filter(is_cheap, inside.glob("test_*.py"))
        folder = [*filter(is_cheap, room.glob("test_*.py"))]
        place_of = place_of.parent
    kept = [file for room in (ROOT / "tests" / path).parents for file in room.glob("test_snapshots.py")]
    module = name_module(ROOT / path)
    importers = [file for file in _test_files(path.parts[0]) if module in _imported(file) and is_cheap(file)]
    files = dict.fromkeys([*sorted(mirror or folder), *kept, *(importers if len(importers) <= FEW else ())])
    folder_name = module.rpartition(".")[0]
    doctests = [f"{DOCTESTS}::test_the_examples_are_true[{folder_name}]"] if ">>>" in read_source(path) else []
    return (*doctests, *(file.relative_to(ROOT).as_posix() for file in files))


def _is_pure(module: str) -> bool:
    number = place(module)
    return number is not None and LAYERS[number].pure


@cache
def _test_files(top: str) -> tuple[Path, ...]:
    return tuple(sorted((ROOT / "tests" / top).rglob("test_*.py")))


@cache
def _imported(file: Path) -> frozenset[str]:
    """Return the modules of ours that a test file imports by name."""
    found = read_imports(file.read_text(encoding="utf-8"), name_module(file).rpartition(".")[0])
    return frozenset(
        name
        for each in found
        if each.top in OURS - {"tests"}
        for name in (each.module, *(f"{each.module}.{taken}" for taken in each.names))
        if (ROOT / name.replace(".", "/")).with_suffix(".py").is_file()
    )
