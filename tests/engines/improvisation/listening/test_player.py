"""Incoming notes, pedals and chords, byte by byte."""

from __future__ import annotations

from random import Random

import pytest

from musearoo.engines.improvisation.listening.played_notes import PlayedNote
from musearoo.engines.improvisation.listening.player import REMEMBERED_SECONDS, PlayerListener
from musearoo.engines.music.scale import Key
from tests.each_case import each_case


@pytest.fixture
def player() -> PlayerListener:
    """A set at 60 BPM, so that beats are seconds."""
    player = PlayerListener()
    player.clock(0.0, 0.0, 60.0, True)
    return player


def hear(player: PlayerListener, beat: float, *message: int, port: str = "") -> bool:
    return player.hear(beat, beat, bytes(message), port)


def notes(player: PlayerListener, beat: float) -> list[PlayedNote]:
    return list(player.recording(beat, beat).notes)


def ends(player: PlayerListener, beat: float) -> list[tuple[int, float | None, float | None]]:
    """Pitch, when the key came up, and when the note ended."""
    return [
        (note.pitch, note.key_end and note.key_end.beat, note.end and note.end.beat) for note in notes(player, beat)
    ]


def test_a_key_is_a_note_from_when_it_goes_down_until_it_comes_up(player: PlayerListener) -> None:
    assert hear(player, 1.0, 0x90, 60, 90)
    assert player.sounding == (60,)
    assert ends(player, 1.2) == [(60, None, None)]
    assert hear(player, 1.5, 0x80, 60, 30)
    assert ends(player, 2.0) == [(60, 1.5, 1.5)]
    (note,) = notes(player, 2.0)
    assert (note.velocity, note.release_velocity, note.start.beat) == (90, 30, 1.0)
    assert not player.sounding


def test_a_strike_without_velocity_is_a_release(player: PlayerListener) -> None:
    hear(player, 1.0, 0x93, 60, 90)
    hear(player, 1.5, 0x93, 60, 0)
    assert ends(player, 2.0) == [(60, 1.5, 1.5)]


def test_the_pedal_sustains_released_notes(player: PlayerListener) -> None:
    hear(player, 0.0, 0x90, 60, 90)
    hear(player, 0.5, 0xB0, 64, 127)
    assert not hear(player, 1.0, 0x80, 60, 64)
    hear(player, 1.0, 0x90, 64, 90)
    assert player.sounding == (60, 64)
    hear(player, 3.0, 0xB0, 64, 0)
    assert ends(player, 4.0) == [(60, 1.0, 3.0), (64, None, None)]


def test_a_note_struck_again_under_the_pedal_ends_the_one_before(player: PlayerListener) -> None:
    hear(player, 0.0, 0xB0, 64, 100)
    hear(player, 0.0, 0x90, 60, 90)
    hear(player, 0.5, 0x80, 60, 64)
    hear(player, 1.0, 0x90, 60, 80)
    assert ends(player, 2.0) == [(60, 0.5, 1.0), (60, None, None)]


def test_the_middle_pedal_holds_only_what_was_down(player: PlayerListener) -> None:
    hear(player, 0.0, 0x90, 36, 90)
    hear(player, 0.5, 0xB0, 66, 127)
    hear(player, 1.0, 0x90, 60, 90)
    hear(player, 1.5, 0x80, 60, 64)
    hear(player, 1.5, 0x80, 36, 64)
    assert player.sounding == (36,)
    hear(player, 2.0, 0xB0, 66, 0)
    assert ends(player, 3.0) == [(36, 1.5, 2.0), (60, 1.5, 1.5)]


@pytest.mark.parametrize("number", [120, 123])
def test_all_notes_off_ends_all(player: PlayerListener, number: int) -> None:
    hear(player, 0.0, 0x90, 60, 90)
    hear(player, 0.0, 0x90, 64, 90)
    assert hear(player, 1.0, 0xB0, number, 0)
    assert player.sounding == ()


