"""Decode any number of frames in as many windows as needed, and yield them as they are finished."""

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
"""Gives the conditions of the window that begins with a frame, counted from the start of the prompt."""


@dataclass(frozen=True, slots=True)
class Window:
    """Frames first <= t < last, counted from the start of the prompt; those before `new` are known already."""

    first: int
    new: int
    last: int


def plan_windows(frames: int, known: int, shape: LanguageShape) -> tuple[Window, ...]:
    """The windows, of which the first begins with the known frames, that give so many new frames.

    Each later one begins a stride further on, and reads again what it shares with the one before.

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
    """So many new frames of codes in order, as soon as they are known: int64 (codebooks, n) on the processor, n > 0.

    They continue the prompt (codebooks, n), which is shorter than the model's window and is not given again. What is
    longer than the window takes the conditions that a function gives for each of its windows, or the same for all.
    With one seed they are the codes that audiocraft draws after `torch.manual_seed` of it, in full precision on a
    processor.

    `report` is called after each step, on a GPU after every few, and for each layer while many frames are read at once;
    what it raises passes. When that happens, or the iterator is closed, nothing of the wish is kept, but for
    the memory of steps that a CUDA device was recorded with, which the next wish uses again.

    Raises ParamError for numbers out of their bounds, EngineError for conditions that are not the model's.
    """
    known = _take_prompt(prompt, model.shape)
    if frames < 1:
        raise ParamError("frames", "at least 1", frames)
    sampling.check()
    windows = plan_windows(frames, known.shape[1], model.shape)
    ask: ConditionsAt = conditions if callable(conditions) else lambda _first: conditions
    given = _ask(ask, 0, model.shape)
    return _decode(model, sampling, windows, given, ask, known, report)


def _decode(
    model: LanguageModel,
    sampling: Sampling,
    windows: tuple[Window, ...],
    given: Conditions,
    ask: ConditionsAt,
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
                given = _ask(ask, window.first, model.shape, like=given)
            decoder.begin(given, known, window.last - window.first, progress.report_progress)
            blocks = []
            for block in _decode_window(decoder, window.new - window.first, progress):
                blocks.append(block)
                yield block.clone()
            known = torch.cat([known, *blocks], dim=1)[:, model.shape.stride :]
    finally:
        model.hand_back(decoder)
        del decoder  # an error that is kept somewhere would keep it


def _decode_window(decoder: Decoder, given: int, progress: _Progress) -> Generator[Tensor, None, None]:
    """The frames of the window that has begun, without those that were given."""
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
    """A prompt on the processor, or one of no frames."""
    if prompt is None:
        return torch.zeros((shape.codebooks, 0), dtype=torch.int64)
    if prompt.dim() != 2 or prompt.shape[0] != shape.codebooks or prompt.shape[1] >= shape.window:
        raise ParamError("prompt", f"{shape.codebooks} by fewer than {shape.window} codes", tuple(prompt.shape))
    known = prompt.detach().to("cpu", torch.int64)
    if known.numel() and not (known.min() >= 0 and known.max() < shape.cardinality):
        raise ParamError("prompt", f"of codes from 0 to {shape.cardinality - 1}", (int(known.min()), int(known.max())))
    return known


def _ask(ask: ConditionsAt, first: int, shape: LanguageShape, like: Conditions | None = None) -> Conditions:
    """The conditions of a window, checked; of no more steps than those."""
    conditions = ask(first)
    conditions.check(shape)
    if like is not None and (conditions.lead, conditions.beside) != (like.lead, like.beside):
        raise EngineError("The conditions of later windows must have as many steps as those of the first.")
    return conditions
