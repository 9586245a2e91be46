"""How `musearoo midi monitor` tells of messages: every kind in words, and nothing that it falls over."""

from __future__ import annotations

import random

import mido  # type: ignore[import-untyped]

from musearoo.bridge.commands.midi.words import channel_of, describe_message, is_note_off, is_note_on, name_note
from tests.each_case import each_case

WORDS = [
    ("90 3c 64", "C4, velocity 100"),
    ("91 3c 64", "C4, velocity 100 · channel 2"),
    ("90 3c 00", "C4 off"),
    ("80 3d 40", "Db4 off"),
    ("99 24 7f", "kick, velocity 127 · channel 10"),
    ("89 2e 00", "open hat off · channel 10"),
    ("99 02 01", "drum 2, velocity 1 · channel 10"),
    ("a0 3c 40", "pressure 64 on C4"),
    ("b0 40 7f", "sustain pedal down"),
    ("b0 40 3f", "sustain pedal up"),
    ("bf 01 00", "modulation wheel 0 · channel 16"),
    ("b0 14 05", "controller 20 5"),
    ("b0 7b 00", "all notes off"),
    ("b0 7a 7f", "local control on"),
    ("c0 00", "programme 1"),
    ("d0 50", "pressure 80"),
    ("e0 00 40", "pitch bend in the middle"),
    ("e0 7f 7f", "pitch bend up 100%"),
    ("e0 00 00", "pitch bend down 100%"),
    ("e0 00 50", "pitch bend up 25%"),
    ("f0 7e 7f 06 01 f7", "system exclusive, 6 bytes"),
    ("f2 10 00", "song position: beat 4"),
    ("f2", "song position"),
    ("f4", "unknown: f4"),
    ("90 3c", "cut short: 90 3c"),
    ("3c 40", "no message: 3c 40"),
    ("", "no message: empty"),
]


@each_case("message, words", WORDS)
def test_a_message_in_words(message: str, words: str) -> None:
    assert describe_message(bytes.fromhex(message)) == words


def test_any_bytes_have_a_description() -> None:
    chance = random.Random(9)
    for _ in range(2_000):
        data = chance.randbytes(chance.randrange(5))
        assert describe_message(data)
        assert not (is_note_on(data) and is_note_off(data))
        assert name_note(chance.randrange(128), channel_of(data))


def test_every_channel_message_of_mido_is_described_with_its_channel() -> None:
    for kind in ("note_on", "note_off", "polytouch", "control_change", "program_change", "aftertouch", "pitchwheel"):
        data = bytes(mido.Message(kind, channel=4).bytes())
        assert channel_of(data) == 5
        assert describe_message(data).endswith("· channel 5")
    assert channel_of(bytes(mido.Message("songpos").bytes())) is None
