"""Drafts: they go, whoever made them, and only when nobody works in them any more."""

import contextlib
import errno
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from musearoo.bridge.audio import drafts
from musearoo.bridge.audio.drafts import LOCK, Draft, copy_file, explain_disk, remove_orphans
from musearoo.bridge.audio.folders import LOOPS, STEMS, SoundKind

MAKE_ONE = """
import sys, time
from pathlib import Path
from musearoo.bridge.audio.drafts import Draft
draft = Draft(Path(sys.argv[1]), Path(sys.argv[1], "home"))
print(draft.folder, flush=True)
time.sleep(60)
"""


def test_it_goes_with_all_that_is_in_it_and_with_the_folders_made_for_it(tmp_path: Path) -> None:
    with Draft(tmp_path / "project" / "stems", tmp_path / "home") as draft:
        (draft.folder / "half.wav").write_bytes(b"half")
    assert list(tmp_path.iterdir()) == []
    draft.remove()


def test_an_interrupt_at_any_moment_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft, lines = None, 0
    while draft is None:
        assert list(tmp_path.iterdir()) == []
        left, lines = lines, lines + 1
        # An interrupt between two lines may leave it locked, which is nobody's matter once the process ends.
        monkeypatch.setattr(drafts, "_COMING_AND_GOING", threading.RLock())

        def interrupt(frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
            nonlocal left
            if frame.f_code.co_filename != drafts.__file__:
                return None
            left -= event == "line"
            if left < 0:
                raise KeyboardInterrupt
            return interrupt

        before = sys.gettrace()
        sys.settrace(interrupt)
        with contextlib.suppress(KeyboardInterrupt):
            draft = Draft(tmp_path / "project" / "stems", tmp_path / "home")
        sys.settrace(before)
    assert lines > 15
    assert draft.folder.is_dir()
    del draft
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_other_files_stays(tmp_path: Path) -> None:
    with Draft(tmp_path / "stems", tmp_path / "home"):
        (tmp_path / "stems" / "done.wav").write_bytes(b"done")
    assert [path.name for path in (tmp_path / "stems").iterdir()] == ["done.wav"]


def test_drafts_that_are_worked_in_stay_and_those_of_the_dead_go(tmp_path: Path) -> None:
    program = [sys.executable, "-c", MAKE_ONE, str(tmp_path)]
    with (
        subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as other,
        Draft(tmp_path, tmp_path / "home") as ours,
    ):
        assert other.stdout is not None
        theirs = Path(other.stdout.readline().strip())
        (tmp_path / "song.wav").write_bytes(b"no draft")
        (tmp_path / ".musearoo-notes").mkdir()
        remove_orphans(tmp_path)
        assert theirs.is_dir()
        assert ours.folder.is_dir()
        other.kill()
        other.wait()
        remove_orphans(tmp_path)
        assert theirs.is_dir(), "it may just be coming"
        os.utime(theirs / LOCK, (0.0, 0.0))
        remove_orphans(tmp_path)
        assert not theirs.exists()
        assert ours.folder.is_dir()
    assert {path.name for path in tmp_path.iterdir()} == {"song.wav", ".musearoo-notes"}


def test_many_come_and_go_side_by_side(tmp_path: Path) -> None:
    def come_and_go(number: int) -> None:
        with Draft(tmp_path / "project" / "stems", tmp_path / "home") as draft:
            (draft.folder / "half.wav").write_bytes(b"half")
            draft.folder.joinpath("half.wav").rename(tmp_path / f"{number}.wav")

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(come_and_go, range(200)))
    assert {path.name for path in tmp_path.glob("*.wav")} == {f"{number}.wav" for number in range(200)}
    assert list(tmp_path.rglob(".*")) == []


def test_a_copy_is_the_same_and_can_be_given_up(tmp_path: Path) -> None:
    source = tmp_path / "a.wav"
    source.write_bytes(os.urandom(3_000_000))
    ticks: list[int] = []
    copy_file(source, tmp_path / "b.wav", lambda: ticks.append(1))
    assert (tmp_path / "b.wav").read_bytes() == source.read_bytes()
    assert len(ticks) == 3

    def give_up() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_file(source, tmp_path / "c.wav", give_up)
    assert (tmp_path / "c.wav").stat().st_size == 0


@pytest.mark.parametrize("kind", [STEMS, LOOPS])
@pytest.mark.parametrize(
    ("number", "match"), [(errno.EDQUOT, "is full"), (errno.EFBIG, "no file as large"), (errno.EIO, "mend its rights")]
)
def test_what_a_disk_may_say_is_one_sentence(number: int, match: str, kind: SoundKind, tmp_path: Path) -> None:
    sentence = str(explain_disk(OSError(number, "so"), tmp_path, kind))
    assert re.fullmatch(rf".*{re.escape(str(tmp_path))}.*{match}.*\.", sentence)
    assert kind.name in sentence
