"""Waveforms to draw: the extremes of each column, of files of any length and kind, kept by content."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from musearoo.bridge.audio import peaks
from musearoo.bridge.audio.files import AudioFileError
from musearoo.bridge.audio.peaks import MOST_STEPS, draw_columns, open_peaks, read_peaks
from musearoo.bridge.cache.contract import Bounds
from musearoo.bridge.cache.memory import MemoryLevel

RATE = 48_000


def write(path: Path, sound: Any, rate: int = RATE, form: str = "WAV") -> Path:
    soundfile.write(path, sound.astype("float32"), rate, format=form)
    return path


def a_cache() -> MemoryLevel:
    return MemoryLevel(Bounds(most_bytes=1e6))


def test_each_column_has_its_extremes(tmp_path: Path) -> None:
    """Against the plain way: the extremes of the column's samples, to a step at its edges."""
    noise = np.random.default_rng(1).uniform(-1.0, 1.0, (50_000, 2)) * np.linspace(0.0, 1.0, 50_000)[:, None]
    found = read_peaks(write(tmp_path / "noise.wav", noise), a_cache(), None)
    assert (found.frames, found.rate, found.step) == (50_000, RATE, 16)
    mono = noise.mean(axis=1).astype(np.float32)
    for columns, start, end in ((16, 0.0, None), (1000, 0.0, None), (400, 0.25, 0.75), (4000, 0.0, None)):
        drawn = draw_columns(found, columns, start, end)
        edges = np.linspace(drawn.start, drawn.end, columns + 1) * RATE
        for number in range(0, columns, max(1, columns // 50)):
            first, last = int(edges[number]) // 16 * 16, -(-int(np.ceil(edges[number + 1])) // 16) * 16
            wanted = mono[first : max(last, first + 16)]
            assert drawn.low[number] == pytest.approx(max(-128, round(float(wanted.min()) * 128)), abs=1)
            assert drawn.high[number] == pytest.approx(min(127, round(float(wanted.max()) * 128)), abs=1)


def test_full_scale_and_what_is_no_number_stay_within_a_byte(tmp_path: Path) -> None:
    sound = np.array([1.0, -1.0, 5.0, -5.0, np.nan, np.inf] * 500)
    drawn = draw_columns(read_peaks(write(tmp_path / "loud.wav", sound), a_cache(), None), 16)
    assert (min(drawn.low), max(drawn.high)) == (-128, 127)


def test_a_long_file_needs_little_memory(tmp_path: Path) -> None:
    minutes = 10
    path = tmp_path / "long.flac"
    with soundfile.SoundFile(path, "w", 8000, 2, format="FLAC") as file:
        for minute in range(minutes):
            file.write(np.full((60 * 8000, 2), minute / minutes, "float32"))
    read_peaks(write(tmp_path / "short.wav", np.ones(4000)), a_cache(), None)  # what is imported does not count
    tracemalloc.start()
    found = read_peaks(path, a_cache(), None)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 8e6, "the file's samples are 38 MB"
    assert len(found.low) <= MOST_STEPS
    drawn = draw_columns(found, minutes)
    assert drawn.seconds == 60.0 * minutes
    # The last step of a column may reach into the next.
    assert [round(high / 12.8) for high in drawn.low] == list(range(minutes))


def test_peaks_are_kept_by_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = open_peaks(tmp_path)
    sound = np.sin(np.arange(9000) / 20.0)
    first = read_peaks(write(tmp_path / "a.wav", sound), cache, None)
    monkeypatch.setattr(peaks, "_measure", lambda _: pytest.fail("it was measured again"))
    assert read_peaks(write(tmp_path / "the same.wav", sound), cache, None) == first
    monkeypatch.undo()
    assert read_peaks(write(tmp_path / "a.wav", sound / 2.0), cache, None) != first


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("no sound")
    with pytest.raises(AudioFileError, match="no audio that can be read"):
        read_peaks(tmp_path / "text.wav", a_cache(), None)
    with pytest.raises(AudioFileError, match="has no sound in it"):
        read_peaks(write(tmp_path / "empty.wav", np.zeros(0)), a_cache(), None)
    inside = write(tmp_path / "a.wav", np.zeros(4000))
    with pytest.raises(AudioFileError, match="outside the folders"):
        read_peaks(inside, a_cache(), [tmp_path / "elsewhere"])
