"""Parts, slice by slice: in any order they are what the synthesiser renders at once, and loops have no seam."""

from __future__ import annotations

import math
import random
from pathlib import Path

import pytest

from tests.optional import require

require("fastapi", "sqlalchemy")

import numpy as np
import soundfile

from musearoo.bridge.api.sound.files import FileSound
from musearoo.bridge.api.sound.messages import (
    RATE,
    SLICE,
    Broken,
    ClickSource,
    Drop,
    FileSource,
    NotesSource,
    Open,
    Opened,
    Piece,
    Slice,
    Want,
)
from musearoo.bridge.api.sound.parts import FADE, ClickSound, NotesSound, encode_samples, read_lap
from musearoo.bridge.api.sound.process import SoundDesk
from musearoo.engines.audio.synthesis.mixing import mix_stems
from musearoo.engines.audio.synthesis.stem import Samples, Sounding, Stem
from musearoo.engines.music.clip import Clip

SECONDS = 7.3


def stem(program: int | None, seed: int, longest: float, gain_db: float = -12.0, room: float = 0.3) -> Stem:
    """A part with notes anywhere, some beyond its end, as quiet as that nothing is limited."""
    chance = random.Random(seed)
    pitches = (36, 38, 42, 46, 49) if program is None else (40, 45, 52, 57, 60)
    notes = tuple(
        Sounding(
            chance.uniform(0.0, SECONDS + 0.5),
            chance.uniform(0.05, longest),
            chance.choice(pitches),
            chance.uniform(20, 70),
        )
        for _ in range(30)
    )
    return Stem("x", notes, program, gain_db, 0.2, room)


STEMS = (stem(None, 1, 0.2), stem(33, 2, 1.0, room=0.0), stem(89, 3, 7.0), stem(4, 4, 2.0))


def test_solo_parts_sum_to_the_whole_render() -> None:
    whole = mix_stems(STEMS, SECONDS, RATE)
    assert 0.05 < np.abs(whole).max() < 0.8, "a render that is limited is no sum"
    parts = [NotesSound.of_stem(each, SECONDS) for each in STEMS]
    assert {part.end for part in parts} == {whole.shape[1]}
    summed = np.sum([part.read(0, whole.shape[1]) for part in parts], axis=0)
    assert np.abs(summed - whole)[:, :-FADE].max() < 1e-6


def test_slices_are_the_same_in_any_order() -> None:
    for number, each in enumerate(STEMS):
        reference = NotesSound.of_stem(each, SECONDS)
        whole = reference.read(0, reference.end)
        part = NotesSound.of_stem(each, SECONDS)
        starts = [random.Random(number).randrange(0, reference.end - SLICE) for _ in range(12)]
        for start in starts:
            assert np.array_equal(part.read(start, SLICE), whole[:, start : start + SLICE]), (number, start)


def test_a_loop_wraps_what_rings_and_has_no_seam() -> None:
    for seconds in (1.0, 4.0):
        notes = tuple(Sounding(0.25 * n, 0.2, 45 + n % 12, 60.0) for n in range(int(seconds * 4)))
        part = NotesSound.of_stem(Stem("x", notes, 48, 0.0, 0.0, 0.4), seconds)
        length = round(seconds * RATE)
        laps = 4
        played = np.concatenate([read_lap(part, 0, length, lap, length) for lap in range(laps)], axis=1)
        again = tuple(note._replace(start=note.start + lap * seconds) for lap in range(laps) for note in notes)
        endless = NotesSound.of_stem(Stem("x", again, 48, 0.0, 0.0, 0.4), laps * seconds)
        assert np.abs(played - endless.read(0, laps * length)).max() < 2e-3, seconds
        assert np.abs(played[:, length:] - np.tile(played[:, :length], laps - 1)).max() > 0.01, "something rings on"


def test_a_click_marks_each_beat_and_the_downbeat_more() -> None:
    cases = [("4/4", 4.0, [0, 0.5, 1.0, 1.5], [0]), ("6/8", 3.0, [0, 0.25, 0.5, 0.75, 1.0, 1.25], [0])]
    for meter, beats, expected, downbeats in cases:
        part = ClickSound(ClickSource(time_signature=meter), 120.0, beats)
        sound = np.abs(part.read(0, round(beats * RATE / 2))[0])
        loud = [float(sound[round(at * RATE) : round(at * RATE) + 2000].max()) for at in expected]
        assert min(loud) > 0.3, meter
        assert [number for number, each in enumerate(loud) if each > 1.2 * min(loud)] == downbeats, meter
        between = [sound[round(at * RATE) + 4000 : round(at * RATE) + 10_000].max() for at in expected]
        assert max(between) == 0.0, meter


