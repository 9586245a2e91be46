"""The job `split`: separate a file into stems, streaming from the file and into WAV files.

Neither a whole file (up to half an hour of stereo at 96 kHz) nor its stems are ever in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from musearoo.bridge.audio.files import AudioFileError, FileState, FoundFile
from musearoo.bridge.jobs.contract import Arrays, Fault, JobError, Params, Report, share_report
from musearoo.bridge.stems.job import SplitJob, SplitResult
from musearoo.bridge.stems.separators import SEPARATORS
from musearoo.engines.music.stems import StemName

if TYPE_CHECKING:
    from musearoo.bridge.audio.stretches import FileSource
    from musearoo.engines.audio.separation.contract import Block, Separator, Source

SEPARATING: Final = (0.02, 0.97)
"""The share of a job's progress for the separation: before it the file is checked, after it the files are closed."""

SAME_LENGTH: Final = 0.2
"""Seconds by which decoders may differ on a compressed file: a block or two, and the encoder's delay."""

STREAM_BYTES: Final = 150_000_000
"""Bytes that the streams take in addition to a separator: blocks, their resampled copies, libraries."""


def run(params: Params, arrays: Arrays, report: Report) -> tuple[Params, Arrays]:  # noqa: ARG001 - as all
    """Run a SplitJob; returns the data of a SplitResult.

    Raises JobError for a bad source, EngineError if the machine lacks something.
    """
    try:
        return _split(SplitJob(**params), report).as_params(), {}
    except AudioFileError as error:
        raise JobError(str(error), Fault.USER) from error


def _split(job: SplitJob, report: Report) -> SplitResult:
    from musearoo.bridge.audio.stretches import FileSource
    from musearoo.bridge.stems.files import StemWriter

    found = FoundFile(Path(job.path), FileState(*job.state))
    source = FileSource(found, job.start, job.end, share_report(report, 0.0, SEPARATING[0]))
    frames = job.frames or source.file_frames
    report(SEPARATING[0], "loading")
    separator = SEPARATORS[job.separator].take(job)
    with StemWriter(Path(job.folder), job.names, source.rate, source.channels, frames) as writer:
        writer.write_silence(min(source.first, writer.left))
        for block in separate(source, separator, share_report(report, *SEPARATING)):
            writer.write({stem: samples[:, : writer.left] for stem, samples in block.items()})
        writer.write_silence(writer.left)
        written = writer.finish(job.in_24_bits, share_report(report, SEPARATING[1], 1.0))
    notes = tuple(note for note in (source.note, written.note, _compare(source, frames)) if note)
    return SplitResult(source.rate, source.channels, frames, written.peaks, written.in_24_bits, notes)


def estimate_bytes(params: Params, arrays: Arrays) -> int:  # noqa: ARG001 - as all
    """Return the bytes that `run` takes in addition to its model."""
    job = SplitJob(**params)
    return SEPARATORS[job.separator].need(job) + STREAM_BYTES


def shrink(params: Params, arrays: Arrays) -> Params | None:  # noqa: ARG001 - as all
    """Return the same job with less memory and more time, or None if it cannot shrink further."""
    job = SplitJob(**params)
    can_shrink = SEPARATORS[job.separator].can_shrink and not job.is_small
    return replace(job, is_small=True).as_params() if can_shrink else None


def warm() -> None:
    """Warm up: import the separators and the streams."""

    for kind in SEPARATORS.values():
        kind.warm()


def separate(source: Source, separator: Separator, report: Report) -> Iterator[Block]:
    """Yield the stems of a source at its own rate and exact length, whatever the separator's rate."""
    from musearoo.bridge.audio.stretches import ResampledSource, resample

    if separator.rate in (None, source.rate):
        yield from separator.separate(source, report)
        return
    stacked = _stack(separator.stems, separator.separate(ResampledSource(source, separator.rate), report))
    for block in resample(stacked, separator.rate, source.rate, source.frames):
        yield {
            stem: block[index * source.channels : (index + 1) * source.channels]
            for index, stem in enumerate(separator.stems)
        }


def _compare(source: FileSource, frames: int) -> str:
    """Return a sentence if the file's length differs from its stems' by more than SAME_LENGTH, else ""."""
    apart = (source.file_frames - frames) / source.rate
    if abs(apart) <= SAME_LENGTH:
        return ""
    than = "longer" if apart > 0 else "shorter"
    return f"The file is {abs(apart):.1f} s {than} here than Live has it: the stems may lie a little off."


def _stack(stems: Iterable[StemName], blocks: Iterable[Block]) -> Iterator[Any]:
    """Stack the stems' channels as one sound, so that they are resampled together."""
    import numpy as np

    for block in blocks:
        yield np.concatenate([block[stem] for stem in stems])
