"""`musearoo analyze` on what people have: every format and rate, and everything that is no music or no file."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from musearoo.bridge.cli import main
from musearoo.bridge.settings.config_files import HOME_VARIABLE
from musearoo.engines.audio.synthesis.stem import RATE
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.midi_files.song import encode_midi_file
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import parse_progression
from musearoo.tools.studio.synthesiser import render_parts, write_wave
from tests.band import BPM, play_band

Mono = npt.NDArray[np.float64]

LOW = 0.5
"""What is said of sound that is no music must be less sure than this."""

LONG_AGO = 1_600_000_000
"""A file that was touched lately might be still being written."""


@pytest.fixture(scope="module")
def band() -> npt.NDArray[np.float32]:
    return render_parts(play_band(), BPM, loop=True)


@pytest.fixture
def analyze(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., tuple[int, list[dict[str, Any]], str]]:
    monkeypatch.setenv(HOME_VARIABLE, str(tmp_path / "home"))

    def run(*words: str | Path) -> tuple[int, list[dict[str, Any]], str]:
        """Exit status, rows and stderr."""
        for word in words:
            if isinstance(word, Path) and word.exists():
                os.utime(word, (LONG_AGO, LONG_AGO))
        status = main(["analyze", "--json", *map(str, words)])
        printed = capsys.readouterr()
        return status, json.loads(printed.out), printed.err

    return run


def test_the_shape_that_is_promised(analyze: Any, band: Any, tmp_path: Path) -> None:
    status, (row,), said = analyze(write_wave(tmp_path / "band.wav", band))
    assert (status, said) == (0, "")
    assert row["duration"] == pytest.approx(10.0, abs=0.01)
    assert row["tempo"] == pytest.approx(BPM, abs=0.2)
    assert (row["time_signature"], row["key"], row["pass"]) == ("4/4", "A minor", "fast")
    assert row["downbeats"] == pytest.approx([0.0, 2.5, 5.0, 7.5], abs=0.03)
    assert row["beats"] == pytest.approx(list(np.arange(16) * 60 / BPM), abs=0.03)
    assert [label.split(":")[0] for _, _, label in row["chords"]] == ["A", "D", "E", "A"]
    assert row["segments"][0][0] == 0.0
    assert row["swing"] == pytest.approx(1.0, abs=0.05)
    for name in ("microtiming_rms_ms", "style", "energy", "ms"):
        assert row[name] is not None
    assert all(0.0 <= value <= 1.0 for value in row["confidence"].values())


@pytest.mark.parametrize(
    ("name", "subtype", "rate"),
    [
        ("a.wav", "PCM_U8", RATE),
        ("b.wav", "PCM_16", 48_000),
        ("c.wav", "FLOAT", RATE),
        ("d.wav", "DOUBLE", RATE),
        ("e.aiff", "PCM_24", RATE),
        ("f.flac", "PCM_16", 22_050),
        ("g.ogg", "VORBIS", RATE),
        ("h.w64", "PCM_32", 96_000),
    ],
)
def test_formats_and_rates_change_nothing_in_the_music(
    analyze: Any, tmp_path: Path, name: str, subtype: str, rate: int
) -> None:
    soundfile.write(tmp_path / name, render_parts(play_band(), BPM, rate, loop=True).T, rate, subtype=subtype)
    status, (row,), _ = analyze(tmp_path / name)
    assert status == 0
    assert row["tempo"] == pytest.approx(BPM, abs=0.3)
    assert (row["time_signature"], row["key"]) == ("4/4", "A minor")


def test_a_dominant_tells_a_minor_key_from_its_relative(analyze: Any, tmp_path: Path) -> None:
    spans = parse_progression("Dm Gm A7 Dm")
    notes = [
        Note(span.start, 36 * low + 60 * (not low) + pitch_class, 3.9, 90.0)
        for span in spans
        for low, pitch_class in ((1, span.chord.root), *((0, pc) for pc in span.chord.pitch_classes))
    ]
    keys = render_parts({"keys": Clip.of("", 16.0, notes)}, BPM, loop=True)
    _, (row,), _ = analyze(write_wave(tmp_path / "minor.wav", keys))
    assert row["key"] == "D minor"


def noise(time: Mono) -> Mono:
    return np.random.default_rng(1).uniform(-0.5, 0.5, time.size)


def click(time: Mono) -> Mono:
    return np.where(np.arange(time.size) == RATE, 1.0, 0.0)


def drone(time: Mono) -> Mono:
    return 0.4 * np.sin(2 * np.pi * 98 * time) + 0.2 * np.sin(2 * np.pi * 196 * time)


def babble(time: Mono) -> Mono:
    """Something like speech: voiced syllables of uneven length and pitch, with pauses."""
    chance = np.random.default_rng(2)
    sound, at = np.zeros(time.size), 0
    while at < time.size - RATE // 2:
        length = int(chance.uniform(0.07, 0.3) * RATE)
        moment = np.arange(length) / RATE
        pitch = chance.uniform(95.0, 150.0) * (1.0 + 0.2 * moment)
        voiced = sum(np.sin(2 * np.pi * n * pitch * moment) / (1.0 + abs(n * 120 - 600) / 300) for n in range(1, 25))
        sound[at : at + length] = 0.1 * voiced * np.hanning(length)
        at += length + int(chance.choice([0.02, 0.05, 0.3], p=[0.6, 0.25, 0.15]) * RATE)
    return sound


def silence(time: Mono) -> Mono:
    return np.zeros(time.size)


def direct_current(time: Mono) -> Mono:
    return np.full(time.size, 0.5)


def no_numbers(time: Mono) -> Mono:
    return np.full(time.size, np.nan)


def broken_numbers(time: Mono) -> Mono:
    sound = drone(time)
    sound[1000:1100], sound[5] = np.nan, np.inf
    return sound


@pytest.mark.parametrize(
    "make", [silence, noise, click, drone, babble, direct_current, no_numbers, broken_numbers], ids=lambda f: f.__name__
)
def test_what_is_no_music_is_not_taken_for_music(analyze: Any, tmp_path: Path, make: Callable[[Mono], Mono]) -> None:
    soundfile.write(tmp_path / "no.wav", make(np.arange(8 * RATE) / RATE), RATE, subtype="FLOAT")
    status, (row,), _ = analyze(tmp_path / "no.wav")
    assert status == 0
    assert row["tempo"] is None or row["confidence"]["tempo"] < LOW
    assert row["key"] is None or row["confidence"]["key"] < LOW
    if make in (silence, direct_current, no_numbers):
        assert (row["tempo"], row["key"], row["beats"], row["hits"], row["onsets"]) == (None, None, [], [], [])


def test_fifty_milliseconds_are_too_short_for_a_key_or_a_tempo(analyze: Any, band: Any, tmp_path: Path) -> None:
    status, (row,), _ = analyze(write_wave(tmp_path / "short.wav", band[:, : RATE // 20]))
    assert (status, row["tempo"]) == (0, None)
    assert row["key"] is None or row["confidence"]["key"] < LOW


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.wav", b"", "empty"),
        ("head.wav", b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00", "broken"),
        ("text.wav", b"no sound at all\n" * 50, "no audio"),
        ("none.mid", b"not a MIDI file", "MIDI"),
    ],
)
def test_a_bad_file_is_one_clear_line_and_the_others_are_analyzed(
    analyze: Any, band: Any, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    broken = tmp_path / name
    broken.write_bytes(content)
    status, rows, errors = analyze(broken, write_wave(tmp_path / "good.wav", band))
    assert status == 1
    assert [Path(row["file"]).name for row in rows] == ["good.wav"]
    assert errors.count("\n") == 1
    assert said in errors


def test_a_file_that_is_not_there_is_one_clear_line(analyze: Any, tmp_path: Path) -> None:
    status, rows, errors = analyze(tmp_path / "gone.wav")
    assert (status, rows, errors.count("\n")) == (1, [], 1)


def test_a_midi_file_is_read_exactly(analyze: Any, tmp_path: Path) -> None:
    path = tmp_path / "band.mid"
    path.write_bytes(encode_midi_file(play_band(), bpm=BPM))
    status, (row,), _ = analyze(path)
    assert status == 0
    assert (row["tempo"], row["time_signature"], row["key"], row["pass"]) == (BPM, "4/4", "A minor", "exact")
    assert row["confidence"]["tempo"] == 1.0


def test_two_files_cannot_be_drawn_into_one_picture(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["analyze", "--plot", "x.png", "a.wav", "b.wav"])
    assert "name one" in capsys.readouterr().err
