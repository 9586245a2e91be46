"""Standard output: readers that leave, disks that are full, letters that the encoding lacks."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from musearoo.bridge import cli
from musearoo.bridge.cli import main
from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.standard_output import whole_output

MUCH = "x" * 200_000
"""More than a pipe and Python's buffer hold."""


@contextmanager
def printing_into(descriptor: int, monkeypatch: pytest.MonkeyPatch, encoding: str = "utf-8") -> Iterator[None]:
    """Has what is printed go into a file descriptor, which is closed after it as at Python's end."""
    with io.TextIOWrapper(os.fdopen(descriptor, "wb"), encoding=encoding) as stream, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        yield


@pytest.mark.parametrize("text", ["a line", MUCH])
def test_a_reader_who_has_seen_enough_ends_the_command_quietly(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with printing_into(writing, monkeypatch), pytest.raises(SystemExit) as ended, whole_output():
        print(text)
    assert ended.value.code == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a disk that is always full")
@pytest.mark.parametrize("text", ["a line", MUCH])
def test_a_full_disk_is_reported_in_a_sentence(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    said = pytest.raises(CommandError, match="cannot be written: No space left")
    with printing_into(full, monkeypatch), said, whole_output():
        print(text)


def test_letters_that_the_encoding_lacks_are_no_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    with printing_into(writing, monkeypatch, "cp1252"), whole_output():
        print("kick |▓ über")
    with os.fdopen(reading, "rb") as reader:
        assert reader.read().decode("cp1252").splitlines() == ["kick |? über"]


def test_an_error_that_is_not_the_outputs_stays_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    print("heard")
    with pytest.raises(BrokenPipeError, match="a worker's"), whole_output():
        raise BrokenPipeError("a worker's")
    assert capsys.readouterr().out.startswith("heard\n")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a disk that is always full")
def test_every_command_fails_in_one_line_where_nothing_can_be_written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with printing_into(os.open("/dev/full", os.O_WRONLY), monkeypatch):
        assert main(["engines", "--json"]) == 1
    assert capsys.readouterr().err == "musearoo: The result cannot be written: No space left on device.\n"


def test_stopping_a_command_while_its_modules_load_is_quiet(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_name: str, _parser: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "declare_command", interrupted)
    assert main(["song"]) == 1
    assert capsys.readouterr() == ("", "")