def tone(path: Path, rate: int, samples: int, hertz: float = 440.0) -> Path:
    values = 0.5 * np.sin(2 * math.pi * hertz * np.arange(samples) / rate)
    soundfile.write(path, np.stack([values, values], axis=1), rate, subtype="FLOAT")
    return path


def residual(sound: Samples, hertz: float = 440.0) -> float:
    turn = 2 * math.cos(2 * math.pi * hertz / RATE)
    return float(np.abs(turn * sound[1:-1] - sound[:-2] - sound[2:]).max())


@pytest.mark.parametrize(
    ("rate", "samples", "length", "hertz"),
    [
        (48_000, 48_000, 48_000, 440.0),
        (44_100, 44_100, 48_000, 440.0),
        (44_100, 44_100, 96_000, 440.0),
        (22_050, 22_050, 48_000, 440.0),
        (48_000, 48_000, 48_003, 440.0),
        (44_100, 44_100, 47_997, 440.0),
        # 48,217.7 samples of the stream.
        (44_100, 44_300, 48_218, 441.0),
    ],
)
def test_a_file_loops_without_a_seam(tmp_path: Path, rate: int, samples: int, length: int, hertz: float) -> None:
    """Also one of another rate, one that is as long as half of the piece, and one that is a little off."""
    part = FileSound(FileSource(path=str(tone(tmp_path / "a.wav", rate, samples, hertz))), length)
    pieces = [read_lap(part, 0, length, lap, length)[0] for lap in range(3)]
    sound = np.concatenate(pieces)
    assert abs(float(np.abs(sound).max()) - 0.5) < 5e-3
    assert residual(sound, hertz) < 1e-3
    for start in (0, 1, 12_345, length - 960):
        assert np.abs(part.read(start, 960)[0] - pieces[0][start : start + 960]).max() < 1e-4, start


def test_a_longer_file_is_faded_out_at_the_end_and_a_shorter_one_is_silent_after_it(tmp_path: Path) -> None:
    path = str(tone(tmp_path / "a.wav", 48_000, 48_000))
    longer = FileSound(FileSource(path=path), 30_000)
    assert longer.end == 30_000
    assert np.abs(longer.read(29_999, 960)).max() < 0.01
    shorter = FileSound(FileSource(path=path), 70_000)
    assert np.abs(shorter.read(47_000, 1000)).max() > 0.4
    assert not shorter.read(48_000, 20_000).any()


def test_the_desk_renders_what_is_wanted_and_forgets_who_has_gone(tmp_path: Path) -> None:
    desk = SoundDesk({})
    notes = ((0.0, 45, 1.0, 100), (2.0, 52, 1.0, 100))
    source = NotesSource(name="bass", role="bass", style="", beats=4.0, time_signature="4/4", notes=notes)
    piece = Piece(sources=(source, ClickSource(time_signature="4/4")), bpm=120.0, beats=8.0)
    opened = desk.take(Open(1, piece))
    assert isinstance(opened, Opened)
    assert opened.ends[0] == round((4.0 + 2.0) * RATE), "the clip is repeated to the end of the piece, and rings on"
    for number in range(3):
        assert desk.take(Want(1, number % 2, 0, number)) is None
    made = desk.render_next()
    assert isinstance(made, Slice)
    assert (made.part, made.slice, len(made.data)) == (0, 0, 4 * SLICE)
    desk.take(Drop(1))
    assert desk.is_idle
    desk.take(Want(1, 0, 0, 0))
    assert desk.render_next() is None
    missing = Piece(sources=(FileSource(path=str(tmp_path / "gone.wav")),), bpm=120.0, beats=8.0)
    broken = desk.take(Open(2, missing))
    assert isinstance(broken, Broken)
    assert str(tmp_path) not in broken.sentence


def test_silence_needs_no_bytes() -> None:
    assert encode_samples(np.zeros((2, 960), dtype=np.float32)) == b""
    loud = encode_samples(np.full((2, 960), 2.0, dtype=np.float32))
    assert np.frombuffer(loud, "<i2").tolist() == [32767] * 1920


def test_a_clip_repeats_up_to_the_end_of_the_piece() -> None:
    notes = ((0.0, 45, 0.5, 100),)
    source = NotesSource(name="b", role="bass", style="", beats=2.0, time_signature="4/4", notes=notes)
    part = NotesSound(source, 120.0, 8.0, {}, is_alone=True)
    assert [note.start for note in part.stem.notes] == [0.0, 1.0, 2.0, 3.0]
    assert Clip.of("b", 2.0, ()).repeated(8.0).length == 8.0