def test_an_input_that_is_gone_holds_nothing(player: PlayerListener) -> None:
    hear(player, 0.0, 0x90, 60, 90, port="keys")
    hear(player, 0.0, 0x90, 64, 90, port="pads")
    player.lose("keys", 1.0, 1.0)
    assert player.sounding == (64,)
    assert ends(player, 2.0) == [(60, 1.0, 1.0), (64, None, None)]


def test_drums_are_no_chord(player: PlayerListener) -> None:
    for pitch in (36, 40, 43):
        hear(player, 0.0, 0x99, pitch, 90)
    assert player.held_chord() is None
    assert player.sounding == ()
    assert len(notes(player, 1.0)) == 3


def test_what_was_played_long_ago_is_forgotten(player: PlayerListener) -> None:
    hear(player, 0.0, 0x90, 60, 90)
    hear(player, 1.0, 0x80, 60, 64)
    hear(player, 2.0, 0xB0, 1, 64)
    late = REMEMBERED_SECONDS + 10.0
    player.clock(late, late, 60.0, True)
    hear(player, late, 0x90, 62, 90)
    recording = player.recording(late, late)
    assert [note.pitch for note in recording.notes] == [62]
    assert recording.controls == ()


def test_a_recording_stays_as_it_was(player: PlayerListener) -> None:
    hear(player, 0.0, 0x90, 60, 90)
    recording = player.recording(0.5, 0.5)
    hear(player, 1.0, 0x80, 60, 64)
    player.forget()
    assert [note.end for note in recording.notes] == [None]
    assert notes(player, 2.0) == []


@each_case("seed", range(20))
def test_any_bytes_keep_a_consistent_state(seed: int) -> None:
    chance = Random(seed)
    player = PlayerListener()
    for number in range(300):
        now = number / 10.0
        player.clock(chance.choice((now, 0.0)), now, 120.0, chance.random() < 0.9)
        data = bytes(chance.randrange(256) for _ in range(chance.randrange(5)))
        if chance.random() < 0.7:
            status = chance.choice((0x90, 0x80, 0xB0)) | chance.randrange(2)
            data = bytes((status, chance.randrange(128), chance.randrange(128)))
        player.hear(now, now, data, chance.choice(("", "pads")))
        player.held_chord()
    recording = player.recording(30.0, 30.0)
    for note in recording.notes:
        assert recording.length(note.start, note.key_end) <= recording.length(note.start, note.end) + 1e-9
        assert note.start.stretch in recording.stretches


def test_what_was_played_a_quarter_of_an_hour_ago_to_the_second_is_still_known(player: PlayerListener) -> None:
    hear(player, 0.0, 0x90, 60, 90)
    hear(player, 1.0, 0xB0, 1, 64)
    hear(player, 1.0, 0x80, 60, 64)
    player.clock(REMEMBERED_SECONDS, REMEMBERED_SECONDS, 60.0, True)
    assert len(notes(player, REMEMBERED_SECONDS)) == 1
    recording = player.recording(REMEMBERED_SECONDS + 1.0, REMEMBERED_SECONDS + 1.0)
    assert (len(recording.notes), len(recording.controls)) == (0, 1)


def test_a_key_given_once_stays_in_effect(player: PlayerListener) -> None:
    player.held_chord(Key.parse("Am"))
    player.held_chord()
    for pitch in (59, 62, 68, 65):
        hear(player, 0.0, 0x90, pitch, 90)
    held = player.held_chord()
    assert held is not None
    assert held.chord.symbol == "G#dim7/B"


def test_a_release_without_a_velocity_of_its_own_is_of_the_usual_one(player: PlayerListener) -> None:
    hear(player, 0.0, 0x90, 60, 90)
    hear(player, 1.0, 0x90, 60, 0)
    assert [note.release_velocity for note in notes(player, 2.0)] == [64]


def test_an_input_that_is_gone_holds_no_chord(player: PlayerListener) -> None:
    for pitch in (57, 60, 64):
        hear(player, 0.0, 0x90, pitch, 90, port="keys")
    assert player.held_chord() is not None
    player.lose("keys", 1.0, 1.0)
    assert player.held_chord() is None
