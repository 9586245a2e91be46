"""What goes wrong in a studio: nothing of the user's is lost or overwritten, and each fault is told in one sentence.

Those marked long are refusals that `tests/bridge` tries without processes.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from musearoo.bridge.protocol import WIRE_VERSION, Done, Failed, LiveState, Refusal
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.settings.config_files import ConfigFolder, DeviceKey
from musearoo.tools import ROOT
from musearoo.tools.live_simulator.process import LiveProcess
from musearoo.tools.studio.device_stand_in import DeviceStandIn, NoAnswerError
from musearoo.tools.studio.processes import SCRIPT, DaemonProcess, Studio, StudioError

SLOT = "song.tracks[{}].clip_slots[{}]"


def wait_until(condition: Callable[[], bool], what: str, within: float = 15.0) -> None:
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not happen within {within:g} s")
        time.sleep(0.02)


def clips_of(live: LiveProcess, track: int = 0) -> int:
    return sum(slot is not None for slot in live.snapshot()["tracks"][track]["slots"])


def test_daemon_killed_and_restarted_in_the_middle_of_a_press(fresh_studio: Studio) -> None:
    studio = fresh_studio
    studio.live.start_stall(700)
    press = studio.device.press("drums", style="rock", seed=-1, track=0, scene=0)
    studio.device.idle(0.2)
    assert press.got_at is not None
    studio.daemon.kill()
    studio.daemon.start()
    answer = studio.device.wait_for(press, within=20.0)
    assert isinstance(answer, Done)
    assert clips_of(studio.live) == 1, "the press that was repeated to the new daemon must not make a second clip"
    assert answer.notes == len(studio.live.call(SLOT.format(0, 0) + ".clip.get_all_notes_extended"))


def test_live_quit_and_restarted_in_the_middle_of_a_press(fresh_studio: Studio) -> None:
    studio = fresh_studio
    studio.live.start_stall(2_000)
    press = studio.device.press("drums", style="rock", track=0, scene=0)
    studio.device.idle(0.3)
    studio.live.kill()
    studio.device.wait_until(lambda: bool(press.told), 5.0, "word that Live has gone")
    assert press.told[0].code == Refusal.LIVE_LOST
    studio.live = studio.open_live()
    answer = studio.device.wait_for(press, within=20.0)
    assert isinstance(answer, Failed)
    assert answer.code == Refusal.LIVE_LOST
    assert "press again" in answer.sentence
    studio.wait_for_live()
    again = studio.device.wait_for(studio.device.press("drums", style="rock", track=0, scene=0))
    assert isinstance(again, Done)


def test_live_frozen_for_five_seconds_is_waited_for_and_told_as_busy(fresh_studio: Studio) -> None:
    studio = fresh_studio
    studio.live.start_stall(5_000)
    press = studio.device.press("drums", style="rock", track=0, scene=0)
    studio.device.wait_until(lambda: bool(press.told), 4.0, "word that Live is busy")
    assert press.told[0].code == Refusal.LIVE_BUSY
    assert "menu" in press.told[0].sentence
    answer = studio.device.wait_for(press, within=15.0)
    assert isinstance(answer, Done)
    assert clips_of(studio.live) == 1
    studio.device.idle(0.5)
    assert studio.device.facts is not None
    assert studio.device.facts.live == LiveState.READY


@pytest.mark.long
def test_a_script_of_another_version_is_refused_in_one_sentence(tmp_path: Path) -> None:
    script = tmp_path / "MuseAroo"
    shutil.copytree(SCRIPT, script, ignore=shutil.ignore_patterns("__pycache__"))
    table = script / "wire" / "table.py"
    own = f"WIRE_VERSION = {WIRE_VERSION}\n"
    assert own in table.read_text("utf-8")
    table.write_text(table.read_text("utf-8").replace(own, "WIRE_VERSION = 999\n"), "utf-8")
    home = tmp_path / "home"
    with (
        DaemonProcess(home) as daemon,
        LiveProcess(scripts=[str(script)], env={"MUSEAROO_HOME": str(home)}) as live,
    ):
        wait_until(lambda: "version 999" in daemon.log(), "the refusal")
        assert "run musearoo install, then restart Live" in daemon.log()
        wait_until(lambda: any("version 999" in line for line in live.log()), "the sentence in Live")
        with DeviceStandIn("d", home=home) as device:
            device.greet()
            answer = device.wait_for(device.press("drums", style="rock"))
        assert isinstance(answer, Failed)
        assert answer.code == Refusal.NO_LIVE


@pytest.mark.long
def test_a_wrong_token_is_refused_in_one_sentence(tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    with DaemonProcess(home) as daemon:
        elsewhere.mkdir()
        shutil.copy(home / "daemon.json", elsewhere)
        (elsewhere / "token").write_text("not the token", "ascii")
        with LiveProcess(scripts=[str(SCRIPT)], env={"MUSEAROO_HOME": str(elsewhere)}) as live:
            wait_until(lambda: "wrong token" in daemon.log(), "the refusal")
            wait_until(lambda: any("wrong token" in line for line in live.log()), "the sentence in Live")


def test_taken_ports_are_passed_over_and_told(tmp_path: Path) -> None:
    home = tmp_path / "home"
    settings = "script_port: 26610\ndevice_port: 26620\n"
    with (
        socket.create_server(("127.0.0.1", 26610)),
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other,
    ):
        other.bind(("127.0.0.1", 26620))
        with DaemonProcess(home, settings=settings) as daemon:
            assert daemon.endpoint is not None
            assert (daemon.endpoint.script_port, daemon.endpoint.device_port) == (26611, 26621)
            wait_until(lambda: daemon.log().count("is taken by another program") == 2, "the sentences in the log")
            with (
                LiveProcess(scripts=[str(SCRIPT)], env={"MUSEAROO_HOME": str(home)}),
                DeviceStandIn("d", home=home) as device,
            ):
                device.greet(within=10.0)
                device.wait_until(lambda: device.facts is not None and device.facts.live == 1, 10.0, "Live")
                answer = device.wait_for(device.press("drums", style="rock", track=0))
                assert isinstance(answer, Done)


def test_all_ports_taken_ends_the_start_with_one_line(tmp_path: Path) -> None:
    servers = [socket.create_server(("127.0.0.1", port)) for port in range(26710, 26718)]
    try:
        daemon = DaemonProcess(tmp_path / "home", settings="script_port: 26710\n")
        with pytest.raises(StudioError, match="No free port from 26710"):
            daemon.start()
        assert len(daemon.said().strip().splitlines()) == 1
    finally:
        for server in servers:
            server.close()


def test_a_second_daemon_does_not_start_and_the_first_goes_on(studio: Studio) -> None:
    endpoint = (studio.home / "daemon.json").read_text("utf-8")
    process = subprocess.run(
        [sys.executable, "-m", "musearoo", "run", "--quiet"],
        env={**os.environ, "MUSEAROO_HOME": str(studio.home)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert process.returncode == 1
    assert "already running" in process.stderr
    assert (studio.home / "daemon.json").read_text("utf-8") == endpoint
    studio.device.greet()


@pytest.mark.long
def test_two_lives_that_cannot_be_told_apart_are_not_written_to(fresh_studio: Studio) -> None:
    studio = fresh_studio
    with studio.open_live() as other:
        wait_until(lambda: studio.daemon.log().count("has told its set") == 2, "the second Live")
        before = studio.live.snapshot(), other.snapshot()
        answer = studio.device.wait_for(studio.device.press("drums", style="rock", track=0))
        assert isinstance(answer, Failed)
        assert answer.code == Refusal.SEVERAL_LIVES
        assert "close one" in answer.sentence
        assert (studio.live.snapshot(), other.snapshot()) == before
    wait_until(lambda: "has gone" in studio.daemon.log(), "the other Live's end")
    assert isinstance(studio.device.wait_for(studio.device.press("drums", style="rock", track=0)), Done)


def test_two_lives_of_different_versions_each_serve_their_own_device(fresh_studio: Studio) -> None:
    studio = fresh_studio
    home = {"MUSEAROO_HOME": str(studio.home)}
    with (
        LiveProcess(profile="11.3.25", scripts=[str(SCRIPT)], env=home) as eleven,
        DeviceStandIn("eleven", home=studio.home, live_version="11.3.25") as device,
    ):
        wait_until(lambda: studio.daemon.log().count("has told its set") == 2, "the second Live")
        device.greet()
        assert isinstance(device.wait_for(device.press("drums", style="rock", track=0, scene=0)), Done)
        assert isinstance(studio.device.wait_for(studio.device.press("bass", style="rock", track=1, scene=0)), Done)
        assert (clips_of(eleven, 0), clips_of(eleven, 1)) == (1, 0)
        assert (clips_of(studio.live, 0), clips_of(studio.live, 1)) == (0, 1)


def test_two_devices_on_one_track_each_get_a_clip_of_their_own(fresh_studio: Studio) -> None:
    studio = fresh_studio
    with studio.new_device("other") as other:
        other.greet()
        presses = [device.press("drums", style="rock", track=0, scene=0) for device in (studio.device, other)]
        answers = [studio.device.wait_for(presses[0]), other.wait_for(presses[1])]
    scenes = sorted(answer.scene for answer in answers if isinstance(answer, Done))
    assert scenes == [0, 1]
    assert clips_of(studio.live) == 2


def test_a_device_that_never_acknowledges_is_given_up_and_its_clip_stands(fresh_studio: Studio) -> None:
    studio = fresh_studio
    with studio.new_device("deaf", deaf=True) as deaf:
        deaf.greet()
        answer = deaf.wait_for(deaf.press("drums", style="rock", track=0, scene=0))
        assert isinstance(answer, Done)
        deaf.idle(4.5)
        repeats = [message for message in deaf.received if isinstance(message, Done)]
        assert 5 < len(repeats) < 20
        deaf.idle(1.0)
        assert len([message for message in deaf.received if isinstance(message, Done)]) == len(repeats)
    assert clips_of(studio.live) == 1
    assert "does not acknowledge" in studio.daemon.log()


def between_press_and_write(studio: Studio, *gesture: dict[str, object]) -> Message:
    """Presses while Live is held, and has the user do `gesture` before Live comes to the press."""
    hold = {"do": "stall", "ms": 600}
    hand = threading.Thread(target=studio.live.group, args=(hold, *gesture))
    hand.start()
    time.sleep(0.15)
    press = studio.device.press("drums", style="rock", track=0, scene=0)
    answer = studio.device.wait_for(press, within=10.0)
    hand.join()
    return answer


def test_the_track_is_deleted_between_press_and_write(fresh_studio: Studio) -> None:
    studio = fresh_studio
    expected = studio.live.snapshot()
    del expected["tracks"][0]
    answer = between_press_and_write(studio, {"do": "vanish_track", "index": 0})
    assert isinstance(answer, Failed)
    assert answer.code == Refusal.GONE
    assert "track" in answer.sentence.lower()
    now = studio.live.snapshot()
    assert len(now["tracks"]) == len(expected["tracks"])
    assert all(clips_of(studio.live, track) == 0 for track in range(3))


def test_the_slot_is_filled_between_press_and_write(fresh_studio: Studio) -> None:
    studio = fresh_studio
    slot = SLOT.format(0, 0)
    answer = between_press_and_write(
        studio,
        {"do": "call", "path": f"{slot}.create_clip", "args": [4.0]},
        {"do": "set", "path": f"{slot}.clip.name", "value": "mine"},
    )
    assert isinstance(answer, Done)
    assert answer.scene == 1
    assert studio.live.get(f"{slot}.clip.name") == "mine"
    assert studio.live.call(f"{slot}.clip.get_all_notes_extended") == []


def test_unreadable_settings_end_the_start_with_one_line(tmp_path: Path) -> None:
    for name, content, words in (
        ("bounds", b"sample_rate: 12\n", "sample_rate"),
        ("unknown", b"sample_rat: 48000\n", "sample_rat"),
        ("broken", b"sample_rate: [\n", "not YAML"),
        ("binary", b"\xff\xfe\x00", "settings.yaml"),
    ):
        home = tmp_path / name
        home.mkdir()
        ConfigFolder(home).settings_file.write_bytes(content)
        daemon = DaemonProcess(home)
        with pytest.raises(StudioError, match=words):
            daemon.start()
        assert len(daemon.said().strip().splitlines()) == 1
        assert ConfigFolder(home).settings_file.read_bytes() == content


@pytest.mark.skipif(sys.platform == "win32", reason="needs the file size limit of a POSIX system")
def test_a_full_disk_at_the_start_ends_it_with_one_line(tmp_path: Path) -> None:
    process = run_with_file_limit(tmp_path / "home", 0)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 1
    assert len(said.strip().splitlines()) == 1
    assert "Free some space" in said


@pytest.mark.skipif(sys.platform == "win32", reason="needs the file size limit of a POSIX system")
def test_a_disk_that_fills_while_running_costs_the_log_and_nothing_else(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    # The commented file of a first start is longer than the log is to become.
    ConfigFolder(home).settings_file.write_text("sample_rate: 48000\n", encoding="utf-8")
    process = run_with_file_limit(home, 1_200)
    try:
        wait_until(lambda: ConfigFolder(home).read_endpoint() is not None, "the daemon's start")
        endpoint = ConfigFolder(home).read_endpoint()
        assert endpoint is not None
        with (
            LiveProcess(scripts=[str(SCRIPT)], env={"MUSEAROO_HOME": str(home)}) as live,
            DeviceStandIn("d", home=home) as device,
        ):
            device.greet()
            device.wait_until(lambda: device.facts is not None and device.facts.live == 1, 10.0, "Live")
            for _ in range(12):
                answer = device.wait_for(device.press("drums", style="rock", track=0, scene=0, replace=True))
                assert isinstance(answer, Done)
            assert clips_of(live) == 1
    finally:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 0, said
    assert said.count("cannot be written") == 1


def run_with_file_limit(home: Path, most_bytes: int) -> "subprocess.Popen[str]":
    """A daemon whose files may grow to `most_bytes`: what a full disk looks like, without filling one."""
    program = (
        "import resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({most_bytes}, {most_bytes}))\n"
        "from musearoo.bridge.cli import main\n"
        "sys.exit(main(['run', '--quiet']))\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "MUSEAROO_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_peer_that_sends_half_a_frame_and_sleeps_costs_nothing(studio: Studio) -> None:
    port = json.loads((studio.home / "daemon.json").read_text("utf-8"))["script_port"]
    with socket.create_connection(("127.0.0.1", port)) as sleeper:
        sleeper.sendall(b"\xc0/roo/script/hel")
        answer = studio.device.wait_for(studio.device.press("drums", style="rock", track=0, scene=0))
        assert isinstance(answer, Done)
        sleeper.settimeout(10.0)
        assert sleeper.recv(100) == b"", "the daemon closes a connection that does not say hello"
    wait_until(lambda: "did not say hello" in studio.daemon.log(), "the sentence in the log")
    studio.live.undo()


def test_a_device_without_a_daemon_hears_nothing_and_goes_on(tmp_path: Path) -> None:
    ConfigFolder(tmp_path).keep_device_key(DeviceKey(26_920, "5e" * 32))
    with DeviceStandIn("lonely", home=tmp_path) as device, pytest.raises(NoAnswerError, match="welcome"):
        device.greet(within=0.8)
