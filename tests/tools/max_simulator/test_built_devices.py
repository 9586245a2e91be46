"""The devices as they are built, in a simulated Max without a daemon: they load, they answer, they keep their state."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from musearoo.bridge.protocol import (
    FIRST_DEVICE_PORT,
    Analyze,
    Beat,
    BeatBack,
    Generate,
    Hello,
    Imagine,
    Refine,
)
from musearoo.bridge.protocol.codec import decode, encode
from musearoo.bridge.protocol.types import Message, Route
from musearoo.tools.max_simulator.__main__ import main
from musearoo.tools.max_simulator.formats.faults import HostTimeout
from musearoo.tools.max_simulator.outside.live_api import FakeLive
from musearoo.tools.max_simulator.outside.network import MemoryNetwork
from musearoo.tools.max_simulator.runtime.device import Device
from musearoo.tools.max_simulator.runtime.host import MaxHost
from musearoo.tools.max_simulator.terminal import CommandError, Terminal
from tests.each_case import each_case
from tests.path.device_welcomes import welcome_to

FOLDER = Path(__file__).parents[3] / "max_for_live"
AUDIO, MIDI = FOLDER / "MuseAroo.amxd", FOLDER / "MuseAroo MIDI.amxd"

IN_TIME = 0.05
"""Model seconds within which the face answers a click; what the machine takes beside is for the bench to measure."""


def start(path: Path, *, ids_are_text: bool = True, **options: object) -> Device:
    """A device on the first track of a set, initialised."""
    live = FakeLive.with_tracks(2)
    host = MaxHost(live, ids_are_text=ids_are_text)
    device = host.load(path, key=live.key(0), **options)  # type: ignore[arg-type]
    host.run_for(0.1)
    return device


@each_case("path", [AUDIO, MIDI])
@each_case("restore", ["before", "after"])
def test_a_device_says_hello_to_the_daemon(path: Path, restore: str) -> None:
    device = start(path, restore=restore)
    assert device.errors == []
    assert device.posts == []
    assert isinstance(device.host.network, MemoryNetwork)
    port, packet = device.host.network.sent[0]
    (hello,) = decode(packet, Route.DEVICE_TO_DAEMON)
    assert port == FIRST_DEVICE_PORT
    assert isinstance(hello, Hello)
    assert hello.reply_port == device.reply_port
    assert hello.live_version == "12.3.6"


@each_case("path", [AUDIO, MIDI])
def test_every_click_is_answered_on_the_face_in_time(path: Path) -> None:
    """At the worst moment too: a click just after a frame and just after the queue was served."""
    device = start(path)
    host = device.host
    boxes = [wrapped["box"] for wrapped in device.patcher["boxes"]]
    buttons = [box["varname"] for box in boxes if box["maxclass"] == "live.text" and box.get("mode") == 0]
    assert len(buttons) > 10
    late = {}
    for name in buttons:
        host.run_for(1.0)
        host.run_for(0.0001 + (35_000 - host.clock.now() % 35_000) / 1e6)
        reaction = device.press(name)
        host.run_for(0.1)
        if reaction.drawn_at is None or reaction.drawn_at - reaction.clicked_at > IN_TIME:
            late[name] = reaction
    assert late == {}
    assert device.errors == []


@each_case("path", [AUDIO, MIDI])
def test_the_state_survives_saving_and_loading(path: Path) -> None:
    device = start(path)
    device.set("style", "funk")
    device.set("bars", 5)
    device.set("complexity", 73)
    device.press("auto_split")
    device.type("prompt", 'warm "dub" bass, 90')
    state = json.loads(json.dumps(device.save_state()))
    again = start(path, state=state)
    assert again.save_state() == state
    assert [again.value(name) for name in ("bars", "complexity", "prompt")] == [5, 73, 'warm "dub" bass, 90']
    assert again.shown("style") == "funk"


def welcomed(device: Device) -> list[Message]:
    """What a device sends to a daemon that welcomes it and never answers anything else; grows as it sends."""
    network = device.host.network
    assert isinstance(network, MemoryNetwork)
    heard: list[Message] = []

    def answer(port: int, packet: bytes) -> None:
        if port == FIRST_DEVICE_PORT:
            heard.extend(decode(packet, Route.DEVICE_TO_DAEMON))
            if isinstance(heard[-1], Hello):
                network.deliver(heard[-1].reply_port, welcome_to(heard[-1], 7))

    network.answer = answer
    device.host.run_until(lambda: device.shown("daemon").startswith("daemon"), 20.0, "welcome")
    heard.clear()
    return heard


def test_ids_of_either_kind_lead_to_the_same_presses() -> None:
    """The documents of Max 8 call a LiveAPI's id text, those of Max 7 a number."""
    presses = []
    for ids_are_text in (True, False):
        device = start(AUDIO, ids_are_text=ids_are_text)
        heard = welcomed(device)
        device.set("where", 1)
        for name in ("drums", "analyse", "again"):
            device.press(name)
        device.host.run_for(0.1)
        assert device.errors == []
        presses.append(list(heard))
    assert presses[0] == presses[1]
    assert [type(message) for message in presses[0]] == [Generate, Analyze, Refine]
    drums = presses[0][0]
    assert isinstance(drums, Generate)
    assert (drums.engine, drums.track, drums.scene) == ("drummaroo", 0, 0)


