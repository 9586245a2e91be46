"""What the commands read and write: one line that says why not, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.files import read_file, write_file
from tests.bridge.commands.command_line import Output, failure_of, home

__all__ = ["home"]


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"a\.mid cannot be read: it does not exist, was it moved or renamed\?$"):
        read_file(tmp_path / "a.mid")
    with pytest.raises(CommandError, match=r"cannot be read: it is a folder, name a file in it\.$"):
        read_file(tmp_path)


def test_what_cannot_be_written_says_what_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "tune.mid").write_bytes(b"kept")
    for path, words in (
        (tmp_path, "it is a folder, name a file in it"),
        (tmp_path / "new" / "a.mid", f"there is no folder {tmp_path / 'new'}, make it first"),
        (tmp_path / "tune.mid" / "a.mid", f"{tmp_path / 'tune.mid'} is a file and no folder"),
    ):
        with pytest.raises(CommandError) as refusal:
            write_file(path, b"notes")
        assert str(refusal.value) == f"{path} cannot be written: {words}."
    with pytest.raises(CommandError, match=r"tune\.mid is a file and no folder\.$"):
        write_file(tmp_path / "tune.mid" / "more" / "a.mid", b"notes", make_folder=True)
    assert (tmp_path / "tune.mid").read_bytes() == b"kept"


def test_a_folder_is_made_where_that_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "new" / "er" / "a.mid"
    assert write_file(path, b"notes", make_folder=True).read_bytes() == b"notes"


@pytest.mark.parametrize("name", ["no such.wav", "no such.mid"])
def test_analysing_what_is_not_there_is_one_line_and_no_more(capsys: Output, tmp_path: Path, name: str) -> None:
    assert "does not exist, was it" in failure_of(capsys, "analyze", str(tmp_path / name)).replace(":", ",")


def test_a_name_that_is_too_long_is_reported_both_ways(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 300)
    with pytest.raises(CommandError, match=r"cannot be written: its name is too long, choose a shorter one\.$"):
        write_file(path, b"", make_folder=True)
    with pytest.raises(CommandError, match=r"cannot be read: its name is too long, choose a shorter one\.$"):
        read_file(path)
