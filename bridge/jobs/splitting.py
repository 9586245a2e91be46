"""The job `split`: takes the sound of a file apart, stem by stem into WAV files. It reads the file itself, as a stream.

Half an hour of stereo at 96 kHz never lies in memory, neither as a whole nor as stems.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from bridge.audio_files import AudioFileError, FileState, FoundFile
from bridge.jobs.contract import Arrays, Fault, JobError, Params, Report
from bridge.jobs.separators import SEPARATORS
from engines.music.stems import StemName

if TYPE_CHECKING:
    from bridge.stem_sources import FileSource
    from engines.separation.contract import Block, Separator, Source

KIND = "split"

SEPARATING: Final = (0.02, 0.97)
"""The share of a job that is separating: before it the file is looked at, behind it the files are closed."""

SAME_LENGTH: Final = 0.2
"""Seconds by which decoders differ on a compressed file: a block or two, and the encoder's delay."""

STREAM_BYTES: Final = 150_000_000
"""What the streams take beside a separator: blocks on their way, their resampled selves, libraries."""


def describe_job(
    found: FoundFile,
    stretch: tuple[float, float | None],
    frames: int,
    separator: str,
    model: str,
    weights: Path | None,
    version: str,
    folder: Path,
    names: Mapping[StemName, str],
    subtype: str,
) -> Params:
    """The params of a job that writes the stems of a stretch, in seconds, to files of these names in a folder.

    `frames`: how long the files are, at the source's rate; 0 for as long as the source. `version` tells one state of a
    model's weights from another: the model that is loaded is used as long as it stays the same.
    """
    return {
        "path": str(found.path),
        "state": list(astuple(found.state)),
        "start": stretch[0],
        "end": stretch[1],
        "frames": frames,
        "separator": separator,
        "model": model,
        "weights": str(weights or ""),
        "version": version,
        "folder": str(folder),
        "names": dict(names),
        "subtype": subtype,
        "is_small": False,
    }


def run(params: Params, arrays: Arrays, report: Report) -> tuple[dict[str, Any], Arrays]:  # noqa: ARG001 - as all
    """What was written: `rate`, `channels`, `frames`, `peaks` by stem, `subtype`, `notes`.

    The files are as long as was said and silent outside of the stretch. Raises JobError for what is wrong with the
    source, EngineError where the machine lacks something.
    """
    from bridge.stem_files import StemWriter
    from bridge.stem_sources import FileSource

    try:
        found = FoundFile(Path(params["path"]), FileState(*params["state"]))
        source = FileSource(found, params["start"], params["end"], _part(report, 0.0, SEPARATING[0]))
        report(SEPARATING[0], "loading")
        separator = SEPARATORS[params["separator"]].take(params)
        names: Mapping[StemName, str] = params["names"]
        frames = params["frames"] or source.file_frames
        with StemWriter(Path(params["folder"]), names, source.rate, source.channels, frames) as writer:
            writer.write_silence(min(source.first, writer.left))
            for block in separate(source, separator, _part(report, *SEPARATING)):
                writer.write({stem: samples[:, : writer.left] for stem, samples in block.items()})
            writer.write_silence(writer.left)
            written = writer.finish(params["subtype"], _part(report, SEPARATING[1], 1.0))
    except AudioFileError as error:
        raise JobError(str(error), Fault.USER) from error
    return {
        "rate": source.rate,
        "channels": source.channels,
        "frames": frames,
        "peaks": dict(written.peaks),
        "subtype": written.subtype,
        "notes": [note for note in (source.note, written.note, _compare(source, frames)) if note],
    }, {}


def estimate_bytes(params: Params, arrays: Arrays) -> int:  # noqa: ARG001 - as all
    """How many bytes `run` takes beside its model."""
    return SEPARATORS[params["separator"]].need(params) + STREAM_BYTES


def shrink(params: Params, arrays: Arrays) -> Params | None:  # noqa: ARG001 - as all
    """The same job in less memory, which takes longer; None where there is no less."""
    can_shrink = SEPARATORS[params["separator"]].can_shrink and not params["is_small"]
    return {**params, "is_small": True} if can_shrink else None


def warm() -> None:
    """Pays for what first calls cost: imports the separators and the streams."""
    import bridge.stem_files
    import bridge.stem_sources  # noqa: F401

    for kind in SEPARATORS.values():
        kind.warm()


def separate(source: Source, separator: Separator, report: Report) -> Iterator[Block]:
    """The stems of a source at its own rate, exactly as many frames, whatever rate the separator works at."""
    from bridge.stem_sources import ResampledSource, resample

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
    """Reports on a part of a job."""
    return lambda fraction, text: report(begin + fraction * (end - begin), text)
