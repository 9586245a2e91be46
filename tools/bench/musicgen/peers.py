"""Peer loops with the same weights: audiocraft's own, and that of transformers.

Only steps are timed: audiocraft gets precomputed conditions, as our own loop does, and transformers encodes its text
before the first step, which does not count.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

TOP_K: Final = 250
GUIDANCE: Final = 3.0
"""The published default of all of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """Codes, int64 (codebooks, frames), and the seconds of each step without the atypical first one."""

    codes: npt.NDArray[np.int64]
    steps: npt.NDArray[np.float64]


class Stopwatch:
    """Records the end of each step."""

    def __init__(self) -> None:
        self._moments: list[float] = []

    def stamp(self, *_ignored: object) -> None:
        """Record the end of a step."""
        self._moments.append(time.perf_counter())

    @property
    def steps(self) -> npt.NDArray[np.float64]:
        """Return the seconds from each stamp to the next."""
        return np.diff(self._moments)


def has_audiocraft() -> bool:
    """Return whether audiocraft and its loop's imports are installed; imports nothing."""
    return all(find_spec(package) for package in ("audiocraft", "xformers"))


class AudiocraftLoop:
    """`audiocraft.models.lm.LMModel` with the weights of a `state_dict.bin`, in its precision for the device."""

    def __init__(self, weights: Path, device: str = "cpu") -> None:
        import torch
        from audiocraft.models import builders
        from omegaconf import OmegaConf

        package = torch.load(weights, map_location="cpu", weights_only=True)
        settings = OmegaConf.create(package["xp.cfg"])
        settings.device = device
        settings.dtype = "float32" if device == "cpu" else "float16"
        # Its text encoder would be downloaded from the hub; the conditions are precomputed.
        settings.conditioners = {}
        self._device = device
        self.model = builders.get_lm_model(settings)
        state = package["best_state"]
        self.model.load_state_dict(
            {name: value for name, value in state.items() if not name.startswith("condition_provider.")}
        )
        self.model.eval()
        # torch has reserved slots for modules.
        del self.model.condition_provider

    @contextmanager
    def listening(self) -> Iterator[list[Any]]:
        """Collect the guided logits of each step decoded in the block, float32 (codebooks, cardinality)."""
        heard: list[Any] = []

        def hear(_model: Any, _given: Any, logits: Any) -> None:
            told, untold = logits[:, :, -1].float()
            heard.append(untold + (told - untold) * GUIDANCE)

        hook = self.model.register_forward_hook(hear)
        try:
            yield heard
        finally:
            hook.remove()

    def decode(self, cross: Any, frames: int, seed: int) -> Decoded:
        """Return codes of the given number of frames. `cross`: float (2, length, dim), with guidance and without."""
        import torch
        from audiocraft.modules.conditioners import ConditioningAttributes

        model = self.model
        given = cross.to(self._device, next(model.parameters()).dtype)
        model.condition_provider = _PrecomputedConditions(given)
        watch = Stopwatch()

        torch.manual_seed(seed)
        # On a GPU audiocraft's own interface wraps the loop in the same way.
        with torch.autocast(self._device, torch.float16, enabled=self._device != "cpu"):
            codes = model.generate(
                conditions=[ConditioningAttributes(text={"description": "ready"})],
                max_gen_len=frames,
                use_sampling=True,
                top_k=TOP_K,
                cfg_coef=GUIDANCE,
                callback=watch.stamp,
            )
        return Decoded(codes[0].cpu().numpy(), watch.steps)


class TransformersLoop:
    """`transformers.MusicgenForConditionalGeneration` from a folder in its own format, in full precision."""

    def __init__(self, folder: Path) -> None:
        from transformers import MusicgenForConditionalGeneration
        from transformers.utils import logging

        logging.disable_progress_bar()
        self._model: Any = MusicgenForConditionalGeneration.from_pretrained(folder).eval()

    def time_steps(self, length: int, frames: int, seed: int) -> npt.NDArray[np.float64]:
        """Return the seconds of each step except the first, for a text of `length` tokens."""
        import torch
        from transformers import LogitsProcessor, LogitsProcessorList

        watch = Stopwatch()

        class Stamp(LogitsProcessor):  # type: ignore[misc]
            def __call__(self, _codes: Any, scores: Any) -> Any:
                watch.stamp()
                return scores

        torch.manual_seed(seed)
        text = torch.randint(5, 90, (1, length))
        with torch.inference_mode():
            self._model.generate(
                input_ids=text,
                attention_mask=torch.ones_like(text),
                do_sample=True,
                top_k=TOP_K,
                guidance_scale=GUIDANCE,
                max_new_tokens=frames,
                logits_processor=LogitsProcessorList([Stamp()]),
            )
        return watch.steps


class _PrecomputedConditions:
    """A replacement for audiocraft's `ConditioningProvider` that returns precomputed conditions."""

    def __init__(self, cross: Any) -> None:
        self._cross = cross

    def tokenize(self, attributes: Any) -> Any:
        return attributes

    def __call__(self, _tokenized: Any) -> dict[str, Any]:
        return {"description": (self._cross, self._cross.new_ones(self._cross.shape[:2]))}
