"""Our loop compared with audiocraft's and transformers': step time, and equality of codes.

The weights are random; with the size "small" those of a language model of 420 million values. All loops run alternately
with the same weights on the same machine.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.neural.musicgen.checkpoint import LANGUAGE, open_checkpoint
from musearoo.engines.neural.musicgen.decoding.loop import decode
from musearoo.engines.neural.musicgen.decoding.model import LanguageModel, Precision
from musearoo.engines.neural.musicgen.decoding.sampling import Sampling
from musearoo.engines.neural.musicgen.decoding.shape import Conditions, LanguageShape
from musearoo.engines.neural.musicgen.loading import find_shape
from musearoo.tools.bench.musicgen.peers import GUIDANCE, TOP_K, AudiocraftLoop, Decoded, Stopwatch, TransformersLoop
from musearoo.tools.bench.musicgen.random_models import RandomMusicGen, write_random_musicgen
from musearoo.tools.bench.rows import Row

PART: Final = "steps on the CPU"

FRAME_RATE: Final = 50.0
"""Frames a second, of the random codec as of the published one."""

PIECES: Final = 16
"""The length of the text in tokens: a sentence."""

FASTER: Final = 2.0
"""The minimum speed ratio to audiocraft, on the CPU."""

APART: Final = 1e-4
"""The maximum difference of logits in full precision."""

TIMES: Final = {"tiny": 1, "small": 3}
"""The number of runs of each loop, alternating."""
FRAMES: Final = {"tiny": 20, "small": 50}
"""Frames per run: a second of sound in the real size."""
EQUAL_FRAMES: Final = {"tiny": 200, "small": 8}
"""The number of frames over which codes and logits are compared."""
SEED: Final = 11

Tell = Callable[[str, int, int], None]
Steps = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """A random language model, and conditions for it: float32 (2, PIECES, dim), with guidance and without."""

    size: str
    weights: Mapping[str, Any]
    shape: LanguageShape
    cross: Any

    def build(self, device: str, precision: Precision, *, records: bool = True) -> LanguageModel:
        """Return our implementation of the model."""
        return LanguageModel.build(self.weights, self.shape, device, precision, records=records)

    @property
    def conditions(self) -> Conditions:
        """Return the conditions."""
        return Conditions(self.cross, None)

    @property
    def sampling(self) -> Sampling:
        """Return the sampling parameters."""
        return Sampling(guidance=GUIDANCE, temperature=1.0, top_k=TOP_K, seed=SEED)

    def decode(self, model: LanguageModel, frames: int) -> Decoded:
        """Return the codes of our loop."""
        watch = Stopwatch()

        blocks = list(decode(model, self.conditions, frames, self.sampling, report=watch.stamp))
        return Decoded(np.concatenate([block.numpy() for block in blocks], axis=1), watch.steps)


def judge_steps(*, quick: bool, has_audiocraft: bool, tell: Tell) -> Iterator[Row]:
    """Yield the rows: codes and logits of a tiny model, then, unless `quick`, times and logits of the real size."""
    with TemporaryDirectory(prefix="musearoo-") as folder:
        for size in ["tiny"] if quick else ["tiny", "small"]:
            tell(f"a random model ({size}) is written", 0, 1)
            models = Path(folder) / size
            written = write_random_musicgen(models / "audiocraft", size)
            language = read_language(written, size)
            audiocraft = AudiocraftLoop(written.folder / LANGUAGE) if has_audiocraft else None
            if audiocraft:
                yield from compare(language, audiocraft, tell)
            if size == "small" or quick:
                other = write_random_musicgen(models / "transformers", size, form="transformers").folder
                yield from time_loops(language, audiocraft, TransformersLoop(other), tell)
            del audiocraft, language
            gc.collect()


def read_language(written: RandomMusicGen, size: str) -> Language:
    """Return the language model of a random model, with conditions for it."""
    import torch

    found = open_checkpoint(written.folder, written.text_folder, written.codec_folder, written.folder.name)
    shape = find_shape(found.settings, FRAME_RATE)
    generator = torch.Generator().manual_seed(SEED)
    cross = torch.zeros(2, PIECES, shape.dim)
    cross[0] = torch.randn(PIECES, shape.dim, generator=generator)
    return Language(size, found.weights, shape, cross)


def compare(language: Language, audiocraft: AudiocraftLoop, tell: Tell) -> Iterator[Row]:
    """Yield codes and logits of ours in full precision compared with audiocraft's."""
    tell(f"codes beside audiocraft's ({language.size})", 0, 1)
    frames = EQUAL_FRAMES[language.size]
    ours = language.decode(language.build("cpu", "full"), frames).codes
    theirs = audiocraft.decode(language.cross, frames, SEED).codes
    part = name_part(language)
    differing = int((ours != theirs).sum())
    note = f"of {ours.size}, with the same seed and settings, in full precision"
    yield Row(part, "codes that differ from audiocraft's", "codes", differing, 0.0, differing == 0, note)
    apart = measure_logits(language, audiocraft, frames)
    name, note = "largest difference of logits to audiocraft's", "at most; guided, in full precision"
    yield Row(part, name, "millionths", 1e6 * apart, 1e6 * APART, apart <= APART, note)


