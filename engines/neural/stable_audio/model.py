"""Stable Audio 3 as a `SoundModel`: the whole sound at once, in a few denoising steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import torch

from musearoo.engines.audio.sound_model import FloatArray, Report, Sound, SoundRequest
from musearoo.engines.errors import EngineError, ParamError

LONGEST: Final = 120.0
"""Longest output of the small models in seconds, by their publisher's table."""

STEPS: Final = 8
"""The publisher's default; more steps do not improve the result."""

DECODING: Final = 0.85
"""Approximate share of the work done after the last step; the rest is decoding."""

STATUS: Final = "Imagining with Stable Audio 3"


class StableAudio:
    """A `SoundModel` around the package's own model: `peer` is a `stable_audio_3.StableAudioModel`.

    The published model was trained without guidance and has no temperature, so the request's values have no effect.
    """

    def __init__(self, peer: Any) -> None:
        self._peer = peer
        self._notes: tuple[str, ...] = ()

    @property
    def rate(self) -> int:
        """Sample rate of the output, Hz."""
        return int(self._peer.model.sample_rate)

    @property
    def channels(self) -> int:
        """2: stereo."""
        return int(self._peer.same.io_channels)

    @property
    def follows_melody(self) -> bool:
        """False: it is conditioned only on text."""
        return False

    @property
    def continues(self) -> bool:
        """True: it can inpaint the part after a given sound."""
        return True

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes on the latest request: whether its text was truncated."""
        return self._notes

    def imagine(self, request: SoundRequest, report: Report) -> Iterator[FloatArray]:
        """Yield the whole sound as one block, float32 (2, round(seconds * rate)); calls `report` at every step.

        Raises ParamError for a melody and for more than LONGEST seconds, EngineError if the output is not finite.
        """
        if request.melody is not None:
            raise ParamError("melody", "left out, for Stable Audio 3 follows words alone", "a melody")
        frames = round(request.seconds * self.rate)
        if not 0 < frames <= LONGEST * self.rate:
            raise ParamError("seconds", f"above 0, and at most {LONGEST:g} with Stable Audio 3", request.seconds)
        before = self._fit_before(request.before, frames) if request.before else None
        self._notes = tuple(self._note_truncation(request.prompt))
        report(0.0, STATUS)
        with torch.random.fork_rng(self._list_generators()):
            made = self._make(request, before, frames, report)
        if not np.isfinite(made).all():
            raise EngineError("Stable Audio 3 computed values that are not finite: try another seed, or the CPU.")
        report(1.0, STATUS)
        yield made

    def _make(self, request: SoundRequest, before: FloatArray | None, frames: int, report: Report) -> FloatArray:
        known = 0 if before is None else before.shape[1]
        settings: dict[str, Any] = {}
        if before is not None:
            # Half a sample more, since the package rounds seconds down.
            settings["inpaint_audio"] = (self.rate, torch.from_numpy(before))
            settings["inpaint_mask_start_seconds"] = (known + 0.5) / self.rate
            settings["inpaint_mask_end_seconds"] = (known + frames + 0.5) / self.rate

        def on_step(state: dict[str, Any]) -> None:
            report(DECODING * (state["i"] + 1) / STEPS, STATUS)

        made = self._peer.generate(
            prompt=request.prompt,
            duration=(known + frames) / self.rate,
            steps=STEPS,
            # The package reads -1 as "random", and torch takes at most 64 bits.
            seed=request.seed % 2**63,
            truncate_output_to_duration=False,
            callback=on_step,
            disable_tqdm=True,
            **settings,
        )
        new: FloatArray = made[0, :, known : known + frames].float().cpu().numpy()
        return new.copy()

    def _fit_before(self, before: Sound, frames: int) -> FloatArray:
        """Return the end of the preceding sound, (channels, n) at our rate; n is a multiple of the codec's hop."""
        samples = before.samples
        if before.rate != self.rate:
            from soxr import resample

            samples = np.ascontiguousarray(resample(samples.T, before.rate, self.rate).T, dtype=np.float32)
        hop = int(self._peer.same.downsampling_ratio)
        room = int(LONGEST * self.rate) - frames
        kept = min(samples.shape[1], room) // hop * hop
        if not kept:
            longest = f"with the new sound at most {LONGEST:g} s long"
            raise ParamError(
                "before", f"at least {hop / self.rate:.2g} s, and {longest}", f"{len(before.samples.T)} samples"
            )
        return np.ascontiguousarray(samples[:, samples.shape[1] - kept :], dtype=np.float32)

    def _note_truncation(self, prompt: str) -> Iterator[str]:
        reader = self._peer.model.conditioner.conditioners["prompt"]
        words = len(reader.tokenizer(prompt)["input_ids"])
        if words > reader.max_length:
            share = reader.max_length / words
            yield f"The text is longer than Stable Audio 3 reads: it took about the first {100 * share:.0f} % of it."

    def _list_generators(self) -> list[int]:
        """Return the GPUs whose random state the package's seed sets, since other code may be using it."""
        device = torch.device(self._peer.device)
        return [device.index or 0] if device.type == "cuda" else []
