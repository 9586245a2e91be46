"""The job `imagine`: the takes of a request, one after the other, each as a WAV file."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from musearoo.bridge.audio.drafts import create_file, explain_disk, require_space
from musearoo.bridge.audio.files import AudioFileError
from musearoo.bridge.audio.folders import LOOPS
from musearoo.bridge.imagining.backends import GENERATOR_KINDS
from musearoo.bridge.imagining.job import ImagineJob, ImagineResult, MadeTake, TakeJob
from musearoo.bridge.imagining.take_contract import TakeMaker
from musearoo.bridge.jobs.contract import Arrays, Fault, JobError, Params, Report, share_report

if TYPE_CHECKING:
    from musearoo.bridge.audio.wave_files import Subtype
    from musearoo.engines.audio.sound_model import FloatArray

LOADED: Final = 0.05
"""The share of a job's progress for loading the model and reading its sources."""


def run(params: Params, arrays: Arrays, report: Report) -> tuple[Params, Arrays]:  # noqa: ARG001 - as all
    """Run an ImagineJob; returns the data of an ImagineResult.

    Raises JobError for a bad source sound, ParamError for a request that cannot be performed, and EngineError if the
    machine lacks something.
    """
    job = ImagineJob.read_params(params)
    try:
        taker = GENERATOR_KINDS[job.imaginer].open_maker(job, share_report(report, 0.0, LOADED))
        takes = [
            _make(job, taker, number, take, share_report(report, *_part_of(number, len(job.takes))))
            for number, take in enumerate(job.takes, start=1)
        ]
    except AudioFileError as error:
        raise JobError(str(error), Fault.USER) from error
    return ImagineResult(tuple(takes), taker.device, taker.precision).as_params(), {}


def estimate_bytes(params: Params, arrays: Arrays) -> int:  # noqa: ARG001 - as all
    """Return the bytes that `run` takes in addition to its model."""
    job = ImagineJob.read_params(params)
    return GENERATOR_KINDS[job.imaginer].need(job)


def shrink(params: Params, arrays: Arrays) -> Params | None:  # noqa: ARG001 - as all
    """Return the same job with less memory and more time, or None if it cannot shrink further."""
    job = ImagineJob.read_params(params)
    can_shrink = GENERATOR_KINDS[job.imaginer].can_shrink and not job.is_small
    return replace(job, is_small=True).as_params() if can_shrink else None


def warm() -> None:
    """Warm up: import the models that are installed."""
    for kind in GENERATOR_KINDS.values():
        kind.warm()


def _part_of(number: int, takes: int) -> tuple[float, float]:
    """Return the share of the job's progress that one take has, as start and end."""
    each = (1.0 - LOADED) / takes
    return LOADED + (number - 1) * each, LOADED + number * each


def _make(job: ImagineJob, taker: TakeMaker, number: int, take: TakeJob, report: Report) -> MadeTake:
    """Make and write one take."""
    which = f"take {number} of {len(job.takes)}: " if len(job.takes) > 1 else ""
    started = time.perf_counter()
    made = taker.make(take.seed, lambda fraction, text: report(fraction, which + text))
    _write(made.samples, job, Path(job.folder) / take.file)
    report(1.0, f"{which}written")
    return MadeTake(
        file=take.file,
        seed=take.seed,
        rate=job.request.rate,
        channels=made.samples.shape[0],
        frames=made.samples.shape[1],
        beats=made.beats,
        first_audio_ms=made.first_audio_ms,
        ms=(time.perf_counter() - started) * 1000,
        correction=made.correction,
        notices=made.notices,
    )


def _write(samples: FloatArray, job: ImagineJob, path: Path) -> None:
    from musearoo.bridge.audio.wave_files import encode_wave

    subtype: Subtype = job.request.subtype
    data = encode_wave(samples, job.request.rate, subtype)
    try:
        require_space(path.parent, len(data), LOOPS)
        with create_file(path) as sound:
            sound.write(data)
    except OSError as error:
        raise explain_disk(error, path.parent.parent, LOOPS) from error