def measure_logits(language: Language, audiocraft: AudiocraftLoop, frames: int) -> float:
    """Return the largest difference of our guided logits in full precision to audiocraft's, over all steps.

    As long as the same codes are sampled, all steps have the same input; after a difference it is large.
    """
    import torch

    decoder = language.build("cpu", "full").take_decoder(language.sampling, frames, 0, PIECES)
    decoder.seed(SEED)
    decoder.begin(language.conditions, torch.zeros((language.shape.codebooks, 0), dtype=torch.int64), frames)
    ours = []
    while decoder.steps_left:
        decoder.step()
        ours.append(decoder.logits.clone())
    with audiocraft.listening() as theirs:
        audiocraft.decode(language.cross, frames, SEED)
    return float((torch.stack(ours) - torch.stack(theirs)).abs().max())


def name_part(language: Language) -> str:
    """Return the part name of a language model's rows."""
    return f"{PART}, random model of {language.shape.parameters / 1e6:.3g} million values"


def time_loops(
    language: Language, audiocraft: AudiocraftLoop | None, transformers: TransformersLoop, tell: Tell
) -> Iterator[Row]:
    """Yield the step time of each loop, alternating."""
    full, half = language.build("cpu", "full"), language.build("cpu", "half")
    times, frames = TIMES[language.size], FRAMES[language.size]
    ways: dict[str, Callable[[], Steps]] = {
        "full": lambda: language.decode(full, frames).steps,
        "transformers": lambda: transformers.time_steps(PIECES, frames, SEED),
    }
    if half.precision != full.precision:
        ways["half"] = lambda: language.decode(half, frames).steps
    if audiocraft:
        ways["audiocraft"] = lambda: audiocraft.decode(language.cross, frames, SEED).steps
    taken: dict[str, list[Steps]] = {way: [] for way in ways}
    for number in range(times):
        for way, run in ways.items():
            tell(f"steps by {way}", number, times)
            taken[way].append(1000.0 * run())
    medians = {way: float(np.median(np.concatenate(steps))) for way, steps in taken.items()}
    # A tiny model's step is all overhead, which is not representative of a real one.
    counts = language.size == "small"
    for ours in ["full", "half"] if "half" in ways else ["full"]:
        for peer in ("audiocraft", "transformers"):
            if peer not in ways:
                continue
            name = f"a step in {ours} precision, beside {peer}"
            met = medians[peer] >= FASTER * medians[ours] if counts and peer == "audiocraft" else None
            note = f"{_spread(taken[ours])} beside {_spread(taken[peer])}"
            if met is not None:
                note = f"{peer} at least {FASTER:g} times as long; {note}"
            yield Row(name_part(language), name, "ms", medians[ours], medians[peer], met, note)


def _spread(steps: list[Steps]) -> str:
    low, high = np.quantile(np.concatenate(steps), (0.1, 0.9))
    return f"{low:.3g} to {high:.3g}"
