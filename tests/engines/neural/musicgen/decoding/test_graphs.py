"""CUDA graphs: when steps are recorded, on a fake device that logs commands; and draws on a real one."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest

from tests.optional import require

torch = require("torch")

from musearoo.engines.neural.musicgen.decoding.graphs import Recorder
from musearoo.engines.neural.musicgen.decoding.loop import decode
from musearoo.engines.neural.musicgen.decoding.model import LanguageModel
from musearoo.engines.neural.musicgen.decoding.sampling import Sampling
from tests.engines.neural.musicgen.decoding.tiny import MELODY, TEXT, make_conditions, make_weights


class FakeCuda:
    """The part of `torch.cuda` that recording needs: commands given while recording run on replay."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.recording: FakeGraph | None = None
        self.stream_now = "main"

    def launch(self, kernel: str) -> None:
        """Run a fake kernel."""
        if self.recording is None:
            self.log.append(f"{kernel} on {self.stream_now}")
        else:
            self.recording.kernels.append(kernel)

    def Stream(self, _device: Any) -> FakeStream:  # noqa: N802
        return FakeStream(self, "side")

    def current_stream(self, _device: Any) -> FakeStream:
        return FakeStream(self, self.stream_now)

    def graph_pool_handle(self) -> str:
        return "pool"

    def CUDAGraph(self) -> FakeGraph:  # noqa: N802
        return FakeGraph(self)

    @contextlib.contextmanager
    def stream(self, stream: FakeStream) -> Iterator[None]:
        before, self.stream_now = self.stream_now, stream.name
        yield
        self.stream_now = before

    @contextlib.contextmanager
    def graph(self, graph: FakeGraph, *, pool: str, stream: FakeStream, capture_error_mode: str) -> Iterator[None]:
        assert graph.generators, "draws would be the same at each play"
        assert (pool, stream.name, capture_error_mode) == ("pool", "side", "thread_local")
        self.recording = graph
        yield
        self.recording = None


class FakeStream:
    def __init__(self, cuda: FakeCuda, name: str) -> None:
        self.cuda = cuda
        self.name = name

    def wait_stream(self, other: FakeStream) -> None:
        self.cuda.log.append(f"{self.name} waits for {other.name}")


class FakeGraph:
    def __init__(self, cuda: FakeCuda) -> None:
        self.cuda = cuda
        self.kernels: list[str] = []
        self.generators: list[Any] = []

    def register_generator_state(self, generator: Any) -> None:
        self.generators.append(generator)

    def replay(self) -> None:
        for kernel in self.kernels:
            self.cuda.launch(f"played {kernel}")


def test_each_length_is_run_then_recorded_then_replayed(monkeypatch: pytest.MonkeyPatch) -> None:
    cuda = FakeCuda()
    monkeypatch.setattr(torch, "cuda", cuda)
    recorder = Recorder("cuda", torch.Generator())
    for length in (128, 128, 128, 256, 256, 128):
        recorder.run(lambda length: cuda.launch(f"step of {length}"), length)
    first = ["side waits for main", "step of {} on side", "main waits for side"]
    played = "played step of {} on main"
    assert cuda.log == [
        *(line.format(128) for line in first),
        played.format(128),
        played.format(128),
        *(line.format(256) for line in first),
        played.format(256),
        played.format(128),
    ]


@pytest.mark.gpu
@pytest.mark.parametrize("precision", ["full", "half"])
@pytest.mark.parametrize("shape", [TEXT, MELODY], ids=["text", "melody"])
def test_recordings_draw_what_direct_launches_draw(shape: Any, precision: Any) -> None:
    weights, conditions = make_weights(shape), make_conditions(shape)
    drawn = []
    for records in (False, True):
        model = LanguageModel.build(weights, shape, "cuda", precision, records=records)
        for seed in (1, 2, 1):
            sampling = Sampling(top_k=20, seed=seed)
            drawn.append(torch.cat(list(decode(model, conditions, 90, sampling)), dim=1))
    assert torch.equal(drawn[0], drawn[2])
    assert not torch.equal(drawn[0], drawn[1])
    assert all(torch.equal(single, recorded) for single, recorded in zip(drawn[:3], drawn[3:], strict=True))


@pytest.mark.gpu
def test_logits_on_a_gpu_are_those_on_the_processor() -> None:
    weights, conditions = make_weights(TEXT), make_conditions(TEXT)
    found = []
    for device in ("cpu", "cuda"):
        model = LanguageModel.build(weights, TEXT, device)
        decoder = model.take_decoder(Sampling(temperature=0.0), 30, 0, conditions.beside)
        decoder.begin(conditions, torch.zeros((4, 0), dtype=torch.int64), 30)
        logits = []
        while decoder.steps_left:
            decoder.step()
            logits.append(decoder.logits.cpu())
        found.append(torch.stack(logits))
    torch.testing.assert_close(found[0], found[1], atol=1e-4, rtol=0)
