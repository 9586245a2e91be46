"""`musearoo midi` with real ports, of JACK without a sound card: somebody plays, and what comes of it is heard."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from musearoo.bridge.cli import main
from musearoo.tools.bench.midi.jack import JackServer, jack_server
from tests.bridge.commands.command_line import Output, home
from tests.bridge.midi.keyboard import Keyboard, Synthesiser, needs_jack

__all__ = ["home"]

pytestmark = needs_jack

CHORD = ((0.0, "90 39 50"), (0.0, "90 3c 50"), (0.0, "90 40 50"))
LIFTED = ((0.2, "80 39 40"), (0.0, "80 3c 40"), (0.0, "80 40 40"))
PEDAL = ((0.0, "b0 40 7f"), (0.0, "b0 40 00"))


@pytest.fixture(scope="module", autouse=True)
def jack() -> Iterator[JackServer]:
    """One server for all of them, whose messages pass within 1.3 ms."""
    with jack_server(period=64) as server:
        yield server


def test_input_is_reported_as_it_arrives(capsys: Output) -> None:
    keyboard = Keyboard((*CHORD, *LIFTED, *PEDAL))
    keyboard.start()
    assert main(["midi", "monitor", "--seconds", "0.9", "--json"]) == 0
    said = capsys.readouterr()
    told = [json.loads(line) for line in said.out.splitlines()]
    assert said.err == ""
    assert [each["words"] for each in told if each["kind"] == "message"] == [
        "A3, velocity 80",
        "C4, velocity 80",
        "E4, velocity 80",
        "A3 off",
        "C4 off",
        "E4 off",
        "sustain pedal down",
        "sustain pedal up",
    ]
    assert [each["chord"] for each in told if each["kind"] == "chord"] == ["Am", None]
    keyboard.join()


def test_a_jam_sounds_and_nothing_hangs(capsys: Output) -> None:
    keyboard = Keyboard(((0.5, "90 39 50"), *((0.1, f"{'80' if n % 2 else '90'} 3c 50") for n in range(15))))
    synthesiser = Synthesiser()
    keyboard.start()
    synthesiser.start()
    arguments = ["--bars", "1", "--bpm", "400", "--style", "funk", "--seed", "1", "--seconds", "2.4"]
    assert main(["midi", "jam", *arguments, "--json"]) == 0
    synthesiser.stop()
    keyboard.join()
    told = json.loads(capsys.readouterr().out)
    assert told["turns"] >= 2
    assert told["notes_heard"] > 3
    assert told["failed"] == []
    assert told["answers"]
    assert {data[0] & 0x0F for data in synthesiser.heard if data[0] & 0xF0 == 0x90} > {9}
    assert synthesiser.sounding == set()
