"""MIDI files: what was written is read again, and any bytes give a song or a ParamError."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.errors import ParamError
from engines.music.clip import Clip, end_before_next
from engines.music.meter import Meter
from engines.music.midi_file import TICKS_PER_BEAT, decode_midi_file, encode_midi_file
from engines.music.note import Note

TICK = 1.0 / TICKS_PER_BEAT
BEAT = Clip.of("Beat", 7.0, [Note(0.0, 36, 0.25, 100), Note(0.5, 42, 0.25, 60), Note(3.5, 38, 0.25, 111)], Meter(7, 8))
LINE = Clip.of("Line", 7.0, [Note(0.0, 40, 3.5, 90), Note(3.5, 40, 3.5, 80)], Meter(7, 8))


def test_a_song_comes_back() -> None:
    song = decode_midi_file(encode_midi_file({"drums": BEAT, "bass": LINE}, bpm=174.0))
    assert song.bpm == pytest.approx(174.0, abs=1e-3)
    assert song.meter == Meter(7, 8)
    assert song.parts["drums"].notes == BEAT.notes
    assert song.parts["bass"].notes == LINE.notes
    assert song.parts["bass"].length == 7.0


@given(st.lists(st.tuples(st.floats(0, 31), st.integers(0, 127), st.floats(0.01, 4), st.integers(1, 127)), max_size=40))
@settings(max_examples=50)
def test_any_notes_come_back_within_a_tick(rows: list[tuple[float, int, float, int]]) -> None:
    notes = end_before_next(
        Note(round(start, 2), pitch, duration, velocity) for start, pitch, duration, velocity in rows
    )
    song = decode_midi_file(encode_midi_file({"a": Clip("a", 32.0, notes)}, 100.0, Meter()))
    read = song.parts["a"].notes if notes else ()
    assert len(read) == len(notes)
    by_place = sorted(read, key=lambda note: (note.pitch, note.start))
    for note, again in zip(sorted(notes, key=lambda note: (note.pitch, note.start)), by_place, strict=True):
        assert again.start == pytest.approx(note.start, abs=TICK)
        assert again.end == pytest.approx(note.end, abs=2 * TICK)
        assert (again.pitch, again.velocity) == (note.pitch, note.velocity)


def test_muted_notes_stay_out_and_names_stay_apart() -> None:
    muted = BEAT.with_notes([Note(0.0, 36, 0.25, 100, mute=True), Note(1.0, 36, 0.25, 100)])
    song = decode_midi_file(encode_midi_file({"Schlagzeug ♪": muted, "x": LINE}))
    assert [len(clip) for clip in song.parts.values()] == [1, 2]
    assert "Schlagzeug ♪" in song.parts


def test_twenty_parts_find_a_channel() -> None:
    song = decode_midi_file(encode_midi_file({f"part {number}": LINE for number in range(20)}))
    assert len(song.parts) == 20


def test_no_part_is_a_file_too() -> None:
    assert decode_midi_file(encode_midi_file({}, bpm=60.0)).parts == {}


@pytest.mark.parametrize("data", [b"", b"MThd", b"RIFF1234WAVE", bytes(100)])
def test_what_is_no_midi_file_is_told(data: bytes) -> None:
    with pytest.raises(ParamError, match="MIDI file must be"):
        decode_midi_file(data)


def test_any_bytes_give_a_song_or_a_param_error() -> None:
    chance = Random(5)
    good = encode_midi_file({"drums": BEAT, "bass": LINE})
    broken = 0
    for _ in range(600):
        data = bytearray(good)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            decode_midi_file(bytes(data[: chance.randint(10, len(data))]))
        except ParamError:
            broken += 1
    assert 0 < broken < 600
