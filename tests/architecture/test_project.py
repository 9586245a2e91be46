"""The tree's top, the version, and the documents."""

import re
import subprocess
import tomllib

import pytest

from musearoo import __version__
from musearoo.tools.workshop.lint import docs as check_docs
from tests.architecture.imports import ROOT

TOP = {
    "pyproject.toml", "README.md", "bridge", "engines", "max_for_live", "remote_scripts", "presets", "tests", "tools",
    "LICENSE", "CHANGELOG.md", "docs", "musearoo", "setup.py",
}  # fmt: skip


def test_nothing_else_stands_at_the_top() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout: what belongs to the project cannot be told from what was built in it")
    top = {name.split("/")[0] for name in listed.stdout.splitlines()}
    assert {name for name in top if not name.startswith(".")} == TOP


def test_the_version_stands_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == __version__


def test_the_documents_are_in_step() -> None:
    assert check_docs.find_problems(ROOT, check_docs.read_parsers(), __version__) == ()


def test_no_address_of_a_package_index_is_committed() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "*.toml", "*.txt", "*.cfg", ".ci"], cwd=ROOT, capture_output=True, text=True
    )
    for name in filter(None, listed.stdout.splitlines()):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"--(extra-)?index-url|--find-links|@ https?:|--hash=\S*://", text), name
