"""What the browser loads: small, whole, its types checked, its logic tested by Node.js, nothing from elsewhere."""

from __future__ import annotations

import gzip
import hashlib
import re
import subprocess
from pathlib import Path
from typing import Final

import pytest

from musearoo.tools import ROOT
from musearoo.tools.workshop.generate.npm import NpmError, copy_package, is_offline, run_npm, why_not
from tests.bridge.api.test_typescript import IN_CI

PACKAGE: Final = ROOT / "bridge" / "page"
WEB: Final = PACKAGE / "web"
MOST_AT_FIRST: Final = 75_000
MOST_IN_ALL: Final = 320_000
"""Bytes as they are sent, packed by gzip: of the first view, and of all that may ever be loaded."""
LOADED: Final = (".js", ".css", ".html", ".svg")
_IMPORT = re.compile(r"""(?:from|import\()\s*"(\.[^"]+)\"""")
_STATIC = re.compile(r"""^(?:import|export)\b[^;]*?from\s*"(\.[^"]+)\"""", re.MULTILINE)
_HREF = re.compile(r"""(?:href|src)="(/page/[^"]+)\"""")

needs_npm = pytest.mark.skipif(bool(why_not()) and not IN_CI, reason=why_not() or "-")


def list_files() -> list[Path]:
    return [path for path in WEB.rglob("*") if path.suffix in LOADED and not path.name.endswith(".d.ts")]


def loaded_with(*roots: Path) -> set[Path]:
    """The modules that some modules bring along."""
    found: set[Path] = set()
    waiting = list(roots)
    while waiting:
        path = waiting.pop().resolve()
        if path in found or not path.exists():
            continue
        found.add(path)
        text = path.read_text(encoding="utf-8")
        waiting += [path.parent / name for name in _STATIC.findall(text) if "types/api.js" not in name]
    return found


def test_it_stays_small() -> None:
    sizes = {path: len(gzip.compress(path.read_bytes(), 6)) for path in list_files()}
    modules = loaded_with(WEB / "app.js", WEB / "views" / "set.js")
    first = sum(size for path, size in sizes.items() if path.suffix != ".js" or path in modules)
    assert first < MOST_AT_FIRST
    assert sum(sizes.values()) < MOST_IN_ALL


def test_each_import_and_each_file_of_the_page_is_there() -> None:
    for path in list_files():
        text = path.read_text(encoding="utf-8")
        for name in _IMPORT.findall(text) if "vendor" not in path.parts else ():
            wanted = path.parent / name.replace(".d.ts", ".js")
            assert wanted.exists() or "types/api.js" in name, (path, name)
        for name in _HREF.findall(text):
            assert (WEB / name.removeprefix("/page/")).exists(), (path, name)


def test_nothing_is_loaded_from_elsewhere() -> None:
    for path in list_files():
        if "vendor" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        for found in re.findall(r"https?://[^\s\"'`)]+", text):
            assert found.startswith("http://www.w3.org/"), (path, found)
        if path.suffix == ".html":
            assert not re.search(r"<script(?![^>]*\bsrc=)|\bon\w+=|\bstyle=", text), path


def test_what_others_wrote_is_what_was_checked() -> None:
    vendor = WEB / "vendor"
    lines = (line.split(maxsplit=1) for line in (vendor / "SHA256SUMS").read_text().splitlines())
    listed = {name: digest for digest, name in lines}
    scripts = {path.name for path in vendor.iterdir() if path.suffix in {".js", ".wasm"}}
    assert set(listed) == scripts
    for name, digest in listed.items():
        assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == digest, name


@needs_npm
def test_types_hold(tmp_path: Path) -> None:
    try:
        schema = tmp_path / "api" / "typescript" / "src" / "schema.ts"
        schema.parent.mkdir(parents=True)
        schema.write_bytes((ROOT / "bridge" / "api" / "typescript" / "src" / "schema.ts").read_bytes())
        run_npm(copy_package(PACKAGE, tmp_path), "run", "check")
    except NpmError as error:
        if is_offline(error) and not IN_CI:
            pytest.skip("npm cannot reach its registry")
        raise


@needs_npm
def test_its_logic_by_node() -> None:
    tests = sorted(str(path) for path in (Path(__file__).parent / "web").glob("*.test.js"))
    command = ["node", "--experimental-default-type=module", "--test", *tests]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
