"""What sounds, by what was sent."""

import os
from pathlib import Path
from random import Random

import pytest

from musearoo.bridge.midi.parts.sounding import LEAVING, SETTLED_AFTER, SIZE, Ledger
from musearoo.bridge.midi.ports.ledger_file import LedgerFile
from tests.each_case import each_case

ON, OFF = bytes((0x93, 60, 100)), bytes((0x83, 60, 64))


def send(ledger: Ledger, data: bytes, time: float = 0.0) -> None:
    ledger.note(data)
    ledger.note_sent(data, time)


@each_case(
    "begin, end",
    [
        (ON, OFF),
        (ON, bytes((0x93, 60, 0))),
        (ON, bytes((0xB3, 123, 0))),
        (ON, bytes((0xB3, 120, 0))),
        (bytes((0xB3, 64, 127)), bytes((0xB3, 64, 0))),
        (bytes((0xB3, 64, 30)), bytes((0xB3, 121, 0))),
        (bytes((0xB3, 66, 127)), bytes((0xB3, 66, 0))),
        (bytes((0xE3, 0, 80)), bytes((0xE3, 0, 64))),
        (bytes((0xE3, 1, 64)), bytes((0xB3, 121, 0))),
    ],
)
def test_what_stands_is_ended_by_what_ends_it(begin: bytes, end: bytes) -> None:
    ledger = Ledger()
    send(ledger, begin)
    assert len(ledger.offs()) == 1
    send(ledger, end)
    ledger.settle(SETTLED_AFTER + 0.1)
    assert ledger.is_silent
    # And what it says that ends it does.
    send(ledger, begin)
    for off in ledger.offs():
        send(ledger, off)
    ledger.settle(SETTLED_AFTER + 0.1)
    assert ledger.is_silent


@each_case("data", [b"\xf8", bytes((0xC1, 4)), bytes((0xB1, 7, 100)), bytes((0xE1, 0, 64)), OFF])
def test_what_makes_nothing_sound_is_not_noted(data: bytes) -> None:
    ledger = Ledger()
    send(ledger, data)
    assert ledger.is_silent


def test_a_message_that_may_still_be_in_the_driver_counts_as_sounding() -> None:
    ledger = Ledger()
    send(ledger, ON, 1.0)
    send(ledger, OFF, 2.0)
    ledger.settle(2.0 + SETTLED_AFTER * 0.9)
    assert ledger.offs() == (OFF,)
    send(ledger, ON, 2.5)
    ledger.settle(9.0)
    assert ledger.offs() == (OFF,), "struck again, it sounds for as long as it likes"


def test_left_over_notes_are_distinguished_from_new_ones() -> None:
    cells = bytearray(SIZE)
    send(Ledger(cells), ON)
    send(Ledger(cells), bytes((0x93, 62, 100)))
    ledger = Ledger(cells)
    assert len(ledger.left_over_offs()) == 2
    send(ledger, ON)
    assert ledger.left_over_offs() == (bytes((0x83, 62, 64)),)
    ledger.forget_left_over()
    assert ledger.offs() == (OFF,)
    assert not ledger.has_left_over


def test_any_messages_are_ended_by_the_offs() -> None:
    chance = Random(1)
    for _ in range(50):
        ledger, sounding = Ledger(), set()
        for _ in range(200):
            channel, pitch, velocity = chance.randrange(16), chance.randrange(128), chance.choice((0, 90))
            send(ledger, bytes((chance.choice((0x80, 0x90)) | channel, pitch, velocity)))
        sounding = {(off[0] & 15, off[1]) for off in ledger.offs()}
        for off in ledger.offs():
            send(ledger, off)
        assert sounding
        ledger.settle(SETTLED_AFTER)
        assert ledger.is_silent


def test_the_file_remembers_by_the_output_and_lets_others_have_one_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "home" / "midi.ledger"
    first = LedgerFile(path)
    send(first.ledger("Synth"), ON)
    first.ledger("Piano")
    second = LedgerFile(path)
    assert second.left_over() == ()
    send(second.ledger("Organ"), ON)
    first.close()
    second.close()

    third, fourth = LedgerFile(path), LedgerFile(path)
    assert (third.left_over(), fourth.left_over()) == (("Synth",), ("Organ",))
    assert third.ledger("Synth").left_over_offs() == (OFF,)
    third.ledger("Synth").forget_left_over()
    third.adopt()
    assert third.left_over() == (), "the other one has its file still"
    fourth.close()
    third.adopt()
    assert third.left_over() == ("Organ",)
    assert third.ledger("Organ").left_over_offs() == (OFF,)
    third.close()
    fifth = LedgerFile(path)
    fifth.adopt()
    assert fifth.left_over() == ("Organ",), "once, and for as long as it is not ended"


@pytest.mark.parametrize("content", [b"", b"no ledger", bytes(100_000), bytes([LEAVING]) * 300_000])
def test_a_foreign_file_is_overwritten(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "midi.ledger"
    path.write_bytes(content)
    ledgers = LedgerFile(path)
    assert ledgers.left_over() == ()
    send(ledgers.ledger("Synth"), ON)
    ledgers.close()
    assert LedgerFile(path).left_over() == ("Synth",)


def test_many_outputs_take_the_places_of_silent_ones(tmp_path: Path) -> None:
    ledgers = LedgerFile(tmp_path / "midi.ledger")
    send(ledgers.ledger("sounds"), ON)
    for number in range(100):
        ledgers.ledger(f"output {number}")
    assert ledgers.ledger("sounds").offs() == (OFF,)
    for number in range(100):
        send(ledgers.ledger(f"sounds {number}"), ON)
    assert ledgers.ledger("sounds").offs() == (OFF,)


def test_a_disk_without_room_costs_the_memory_of_the_next_process_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "write", lambda _descriptor, data: len(data) // 2)
    ledgers = LedgerFile(tmp_path / "midi.ledger")
    assert "No space left on device" in capsys.readouterr().out
    send(ledgers.ledger("Synth"), ON)
    assert not ledgers.ledger("Synth").is_silent
    ledgers.adopt()
    ledgers.close()
