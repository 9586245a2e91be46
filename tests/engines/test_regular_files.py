"""Only regular files are read, up to a size limit, and reading never blocks."""

import os
import socket
from pathlib import Path

import pytest

from musearoo.engines.regular_files import LARGEST_TEXT, read_bounded, read_text
from tests.strange_files import STRANGE, make_strange


@pytest.mark.parametrize("kind", STRANGE)
def test_what_is_no_file_or_too_large_is_refused(tmp_path: Path, kind: str) -> None:
    path = make_strange(kind, tmp_path / "it")
    with pytest.raises(OSError, match=STRANGE[kind]):
        read_bounded(path)


def test_a_socket_is_refused() -> None:
    # A short path: a socket's name has a hundred letters at most.
    folder = Path(os.path.relpath(f"/tmp/musearoo-{os.getpid()}"))
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder))
        try:
            with pytest.raises(OSError, match="No such device"):
                read_bounded(folder)
        finally:
            folder.unlink()


def test_a_file_up_to_the_size_is_read(tmp_path: Path) -> None:
    path = tmp_path / "it"
    path.write_bytes(bytes(11))
    assert len(read_bounded(path, 11)) == 11
    with pytest.raises(OSError, match="more than 10 bytes"):
        read_bounded(path, 10)
    path.write_text("é\r\nb", encoding="utf-8", newline="")
    assert read_text(path) == "é\r\nb"
    path.write_bytes(b"ab\xff")
    with pytest.raises(OSError, match=r"no text in UTF-8 \(byte 2\)"):
        read_text(path)


def test_a_file_whose_size_says_nothing_is_read_to_the_bound() -> None:
    # What grows as it is read, and what tells no size, as those of Linux in /proc.
    path = Path("/proc/self/maps")
    if not path.exists():
        pytest.skip("only Linux has files without a size")
    assert path.stat().st_size == 0
    assert read_bounded(path, LARGEST_TEXT)
    with pytest.raises(OSError, match="more than 100 bytes"):
        read_bounded(path, 100)
