"""Songs round-trip through MIDI files, and any bytes give a song or a ParamError."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip, end_before_next
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.midi_files.reading import read_score
from musearoo.engines.music.midi_files.score import (
    DRUM_CHANNEL,
    TICKS_PER_BEAT,
    VOLUME,
    Controller,
    ControllerKind,
    MidiScore,
    MidiTrack,
)
from musearoo.engines.music.midi_files.song import PROGRAMS, decode_midi_file, encode_midi_file, song_of
from musearoo.engines.music.note import Note
from musearoo.engines.music.scale import Key
from musearoo.engines.music.tempo_map import TempoMap
from tests.each_case import each_case

TICK = 1.0 / TICKS_PER_BEAT
BEAT = Clip.of("Beat", 7.0, [Note(0.0, 36, 0.25, 100), Note(0.5, 42, 0.25, 60), Note(3.5, 38, 0.25, 111)], Meter(7, 8))
LINE = Clip.of("Line", 7.0, [Note(0.0, 40, 3.5, 90), Note(3.5, 40, 3.5, 80)], Meter(7, 8))


def test_decoding_a_song_is_the_inverse_of_encoding() -> None:
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


def test_a_song_keeps_its_key_title_and_controllers() -> None:
    quiet = Controller(0.0, ControllerKind.CONTROL, 70, VOLUME)
    data = encode_midi_file(
        {"bass": LINE}, keys=[(0.0, Key.parse("D dorian"))], title="Tune", controllers={"bass": [quiet]}
    )
    score = read_score(data)
    assert (score.title, score.keys) == ("Tune", ((0.0, Key.parse("D minor")),))
    assert score.tracks[0].program == PROGRAMS["bass"]
    assert quiet in score.tracks[0].controllers
    assert decode_midi_file(data).keys == score.keys


@each_case(
    "name, sharps, mode",
    [
        ("C", 0, 0),
        ("Am", 0, 1),
        ("Db", -5, 0),
        ("C#", -5, 0),
        ("F#", 6, 0),
        ("B", 5, 0),
        ("D#m", -6, 1),
        ("G#m", 5, 1),
        ("Abm", 5, 1),
        ("Bbm", -5, 1),
        ("C#m", 4, 1),
        ("F", -1, 0),
    ],
)
def test_the_signature_in_the_file_is_that_of_the_keys_name(name: str, sharps: int, mode: int) -> None:
    data = encode_midi_file({"bass": LINE}, keys=[(0.0, Key.parse(name))])
    said = data.index(bytes((0xFF, 0x59, 2))) + 3
    assert (int.from_bytes(data[said : said + 1], signed=True), data[said + 1]) == (sharps, mode)
    assert decode_midi_file(data).keys == ((0.0, Key.parse(name)),)


def test_a_tempo_map_is_written_as_it_is() -> None:
    tempos = TempoMap(((0.0, 120.0), (4.0, 174.0), (5.5, 61.25)))
    song = decode_midi_file(encode_midi_file({"bass": LINE}, tempos=tempos))
    assert [beat for beat, _ in song.tempos.changes] == [0.0, 4.0, 5.5]
    assert [bpm for _, bpm in song.tempos.changes] == pytest.approx([120.0, 174.0, 61.25], abs=1e-4)


@each_case("channel, program, named", [(DRUM_CHANNEL, 0, "drums"), (3, 33, "bass"), (3, None, "track 1")])
def test_a_track_without_a_name_is_called_by_what_plays_it(channel: int, program: int | None, named: str) -> None:
    moves = () if program is None else (Controller(0.0, ControllerKind.PROGRAM, program),)
    score = MidiScore((MidiTrack("", channel, LINE.notes, moves, LINE.length),))
    assert list(song_of(score).parts) == [named]


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
