"""What tests of the command line share: a home of their own, and what a command says."""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from musearoo.bridge.cli import main
from musearoo.bridge.settings import presets_folder
from musearoo.bridge.settings.config_files import HOME_VARIABLE

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for every test."""
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "100")
    # A home keeps what was read of the shipped styles; hundreds of new ones would each read them again.
    monkeypatch.setattr(presets_folder, "_read_builtin", lambda _: dict(_shipped_styles()))
    return tmp_path / "home"


_read_builtin = presets_folder._read_builtin


@functools.cache
def _shipped_styles() -> Mapping[str, presets_folder.Data]:
    return _read_builtin(None)


def report_of(capsys: Output, *arguments: str) -> Any:
    """What a command prints with --json."""
    assert main([*arguments, "--json"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    return json.loads(said.out)


def failure_of(capsys: Output, *arguments: str, status: int = 1) -> str:
    """The one line that a failing command says on stderr; it must exit with the status and print nothing else."""
    assert main(arguments) == status
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("musearoo: ")
    assert said.err.count("\n") == 1
    return said.err


def wrong_value_of(capsys: Output, *arguments: str) -> str:
    """The one line of a command that was given what it knows to be no such value: wrong usage, as of argparse."""
    said = failure_of(capsys, *arguments, status=2)
    assert " must be " in said
    return said


def usage_of(capsys: Output, *arguments: str) -> str:
    """What a command says on stderr when it is used wrongly; it must exit with 2."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err
