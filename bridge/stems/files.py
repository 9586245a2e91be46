"""Write stems as WAV files while they are separated: with exactly the announced length, and without buffering."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from musearoo.bridge.audio.drafts import create_file, explain_disk, require_space
from musearoo.bridge.audio.folders import STEMS
from musearoo.bridge.audio.wave_files import SAMPLE_BYTES, encode_24_bits, encode_floats, encode_wave_head
from musearoo.engines.audio.separation.contract import Block, Report
from musearoo.engines.errors import EngineError
from musearoo.engines.music.stems import StemName

CONVERTED_FRAMES: Final = 1 << 17
"""Frames per step of the conversion from floats to 24 bits: about 1 MB."""


@dataclass(frozen=True, slots=True)
class WrittenStems:
    """The written stems: their peaks (full scale is 1), the format, and a sentence if it is not the requested one."""

    peaks: Mapping[StemName, float]
    in_24_bits: bool
    note: str = ""


class StemWriter:
    """Write the files of one sound's stems into an existing folder; a context manager that closes them.

    The caller must write exactly `frames` frames, including silence, or ValueError is raised. Disk errors raise
    EngineError with one sentence.
    """

    def __init__(self, folder: Path, names: Mapping[StemName, str], rate: int, channels: int, frames: int) -> None:
        self._folder = folder
        self._paths = {stem: folder / name for stem, name in names.items()}
        self._rate, self._channels, self._frames = rate, channels, frames
        self._peaks: dict[StemName, float] = dict.fromkeys(names, 0.0)
        self._written = 0
        self._files: dict[StemName, BinaryIO] = {}

    def __enter__(self) -> StemWriter:
        try:
            self._open()
        except EngineError:
            self._close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    @property
    def left(self) -> int:
        """Return the number of frames that are still missing."""
        return self._frames - self._written

    def write(self, block: Block) -> None:
        """Append a block to every file."""
        frames = {samples.shape[1] for samples in block.values()}
        channels = {samples.shape[0] for samples in block.values()}
        if block.keys() != self._files.keys() or len(frames) != 1 or channels != {self._channels}:
            raise ValueError(f"blocks of {', '.join(self._files)} must be alike, {self._channels} channels each")
        self._count(frames.pop())
        with _as_engine_error(self._folder):
            for stem, samples in block.items():
                peak = float(np.abs(samples).max(initial=0.0))
                if not np.isfinite(peak):
                    raise ValueError(f"the stem {stem} has samples that are no numbers")
                self._peaks[stem] = max(self._peaks[stem], peak)
                self._files[stem].write(encode_floats(samples))

    def write_silence(self, frames: int) -> None:
        """Append silence to every file."""
        self._count(frames)
        with _as_engine_error(self._folder):
            for file in self._files.values():
                left = frames
                while left:
                    step = min(left, CONVERTED_FRAMES)
                    file.write(bytes(step * self._channels * SAMPLE_BYTES["FLOAT"]))
                    left -= step

    def finish(self, in_24_bits: bool, report: Report) -> WrittenStems:
        """Close the files, as floats or as 24 bits; all stay floats if any exceeds full scale."""
        if self.left:
            raise ValueError(f"{self._written} frames were written of {self._frames}")
        with _as_engine_error(self._folder):
            for file in self._files.values():
                file.close()
            if not in_24_bits:
                return WrittenStems(self._peaks, False)
            loud = [stem for stem, peak in self._peaks.items() if peak > 1.0]
            if loud:
                sentence = f"The stems stay 32-bit float: {', '.join(loud)} would clip in 24 bits."
                return WrittenStems(self._peaks, False, sentence)
            for number, path in enumerate(self._paths.values()):
                self._convert(path, partial(report, number / len(self._paths), "writing 24 bits"))
        return WrittenStems(self._peaks, True)

    def _open(self) -> None:
        with _as_engine_error(self._folder):
            require_space(self._folder, len(self._paths) * self._frames * self._channels * SAMPLE_BYTES["FLOAT"], STEMS)
            for stem, path in self._paths.items():
                self._files[stem] = create_file(path)
                self._files[stem].write(encode_wave_head(self._rate, self._channels, self._frames, "FLOAT"))

    def _close(self) -> None:
        for file in self._files.values():
            # After a failure, unwritten samples are not needed.
            with contextlib.suppress(OSError):
                file.close()

    def _count(self, frames: int) -> None:
        self._written += frames
        if self._written > self._frames:
            raise ValueError(f"there are more frames than the {self._frames} that were said")

    def _convert(self, path: Path, tick: Callable[[], None]) -> None:
        """Convert a file of floats to 24 bits; `tick` is called at each step, and may raise to end it."""
        draft = path.with_suffix(".24")
        head = encode_wave_head(self._rate, self._channels, self._frames, "FLOAT")
        with path.open("rb") as floats, create_file(draft) as whole:
            floats.seek(len(head))
            whole.write(encode_wave_head(self._rate, self._channels, self._frames, "PCM_24"))
            size = CONVERTED_FRAMES * self._channels * SAMPLE_BYTES["FLOAT"]
            while data := floats.read(size):
                tick()
                whole.write(encode_24_bits(np.frombuffer(data, "<f4")))
            # Chunks of RIFF have even lengths.
            whole.write(bytes(whole.tell() % 2))
        draft.replace(path)


@contextlib.contextmanager
def _as_engine_error(folder: Path) -> Iterator[None]:
    """Turn the system's errors into EngineError, naming the stems' folder."""
    try:
        yield
    except OSError as error:
        raise explain_disk(error, folder.parent, STEMS) from error
