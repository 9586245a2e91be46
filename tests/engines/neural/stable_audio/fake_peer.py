"""A fake of `stable_audio_3.StableAudioModel` without a network.

Its arguments, shapes and callback are those of the package's version 0.1.0; its output encodes the request.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Final

import torch

RATE: Final = 44_100
HOP: Final = 4096
PADDING: Final = 6.0
"""Seconds that the package generates beyond those requested."""
LIMIT: Final = 5_292_032


class FakeTokenizer:
    """One token per letter, and one for the beginning."""

    def __call__(self, text: str) -> dict[str, list[int]]:
        return {"input_ids": [2, *map(ord, text)]}


@dataclass
class FakePeer:
    """Generates noise from the seed; `asked` has the arguments of each call."""

    device: str = "cpu"
    value: float | None = None
    """Output instead of noise."""
    asked: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        reader = SimpleNamespace(tokenizer=FakeTokenizer(), max_length=256)
        conditioner = SimpleNamespace(conditioners={"prompt": reader})
        self.model = SimpleNamespace(sample_rate=RATE, conditioner=conditioner)
        self.same = SimpleNamespace(io_channels=2, downsampling_ratio=HOP)

    def generate(
        self,
        prompt: str | None = None,
        duration: float = 120,
        steps: int = 8,
        seed: int = -1,
        inpaint_audio: tuple[int, torch.Tensor] | None = None,
        inpaint_mask_start_seconds: float | None = None,
        inpaint_mask_end_seconds: float | None = None,
        truncate_output_to_duration: bool = True,
        callback: Callable[[dict[str, Any]], None] | None = None,
        disable_tqdm: bool = False,
    ) -> torch.Tensor:
        """Return float32 (1, 2, samples)."""
        assert prompt is not None
        self.asked.append(
            {
                "prompt": prompt,
                "duration": duration,
                "seed": seed,
                "inpaint_audio": inpaint_audio,
                "start": inpaint_mask_start_seconds,
                "end": inpaint_mask_end_seconds,
            }
        )
        torch.manual_seed(seed)
        samples = min(-(-int((duration + PADDING) * RATE) // HOP) * HOP, LIMIT)
        made = 0.1 * torch.randn(1, 2, samples)
        if self.value is not None:
            made[:] = self.value
        for step in range(steps):
            if callback:
                callback({"i": step})
        if inpaint_audio is not None and inpaint_mask_start_seconds is not None:
            kept = int(inpaint_mask_start_seconds * RATE)
            made[0, :, :kept] = inpaint_audio[1][:, :kept]
        return made[:, :, : int(duration * RATE)] if truncate_output_to_duration else made
