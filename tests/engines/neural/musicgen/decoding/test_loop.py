"""Decoding from the caller's view: timing of blocks, refusals, and freed memory."""

import gc
from collections.abc import Generator
from typing import Any

import pytest

from tests.optional import require

torch = require("torch")

from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.neural.musicgen.decoding.decoder import Decoder
from musearoo.engines.neural.musicgen.decoding.loop import decode, plan_windows
from musearoo.engines.neural.musicgen.decoding.memory import Memory
from musearoo.engines.neural.musicgen.decoding.model import LanguageModel
from musearoo.engines.neural.musicgen.decoding.sampling import Sampling
from musearoo.engines.neural.musicgen.decoding.shape import Conditions, LanguageShape
from tests.each_case import each_case
from tests.engines.neural.musicgen.decoding.tiny import (
    MELODY,
    TEXT,
    make_conditions,
    make_model,
    make_weights,
)

SAMPLING = Sampling(top_k=20, seed=3)


class NotWantedError(Exception):
    """Raised by a report to cancel the work."""


def start(frames: int = 30, **options: Any) -> Generator[Any, None, None]:
    return decode(make_model(), make_conditions(), frames, SAMPLING, **options)


def test_each_frame_comes_as_soon_as_its_last_codebook_is_known() -> None:
    steps: list[float] = []
    seen = []
    for block in start(10, report=lambda done, _text: steps.append(done)):
        assert (block.shape, block.dtype) == ((4, 1), torch.int64)
        seen.append(len(steps))
    # Three steps complete no frame; the fourth completes the first.
    assert seen == list(range(4, 14))
    assert steps == pytest.approx([step / 13 for step in range(1, 14)])


def test_the_same_seed_gives_the_same_and_another_something_else() -> None:
    model, conditions = make_model(), make_conditions()
    once, again, other = (
        torch.cat(list(decode(model, conditions, 20, Sampling(top_k=20, seed=seed))), dim=1) for seed in (3, 3, 4)
    )
    assert torch.equal(once, again)
    assert not torch.equal(once, other)


def test_it_does_not_affect_the_global_generator() -> None:
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    list(start(5))
    assert torch.equal(torch.rand(3), expected)


@each_case("shape", [TEXT, MELODY])
def test_other_conditions_give_other_codes(shape: Any) -> None:
    model = make_model(shape)
    first, second = (
        torch.cat(list(decode(model, make_conditions(shape, seed=seed), 20, SAMPLING)), dim=1) for seed in (1, 2)
    )
    assert not torch.equal(first, second)


def test_several_windows_come_without_a_gap() -> None:
    done: list[float] = []
    blocks = list(start(100, report=lambda share, _text: done.append(share)))
    assert sum(block.shape[1] for block in blocks) == 100
    assert done == sorted(done)
    assert done[-1] == 1.0


@each_case("known", [0, 1, 39])
def test_windows_cover_all_frames_once(known: int) -> None:
    for frames in range(1, 130):
        windows = plan_windows(frames, known, TEXT)
        assert windows[0].new == known
        assert [window.new for window in windows[1:]] == [window.last for window in windows[:-1]]
        assert windows[-1].last == known + frames
        assert all(window.first <= window.new < window.last <= window.first + TEXT.window for window in windows)


def test_a_report_cancels_within_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    made = reports = 0
    step = Decoder.step

    def count(decoder: Decoder) -> None:
        nonlocal made
        made += 1
        step(decoder)

    monkeypatch.setattr(Decoder, "step", count)

    def report(_done: float, _text: str) -> None:
        nonlocal reports
        reports += 1
        if reports == 6:
            raise NotWantedError

    with pytest.raises(NotWantedError):
        list(start(30, report=report))
    assert made == 6


def test_a_report_cancels_while_a_prompt_is_processed() -> None:
    def refuse(_done: float, _text: str) -> None:
        raise NotWantedError

    with pytest.raises(NotWantedError):
        next(start(5, prompt=torch.zeros((4, 30), dtype=torch.int64), report=refuse))


