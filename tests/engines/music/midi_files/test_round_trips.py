"""Written files are read back exactly, and agree with mido in both directions."""

from __future__ import annotations

import io
from random import Random

import mido  # type: ignore[import-untyped]
import pytest

from musearoo.engines.music.meter import Meter
from musearoo.engines.music.midi_files.reading import read_score
from musearoo.engines.music.midi_files.score import ControllerKind, MidiScore, MidiTrack
from musearoo.engines.music.midi_files.writing import write_score
from musearoo.engines.music.note import Note
from musearoo.engines.music.scale import Key
from musearoo.engines.music.tempo_map import TempoMap
from tests.each_case import each_case
from tests.engines.music.midi_files.random_scores import random_score


def test_a_thousand_random_scores_come_back() -> None:
    for seed in range(1000):
        score = random_score(Random(seed))
        assert read_score(write_score(score)) == score, f"seed {seed}"


@each_case("seed", range(15))
def test_mido_reads_written_files(seed: int) -> None:
    score = random_score(Random(seed))
    file = mido.MidiFile(file=io.BytesIO(write_score(score)), charset="utf-8")
    assert (file.type, file.ticks_per_beat, len(file.tracks)) == (1, score.resolution, 1 + len(score.tracks))
    conductor = list(_with_ticks(file.tracks[0]))
    tempos = [(tick / score.resolution, message.tempo) for tick, message in conductor if message.type == "set_tempo"]
    if score.has_tempo:
        assert tempos == [(beat, round(60e6 / bpm)) for beat, bpm in score.tempos.changes]
    else:
        assert not tempos
    assert [
        (tick / score.resolution, Meter(message.numerator, message.denominator))
        for tick, message in conductor
        if message.type == "time_signature"
    ] == list(score.meters)
    assert [
        (tick / score.resolution, Key.parse(message.key))
        for tick, message in conductor
        if message.type == "key_signature"
    ] == list(score.keys)
    for track, read in zip(score.tracks, file.tracks[1:], strict=True):
        messages = list(_with_ticks(read))
        assert (read.name, messages[-1][0]) == (track.name, round(track.length * score.resolution))
        assert [
            (tick / score.resolution, message.note, message.velocity)
            for tick, message in messages
            if message.type == "note_on"
        ] == [(note.start, note.pitch, note.velocity) for note in track.notes]
        bends = [message.pitch for message in read if message.type == "pitchwheel"]
        assert bends == [one.value for one in track.controllers if one.kind is ControllerKind.PITCH_BEND]
        programs = [message.program for message in read if message.type == "program_change"]
        assert programs == [one.value for one in track.controllers if one.kind is ControllerKind.PROGRAM]


@each_case("seed", range(15))
def test_what_mido_writes_is_read(seed: int) -> None:
    score = random_score(Random(seed))
    file = mido.MidiFile(file=io.BytesIO(write_score(score)), charset="utf-8")
    again = io.BytesIO()
    file.save(file=again)
    assert read_score(again.getvalue()) == score


def _with_ticks(track: mido.MidiTrack) -> list[tuple[int, mido.Message]]:
    tick, messages = 0, []
    for message in track:
        tick += message.time
        messages.append((tick, message))
    return messages


def test_a_wait_longer_than_a_number_can_say_is_kept() -> None:
    late = MidiTrack("late", 0, (Note(1_000_000.0, 60, 0.5, 90.0),), (), 1_000_001.0)
    score = MidiScore((late,), resolution=32767 // 2 * 2)
    assert read_score(write_score(score)) == score


def test_notes_between_ticks_are_rounded_to_them() -> None:
    track = MidiTrack("", 0, (Note(1 / 3, 60, 1e-9, 90.4, mute=False), Note(1.0, 61, 1.0, 90.0, mute=True)), (), 2.0)
    (note,) = read_score(write_score(MidiScore((track,)))).tracks[0].notes
    assert (note.start, note.duration, note.velocity) == (320 / 960, 1 / 960, 90.0)


@each_case("bpm, written", [(1.0, 60e6 / 0xFFFFFF), (99_999.0, 60e6 / 601)])
def test_a_tempo_beyond_the_files_range_is_the_nearest(bpm: float, written: float) -> None:
    ((_, read),) = read_score(write_score(MidiScore(tempos=TempoMap(((0.0, bpm),))))).tempos.changes
    assert read == pytest.approx(written, rel=1e-5)
