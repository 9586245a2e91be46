"""The examples in the docstrings of all packages, folder by folder, and those of the documentation."""

from __future__ import annotations

import doctest
import re
from collections.abc import Iterator
from importlib import import_module
from itertools import groupby

import pytest

from tests.architecture.imports import ROOT, name_module

# The probes and the script's surface import only inside Live; training imports torch, which few have.
LEFT_OUT = ("tools/live_simulator/probes", "tools/workshop/training", "remote_scripts")
EXAMPLE = re.compile(r"^\s*>>> ", re.MULTILINE)
FOLDERS = ("musearoo", "bridge", "engines", "max_for_live", "tools")


def list_modules() -> Iterator[str]:
    """The modules whose text has an example."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            place = path.relative_to(ROOT).as_posix()
            if EXAMPLE.search(path.read_text(encoding="utf-8")) and not place.startswith(LEFT_OUT):
                yield name_module(path)


BY_FOLDER = {
    folder: tuple(modules) for folder, modules in groupby(list_modules(), key=lambda module: module.rpartition(".")[0])
}


@pytest.mark.parametrize("folder", BY_FOLDER)
def test_the_examples_are_true(folder: str) -> None:
    for module in BY_FOLDER[folder]:
        name = module if module.split(".")[0] == "musearoo" else f"musearoo.{module}"
        failed, tried = doctest.testmod(import_module(name))
        assert tried, f"{module} has no example that runs"
        assert not failed, f"{module}: the report above says which"


def test_the_examples_of_the_documentation_are_true() -> None:
    failed, tried = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False)
    assert tried
    assert not failed, "docs/python.md: the report above says which"
