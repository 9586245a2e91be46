"""Unusual files are read, or refused with a one-line message that names the file and the remedy."""

from __future__ import annotations

import io
import pickle
from random import Random

import mido  # type: ignore[import-untyped]
import pytest

from musearoo.engines.music.meter import Meter
from musearoo.engines.music.midi_files.chunks import MidiFileError
from musearoo.engines.music.midi_files.reading import read_score
from musearoo.engines.music.midi_files.score import Controller, ControllerKind, MidiScore
from musearoo.engines.music.midi_files.writing import write_score
from musearoo.engines.music.scale import Key
from tests.each_case import each_case
from tests.engines.music.midi_files.file_bytes import END, NOTE, chunk, file, meta, riff, track
from tests.engines.music.midi_files.random_scores import random_score

C = [(0.0, 60, 1.0, 64.0)]
"""What NOTE plays, in beats of 480 ticks."""


def heard(score: MidiScore) -> list[tuple[float, int, float, float]]:
    return [(note.start, note.pitch, note.duration, note.velocity) for one in score.tracks for note in one.notes]


READ = {
    "format 0": (file(track(NOTE), kind=0), C),
    "format 1": (file(track(), track(NOTE)), C),
    "format 2, of one time line": (file(track(NOTE), track(NOTE), kind=2), C * 2),
    "running status": (file(track("00 90 3c 40 83 60 3c 00")), C),
    "running status over a meta event": (file(track("00 90 3c 40", meta(1, b"x"), "83 60 3c 00")), C),
    "note on without off": (file(track("00 90 3c 40", end=bytes.fromhex("83 60 ff 2f 00"))), C),
    "off without on": (file(track("00 80 3d 40", NOTE)), C),
    "on and off at once": (file(track("00 90 3c 40 00 80 3c 40")), [(0.0, 60, 1 / 480, 64.0)]),
    "the same pitch twice": (
        file(track("00 90 3c 40 83 60 90 3c 41 83 60 80 3c 40 83 60 80 3c 40")),
        [(0.0, 60, 2.0, 64.0), (1.0, 60, 2.0, 65.0)],
    ),
    "begun anew where it ends": (
        file(track("00 90 3c 40 83 60 90 3c 41 00 80 3c 40 83 60 80 3c 40")),
        [(0.0, 60, 1.0, 64.0), (1.0, 60, 1.0, 65.0)],
    ),
    "system exclusive": (file(track("00 f0 05 7e 7f 09 01 f7", NOTE, "00 f7 03 f3 01 f7")), C),
    "clocks and the like": (file(track("00 f8", NOTE, "00 f2 01 02 00 fe")), C),
    "a delta of four bytes": (file(track("ff ff ff 7f 90 3c 40 83 60 80 3c 40")), [(0xFFFFFFF / 480, 60, 1.0, 64.0)]),
    "a velocity of 200": (file(track("00 90 3c c8 83 60 80 3c 40")), [(0.0, 60, 1.0, 127.0)]),
    "no end of track": (file(track(NOTE, end=b"")), C),
    "events after the end": (file(track(NOTE, end=END + bytes.fromhex("00 90 40 40"))), C),
    "a length that is too long, and an end": (file(track(NOTE).replace(b"MTrk\0\0\0\x0d", b"MTrk\0\1\0\x0d")), C),
    "a length of four billion, and an end": (file(track(NOTE).replace(b"MTrk\0\0\0\x0d", b"MTrk\xff\xff\xff\xff")), C),
    "a header of ten bytes": (chunk(b"MThd", bytes.fromhex("0001 0001 01e0 dead beef")) + track(NOTE), C),
    "more tracks than counted": (file(track(NOTE), track(NOTE), count=1), C * 2),
    "a chunk of another kind": (file(chunk(b"XFIH", b"what"), track(NOTE), count=1), C),
    "a tail of three bytes": (file(track(NOTE)) + b"\0\0\0", C),
    "wrapped as RIFF": (riff(file(track(NOTE))), C),
    "no track": (file(), []),
    "no event": (file(track()), []),
    "a track of no bytes": (file(track(end=b""), track(NOTE)), C),
    "a hundred tracks": (file(*[track(NOTE)] * 100), C * 100),
    "the finest resolution": (file(track(NOTE), division=0x7FFF), [(0.0, 60, 480 / 0x7FFF, 64.0)]),
    "film at 25 frames in 40 parts": (file(track(NOTE), division=0xE728), [(0.0, 60, 0.9604166666666667, 64.0)]),
    "garbage for a tempo, a meter and a key": (
        file(track(meta(0x51, b"\1"), meta(0x58, b"\4\2"), meta(0x59, b"\x63\0"), meta(0x7F, bytes(9)), NOTE)),
        C,
    ),
}
REFUSED = {
    "nothing": (b"", "is empty"),
    "a picture": (b"\x89PNG" + bytes(100), "is no MIDI file"),
    "a sound": (b"RIFF\x24\0\0\0WAVEfmt ", "is no MIDI file"),
    "a RIFF without music": (riff(b"")[:24], "without music"),
    "a header alone, cut": (file()[:9], "within its header"),
    "a header of four bytes": (chunk(b"MThd", bytes(4)), "within its header"),
    "format 3": (file(track(NOTE), kind=3), "format 3"),
    "no ticks": (file(track(NOTE), division=0), "0 ticks"),
    "65,535 ticks": (file(track(NOTE), division=0xFFFF), "255 parts of 1 frames"),
    "film without parts": (file(track(NOTE), division=0xE700), "0 parts of 25 frames"),
    "fewer tracks than counted": (file(track(NOTE), count=3), "after track 1 of its 3"),
    "65,535 tracks, of which none is there": (file(count=0xFFFF), "before its first track"),
    "a track cut in a note": (file(track(NOTE))[:-8], "within its track 1"),
    "a length that is too short": (file(chunk(b"MTrk", NOTE[:3])), "within its track 1"),
    "a text of 200 MB": (file(track("00 ff 01 df ff ff 7f 61")), "within its track 1"),
    "a text of any size": (file(track("00 ff 01 ff ff ff ff ff 7f 61")), "more than 4 bytes"),
    "a data byte first": (file(track("00 3c 40")), "no MIDI"),
    "a status that no file has": (file(track("00 f4 40")), "no MIDI"),
    "a tempo of 0": (file(track(meta(0x51, bytes(3)), NOTE)), "tempo without a speed"),
    "a tempo of 1": (file(track(meta(0x51, b"\0\0\1"), NOTE)), "below 100000"),
    "a meter of 0/4": (file(track(meta(0x58, b"\0\2\x18\x08"), NOTE)), "1 to 99 above the line"),
    "a meter of 7/32": (file(track(meta(0x58, b"\7\5\x18\x08"), NOTE)), "below the line"),
    "a meter over 2 to the 255": (file(track(meta(0x58, b"\7\xff\x18\x08"), NOTE)), "below the line"),
    "two years of music": (file(track("ff ff ff 7f 90 3c 40"), division=1), "lasts 268435455 beats"),
    "patterns in tempos of their own": (
        file(track(meta(0x51, b"\7\0\0"), NOTE), track(meta(0x51, b"\6\0\0"), NOTE), kind=2),
        "format 2",
    ),
}


