"""torch archives: detecting damage, and reading small facts without unpickling."""

import os
import pickle
import random
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from musearoo.engines.neural.cards.archives import find_break, find_named_codec
from tests.bridge.models.model_samples import archive_bytes
from tests.optional import require

NAMED = {"pretrained": "facebook/encodec_32khz", "exported": True, "version": "1.3.0"}


def write(folder: Path, content: bytes) -> Path:
    path = folder / "a.bin"
    path.write_bytes(content)
    return path


def spoil(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def test_an_intact_archive_has_no_fault(tmp_path: Path) -> None:
    path = write(tmp_path, archive_bytes({"best_state": 0}))
    assert find_break(path) == find_break(path, thoroughly=True) == ""


def test_a_truncated_archive_is_detected_at_once(tmp_path: Path) -> None:
    content = archive_bytes({"best_state": 0})
    for length in (0, 4, 1000, len(content) // 2, len(content) - 1):
        assert find_break(write(tmp_path, content[:length])).startswith("is broken"), length


def test_damaged_numbers_are_found_by_reading_them(tmp_path: Path) -> None:
    content = archive_bytes({"best_state": 0})
    path = write(tmp_path, spoil(content, len(content) // 2))
    assert find_break(path) == ""
    assert find_break(path, thoroughly=True) == "is broken: archive/data/0 in it is damaged"


@pytest.mark.parametrize("content", [b"<html>no</html>", b"\x80\x02}q\x00.", bytes(5000)])
def test_what_is_no_archive_is_broken(tmp_path: Path, content: bytes) -> None:
    assert find_break(write(tmp_path, content)) == "is broken: it has no end, or is no archive at all"


def test_an_archive_of_something_else_is_no_model(tmp_path: Path) -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("song.als", b"a set")
    assert find_break(write(tmp_path, stream.getvalue())) == "is broken: it is an archive, but not of a model"


def test_any_damage_is_reported_without_raising(tmp_path: Path) -> None:
    content = archive_bytes(NAMED, size=200)
    chance = random.Random(1)
    for _ in range(300):
        damaged = bytearray(content)
        for _ in range(chance.randint(1, 5)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path = write(tmp_path, bytes(damaged))
        assert isinstance(find_break(path, thoroughly=True), str)
        assert isinstance(find_named_codec(path), str)


def test_a_named_codec_is_read(tmp_path: Path) -> None:
    assert find_named_codec(write(tmp_path, archive_bytes(NAMED, size=0))) == "facebook/encodec_32khz"
    assert find_named_codec(write(tmp_path, archive_bytes({"best_state": 0, "xp.cfg": "pretrained: no"}))) == ""
    assert find_named_codec(write(tmp_path, archive_bytes(NAMED, size=2_000_000))) == ""
    assert find_named_codec(write(tmp_path, b"no archive")) == ""
    assert find_named_codec(tmp_path / "nothing") == ""


class Trap:
    """Makes a file when it is unpickled."""

    def __init__(self, place: str) -> None:
        self.place = place

    def __reduce__(self) -> Any:
        return (os.mkdir, (self.place,))


def test_pickled_code_is_not_executed(tmp_path: Path) -> None:
    place = tmp_path / "sprung"
    content = archive_bytes({"pretrained": "facebook/encodec_32khz", "trap": Trap(str(place))}, size=0)
    path = write(tmp_path, content)
    assert find_named_codec(path) == "facebook/encodec_32khz"
    assert find_break(path, thoroughly=True) == ""
    assert not place.exists()
    with zipfile.ZipFile(path) as archive:
        pickle.loads(archive.read("archive/data.pkl"))
    assert place.exists()


def test_what_torch_writes_is_read(tmp_path: Path) -> None:
    torch = require("torch")
    path = tmp_path / "state_dict.bin"
    torch.save({"best_state": {"a": torch.zeros(1000)}, "xp.cfg": "a: 1"}, path)
    assert find_break(path, thoroughly=True) == find_named_codec(path) == ""
    torch.save(NAMED, path)
    assert find_named_codec(path) == "facebook/encodec_32khz"
    path.write_bytes(path.read_bytes()[:-1])
    assert find_break(path) == "is broken: it has no end, or is no archive at all"
