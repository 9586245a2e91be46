"""The job `imagine`: loops exact to a sample at every rate, what a model is given to hear, sketches without one."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
import numpy as np
import pytest
import soundfile

from musearoo.bridge.audio.files import AudioFacts
from musearoo.bridge.imagining import model_takes
from musearoo.bridge.imagining.job import ImagineJob, ImagineResult, TakeJob
from musearoo.bridge.imagining.model_takes import read_source
from musearoo.bridge.imagining.request import ImagineRequest, Source
from musearoo.bridge.imagining.takes import estimate_bytes, run, shrink
from musearoo.bridge.jobs.contract import Fault, JobCancelled, JobError, Report
from musearoo.engines.audio.loops.loop_request import seconds_needed
from musearoo.engines.audio.sound_model import Sound, TuneNote
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.neural.model_cache import CACHE
from tests.bridge.audio.some_sounds import make_sound, read_sound, write_sound
from tests.bridge.imagining.some_imaginers import RATE, DrumModel, play_drums, put_in_place_of_musicgen
from tests.each_case import each_case
from tests.optional import require

require("soxr")

Imagine = Callable[..., tuple[ImagineResult, list[Path]]]


def describe_job(
    imaginer: str,
    request: ImagineRequest,
    takes: tuple[TakeJob, ...] = (),
    folder: str = "",
    weights: Mapping[str, str] = MappingProxyType({}),
) -> ImagineJob:
    return ImagineJob(
        request=request,
        takes=takes,
        imaginer=imaginer,
        model="musicgen-small",
        weights=dict(weights),
        version="1",
        separator="",
        folder=folder,
        styles=str(Path(folder, "home", "styles")),
    )


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> DrumModel:
    made = DrumModel()
    put_in_place_of_musicgen(monkeypatch, made)
    return made


@pytest.fixture
def imagine(tmp_path: Path) -> Imagine:
    """Runs the job in this thread; what it gave, and the files."""

    def work(
        report: Report = lambda _fraction, _text: None,
        seeds: tuple[int, ...] = (1,),
        imaginer: str = "musicgen",
        prompt: str = "drums, bpm: 120",
        weights: Mapping[str, str] = MappingProxyType({}),
        **asked: Any,
    ) -> tuple[ImagineResult, list[Path]]:
        folder = tmp_path / "out" / "draft"
        folder.mkdir(parents=True, exist_ok=True)
        request = msgspec.structs.replace(ImagineRequest(text="drums", folder=str(tmp_path), prompt=prompt), **asked)
        takes = tuple(TakeJob(seed, f"{number}.wav") for number, seed in enumerate(seeds))
        job = describe_job(imaginer, request, takes, str(folder), weights)
        data, arrays = run(job.as_params(), {}, report)
        assert arrays == {}
        return ImagineResult.read_params(data), [folder / take.file for take in takes]

    return work


@pytest.mark.parametrize("rate", [32_000, 44_100, 48_000])
@pytest.mark.parametrize("off", [0.95, 1.0, 1.06])
def test_a_loop_is_as_long_as_its_bars_to_the_sample(off: float, rate: int, model: DrumModel, imagine: Imagine) -> None:
    model.off = off
    result, (path,) = imagine(bars=2, bpm=121.0, rate=rate, prompt="drums, bpm: 121", loudness_lufs=-16.0)
    (take,) = result.takes
    facts = soundfile.info(path)
    assert (facts.frames, facts.samplerate, facts.channels, facts.subtype) == (
        *(round(8 * 60 / 121 * rate), rate, 2, "PCM_24"),
    )
    assert (take.frames, take.rate, take.channels) == (facts.frames, rate, 2)
    assert len(take.beats) == 8
    assert take.beats == pytest.approx([beat * 60 / 121 for beat in range(8)])
    assert take.correction is not None
    assert take.correction.heard_bpm == pytest.approx(121.0 * off, rel=0.02)
    assert 0.0 < take.first_audio_ms < take.ms
    assert np.abs(read_sound(path)).max() <= 1.0
    assert model.imagine_requests[0].seconds == pytest.approx(seconds_needed(2, 121.0, 4.0))


def test_takes_follow_one_another_each_by_its_seed(model: DrumModel, imagine: Imagine) -> None:
    told: list[tuple[float, str]] = []
    result, paths = imagine(lambda fraction, text: told.append((fraction, text)), (5, 6, 5), bars=1, bpm=120.0)
    assert [take.seed for take in result.takes] == [5, 6, 5]
    first, second, third = (path.read_bytes() for path in paths)
    assert first == third
    assert first != second
    assert [imagine_request.seed for imagine_request in model.imagine_requests] == [5, 6, 5]
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == pytest.approx(1.0)
    assert any(text.startswith("take 2 of 3: 1.0 of ") for _, text in told)
    assert (result.device, result.precision) == ("cpu", "full")


def test_without_bars_it_is_as_long_as_was_asked_and_does_not_click_at_its_end(
    model: DrumModel, imagine: Imagine
) -> None:
    result, (path,) = imagine(seconds=1.234, rate=44_100, subtype="FLOAT")
    sound = read_sound(path)
    assert sound.shape == (2, round(1.234 * 44_100))
    assert (result.takes[0].beats, result.takes[0].correction) == ((), None)
    assert np.abs(sound[:, -1]).max() < 1e-3
    assert model.imagine_requests[0].seconds == 1.234


def test_what_is_too_loud_does_not_clip(model: DrumModel, imagine: Imagine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "tests.bridge.imagining.some_imaginers.play_drums",
        lambda frames, *_: 4 * make_sound(frames, RATE).astype(np.float32),
    )
    for asked in ({"seconds": 2.0}, {"bars": 1, "bpm": 120.0}):
        _, (path,) = imagine(subtype="FLOAT", **asked)
        assert 0.5 < np.abs(read_sound(path)).max() < 0.9
    assert model.imagine_requests


@pytest.mark.parametrize("channels", [1, 2])
def test_a_sound_is_continued_from_its_last_bars(
    channels: int, model: DrumModel, imagine: Imagine, tmp_path: Path
) -> None:
    model.channels = channels
    # Twenty bars, of which a model hears six: twelve seconds.
    drums = play_drums(44_100 * 40, 44_100, 120.0, 3, 3 - channels)
    path = write_sound(tmp_path / "before.wav", drums, 44_100)
    result, (made,) = imagine(before=Source(str(path)), bars=2, bpm=120.0)
    (imagine_request,) = model.imagine_requests
    assert imagine_request.before is not None
    assert imagine_request.before.rate == 44_100
    assert imagine_request.before.samples.shape == (3 - channels, 44_100 * 12)
    heard = imagine_request.before.samples[0] - imagine_request.before.samples[0].mean()
    wanted = drums[0, -44_100 * 12 :] - drums[0, -44_100 * 12 :].mean()
    assert np.allclose(heard, wanted, atol=1e-3)
    assert imagine_request.seconds == pytest.approx(seconds_needed(2, 120.0, starts_on_the_one=True))
    assert soundfile.info(made).frames == 4 * 44_100
    assert result.takes[0].channels == channels
    # A model that plays from the one on is taken from its first sample.
    assert result.takes[0].correction is not None
    assert result.takes[0].correction.started_at == pytest.approx(0.0, abs=0.02)


def test_a_file_that_says_nothing_of_its_length_is_continued_from_its_end(
    model: DrumModel, imagine: Imagine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = make_sound(44_100 * 20, 44_100, 1)
    path = write_sound(tmp_path / "before.wav", sound, 44_100)
    monkeypatch.setattr(model_takes, "probe_audio", lambda _path: AudioFacts(0.0, 44_100, 1, "WAV"))
    imagine(before=Source(str(path), bpm=100.0), seconds=1.0, bpm=100.0)
    before = model.imagine_requests[0].before
    assert before is not None
    # Five bars at 100 BPM are the most that fit into what is heard.
    assert before.samples.shape == (1, 44_100 * 12)
    assert np.allclose(before.samples, sound[:, -44_100 * 12 :], atol=0.01)


def test_the_end_of_a_stretch_is_continued_at_the_tempo_that_live_plays_it(
    model: DrumModel, imagine: Imagine, tmp_path: Path
) -> None:
    path = write_sound(tmp_path / "before.wav", make_sound(44_100 * 20, 44_100, 1), 44_100)
    imagine(before=Source(str(path), 2.0, 10.0, bpm=120.0), bars=1, bpm=150.0)
    before = model.imagine_requests[0].before
    assert before is not None
    # Eight seconds of the file, four bars, are played in 6.4.
    assert before.samples.shape == (1, round(44_100 * 6.4))


def test_a_passage_that_live_plays_faster_is_stretched_accordingly(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", make_sound(44_100 * 4, 44_100), 44_100)
    sound = read_source(Source(str(path), 0.5, 2.5, bpm=100.0), 125.0, 60.0)
    assert sound.samples.shape == (2, round(2 * 44_100 * 100 / 125))
    same = read_source(Source(str(path), 0.5, 2.5, bpm=125.0), 125.0, 1.5)
    assert same.samples.shape == (2, round(1.5 * 44_100))


def test_a_tune_is_followed_from_a_sound_or_from_notes(model: DrumModel, imagine: Imagine, tmp_path: Path) -> None:
    path = write_sound(tmp_path / "hummed.wav", make_sound(44_100, 44_100, 1), 44_100)
    imagine(melody=Source(str(path)), bars=1, bpm=120.0)
    imagine(notes=((0.0, 60, 0.5), (0.5, 64, 0.25)), bars=1, bpm=120.0)
    sung, played = (imagine_request.melody for imagine_request in model.imagine_requests)
    assert isinstance(sung, Sound)
    assert sung.samples.shape == (1, 44_100)
    assert played == (TuneNote(0.0, 60, 0.5), TuneNote(0.5, 64, 0.25))
    assert {imagine_request.before for imagine_request in model.imagine_requests} == {None}
    assert model.imagine_requests[0].seconds == pytest.approx(seconds_needed(1, 120.0, starts_on_the_one=True))


def test_what_the_model_remarks_is_told(model: DrumModel, imagine: Imagine) -> None:
    model.notes = ("It does not know the word theremin.",)
    result, _ = imagine(seconds=1.0)
    assert result.takes[0].notices == model.notes


def test_a_source_that_has_gone_is_the_users_matter(model: DrumModel, imagine: Imagine, tmp_path: Path) -> None:
    with pytest.raises(JobError, match=r"gone.wav does not exist") as failed:
        imagine(before=Source(str(tmp_path / "gone.wav")), bars=1, bpm=120.0)
    assert failed.value.fault is Fault.USER
    assert not model.imagine_requests


@pytest.mark.parametrize("at", [0.03, 0.5, 0.97])
def test_what_report_raises_ends_it(at: float, model: DrumModel, imagine: Imagine) -> None:
    def cancel(fraction: float, _text: str) -> None:
        if fraction >= at:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        imagine(cancel, (1, 2), bars=1, bpm=120.0)
    assert len(model.imagine_requests) <= 2


def test_silence_is_refused_in_one_sentence(
    model: DrumModel, imagine: Imagine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tests.bridge.imagining.some_imaginers.play_drums", lambda frames, *_: np.zeros((2, frames), np.float32)
    )
    with pytest.raises(ParamError, match="silence"):
        imagine(bars=1, bpm=120.0)
    assert model.imagine_requests


def test_a_disk_that_is_full_is_the_machines_matter(model: DrumModel, imagine: Imagine, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="only Unix limits the size of files")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(EngineError, match=r"The disk of .*out takes no file as large as these loops: ask for"):
            imagine(bars=2, bpm=120.0)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert model.imagine_requests
    assert not list(tmp_path.glob("*.wav"))


@pytest.mark.parametrize(("numerator", "denominator", "bars"), [(4, 4, 2), (3, 4, 2), (6, 8, 2)])
def test_a_sketch_is_a_loop_of_its_bars_that_keeps_its_seed(
    numerator: int, denominator: int, bars: int, imagine: Imagine
) -> None:
    result, paths = imagine(
        seeds=(3, 4, 3),
        imaginer="sketch",
        text="funk with slap bass",
        bars=bars,
        bpm=110.0,
        numerator=numerator,
        denominator=denominator,
    )
    frames = round(bars * numerator * 4 / denominator * 60 / 110 * 44_100)
    assert {take.frames for take in result.takes} == {frames}
    assert {soundfile.info(path).frames for path in paths} == {frames}
    first, second, third = (path.read_bytes() for path in paths)
    assert first == third
    assert first != second
    take = result.takes[0]
    assert take.beats == pytest.approx([beat * 60 / 110 for beat in range(bars * numerator * 4 // denominator)])
    assert take.notices[0].startswith("Sketch by the Roo engines: ")
    sound = read_sound(paths[0])
    assert 0.05 < np.abs(sound).max() < 1.0
    # No tail fades at its end.
    assert np.sqrt(np.mean(sound[:, -frames // 8 :] ** 2)) > 0.1 * np.sqrt(np.mean(sound**2))


def test_a_sketch_is_as_long_as_was_asked_too(imagine: Imagine) -> None:
    result, (path,) = imagine(imaginer="sketch", seconds=3.3, bpm=100.0, text="quiet piano")
    assert soundfile.info(path).frames == round(3.3 * 44_100)
    assert result.takes[0].beats == ()


def test_stable_audio_imagines_in_its_own_way(
    imagine: Imagine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require("torch")
    from musearoo.engines.neural.stable_audio import loading

    model = DrumModel(rate=44_100, follows_melody=False)
    asked: list[tuple[Path, str]] = []

    def load(folder: Path, device: str) -> DrumModel:
        asked.append((folder, device))
        return model

    monkeypatch.setattr(loading, "load_stable_audio", load)
    CACHE.clear()
    weights = {"musicgen-small": str(tmp_path)}
    for _ in range(2):
        result, (path,) = imagine(imaginer="stable-audio", weights=weights, bars=1, bpm=120.0, rate=44_100)
        assert soundfile.info(path).frames == 88_200
    CACHE.clear()
    # It was loaded once for both.
    assert [folder for folder, _ in asked] == [tmp_path]
    assert result.device == asked[0][1]
    assert len(model.imagine_requests) == 2


def test_a_tune_in_a_sound_needs_memory_for_what_frees_it_from_drums() -> None:
    require("torch")
    plain = describe_job("musicgen", ImagineRequest(text="", folder="", bars=8, bpm=120.0))
    led = msgspec.structs.replace(plain, request=msgspec.structs.replace(plain.request, melody=Source("a.wav")))
    assert estimate_bytes(led.as_params(), {}) > estimate_bytes(plain.as_params(), {}) + 1e7


@each_case("imaginer, shrinks", [("musicgen", True), ("stable-audio", True), ("sketch", False)])
def test_what_runs_out_of_memory_can_do_with_less_where_that_helps(imaginer: str, shrinks: bool) -> None:
    if imaginer != "sketch":
        require("torch")
    job = describe_job(imaginer, ImagineRequest(text="", folder="", bars=8, bpm=120.0))
    assert 0 < estimate_bytes(job.as_params(), {}) < 3e9
    smaller = shrink(job.as_params(), {})
    assert (smaller is not None) == shrinks
    if smaller is not None:
        assert ImagineJob.read_params(smaller).is_small
        assert shrink(smaller, {}) is None
