"""Demucs and MusicGen at work beside another benchmark, with tiny random models, until the process is ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.library_environment import prepare_libraries
from musearoo.engines.audio.separation.samples import Samples, separate_whole
from musearoo.engines.neural.demucs.loading import load_demucs
from musearoo.engines.neural.demucs.separator import DemucsSeparator
from musearoo.tools.bench.busy import READY
from musearoo.tools.bench.musicgen.random_models import write_random_musicgen
from musearoo.tools.bench.musicgen.steps import read_language
from musearoo.tools.bench.stems.random_demucs import MODELS, write_random_demucs

CLIP_SECONDS: Final = 8.0
FRAMES: Final = 400
"""Frames of MusicGen between two separations: eight seconds of sound."""
SEED: Final = 7


def make_work(models: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what is done again and again, with the model's name.

    MusicGen only works where transformers is installed, which writes its models.
    """
    model = load_demucs(write_random_demucs(models / "demucs", tiny=True), MODELS[0], "cpu")
    noise = np.random.default_rng(SEED).standard_normal((2, round(CLIP_SECONDS * model.rate))).astype(np.float32)
    clip = Samples(0.1 * noise, model.rate)
    yield "Demucs", lambda: separate_whole(DemucsSeparator(model), clip)
    if find_spec("transformers") is not None:
        language = read_language(write_random_musicgen(models / "musicgen"), "tiny")
        generator = language.build("cpu", "full")
        yield "MusicGen", lambda: language.decode(generator, FRAMES)


def main() -> None:
    """Work until the process is ended."""
    prepare_libraries(home_folder())
    with TemporaryDirectory(prefix="musearoo-") as folder:
        work = list(make_work(Path(folder)))
        print(READY + " and ".join(name for name, _ in work), flush=True)
        while True:
            for _, do in work:
                do()


if __name__ == "__main__":
    main()
