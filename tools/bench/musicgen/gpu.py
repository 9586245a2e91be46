"""MusicGen on an NVIDIA GPU: whole sounds, compared with audiocraft's loop and with the memory bandwidth limit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import torch

from musearoo.engines.audio.sound_model import SoundModel, SoundRequest
from musearoo.engines.neural.musicgen.checkpoint import COMPRESSION, LANGUAGE
from musearoo.engines.neural.musicgen.decoding.model import LanguageModel
from musearoo.engines.neural.musicgen.loading import load_musicgen
from musearoo.tools.bench.musicgen.codec import decode_by_peer, load_peer
from musearoo.tools.bench.musicgen.peers import AudiocraftLoop
from musearoo.tools.bench.musicgen.random_models import write_random_musicgen
from musearoo.tools.bench.musicgen.sound import FIRST_SECONDS, PROMPT, SECONDS, cancel, make
from musearoo.tools.bench.musicgen.steps import FRAME_RATE, SEED, Language, read_language
from musearoo.tools.bench.rows import Row

PART: Final = "gpu"
DEVICE: Final = "cuda"

FASTER: Final = 5.0
"""The minimum speed ratio to audiocraft."""
WHOLE_SECONDS: Final = 0.5
FIRST_MS: Final = 200.0
"""The limit for the first FIRST_SECONDS of SECONDS of sound, on an H200."""
CANCEL_MS: Final = 50.0
CANCELS: Final = 7
TIMES: Final = 5
COPIED: Final = 2**30
"""The number of bytes copied to measure memory bandwidth: many times any cache."""

Tell = Callable[[str, int, int], None]


def judge_gpu(*, quick: bool, has_audiocraft: bool, tell: Tell) -> Iterator[Row]:
    """Yield the rows, with a random model of the real small size, or a tiny one if `quick`."""
    size = "tiny" if quick else "small"
    about = f"{torch.cuda.get_device_name()}, random model of {'the real small' if size == 'small' else 'a tiny'} size"
    with TemporaryDirectory(prefix="musearoo-") as folder:
        tell("a random model is written", 0, 1)
        written = write_random_musicgen(Path(folder), size)
        model = load_musicgen(written.folder, written.text_folder, written.codec_folder, DEVICE)
        # The first generation compiles, captures and tunes what all later ones use.
        make(model, SoundRequest(PROMPT, SECONDS, seed=1))
        wholes, firsts = [], []
        for number in range(TIMES):
            tell(f"{SECONDS:g} s of sound", number, TIMES)
            whole, first = _time_sound(model)
            wholes.append(whole)
            firsts.append(1000.0 * first)
        whole, first = float(np.median(wholes)), float(np.median(firsts))
        theirs = None
        if has_audiocraft:
            tell("audiocraft", 0, 1)
            theirs = _time_audiocraft(written.folder, read_language(written, size).cross)
        faster = theirs is None or theirs >= FASTER * whole
        met = None if quick else whole <= WHOLE_SECONDS and faster
        note = f"at most {WHOLE_SECONDS:g} on an H200, audiocraft at least {FASTER:g} times as long; {about}"
        yield Row(PART, f"{SECONDS:g} s of sound", "s", whole, theirs, met, note)
        met = None if quick else first <= FIRST_MS
        name = f"until {FIRST_SECONDS:g} s of it are there"
        yield Row(PART, name, "ms", first, FIRST_MS, met, f"at most, on an H200; {about}")
        yield from _judge_steps(read_language(written, size), about)
        chance = np.random.default_rng(0)
        late = []
        for number in range(CANCELS):
            tell("cancels", number, CANCELS)
            took, _ = cancel(model, float(chance.uniform(0.02, 0.5)))
            torch.cuda.synchronize()
            late.append(1000.0 * took)
        met = max(late) <= CANCEL_MS
        yield Row(
            PART, "from a cancel until it is idle", "ms", max(late), CANCEL_MS, met, f"the worst of {CANCELS}; at most"
        )


def _judge_steps(language: Language, about: str) -> Iterator[Row]:
    """Yield a step of the language model alone: recorded and not, compared with the memory bandwidth limit."""
    steps, size = {}, 0
    for records in (True, False):
        model = language.build(DEVICE, "half", records=records)
        steps[records], size = _time_step(model, language), model.bytes
    note = f"told each small thing by itself; {about}"
    yield Row(PART, "a step, recorded", "ms", 1000.0 * steps[True], 1000.0 * steps[False], None, note)
    reached = size / steps[True] / _measure_bandwidth()
    note = f"{size / 1e9:.2g} GB of weights a step, beside the speed of a copy; {about}"
    yield Row(PART, "share of the memory's speed that a step reaches", "share", reached, 1.0, None, note)


def _time_step(model: LanguageModel, language: Language) -> float:
    """Return seconds per step, over as many as a sound needs."""
    frames = round(SECONDS * FRAME_RATE)
    taken = []
    for _ in range(TIMES):
        torch.cuda.synchronize()
        start = time.perf_counter()
        language.decode(model, frames)
        taken.append((time.perf_counter() - start) / frames)
    # The first steps of a run record.
    return float(np.median(taken[2:]))


def _time_sound(model: SoundModel) -> tuple[float, float]:
    """Return the seconds until a whole sound is generated, and until its first FIRST_SECONDS are."""
    torch.cuda.synchronize()
    start = time.perf_counter()
    first, frames = 0.0, 0
    for block in model.imagine(SoundRequest(PROMPT, SECONDS, seed=1), lambda _done, _words: None):
        frames += block.shape[1]
        if not first and frames >= FIRST_SECONDS * model.rate:
            first = time.perf_counter() - start
    return time.perf_counter() - start, first


def _time_audiocraft(folder: Path, cross: torch.Tensor) -> float:
    """Return the seconds of audiocraft's own loop and codec for the same duration, in the second run, after warm-up."""
    loop, codec = AudiocraftLoop(folder / LANGUAGE, DEVICE), load_peer(folder / COMPRESSION).to(DEVICE)
    taken = 0.0
    for _ in range(2):
        start = time.perf_counter()
        codes = loop.decode(cross, round(SECONDS * FRAME_RATE), SEED).codes
        decode_by_peer(codec, torch.from_numpy(codes).to(DEVICE)).cpu()
        taken = time.perf_counter() - start
    return taken


def _measure_bandwidth() -> float:
    """Return the GPU's memory bandwidth in bytes a second, reads and writes, when copying."""
    source = torch.empty(COPIED, dtype=torch.uint8, device=DEVICE)
    target = torch.empty_like(source)
    best = 0.0
    for _ in range(TIMES):
        torch.cuda.synchronize()
        start = time.perf_counter()
        target.copy_(source)
        torch.cuda.synchronize()
        best = max(best, 2 * COPIED / (time.perf_counter() - start))
    return best
