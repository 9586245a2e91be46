"""MIDI files of takes: what another program reads in them."""

from __future__ import annotations

from io import BytesIO

import mido  # type: ignore[import-untyped]
import pytest

from musearoo.bridge.renders.midi import encode_parts
from musearoo.bridge.renders.parts import TakePart
from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.scale import Key
from tests.bridge.renders.some_takes import BASS, BEAT, DRUMS, HARMONY, LINE


def read(data: bytes) -> mido.MidiFile:
    return mido.MidiFile(file=BytesIO(data))


def test_a_take_has_tempo_meter_key_instrument_and_name() -> None:
    clip = Clip("seven", 3.5, (Note(0.0, 40, 1.0, 90.0),), Meter(7, 8))
    part = TakePart(clip=clip, role="bass", program=38, name="Acid")
    file = read(encode_parts([part], 120.0, key=Key.parse("F# minor"), title="Seven"))
    conductor = {message.type: message for message in file.tracks[0]}
    assert conductor["track_name"].name == "Seven"
    assert conductor["set_tempo"].tempo == 500_000
    assert (conductor["time_signature"].numerator, conductor["time_signature"].denominator) == (7, 8)
    assert conductor["key_signature"].key == "F#m"
    track = {message.type: message for message in file.tracks[1]}
    assert track["track_name"].name == "Acid"
    assert track["program_change"].program == 38
    assert track["note_on"].note == 40


def test_drums_alone_are_on_channel_ten_whatever_the_names() -> None:
    parts = (
        TakePart(clip=BEAT, role="drums", program=25, name="Kit of Ann"),
        TakePart(clip=LINE, role="bass", program=33, name="drummer's bass"),
        TakePart(clip=LINE, role="melody", program=80, name="  "),
    )
    file = read(encode_parts(parts, 90.0))
    names = [next(message.name for message in track if message.type == "track_name") for track in file.tracks[1:]]
    assert names == ["drums Kit of Ann", "bass drummer's bass", "melody"]
    channels = [{message.channel for message in track if not message.is_meta} for track in file.tracks[1:]]
    assert channels == [{9}, {0}, {1}]
    assert next(message.program for message in file.tracks[1] if message.type == "program_change") == 25


def test_parts_of_one_name_are_numbered_and_none_is_lost() -> None:
    file = read(encode_parts([BASS, BASS, HARMONY, DRUMS, DRUMS, BASS], 120.0))
    names = [next(message.name for message in track if message.type == "track_name") for track in file.tracks[1:]]
    assert names == ["bass", "bass 2", "harmony", "drums", "drums 2", "bass 3"]
    with pytest.raises(ParamError, match="at least one part"):
        encode_parts([], 120.0)
