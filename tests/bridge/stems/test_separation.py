"""The job `split`: stems as long as their file at every rate and length, not one sample off; nothing else is left."""

from collections.abc import Callable
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from musearoo.bridge.audio.files import FileState
from musearoo.bridge.jobs.contract import Fault, JobCancelled, JobError, Report
from musearoo.bridge.stems.job import SplitJob, SplitResult
from musearoo.bridge.stems.plan import name_stems
from musearoo.bridge.stems.separation import estimate_bytes, run, shrink
from musearoo.bridge.stems.separators import SEPARATORS
from musearoo.engines.errors import EngineError
from musearoo.engines.music.stems import FOUR_STEMS, StemName
from musearoo.engines.neural.model_cache import LEAST_BUDGET
from tests.bridge.audio.some_sounds import (
    find_offset,
    make_sound,
    read_blocks,
    read_sound,
    residual_db,
    write_long_sound,
    write_sound,
)
from tests.bridge.stems.some_separators import SHARES, ShareSeparator, put_in_place_of_dsp
from tests.optional import require

RATES = (8_000, 22_050, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000)

SUM_DB = -60.0

A_JOB = SplitJob("", (0, 0, 0, 0), 0.0, None, 0, "dsp", "", "", "dsp 1", "", {}, in_24_bits=False)

Separated = tuple[SplitResult, dict[StemName, Path]]
Separate = Callable[..., Separated]


@pytest.fixture
def separate(tmp_path: Path) -> Separate:
    """Runs the job on a file in this thread; what it gave, and the stems."""

    def split(path: Path, report: Report = lambda _fraction, _text: None, **asked: Any) -> Separated:
        folder = tmp_path / "draft"
        folder.mkdir(exist_ok=True)
        names = name_stems(path.stem, FOUR_STEMS, "")
        job = replace(
            A_JOB, path=str(path), state=astuple(FileState.of(path)), folder=str(folder), names=names, **asked
        )
        data, arrays = run(job.as_params(), {}, report)
        assert arrays == {}
        return SplitResult(**data), {stem: folder / name for stem, name in names.items()}

    return split


def check(stems: dict[StemName, Path], source: Path) -> None:
    """Each stem is as long as its source and, where there is something in it, not a sample off; all sum up to it."""
    assert {soundfile.info(path).frames for path in stems.values()} == {soundfile.info(source).frames}
    streams = [read_blocks(path) for path in (source, *stems.values())]
    for sound, *parts in zip(*streams, strict=True):
        if not sound.any():
            assert not any(part.any() for part in parts)
            continue
        assert residual_db(np.sum(parts, axis=0), sound) < SUM_DB
        for part in parts:
            if sound.shape[1] > 1000 and np.abs(part[0]).max() > 0.01 * np.abs(sound[0]).max():
                assert find_offset(part, sound) == 0


@pytest.mark.parametrize("rate", [8_000, 44_100, 192_000])
@pytest.mark.parametrize("frames", [1, 10, 4097])
@pytest.mark.parametrize("channels", [1, 2])
def test_the_dsp_stems_are_as_long_as_the_file_and_sum_up_to_it(
    channels: int, frames: int, rate: int, separate: Separate, tmp_path: Path
) -> None:
    path = write_sound(tmp_path / "a.wav", make_sound(frames, rate, channels), rate)
    result, stems = separate(path)
    assert (result.rate, result.channels, result.frames) == (rate, channels, frames)
    check(stems, path)


@pytest.mark.long
@pytest.mark.parametrize(
    ("seconds", "rate"),
    [
        *((seconds, rate) for seconds in (5.85, 7.8, 8.0) for rate in RATES),
        *((600.0, rate) for rate in (44_100, 96_000)),
    ],
)
def test_at_every_rate_and_length_too(seconds: float, rate: int, separate: Separate, tmp_path: Path) -> None:
    path = write_long_sound(tmp_path / "a.wav", round(seconds * rate), rate)
    check(separate(path)[1], path)


