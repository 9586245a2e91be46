"""The bench of MusicGen: what it runs, what it leaves out and says so, and that its rows can miss their targets."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.optional import needs, require

require("torch", "transformers")

import torch

from musearoo.bridge.cli import main
from musearoo.engines.audio.sound_model import FloatArray, Report, SoundRequest
from musearoo.engines.neural.encodec.codec import Codec
from musearoo.tools.bench.musicgen import codec as codec_bench
from musearoo.tools.bench.musicgen import gpu as gpu_bench
from musearoo.tools.bench.musicgen import loops
from musearoo.tools.bench.musicgen import runner as bench
from musearoo.tools.bench.musicgen import sound as sound_bench
from musearoo.tools.bench.musicgen import steps as steps_bench
from musearoo.tools.bench.musicgen.peers import AudiocraftLoop, Stopwatch
from musearoo.tools.bench.musicgen.random_models import write_random_musicgen
from musearoo.tools.bench.musicgen.sound import cancel, judge_likeness, judge_stopping
from musearoo.tools.bench.rows import Row

needs_audiocraft = needs("audiocraft", "xformers")

LACK = "musicgen-small runs on packages that are not installed: install them."


class FakeModel:
    """Makes noise of the seed in blocks of a tenth of a second, and may keep some memory each time."""

    rate = 1000
    channels = 1
    continues = False
    follows_melody = True
    notes = ()
    precision = "full"

    def __init__(self, kept_bytes: int = 0, deaf: bool = False) -> None:
        self._kept_bytes = kept_bytes
        self._deaf = deaf
        self._kept: list[bytes] = []

    def imagine(self, wish: SoundRequest, report: Report) -> Iterator[FloatArray]:
        self._kept.append(b"\1" * self._kept_bytes)
        heard = "" if self._deaf else f"{wish.seed} {wish.prompt} {wish.melody}"
        chance = np.random.default_rng([1, *heard.encode()])
        blocks = round(10 * wish.seconds)
        for number in range(blocks):
            report(number / blocks, "imagining")
            yield chance.standard_normal((1, 100)).astype(np.float32)


def be_silent(_what: str, _done: int, _of: int) -> None:
    """Hears of progress."""


def run_bench(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[dict[str, dict[str, object]], list[str]]:
    """The rows by name, and the notes."""
    assert main(["bench", "musicgen", "--quick", "--json", *options]) == 0
    report = json.loads(capsys.readouterr().out)
    return {row["name"]: row for row in report["rows"]}, report["notes"]


def test_without_packages_the_loops_are_judged_and_it_is_said_what_lacks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def judge_loops(*, quick: bool, tell: bench.Progress) -> list[Row]:
        tell("loops cut", 0, 1)
        return [Row("loops", "quick" if quick else "all", "samples", 0, 0.0, True)]

    monkeypatch.setattr(bench, "explain_missing_packages", lambda _card: LACK)
    monkeypatch.setattr(loops, "judge_loops", judge_loops)
    rows, notes = run_bench(capsys)
    assert list(rows) == ["loops: quick"]
    assert notes == [LACK]


def test_without_a_gpu_that_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    rows, notes = run_bench(capsys, "--only", "gpu")
    assert not rows
    assert notes[-1] == bench.NO_GPU


def test_without_audiocraft_the_rest_is_judged_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("musearoo.tools.bench.musicgen.peers.has_audiocraft", lambda: False)
    rows, notes = run_bench(capsys, "--only", "codec")
    assert bench.NO_AUDIOCRAFT in notes
    stream, seconds = rows.values()
    assert stream["met"] is True
    assert seconds["ours"]


def test_a_stopwatch_tells_what_lies_between_stamps() -> None:
    watch = Stopwatch()
    for _ in range(4):
        watch.stamp(0.5, "words")
    assert watch.steps.shape == (3,)
    assert (watch.steps >= 0.0).all()


@needs_audiocraft
@pytest.mark.filterwarnings("ignore")  # audiocraft's, of which there are many
def test_ours_is_held_against_audiocraft_and_found_out_when_it_differs(tmp_path: Path) -> None:
    written = write_random_musicgen(tmp_path, "tiny")
    language = steps_bench.read_language(written, "tiny")
    audiocraft = AudiocraftLoop(written.folder / "state_dict.bin")
    codes, logits = steps_bench.compare(language, audiocraft, be_silent)
    assert (codes.met, logits.met) == (True, True)
    with torch.no_grad():
        audiocraft.model.transformer.layers[1].linear2.weight.mul_(1.01)
    codes, logits = steps_bench.compare(language, audiocraft, be_silent)
    assert (codes.met, logits.met) == (False, False)


@needs_audiocraft
@pytest.mark.filterwarnings("ignore")
def test_a_codec_whose_stream_has_seams_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec_bench, "TIMES", 1)
    monkeypatch.setattr(codec_bench, "SECONDS", 2.0)
    rows = {row.name: row.met for row in codec_bench.judge_codec(quick=True, has_audiocraft=True, tell=be_silent)}
    assert rows["largest difference of the stream to a whole decode"] is True
    assert rows["largest difference to audiocraft's decode"] is True
    whole = codec_bench.stream

    def cut(codec: Codec, codes: torch.Tensor, together: int) -> torch.Tensor:
        half = codes.shape[1] // 2
        return torch.cat([whole(codec, part, together) for part in (codes[:, :half], codes[:, half:])], dim=1)

    monkeypatch.setattr(codec_bench, "stream", cut)
    rows = {row.name: row.met for row in codec_bench.judge_codec(quick=True, has_audiocraft=False, tell=be_silent)}
    assert rows["largest difference of the stream to a whole decode"] is False


def test_random_models_heed_seed_words_and_tune(capsys: pytest.CaptureFixture[str]) -> None:
    rows, notes = run_bench(capsys, "--only", "likeness")
    assert [row["met"] for row in rows.values()] == [True] * 6
    assert notes == [bench.RANDOM, bench.TINY]


def test_a_model_that_heeds_nothing_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sound_bench, "load_random", lambda *_where: FakeModel(deaf=True))
    met = {row.name: row.met for row in judge_likeness(tell=be_silent)}
    assert [name for name, is_met in met.items() if is_met] == [
        "samples that differ with the same seed",
        "samples that differ with the same tune",
    ]


@pytest.mark.parametrize(("kept", "met"), [(0, True), (2_000_000, False)])
def test_memory_that_is_kept_is_seen(monkeypatch: pytest.MonkeyPatch, kept: int, met: bool) -> None:
    monkeypatch.setattr(sound_bench, "load_random", lambda *_where: FakeModel(kept))
    if sound_bench.measure_held() is None:
        pytest.skip("this system does not tell how much memory a process holds")
    assert [row.met for row in judge_stopping(quick=True, tell=be_silent)] == [met, met]


@needs_audiocraft
@pytest.mark.filterwarnings("ignore")
def test_what_is_measured_on_a_gpu_works_on_a_processor_too(monkeypatch: pytest.MonkeyPatch) -> None:
    # Few have a GPU: this shows that nothing breaks, and says nothing of its figures.
    monkeypatch.setattr(torch.cuda, "synchronize", lambda: None)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "a processor")
    for name, value in {"DEVICE": "cpu", "SECONDS": 1.0, "TIMES": 3, "CANCELS": 1, "COPIED": 2**20}.items():
        monkeypatch.setattr(gpu_bench, name, value)
    rows = {row.name: row for row in gpu_bench.judge_gpu(quick=True, has_audiocraft=True, tell=be_silent)}
    assert len(rows) == 5
    for row in rows.values():
        assert row.ours is not None
        assert row.ours > 0.0
        assert row.note.endswith("a processor, random model of a tiny size") or "cancel" in row.name
    whole, first = rows["1 s of sound"], rows["until 0.5 s of it are there"]
    assert whole.peer
    assert (first.ours or 0.0) < 1000.0 * (whole.ours or 0.0)


def test_a_cancel_is_timed_from_when_it_came() -> None:
    class Slow(FakeModel):
        def imagine(self, wish: SoundRequest, report: Report) -> Iterator[FloatArray]:
            def wait(done: float, words: str) -> None:
                time.sleep(0.02)
                report(done, words)

            yield from super().imagine(wish, wait)

    took, steps = cancel(Slow(), after=0.05)
    assert 0.0 <= took < 0.2
    assert all(step >= 0.02 for step in steps)