@each_case("case", READ)
def test_what_can_be_read_is_read(case: str) -> None:
    data, notes = READ[case]
    assert heard(read_score(data)) == notes


@each_case("case", READ)
def test_what_was_read_and_written_is_read_the_same(case: str) -> None:
    score = read_score(READ[case][0])
    assert read_score(write_score(score)) == score


@each_case("case", REFUSED)
def test_what_cannot_be_read_is_refused_in_a_sentence(case: str) -> None:
    data, why = REFUSED[case]
    with pytest.raises(MidiFileError, match=why) as caught:
        read_score(data, "take 1.mid")
    sentence = str(caught.value)
    assert sentence.startswith("take 1.mid ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 220


def test_an_error_survives_pickling() -> None:
    error = MidiFileError("a.mid", "is empty: copy it again")
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.name, again.problem) == (str(error), error.name, error.problem)


@each_case(
    "said, name",
    [
        ("Gitarre für Ö".encode(), "Gitarre für Ö"),
        ("Gitarre für Ö".encode("latin-1"), "Gitarre für Ö"),
        ("Don’t".encode("cp1252"), "Don’t"),
        ("Génération".encode("latin-1"), "Génération"),
        ("ピアノ 1".encode("shift-jis"), "ピアノ 1"),
        ("主旋律".encode("shift-jis"), "主旋律"),
        ("ﾄﾞﾗﾑ".encode("shift-jis"), "ﾄﾞﾗﾑ"),
        (b"Bass\0\0", "Bass"),
        (b"\x81\x8d", "\x81\x8d"),
        (b"", ""),
    ],
)
def test_names_are_read_in_the_encoding_that_they_are_in(said: bytes, name: str) -> None:
    score = read_score(file(track(meta(3, said), NOTE)))
    assert score.tracks[0].name == name
    assert read_score(write_score(score)) == score