@pytest.mark.parametrize("rate", [8_000, 32_000, 48_000, 96_000])
@pytest.mark.parametrize("stretch", [(0.0, None), (0.25, 0.5)])
def test_a_separator_of_another_rate_moves_no_sample_either(
    rate: int, stretch: tuple[float, float | None], separate: Separate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require("soxr")
    put_in_place_of_dsp(monkeypatch, ShareSeparator(44_100))
    sound = make_sound(rate + 7, rate)
    _, stems = separate(write_sound(tmp_path / "a.wav", sound, rate), start=stretch[0], end=stretch[1])
    first = round(stretch[0] * rate)
    last = sound.shape[1] if stretch[1] is None else round(stretch[1] * rate)
    # Where a tone is cut off, what lies above the lower rate rings.
    inside = slice(first + rate // 50, last - rate // 50)
    for stem, path in stems.items():
        samples = read_sound(path)
        assert samples.shape == sound.shape
        assert not samples[:, :first].any()
        assert not samples[:, last:].any()
        assert find_offset(samples, sound) == 0
        assert residual_db(samples[:, inside], sound[:, inside] * SHARES[stem]) < -80


@pytest.mark.parametrize(("frames", "is_noted"), [(9_900, False), (10_100, False), (200, True), (30_000, True)])
def test_stems_of_another_length_are_cut_or_padded_at_their_end(
    frames: int, is_noted: bool, separate: Separate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_place_of_dsp(monkeypatch, ShareSeparator())
    sound = make_sound(10_000, 44_100)
    result, stems = separate(write_sound(tmp_path / "a.wav", sound, 44_100), start=0.01, frames=frames)
    wanted = np.pad(sound, ((0, 0), (0, 20_000)))[:, :frames] * np.float32(SHARES["bass"])
    wanted[:, :441] = 0.0
    assert np.array_equal(read_sound(stems["bass"]), wanted)
    assert result.frames == frames
    assert any("than Live has it" in note for note in result.notes) == is_noted


def test_silence_clipping_and_an_offset_come_out_as_they_are(separate: Separate, tmp_path: Path) -> None:
    silence = np.zeros((2, 20_000), np.float32)
    loud = np.clip(make_sound(20_000, 44_100) * 40, -1, 1)
    for number, sound in enumerate((silence, loud, silence + np.float32(0.5))):
        path = write_sound(tmp_path / f"{number}.wav", sound, 44_100)
        check(separate(path)[1], path)


def test_24_bits_are_written_where_nothing_clips(
    separate: Separate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_sound(tmp_path / "a.wav", make_sound(5000, 44_100, 1), 44_100)
    put_in_place_of_dsp(monkeypatch, ShareSeparator())
    result, _ = separate(path, in_24_bits=True)
    assert (result.in_24_bits, result.notes) == (True, ())
    put_in_place_of_dsp(monkeypatch, ShareSeparator(gain=8.0))
    result, _ = separate(path, in_24_bits=True)
    assert not result.in_24_bits
    assert result.peaks["drums"] > 1.0
    assert result.notes == ("The stems stay 32-bit float: drums would clip in 24 bits.",)


def test_its_progress_rises_and_what_that_raises_ends_it(
    separate: Separate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_sound(tmp_path / "a.wav", make_sound(200_000, 44_100), 44_100)
    blocks: list[int] = []
    put_in_place_of_dsp(monkeypatch, ShareSeparator(on_block=blocks.append))
    told: list[float] = []
    separate(path, report=lambda fraction, _text: told.append(fraction))
    assert told == sorted(told)
    assert 0.0 <= told[0] < 0.5 < told[-1] <= 1.0
    whole = len(blocks)
    blocks.clear()

    def cancel(fraction: float, _text: str) -> None:
        if fraction > 0.5:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        separate(path, report=cancel)
    assert 0 < len(blocks) < whole


@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.write_bytes(b"other")])
def test_a_source_that_goes_or_changes_is_the_users_matter(
    change: Callable[[Path], object], separate: Separate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_sound(tmp_path / "a.wav", make_sound(200_000, 44_100), 44_100)
    put_in_place_of_dsp(monkeypatch, ShareSeparator(on_block=lambda number: number == 2 and change(path)))
    with pytest.raises(JobError, match="while it was being split") as failed:
        separate(path)
    assert failed.value.fault is Fault.USER


def test_a_disk_that_is_full_in_the_middle_is_the_machines_matter(separate: Separate, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="only Unix limits the size of files")
    path = write_sound(tmp_path / "a.wav", make_sound(100_000, 44_100), 44_100)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(EngineError, match="takes no file as large as these stems"):
            separate(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_every_separator_fits_into_the_memory_that_jobs_have_and_some_can_do_with_less() -> None:
    for name, kind in SEPARATORS.items():
        if name == "demucs":
            require("demucs")
        params = replace(A_JOB, separator=name).as_params()
        smaller = shrink(params, {})
        assert 0 < estimate_bytes(params, {}) < LEAST_BUDGET / 2
        assert (smaller is not None) == kind.can_shrink
        if smaller is not None:
            assert estimate_bytes(smaller, {}) <= estimate_bytes(params, {})
            assert shrink(smaller, {}) is None
