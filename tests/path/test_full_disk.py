"""A disk that takes nothing: whoever says that something is kept has kept it, and all else is told as it is."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from musearoo.bridge.copilot.preferences_file import preferences_file, read_preferences
from musearoo.bridge.protocol import Answer, Done, Failed, Refusal
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.settings.config_files import ConfigFolder
from musearoo.tools.studio.processes import Studio
from musearoo.tools.studio.synthesiser import render_parts, write_wave
from tests.band import BPM, play_band

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the files of a process that runs")

WITHIN = 60.0
KEPT = "Kept: funk bass. I remember what you like of it."


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("audio")
    loop = write_wave(folder / "Band.wav", render_parts(play_band(), BPM, loop=True))
    with Studio(settings=f"audio_folders: [{json.dumps(str(folder))}]\nlisten: false\n") as studio:
        studio.live.call("song.tracks[2].clip_slots[0].create_audio_clip", str(loop))
        studio.device.idle(0.3)
        yield studio


@contextmanager
def full_disk(studio: Studio) -> Iterator[None]:
    """Within it, no file of the daemon or its children grows: each write fails at the system call."""
    import resource

    pids = [studio.daemon.pid, *_children(studio.daemon.pid)]
    before = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids}
    for pid, (_, hard) in before.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        for pid, limits in before.items():
            if os.path.exists(f"/proc/{pid}"):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def _children(pid: int) -> list[int]:
    listed = [path.read_text().split() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    children = [int(child) for each in listed for child in each]
    return children + [one for child in children for one in _children(child)]


def say(studio: Studio, text: str) -> Message:
    return studio.device.wait_for(studio.device.say(text), WITHIN)


def files(home: Path) -> set[str]:
    """Every file in the home but for logs, locks and what is cached."""
    found = (path for path in home.rglob("*") if path.is_file())
    return {str(path.relative_to(home)) for path in found if path.suffix not in (".log", ".lock", ".cache")}


def test_what_is_liked_is_remembered_only_once_it_is_on_the_disk(studio: Studio) -> None:
    assert isinstance(say(studio, "give me a funk bass, two bars"), Done)
    before = files(studio.home)
    with full_disk(studio):
        answer = say(studio, "keep that")
        assert isinstance(answer, Failed)
        assert answer.code == Refusal.ENGINE_FAILED
        assert answer.sentence.startswith("What you like could not be written down, and stays as it was: ")
        assert "preferences.json cannot be written: File too large." in answer.sentence
    assert files(studio.home) == before
    answer = say(studio, "keep that")
    assert isinstance(answer, Answer)
    assert answer.sentence == KEPT
    kept = read_preferences(studio.home)
    assert kept.parts["bass"].kept == 1
    with full_disk(studio):
        asked = say(studio, "forget what you know about me")
        assert isinstance(asked, Answer)
        assert asked.asks, asked
        assert isinstance(say(studio, "yes"), Failed)
    assert read_preferences(studio.home) == kept


def test_preferences_that_cannot_be_read_are_not_said_to_be_remembered(studio: Studio) -> None:
    assert isinstance(say(studio, "give me a funk bass, two bars"), Done)
    path = preferences_file(studio.home)
    before = path.read_bytes()
    path.write_bytes(b"{")
    answer = say(studio, "keep that")
    assert isinstance(answer, Failed)
    assert "preferences.json" in answer.sentence
    assert path.read_bytes() == b"{"
    path.write_bytes(before)
    answer = say(studio, "keep that")
    assert isinstance(answer, Answer)
    assert answer.sentence == KEPT


def test_a_self_test_is_done_only_once_its_report_is_kept(studio: Studio) -> None:
    folder = ConfigFolder(studio.home)
    assert isinstance(studio.device.wait_for(studio.device.self_test("Track=ok"), WITHIN), Done)
    before = folder.read_self_test()
    with full_disk(studio):
        answer = studio.device.wait_for(studio.device.self_test("Track=ok;Ring=ok"), WITHIN)
    assert isinstance(answer, Failed)
    assert answer.sentence.startswith("The report could not be kept: ")
    assert "self_test.json" in answer.sentence
    assert folder.read_self_test() == before
    assert isinstance(studio.device.wait_for(studio.device.self_test("Track=ok;Ring=ok"), WITHIN), Done)
    assert folder.read_self_test() != before


@pytest.mark.parametrize("what", ["split", "imagine"])
def test_sounds_that_cannot_be_written_are_a_failure_and_leave_nothing(studio: Studio, what: str) -> None:
    device = studio.device

    def press() -> Message:
        if what == "split":
            return device.wait_for(device.split(track=2, scene=0, backend="dsp"), WITHIN)
        return device.wait_for(device.imagine("slow funk", bars=1, backend="sketch"), WITHIN)

    # The worker is to run before the disk is full, as in a session that lasts.
    assert isinstance(device.wait_for(device.imagine("a bell", bars=1, backend="sketch"), WITHIN), Done)
    before, tracks = files(studio.home), len(studio.live.snapshot()["tracks"])
    with full_disk(studio):
        answer = press()
    assert isinstance(answer, Failed)
    assert "The disk of" in answer.sentence
    assert files(studio.home) == before
    assert len(studio.live.snapshot()["tracks"]) == tracks
    assert isinstance(press(), Done)


def test_presses_go_on_though_nothing_can_be_logged(studio: Studio) -> None:
    with full_disk(studio):
        for _ in range(3):
            assert isinstance(say(studio, "give me funk drums, two bars"), Done)
            assert isinstance(say(studio, "undo"), Done)