def test_a_time_line_may_stand_in_any_track() -> None:
    score = read_score(
        file(
            track(meta(3, b"Tune"), meta(6, b"Verse")),
            track(NOTE, meta(0x51, (300_000).to_bytes(3, "big")), meta(0x58, b"\3\2\x18\x08"), meta(5, b"la", "83 60")),
            track(meta(0x59, b"\xfd\1"), meta(0x51, (400_000).to_bytes(3, "big"), "87 40"), NOTE),
        )
    )
    assert (score.title, score.markers, score.lyrics) == ("Tune", ((0.0, "Verse"),), ((2.0, "la"),))
    assert score.tempos.changes == ((0.0, 200.0), (2.0, 150.0))
    assert score.meters == ((0.0, Meter(3, 4)),)
    assert score.keys == ((0.0, Key.parse("C minor")),)


def test_has_tempo_is_false_for_a_file_without_a_tempo() -> None:
    score = read_score(file(track(NOTE)))
    assert not score.has_tempo
    assert score.tempos.changes == ((0.0, 120.0),)


def test_a_track_of_several_channels_is_split_and_keeps_its_order() -> None:
    bank = "00 b2 00 01 00 b2 20 02 00 c2 05"
    score = read_score(
        file(track(meta(3, b"Both"), "00 99 24 40", bank, "00 92 3c 40 00 e2 00 00", "60 d2 07 00 a2 3c 09"))
    )
    drums, keys = score.tracks
    assert (drums.name, drums.is_drums, keys.name, keys.channel) == ("Both", True, "Both", 2)
    assert (keys.bank, keys.program) == (130, 5)
    assert keys.controllers[-3:] == (
        Controller(0.0, ControllerKind.PITCH_BEND, -8192),
        Controller(0.2, ControllerKind.PRESSURE, 7),
        Controller(0.2, ControllerKind.KEY_PRESSURE, 9, 60),
    )


def test_a_piece_of_one_track_has_its_name_and_its_channels_have_none() -> None:
    score = read_score(file(track(meta(3, b"Piece"), NOTE, "00 c1 21 00 91 28 40"), kind=0))
    assert score.title == "Piece"
    assert [one.name for one in score.tracks] == ["", ""]


def test_a_meter_in_thirty_seconds_is_counted_in_sixteenths_where_it_can_be() -> None:
    assert read_score(file(track(meta(0x58, b"\x0c\5\x18\x08"), NOTE))).meters == ((0.0, Meter(6, 16)),)


def test_a_file_cut_anywhere_is_read_as_it_was_or_refused() -> None:
    """No cut gives other music: what is read without its end is what lacks nothing but its end."""
    written = ((score, write_score(score)) for score in (random_score(Random(seed)) for seed in range(60)))
    for score, data in [(score, data) for score, data in written if 400 < len(data) < 900][:3]:
        refused = 0
        for length in range(len(data)):
            try:
                assert read_score(data[:length]) == score
            except MidiFileError:
                refused += 1
        assert refused >= len(data) - 4


def test_any_bytes_are_read_or_refused() -> None:
    chance = Random(5)
    files = [data for data, _ in READ.values()] + [write_score(random_score(Random(seed))) for seed in (1, 3, 4)]
    read = 0
    for _ in range(1500):
        data = bytearray(chance.choice(files))
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            score = read_score(bytes(data))
        except MidiFileError:
            continue
        assert read_score(write_score(score)) == score
        read += 1
    assert 100 < read < 1400


@each_case("seed", range(3))
def test_noise_behind_a_header_is_read_or_refused(seed: int) -> None:
    chance = Random(seed)
    for _ in range(100):
        noise = file(chunk(b"MTrk", b"\0\x90" + chance.randbytes(chance.randint(0, 60))))
        try:
            score = read_score(noise)
        except MidiFileError:
            continue
        assert read_score(write_score(score)) == score


def test_many_notes_that_never_end_take_no_time() -> None:
    score = read_score(file(track("00 90 3c 40" * 20_000)))
    assert len(score.tracks[0].notes) == 20_000


@each_case(
    "case",
    [
        "a chunk of another kind",
        "garbage for a tempo, a meter and a key",
        "wrapped as RIFF",
    ],
)
def test_mido_gives_these_up(case: str) -> None:
    """Why files are not read by mido; when this fails, it may have learned to."""
    with pytest.raises(Exception, match=r".*"):
        mido.MidiFile(file=io.BytesIO(READ[case][0]), charset="utf-8", clip=True)
