"""What a model keeps between requests: on a GPU its recordings, with their memory."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.optional import require

torch = require("torch")

from musearoo.engines.neural.musicgen.decoding import decoder as decoding
from musearoo.engines.neural.musicgen.decoding.loop import decode
from musearoo.engines.neural.musicgen.decoding.model import LanguageModel
from musearoo.engines.neural.musicgen.decoding.sampling import Sampling
from tests.engines.neural.musicgen.decoding.tiny import make_conditions, make_model


class NeverRecorded:
    """Replaces the recorder: counts how many are created, and runs functions directly."""

    begun = 0

    def __init__(self, _device: Any, _generator: Any) -> None:
        type(self).begun += 1

    def run(self, compute: Callable[[int], None], length: int) -> None:
        compute(length)


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> LanguageModel:
    """A model that acts as if its steps are recorded."""
    monkeypatch.setattr(NeverRecorded, "begun", 0)
    monkeypatch.setattr(decoding, "Recorder", NeverRecorded)
    model = make_model()
    model.records = True
    return model


def draw(model: LanguageModel, frames: int = 20, steps: int = 5, **options: Any) -> Any:
    sampling = Sampling(**{"top_k": 20, "seed": 3, **options})
    return torch.cat(list(decode(model, make_conditions(steps=steps), frames, sampling)), dim=1)


def test_similar_requests_share_their_recordings(recorded: LanguageModel) -> None:
    plain = make_model()
    for options in ({}, {"frames": 25, "steps": 3}, {"seed": 9}, {}):
        assert torch.equal(draw(recorded, **options), draw(plain, **options))
    assert NeverRecorded.begun == 1


@pytest.mark.parametrize("options", [{"steps": 8}, {"top_k": 5}, {"guidance": 2.0}])
def test_different_requests_are_recorded_again(recorded: LanguageModel, options: dict[str, Any]) -> None:
    draw(recorded)
    assert torch.equal(draw(recorded, **options), draw(make_model(), **options))
    assert NeverRecorded.begun == 2


def test_concurrent_requests_are_independent(recorded: LanguageModel) -> None:
    conditions, sampling = make_conditions(), Sampling(top_k=20, seed=3)
    expected = draw(make_model())
    both = [decode(recorded, conditions, 20, sampling) for _ in range(2)]
    drawn = list(zip(*both, strict=True))
    for side in range(2):
        assert torch.equal(torch.cat([blocks[side] for blocks in drawn], dim=1), expected)


def test_a_cancelled_request_returns_its_recordings(recorded: LanguageModel) -> None:
    codes = decode(recorded, make_conditions(), 20, Sampling(top_k=20, seed=5))
    next(codes)
    codes.close()
    assert torch.equal(draw(recorded), draw(make_model()))
    assert NeverRecorded.begun == 1


def test_a_cpu_keeps_nothing() -> None:
    model = make_model()
    assert not model.records
    decoder = model.take_decoder(Sampling(), 10, 0, 5)
    model.hand_back(decoder)
    assert model.take_decoder(Sampling(), 10, 0, 5) is not decoder
