"""Stable Audio 3 as a `SoundModel`: the whole sound at once, in a few denoising steps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import torch

from musearoo.engines.audio.sound_model import FloatArray, Report, Sound, SoundRequest
from musearoo.engines.errors import EngineError, ParamError

LONGEST: Final = 120.0
"""Seconds that the small models know at once, by their publisher's table."""

STEPS: Final = 8
"""As its publisher runs it: more are not better."""

DECODING: Final = 0.85
"""How much is done, about, when the steps are: the rest is the decoding."""

WORDS: Final = "Imagining with Stable Audio 3"


class StableAudio:
    """A model that imagines, over the package's own: `peer` is a `stable_audio_3.StableAudioModel`.

    The published model was trained to need no guidance, and has no temperature: those of a wish do nothing.
    """

    def __init__(self, peer: Any) -> None:
        self._peer = peer
        self._notes: tuple[str, ...] = ()

    @property
    def rate(self) -> int:
        """Of what it makes, Hz."""
        return int(self._peer.model.sample_rate)

    @property
    def channels(self) -> int:
        """2: it is stereo."""
        return int(self._peer.same.io_channels)

    @property
    def follows_melody(self) -> bool:
        """False: it takes words alone."""
        return False

    @property
    def continues(self) -> bool:
        """True: what comes before is kept while the rest is made anew."""
        return True

    @property
    def notes(self) -> tuple[str, ...]:
        """Whether it read all of the latest wish."""
        return self._notes

    def imagine(self, request: SoundRequest, report: Report) -> Iterator[FloatArray]:
        """The whole sound as one block, float32 (2, round(seconds * rate)); `report` is called at every step.

        Raises ParamError for a melody and for more than LONGEST seconds, EngineError where it makes no sound at all.
        """
        if request.melody is not None:
            raise ParamError("melody", "left out, for Stable Audio 3 follows words alone", "a melody")
        frames = round(request.seconds * self.rate)
        if not 0 < frames <= LONGEST * self.rate:
            raise ParamError("seconds", f"above 0, and at most {LONGEST:g} with Stable Audio 3", request.seconds)
        before = self._take_before(request.before, frames) if request.before else None
        self._notes = tuple(self._judge(request.prompt))
        report(0.0, WORDS)
        with torch.random.fork_rng(self._list_generators()):
            made = self._make(request, before, frames, report)
        if not np.isfinite(made).all():
            raise EngineError("Stable Audio 3 made numbers that are no sound: try another seed, or the CPU.")
        report(1.0, WORDS)
        yield made

    def _make(self, request: SoundRequest, before: FloatArray | None, frames: int, report: Report) -> FloatArray:
        known = 0 if before is None else before.shape[1]
        settings: dict[str, Any] = {}
        if before is not None:
            # Half a sample more, for the package rounds seconds down.
            settings["inpaint_audio"] = (self.rate, torch.from_numpy(before))
            settings["inpaint_mask_start_seconds"] = (known + 0.5) / self.rate
            settings["inpaint_mask_end_seconds"] = (known + frames + 0.5) / self.rate

        def tell(state: dict[str, Any]) -> None:
            report(DECODING * (state["i"] + 1) / STEPS, WORDS)

        made = self._peer.generate(
            prompt=request.prompt,
            duration=(known + frames) / self.rate,
            steps=STEPS,
            # It takes -1 for "any", and torch takes no more than 64 bits.
            seed=request.seed % 2**63,
            truncate_output_to_duration=False,
            callback=tell,
            disable_tqdm=True,
            **settings,
        )
        new: FloatArray = made[0, :, known : known + frames].float().cpu().numpy()
        return new.copy()

    def _take_before(self, before: Sound, frames: int) -> FloatArray:
        """The end of what comes before, (channels, n) at our rate; n is a whole number of the codec's frames."""
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

    def _judge(self, prompt: str) -> Iterator[str]:
        reader = self._peer.model.conditioner.conditioners["prompt"]
        words = len(reader.tokenizer(prompt)["input_ids"])
        if words > reader.max_length:
            share = reader.max_length / words
            yield f"The text is longer than Stable Audio 3 reads: it took about the first {100 * share:.0f} % of it."

    def _list_generators(self) -> list[int]:
        """The GPUs whose randomness a seed of the package sets, which others may be in the middle of using."""
        device = torch.device(self._peer.device)
        return [device.index or 0] if device.type == "cuda" else []
