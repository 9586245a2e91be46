"""Decode any number of frames in as many windows as needed, and yield them as they are completed."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeAlias

import torch

from musearoo.engines.audio.sound_model import Report
from musearoo.engines.errors import EngineError, ParamError
from musearoo.engines.neural.musicgen.decoding.decoder import Decoder
from musearoo.engines.neural.musicgen.decoding.model import LanguageModel
from musearoo.engines.neural.musicgen.decoding.sampling import Sampling
from musearoo.engines.neural.musicgen.decoding.shape import Conditions, LanguageShape, Tensor

ConditionsAt: TypeAlias = Callable[[int], Conditions]
"""Returns the conditions of the window that begins at a frame, counted from the start of the prompt."""


@dataclass(frozen=True, slots=True)
class Window:
    """Frames first <= t < last, counted from the start of the prompt; those before `new` are known already."""

    first: int
    new: int
    last: int


def plan_windows(frames: int, known: int, shape: LanguageShape) -> tuple[Window, ...]:
    """Return the windows for `frames` new frames; the first begins with the `known` ones.

    Each later window begins one stride further on, and its overlap with the one before is processed again.

    >>> shape = LanguageShape(dim=8, layers=1, heads=1, hidden=32, window=10, stride=6)
    >>> plan_windows(14, 2, shape)
    (Window(first=0, new=2, last=10), Window(first=6, new=10, last=16))
    """
    total, windows = known + frames, [Window(0, known, min(known + frames, shape.window))]
    while windows[-1].last < total:
        first = windows[-1].first + shape.stride
        windows.append(Window(first, windows[-1].last, min(total, first + shape.window)))
    return tuple(windows)


def decode(
    model: LanguageModel,
    conditions: Conditions | ConditionsAt,
    frames: int,
    sampling: Sampling,
    prompt: Tensor | None = None,
    report: Report = lambda _done, _text: None,
) -> Generator[Tensor, None, None]:
    """Yield `frames` new frames of codes in order, as they are completed: int64 (codebooks, n) on the CPU, n > 0.

    They continue the prompt (codebooks, n), which must be shorter than the model's window and is not yielded. If they
    exceed the window, a function gives the conditions of each window; otherwise all windows share the same ones. On a
    CPU in full precision, a seed gives the codes that audiocraft draws after `torch.manual_seed` with it.

    `report` is called after each step, on a GPU after every few, and per layer while a prefix is processed; exceptions
    it raises propagate. Then, or when the iterator is closed, the request's memory is freed, except for the cache that
    a CUDA graph was recorded with, which the next request reuses.

    Raises ParamError for numbers out of range, EngineError for conditions that do not fit the model.
    """
    known = _take_prompt(prompt, model.shape)
    if frames < 1:
        raise ParamError("frames", "at least 1", frames)
    sampling.check()
    windows = plan_windows(frames, known.shape[1], model.shape)
    conditions_at: ConditionsAt = conditions if callable(conditions) else lambda _first: conditions
    given = _require_conditions(conditions_at, 0, model.shape)
    return _decode(model, sampling, windows, given, conditions_at, known, report)


def _decode(
    model: LanguageModel,
    sampling: Sampling,
    windows: tuple[Window, ...],
    given: Conditions,
    conditions_at: ConditionsAt,
    known: Tensor,
    report: Report,
) -> Generator[Tensor, None, None]:
    longest = max(window.last - window.first for window in windows)
    decoder = model.take_decoder(sampling, longest, given.lead, given.beside)
    progress = _Progress(report, sum(window.last - window.new + model.shape.delays[-1] for window in windows))
    try:
        decoder.seed(sampling.seed)
        for window in windows:
            if window.first:
                given = _require_conditions(conditions_at, window.first, model.shape, like=given)
            decoder.begin(given, known, window.last - window.first, progress.report_progress)
            blocks = []
            for block in _decode_window(decoder, window.new - window.first, progress):
                blocks.append(block)
                yield block.clone()
            known = torch.cat([known, *blocks], dim=1)[:, model.shape.stride :]
    finally:
        model.hand_back(decoder)
        del decoder  # a stored traceback would keep it alive


def _decode_window(decoder: Decoder, given: int, progress: _Progress) -> Generator[Tensor, None, None]:
    """Yield the frames of the current window after the first `given`."""
    while decoder.steps_left:
        unseen = min(decoder.steps_left, decoder.patience)
        for _ in range(unseen):
            decoder.step()
        progress.done += unseen
        progress.report_progress()
        if decoder.finished > given:
            yield decoder.read(given, decoder.finished)
            given = decoder.finished


class _Progress:
    def __init__(self, report: Report, steps: int) -> None:
        self.done = 0
        self._steps = steps
        self._report = report

    def report_progress(self) -> None:
        self._report(self.done / self._steps, "imagining")


def _take_prompt(prompt: Tensor | None, shape: LanguageShape) -> Tensor:
    """Return a validated prompt on the CPU; empty for None."""
    if prompt is None:
        return torch.zeros((shape.codebooks, 0), dtype=torch.int64)
    if prompt.dim() != 2 or prompt.shape[0] != shape.codebooks or prompt.shape[1] >= shape.window:
        raise ParamError("prompt", f"{shape.codebooks} by fewer than {shape.window} codes", tuple(prompt.shape))
    known = prompt.detach().to("cpu", torch.int64)
    if known.numel() and not (known.min() >= 0 and known.max() < shape.cardinality):
        raise ParamError("prompt", f"of codes from 0 to {shape.cardinality - 1}", (int(known.min()), int(known.max())))
    return known


def _require_conditions(
    conditions_at: ConditionsAt, first: int, shape: LanguageShape, like: Conditions | None = None
) -> Conditions:
    """Return the validated conditions of a window, with as many steps as `like`."""
    conditions = conditions_at(first)
    conditions.check(shape)
    if like is not None and (conditions.lead, conditions.beside) != (like.lead, like.beside):
        raise EngineError("The conditions of later windows must have as many steps as those of the first.")
    return conditions
