"""Packages that MuseAroo works without: the one place where tests ask for them, and what installs each."""

from __future__ import annotations

import importlib
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

GROUPS = {
    "midi": ("rtmidi",),
    "server": ("PIL", "alembic", "fastapi", "httpx2", "psycopg", "sqlalchemy", "websockets"),
    "simulator": ("dukpy",),
    "voice": ("moonshine_voice", "onnxruntime", "pocketsphinx"),
    "analysis": ("librosa", "madmom", "matplotlib"),
    "stems": ("demucs", "huggingface_hub", "soxr", "torch"),
    "models": ("google.protobuf", "sentencepiece", "transformers"),
    "audiocraft": ("audiocraft", "xformers"),
}
"""What `tools/dev.py setup --with` installs; each package stands with the smallest group that has it."""

_GROUP_OF = {package: group for group, packages in GROUPS.items() for package in packages}
_ASKING = re.compile(r"\b(?:require|needs)\(([^)]*)\)")


def has(*packages: str) -> bool:
    """Whether all of these are installed; nothing but their parents is imported."""
    return not any(is_missing(package) for package in packages)


def is_missing(package: str) -> bool:
    """Whether a package is not installed."""
    try:
        return find_spec(package) is None
    except ModuleNotFoundError:
        return True  # its parent is missing


def needs(*packages: str) -> pytest.MarkDecorator:
    """Mark a test that is skipped where one of these packages is missing."""
    return pytest.mark.needs(*packages)


def require(package: str, *more: str) -> Any:
    """Return the first package's module; skip the test, fixture or whole test module where one is missing."""
    for each in (package, *more):
        if is_missing(each):
            pytest.skip(reason(each), allow_module_level=True)
    return importlib.import_module(package)


def reason(package: str) -> str:
    """Why a test is skipped, and what to do."""
    return f"needs {package}: python3 tools/dev.py setup --with {_GROUP_OF[package]}"


@cache
def groups_of(path: Path) -> frozenset[str]:
    """The groups that a file of tests asks for, itself or in a conftest.py that it shares."""
    conftests = (folder / "conftest.py" for folder in path.parents if folder.name != "tests")
    texts = [file.read_text(encoding="utf-8") for file in (path, *conftests) if file.is_file()]
    asked = (name for text in texts for call in _ASKING.findall(text) for name in re.findall(r'"([\w.]+)"', call))
    return frozenset(_GROUP_OF[name] for name in asked if name in _GROUP_OF)
