"""Our EnCodec: streaming compared with whole decoding, and with audiocraft's implementation."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from musearoo.engines.neural.encodec.codec import Codec
from musearoo.engines.neural.encodec.loading import build_codec
from musearoo.engines.neural.musicgen.checkpoint import COMPRESSION, open_checkpoint
from musearoo.tools.bench.musicgen.random_models import write_random_musicgen
from musearoo.tools.bench.rows import Row

PART: Final = "codec on the CPU"

SECONDS: Final = 8.0
TOGETHER: Final = 25
"""Frames per streaming step: half a second."""
APART: Final = 1e-4
"""The maximum difference of samples: 80 dB below full scale, where music is at -20 dB."""
TIMES: Final = 3

Tell = Callable[[str, int, int], None]


def judge_codec(*, quick: bool, has_audiocraft: bool, tell: Tell) -> Iterator[Row]:
    """Yield the rows of a codec with random weights, in the real size unless `quick`."""
    import torch

    size = "tiny" if quick else "small"
    with TemporaryDirectory(prefix="musearoo-") as folder:
        tell("a random codec is written", 0, 1)
        written = write_random_musicgen(Path(folder), size)
        found = open_checkpoint(written.folder, written.text_folder, None, written.folder.name).codec
        codec = build_codec(dict(found.settings), found.state)
        frames = round(SECONDS * codec.rate / codec.hop)
        generator = torch.Generator().manual_seed(0)
        codes = torch.randint(0, codec.cardinality, (codec.codebooks, frames), generator=generator)
        ways: dict[str, Callable[[], Any]] = {
            "whole": lambda: codec.decode(codes),
            "stream": lambda: stream(codec, codes, TOGETHER),
        }
        if has_audiocraft:
            peer = load_peer(written.folder / COMPRESSION)
            ways["audiocraft"] = lambda: decode_by_peer(peer, codes)
        made: dict[str, Any] = {}
        taken: dict[str, list[float]] = {way: [] for way in ways}
        for number in range(TIMES):
            for way, run in ways.items():
                tell(f"the codec ({way})", number, TIMES)
                start = time.perf_counter()
                made[way] = run()
                taken[way].append(1000.0 * (time.perf_counter() - start))
    medians = {way: float(np.median(times)) for way, times in taken.items()}
    part = f"{PART}, {SECONDS:g} s, random weights of {'the real' if size == 'small' else 'a tiny'} size"
    apart = float((made["stream"] - made["whole"]).abs().max())
    name = "largest difference of the stream to a whole decode"
    yield _compare(part, name, apart)
    yield Row(part, "a stream, all of its blocks", "ms", medians["stream"], medians["whole"], None, "a whole decode")
    if has_audiocraft:
        apart = float((made["audiocraft"] - made["whole"]).abs().max())
        name = "largest difference to audiocraft's decode"
        yield _compare(part, name, apart)
        yield Row(part, "a whole decode", "ms", medians["whole"], medians["audiocraft"], None, "audiocraft")


def _compare(part: str, name: str, apart: float) -> Row:
    return Row(part, name, "millionths of full scale", 1e6 * apart, 1e6 * APART, apart <= APART, "at most")


def stream(codec: Codec, codes: Any, together: int) -> Any:
    """Return a stream's output for codes that arrive in groups of `together` frames."""
    import torch

    decoder = codec.stream()
    blocks = [decoder.feed(codes[:, first : first + together]) for first in range(0, codes.shape[1], together)]
    return torch.cat([*blocks, decoder.finish()], dim=1)


def load_peer(path: Path) -> Any:
    """Return audiocraft's own codec with these weights."""
    import torch
    from audiocraft.models import builders
    from omegaconf import OmegaConf

    package = torch.load(path, map_location="cpu", weights_only=True)
    settings = OmegaConf.create(package["xp.cfg"])
    settings.device = "cpu"
    with warnings.catch_warnings():
        # It uses a deprecated torch function to normalise weights.
        warnings.filterwarnings("ignore", "`torch.nn.utils.weight_norm` is deprecated", FutureWarning)
        peer = builders.get_compression_model(settings)
    peer.load_state_dict(package["best_state"])
    return peer.eval()


def decode_by_peer(peer: Any, codes: Any) -> Any:
    """Return float32 (channels, samples)."""
    import torch

    with torch.inference_mode():
        return peer.decode(codes[None])[0]
