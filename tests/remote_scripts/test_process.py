"""The script as Live loads it: from its folder, in a process of its own, also under the Python that Live 11 embeds."""

import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from musearoo.bridge.protocol import (
    WIRE_VERSION,
    CreateAudioClip,
    CreateLocator,
    CreateStem,
    CreateTrack,
    Edit,
    Error,
    Result,
    SceneState,
    ScriptHello,
    ScriptWelcome,
    SetLoop,
    SetReady,
    SetWarpMarkers,
    TrackState,
    Transaction,
)
from musearoo.bridge.protocol.codec import encode_warp_markers
from musearoo.tools.live_simulator.process import LiveProcess
from tests.remote_scripts.studio import SCRIPTS, Daemon, clip_edit


def _python37() -> str | None:
    found = shutil.which("python3.7")
    pyenv = sorted(Path.home().glob(".pyenv/versions/3.7.*/bin/python3.7"))
    # A version manager's shim may stand on the path without a version behind it.
    return str(pyenv[-1]) if pyenv else found


@pytest.fixture
def daemon(home: Path) -> Daemon:
    """The daemon's end, listening."""
    made = Daemon(home)
    made.listen()
    return made


def _poll_until(daemon: Daemon, condition: Callable[[], object]) -> None:
    give_up = time.monotonic() + 20.0
    while not condition():
        assert time.monotonic() < give_up, daemon.received[-5:]
        time.sleep(0.005)
        daemon.poll()


def _admit(daemon: Daemon) -> ScriptHello:
    _poll_until(daemon, lambda: daemon.of(ScriptHello))
    daemon.send(ScriptWelcome(WIRE_VERSION, "0.1.0"))
    _poll_until(daemon, lambda: daemon.of(SetReady))
    return daemon.last(ScriptHello)


def _do(daemon: Daemon, request: str, *edits: Edit) -> Result:
    daemon.send(Transaction(request, 0.0), *edits, bundle=True)
    _poll_until(daemon, lambda: daemon.of(Result) or daemon.of(Error))
    assert daemon.of(Error) == []
    return daemon.last(Result)


def _first_track_and_scene(daemon: Daemon, kind: int = 0) -> tuple[int, int]:
    tracks = [track for track in daemon.of(TrackState) if track.kind == kind]
    first = min(tracks, key=lambda track: track.index)
    return first.id, next(scene.id for scene in daemon.of(SceneState) if scene.index == 0)


def _warped_clip(daemon: Daemon, path: str) -> list[Edit]:
    made = CreateAudioClip(*_first_track_and_scene(daemon, kind=1), 0, path, "Loop", -1, 1, 0, 1)
    return [made, SetWarpMarkers(-1, encode_warp_markers([(0.25, 0.0), (2.0, 4.0)])), SetLoop(-1, 1, 0.0, 4.0, 0.0)]


@pytest.mark.parametrize(("profile", "version"), [("11.3.25", "3.7"), ("12.0.0", "3.7"), ("12.3.6", "")])
def test_live_loads_the_script_and_clips_are_made(
    daemon: Daemon, home: Path, loop_file: str, stem_file: str, profile: str, version: str
) -> None:
    python = _python37() if version else sys.executable
    if python is None:
        pytest.skip("no python3.7 on this machine, the Python that Live 11 and 12.0 embed")
    env = {"MUSEAROO_HOME": str(home)}
    library = home / "User Library"
    shutil.copytree(SCRIPTS / "MuseAroo", library / "Remote Scripts" / "MuseAroo")
    with LiveProcess(profile=profile, user_library=str(library), python=python, env=env) as live:
        hello = _admit(daemon)
        assert hello.live_version == profile
        assert hello.python_version.startswith(version)
        assert hello.library == (str(library) if profile == "12.0.0" else "")
        before = live.snapshot()
        audio = _warped_clip(daemon, loop_file)
        locators = [CreateLocator(8.0, "Verse"), CreateLocator(24.0, "Chorus")]
        result = _do(daemon, "one", *audio, clip_edit(*_first_track_and_scene(daemon)), *locators)
        assert result.ids[2 * len(audio) + 1] == 16
        assert [time for time, _ in live.snapshot()["cue_points"]] == [8.0, 24.0]
        assert live.get("song.tracks[0].clip_slots[0].clip.name") == "Roo"
        daemon.received.remove(result)
        _do(daemon, "two", CreateTrack(1, 0, "Drums", -1), CreateStem(result.ids[0], -1, stem_file, "Loop · Drums", -1))
        assert live.get("song.tracks[4].clip_slots[0].clip.warp_markers")[:2] == [[0.25, 0.0], [2.0, 4.0]]
        live.undo()
        live.undo()
        assert live.snapshot() == before
        assert not [line for line in live.log() if "Error" in line]
        assert live.not_simulated() == []
        live.quit()
    _poll_until(daemon, lambda: not daemon.is_connected)
    daemon.close()


def test_live_may_quit_and_come_back(daemon: Daemon, home: Path) -> None:
    instances = []
    for _ in range(2):
        with LiveProcess(scripts=(str(SCRIPTS / "MuseAroo"),), env={"MUSEAROO_HOME": str(home)}) as live:
            instances.append(_admit(daemon).instance)
            live.kill()
        _poll_until(daemon, lambda: not daemon.is_connected)
        daemon.received.clear()
    assert instances[0] != instances[1]
    daemon.close()