@each_case("reenters", [True, False])
def test_the_prompt_goes_along_without_return(reenters: bool) -> None:
    """Whether Max comes back into the script while it sends or not: a half-typed prompt is taken as it stands."""
    live = FakeLive.with_tracks(2)
    host = MaxHost(live, reenters=reenters)
    device = host.load(AUDIO, key=live.key(0))
    heard = welcomed(device)
    device.type("prompt", "dub bass", finish=False)
    device.press("imagine")
    host.run_for(0.3)
    assert [message.prompt for message in heard if isinstance(message, Imagine)] == ["dub bass"]


def test_time_leaves_no_texts_behind_in_max() -> None:
    """Max interns every text for good: a minute with a daemon, or without one, brings no new ones."""
    device = start(AUDIO)
    network = device.host.network
    assert isinstance(network, MemoryNetwork)
    welcomed(device)
    beats = network.answer

    def answer(port: int, packet: bytes) -> None:
        assert beats is not None
        beats(port, packet)
        for message in decode(packet, Route.DEVICE_TO_DAEMON):
            if isinstance(message, Beat):
                network.deliver(device.reply_port or 0, encode(BeatBack(message.session, 1)))

    network.answer = answer
    device.host.run_for(10.0)
    known = device.symbols
    device.host.run_for(60.0)
    assert device.symbols == known
    network.answer = None
    device.host.run_for(60.0)
    known = device.symbols
    device.host.run_for(40.0)
    assert device.symbols == known


def test_sound_goes_through_the_audio_twin_untouched() -> None:
    device = start(AUDIO)
    sound = np.random.default_rng(3).uniform(-1.0, 1.0, (2, 1000)).astype(np.float32)
    device.listen_to(lambda first, count: sound[:, first : first + count])
    assert np.array_equal(device.sound_out(100, 500), sound[:, 100:600])


def test_midi_goes_through_the_midi_twin_untouched() -> None:
    device = start(MIDI)
    device.midi(0x90, 60, 100, 0x80, 60, 0)
    device.host.run_for(0.01)
    assert device.midi_out == [0x90, 60, 100, 0x80, 60, 0]


# ------------------------------------------------------------------------------------------ the terminal


def test_the_commands_of_the_terminal() -> None:
    device = start(AUDIO)
    terminal = Terminal(device.host, device)
    assert "ms  status: " in (terminal.do("press drums") or "")
    assert terminal.do("set style funk") is not None
    assert terminal.do("show style") == "funk"
    assert terminal.do("set complexity 80") is not None
    assert terminal.do('type "dub bass"') == ""
    assert terminal.do("show prompt") == "dub bass"
    assert terminal.do("hold talk 0.2") == ""
    assert terminal.do("wait 0.5") == ""
    assert terminal.do(f'wait "{device.shown("status")[:8]}" 5') == ""
    with pytest.raises(HostTimeout, match="no 'polka' in the status within 1 s"):
        terminal.do("wait polka 1")
    face = terminal.do("show") or ""
    assert all(part in face for part in ("<prompt: dub bass>", "[drums: Drums]", "<complexity: 80>", "lamp: ("))
    assert "display" not in face
    assert "/roo/hello" in (terminal.do("sent") or "")
    assert "Complexity: 80" in (terminal.do("state") or "")
    assert len(terminal.do("info drums") or "") > 20
    assert terminal.do("") == ""
    assert terminal.do("quit") is None


@each_case(
    "line, fault",
    [
        ("dance", "there are press, set"),
        ("press", "usage: press NAME"),
        ("hold talk long", "'long' is not a number of seconds"),
        ('type "half', "put texts into double quotes"),
    ],
)
def test_a_wrong_command_is_told_how_it_goes(line: str, fault: str) -> None:
    device = start(AUDIO)
    with pytest.raises(CommandError, match=fault):
        Terminal(device.host, device).do(line)


def test_the_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    nobody = ["--home", str(tmp_path)]
    picture = tmp_path / "face.png"
    assert main([str(AUDIO), *nobody, "--do", "show daemon", "--png", str(picture)]) == 0
    assert capsys.readouterr().out == "no daemon\n"
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert main([str(AUDIO), *nobody, "--do", "press nothing"]) == 1
    assert "There is no 'nothing'; there are" in capsys.readouterr().err
    assert main([str(tmp_path / "gone.amxd")]) == 1
    picture.write_bytes(b"RIFF")
    assert main([str(picture)]) == 1
    assert "expected ampf" in capsys.readouterr().err


def test_commands_come_on_stdin(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "musearoo.tools.max_simulator", str(MIDI), "--home", str(tmp_path)]
    ended = subprocess.run(
        command,
        input="show daemon\nquit\nshow",
        capture_output=True,
        text=True,
        timeout=20,
        cwd=FOLDER.parent,
        check=False,
    )
    assert ended.stdout == "no daemon\n"
    assert ended.returncode == 0
