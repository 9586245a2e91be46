"""The job `split`: separate a file into stems, streaming from the file and into WAV files.

Half an hour of stereo at 96 kHz never lies in memory, neither as a whole nor as stems.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from musearoo.bridge.audio.files import AudioFileError, FileState, FoundFile
from musearoo.bridge.jobs.contract import Arrays, Fault, JobError, Params, Report
from musearoo.bridge.stems.job import SplitJob, SplitResult
from musearoo.bridge.stems.separators import SEPARATORS
from musearoo.engines.music.stems import StemName

if TYPE_CHECKING:
    from musearoo.bridge.audio.stretches import FileSource
    from musearoo.engines.audio.separation.contract import Block, Separator, Source

SEPARATING: Final = (0.02, 0.97)
"""The share of a job that is separating: before it the file is looked at, behind it the files are closed."""

SAME_LENGTH: Final = 0.2
"""Seconds by which decoders differ on a compressed file: a block or two, and the encoder's delay."""

STREAM_BYTES: Final = 150_000_000
"""What the streams take beside a separator: blocks on their way, their resampled selves, libraries."""


def run(params: Params, arrays: Arrays, report: Report) -> tuple[Params, Arrays]:  # noqa: ARG001 - as all
    """Run a SplitJob; returns the data of a SplitResult.

    Raises JobError for what is wrong with the source, EngineError if the machine lacks something.
    """
    try:
        return _split(SplitJob(**params), report).as_params(), {}
    except AudioFileError as error:
        raise JobError(str(error), Fault.USER) from error


def _split(job: SplitJob, report: Report) -> SplitResult:
    from musearoo.bridge.audio.stretches import FileSource
    from musearoo.bridge.stems.files import StemWriter

    found = FoundFile(Path(job.path), FileState(*job.state))
    source = FileSource(found, job.start, job.end, _part(report, 0.0, SEPARATING[0]))
    frames = job.frames or source.file_frames
    report(SEPARATING[0], "loading")
    separator = SEPARATORS[job.separator].take(job)
    with StemWriter(Path(job.folder), job.names, source.rate, source.channels, frames) as writer:
        writer.write_silence(min(source.first, writer.left))
        for block in separate(source, separator, _part(report, *SEPARATING)):
            writer.write({stem: samples[:, : writer.left] for stem, samples in block.items()})
        writer.write_silence(writer.left)
        written = writer.finish(job.in_24_bits, _part(report, SEPARATING[1], 1.0))
    notes = tuple(note for note in (source.note, written.note, _compare(source, frames)) if note)
    return SplitResult(source.rate, source.channels, frames, written.peaks, written.in_24_bits, notes)


def estimate_bytes(params: Params, arrays: Arrays) -> int:  # noqa: ARG001 - as all
    """Return the bytes that `run` takes in addition to its model."""
    job = SplitJob(**params)
    return SEPARATORS[job.separator].need(job) + STREAM_BYTES


def shrink(params: Params, arrays: Arrays) -> Params | None:  # noqa: ARG001 - as all
    """Return the same job with less memory and more time, or None if there is no less."""
    job = SplitJob(**params)
    can_shrink = SEPARATORS[job.separator].can_shrink and not job.is_small
    return replace(job, is_small=True).as_params() if can_shrink else None


def warm() -> None:
    """Warm up: import the separators and the streams."""

    for kind in SEPARATORS.values():
        kind.warm()


def separate(source: Source, separator: Separator, report: Report) -> Iterator[Block]:
    """The stems of a source at its own rate, exactly as many frames, whatever rate the separator works at."""
    from musearoo.bridge.audio.stretches import ResampledSource, resample

    if separator.rate in (None, source.rate):
        yield from separator.separate(source, report)
        return
    stacked = _stack(separator.stems, separator.separate(ResampledSource(source, separator.rate), report))
    for block in resample(stacked, separator.rate, source.rate, source.frames):
        yield {
            stem: block[place * source.channels : (place + 1) * source.channels]
            for place, stem in enumerate(separator.stems)
        }


def _compare(source: FileSource, frames: int) -> str:
    """A sentence where a file is not as long as its stems have to be, beyond what programs differ by."""
    apart = (source.file_frames - frames) / source.rate
    if abs(apart) <= SAME_LENGTH:
        return ""
    than = "longer" if apart > 0 else "shorter"
    return f"The file is {abs(apart):.1f} s {than} here than Live has it: the stems may lie a little off."


def _stack(stems: Iterable[StemName], blocks: Iterable[Block]) -> Iterator[Any]:
    """The stems' channels as those of one sound: they are resampled together, and none runs ahead."""
    import numpy as np

    for block in blocks:
        yield np.concatenate([block[stem] for stem in stems])


def _part(report: Report, begin: float, end: float) -> Report:
    """Report on a part of a job."""
    return lambda fraction, text: report(begin + fraction * (end - begin), text)
