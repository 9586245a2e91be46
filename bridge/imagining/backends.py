"""Backends of the job `imagine`, each imported when it is first used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from musearoo.bridge.imagining.job import SEPARATOR, ImagineJob
from musearoo.bridge.imagining.take_contract import TakeMaker
from musearoo.bridge.jobs.contract import Report
from musearoo.bridge.stems.separators import estimate_demucs_bytes, estimate_dsp_bytes, open_demucs
from musearoo.engines.audio.sound_model import SoundModel
from musearoo.engines.neural.device_memory import CPU
from musearoo.engines.neural.model_cache import CACHE

SKETCH_BYTES: Final = 400_000_000
"""Bytes that rendering and mixing a minute or two of a song takes."""

STABLE_AUDIO_BYTES: Final = 1_000_000_000
"""Bytes that Stable Audio takes in addition to its weights: an estimate, not measured."""

TEXT_ENCODER: Final = "t5-base"
CODEC: Final = "encodec_32khz"
"""Further models that a MusicGen model may need, by their names in the catalogue."""


@dataclass(frozen=True, slots=True)
class GeneratorKind:
    """A backend: `open_maker` returns its TakeMaker, `need` the bytes that its work takes in addition to its model.

    `can_shrink`: whether a small job takes less. `warm` imports its packages if they are installed.
    """

    open_maker: Callable[[ImagineJob, Report], TakeMaker]
    need: Callable[[ImagineJob], int]
    warm: Callable[[], None]
    can_shrink: bool = False


def load_model(name: str, weights: Mapping[str, str]) -> SoundModel:
    """Return a MusicGen model from its folders by name. Raises EngineError where the machine lacks something."""
    from musearoo.engines.neural.devices import choose_device
    from musearoo.engines.neural.musicgen.loading import load_musicgen

    text, codec = (Path(weights[each]) if each in weights else None for each in (TEXT_ENCODER, CODEC))
    return load_musicgen(Path(weights[name]), text, codec, choose_device(), "", name=name)


def _open_musicgen(job: ImagineJob, report: Report) -> TakeMaker:
    from musearoo.bridge.imagining.model_takes import ModelTakeMaker
    from musearoo.engines.neural.devices import choose_device
    from musearoo.engines.neural.musicgen.loading import estimate_model_bytes, load_musicgen

    folder, text, codec = Path(job.weights[job.model]), _find(job, TEXT_ENCODER), _find(job, CODEC)
    device, precision = (CPU, "half") if job.is_small else (choose_device(), "")
    size = estimate_model_bytes(folder, text, codec, device, precision, name=job.model)
    report(0.0, "loading")
    load = partial(load_musicgen, folder, text, codec, device, precision, name=job.model)
    if separator := _find(job, SEPARATOR):
        load = partial(load, take_separator=partial(open_demucs, separator, SEPARATOR, job.separator, job.is_small))
    model = CACHE.take(f"{job.version} {precision} {job.separator}".strip(), load, size, device)
    return ModelTakeMaker(job.request, model, model.device, model.precision)


def _need_of_musicgen(job: ImagineJob) -> int:
    from musearoo.bridge.imagining.model_takes import find_seconds
    from musearoo.engines.neural.musicgen.loading import estimate_bytes

    return estimate_bytes(find_seconds(job.request)) + (_need_of_freeing(job) if job.request.melody else 0)


def _need_of_freeing(job: ImagineJob) -> int:
    """Return the bytes that removing drums and bass from a tune takes."""
    return estimate_demucs_bytes(job.is_small) if SEPARATOR in job.weights else estimate_dsp_bytes()


def _warm_musicgen() -> None:
    from musearoo.engines.neural.cards.catalogue import list_missing_packages, list_models

    if not any(map(list_missing_packages, list_models("musicgen")[:1])):
        import musearoo.bridge.imagining.model_takes
        import musearoo.engines.neural.musicgen.loading  # noqa: F401


def _open_stable_audio(job: ImagineJob, report: Report) -> TakeMaker:
    from musearoo.bridge.imagining.model_takes import ModelTakeMaker
    from musearoo.engines.neural.devices import choose_device
    from musearoo.engines.neural.stable_audio.loading import load_stable_audio

    folder = Path(job.weights[job.model])
    device = CPU if job.is_small else choose_device()
    # Doubled, because half-precision weights are computed in full precision.
    size = 2 * sum(path.stat().st_size for path in folder.rglob("*.safetensors"))
    report(0.0, "loading")
    model = CACHE.take(job.version, lambda: load_stable_audio(folder, device), size, device)
    return ModelTakeMaker(job.request, model, device, "")


def _need_of_stable_audio(_job: ImagineJob) -> int:
    return STABLE_AUDIO_BYTES


def _open_sketch(job: ImagineJob, _report: Report) -> TakeMaker:
    from musearoo.bridge.imagining.sketch_takes import SketchTakeMaker

    return SketchTakeMaker(job.request, Path(job.styles))


def _open_ambient(job: ImagineJob, _report: Report) -> TakeMaker:
    from musearoo.bridge.imagining.ambient_takes import AmbientTakeMaker

    return AmbientTakeMaker(job.request)


def _warm_nothing() -> None:
    """Warm up nothing: the imports are light, or seldom used."""


def _find(job: ImagineJob, name: str) -> Path | None:
    return Path(job.weights[name]) if name in job.weights else None


GENERATOR_KINDS: Final[dict[str, GeneratorKind]] = {
    "musicgen": GeneratorKind(_open_musicgen, _need_of_musicgen, _warm_musicgen, can_shrink=True),
    "stable-audio": GeneratorKind(_open_stable_audio, _need_of_stable_audio, _warm_nothing, can_shrink=True),
    "sketch": GeneratorKind(_open_sketch, lambda _job: SKETCH_BYTES, _warm_nothing),
    "ambient": GeneratorKind(_open_ambient, lambda _job: SKETCH_BYTES, _warm_nothing),
}
"""The backends, by the names of `bridge.protocol.AUDIO_BACKENDS`."""