@each_case("end", ["closed", "ended by a report", "given whole", "never begun"])
def test_nothing_is_kept(end: str) -> None:
    model, conditions = make_model(), make_conditions()

    def report(done: float, _text: str) -> None:
        if end == "ended by a report" and done > 0.5:
            raise NotWantedError

    before = count_kept()
    codes = decode(model, conditions, 30, SAMPLING, report=report)
    if end == "closed":
        next(codes)
        assert count_kept() > before
        codes.close()
    elif end == "ended by a report":
        with pytest.raises(NotWantedError):
            list(codes)
    elif end == "given whole":
        list(codes)
    assert count_kept() == before


def count_kept() -> int:
    """Return the number of live caches and decoders, without the garbage collector."""
    return sum(type(each) in (Memory, Decoder) for each in gc.get_objects())


def test_many_generations_leave_nothing() -> None:
    model, conditions = make_model(), make_conditions()

    def count() -> int:
        gc.collect()
        return sum(type(each) is torch.Tensor for each in gc.get_objects())

    list(decode(model, conditions, 4, SAMPLING))
    before = count()
    for seed in range(30):
        codes = decode(model, conditions, 4, Sampling(top_k=20, seed=seed))
        next(codes)
        if seed % 2:
            list(codes)
        del codes
    assert count() == before


def test_blocks_belong_to_the_caller() -> None:
    blocks = list(start(6))
    copies = [block.clone() for block in blocks]
    for block in blocks:
        block += 1
    assert all(torch.equal(block, copy + 1) for block, copy in zip(blocks, copies, strict=True))


@each_case(
    "options, message",
    [
        ({"frames": 0}, "frames must be at least 1, but was 0"),
        ({"prompt": torch.zeros((3, 5), dtype=torch.int64)}, "prompt must be 4 by fewer than 40 codes"),
        ({"prompt": torch.zeros((4, 40), dtype=torch.int64)}, "prompt must be 4 by fewer than 40 codes"),
        ({"prompt": torch.full((4, 5), 60)}, "prompt must be of codes from 0 to 59"),
        ({"prompt": torch.full((4, 5), -1)}, "prompt must be of codes from 0 to 59"),
    ],
)
def test_invalid_requests_are_refused_at_once(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ParamError, match=message):
        start(**options)


@each_case(
    "sampling",
    [
        Sampling(guidance=float("nan")),
        Sampling(guidance=-1.0),
        Sampling(temperature=-0.1),
        Sampling(top_k=-1),
        Sampling(seed=-1),
        Sampling(seed=2**63),
    ],
)
def test_settings_out_of_bounds_are_refused(sampling: Sampling) -> None:
    with pytest.raises(ParamError, match="must be"):
        decode(make_model(), make_conditions(), 5, sampling)


@each_case(
    "shape, conditions, message",
    [
        (TEXT, Conditions(), "takes its conditions beside the sequence"),
        (TEXT, make_conditions(MELODY), "takes its conditions beside the sequence"),
        (MELODY, make_conditions(TEXT), "takes its conditions before the sequence"),
        (TEXT, Conditions(cross=torch.zeros(1, 5, 32)), r"must be \(2, n, 32\), but were \(1, 5, 32\)"),
        (TEXT, Conditions(cross=torch.zeros(2, 0, 32)), r"but were \(2, 0, 32\)"),
        (TEXT, Conditions(cross=torch.zeros(2, 5, 16)), r"but were \(2, 5, 16\)"),
        (TEXT, Conditions(cross=torch.zeros(2, 5)), r"but were \(2, 5\)"),
    ],
)
def test_conditions_of_another_model_are_refused(shape: LanguageShape, conditions: Conditions, message: str) -> None:
    with pytest.raises(EngineError, match=message):
        decode(make_model(shape), conditions, 5, SAMPLING)


def test_conditions_keep_their_length() -> None:
    reported = {0: make_conditions(steps=5), 24: make_conditions(steps=6)}
    codes = decode(make_model(), reported.__getitem__, 60, SAMPLING)
    with pytest.raises(EngineError, match="as many steps as those of the first"):
        list(codes)


@each_case("broken", [float("nan"), float("inf")])
def test_weights_that_are_not_finite_are_detected_at_once(broken: float) -> None:
    weights = make_weights(TEXT)
    weights["transformer.layers.1.linear1.weight"][3, 4] = broken
    codes = decode(LanguageModel.build(weights, TEXT), make_conditions(), 5, SAMPLING)
    with pytest.raises(EngineError, match="its file is damaged: fetch it again"):
        next(codes)
