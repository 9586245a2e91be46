"""Audio sources for separators: a passage of a file, block by block, at its own sample rate or another."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from musearoo.bridge.audio.decoding import SndfileDecoder, UndecodableError, replace_unusable
from musearoo.bridge.audio.files import LONGEST, AudioFileError, FoundFile, OpenFile, require_stretch
from musearoo.engines.audio.separation.contract import FloatArray, Report, Source
from musearoo.engines.errors import EngineError
from musearoo.engines.neural.cards.catalogue import HOW_TO_SET_UP

LOWEST_RATE: Final = 8_000
HIGHEST_RATE: Final = 192_000
"""Bounds in Hz of the separators' rates. At the highest, half an hour of a stereo stem stays below WAV's 4 GB."""

PLAIN_FORMAT: Final = re.compile(r"(WAV|WAVEX|RF64|W64|AIFF|AU|CAF) (PCM_\w+|FLOAT|DOUBLE)")
"""Formats whose number of samples follows from the file's size; all others must be decoded to count them."""

REPORT_FRAMES: Final = 1 << 20
"""Frames between two progress reports of the counting: a few reports per second."""

RESAMPLING: Final = "HQ"
"""soxr's quality: an error of about -120 dB, flat to 20 kHz at a rate of 44.1 kHz."""

FLUSH: Final = 0.01
"""Seconds of silence appended, so that the resampler outputs the last samples completely."""


class FileSource:
    """A passage of a mono or stereo file, from second `start` to `end` (None and beyond: its end); a `Source`.

    Samples that are not finite become silence. It can be read repeatedly; each read raises AudioFileError if the file
    is missing, has changed, or cannot be read to its end. So does the constructor, which also raises ParamError for an
    invalid start or end; it decodes all of a compressed file, to count its frames.
    """

    def __init__(self, found: FoundFile, start: float, end: float | None, report: Report) -> None:
        require_stretch(start, end)
        self._found = found
        self._require_unchanged()
        with OpenFile(found) as file:
            decoder = file.decoder
            self.rate, self.channels = decoder.rate, decoder.channels
            self._require_usable()
            # ffmpeg seeks by time stamp, which is not always exact to the sample.
            self._is_seekable = isinstance(decoder, SndfileDecoder)
            is_plain = self._is_seekable and PLAIN_FORMAT.fullmatch(decoder.format)
            counted = decoder.frames if is_plain else None
            self.file_frames = self._count(file, report) if counted is None else counted
            complaint = decoder.complaint
        if (complaint or not self.file_frames) and found.just_written:
            raise found.still_written()
        if not self.file_frames:
            raise AudioFileError(f"{found.path} holds no sound at all, not one sample: export it again.")
        self.note = f"{found.path.name}: {complaint}; what is there was split." if complaint else ""
        self.first = round(start * self.rate)
        if self.first >= self.file_frames:
            seconds = self.file_frames / self.rate
            raise AudioFileError(f"{found.path} ends after {seconds:.2f} s, before {start:.2f} s: start earlier.")
        last = self.file_frames if end is None else min(self.file_frames, max(self.first + 1, round(end * self.rate)))
        self.frames = last - self.first
        self._require_short()

    def blocks(self) -> Iterator[FloatArray]:
        """See Source."""
        self._require_unchanged()
        left = self.frames
        skip = 0 if self._is_seekable else self.first
        with OpenFile(self._found) as file:
            try:
                for block in file.decoder.blocks(self.first if self._is_seekable else 0):
                    # A copy, because the decoder's block is valid only until the next one.
                    taken = np.array(block[:, skip : skip + left], dtype=np.float32, order="C")
                    skip = max(0, skip - block.shape[1])
                    if not taken.size:
                        continue
                    replace_unusable(taken)
                    left -= taken.shape[1]
                    yield taken
                    if not left:
                        break
            except UndecodableError as error:
                self._require_unchanged()
                raise self._broken(str(error)) from None
            complaint = file.decoder.complaint
        self._require_unchanged()
        if left:
            raise self._broken(complaint or f"{left / self.rate:.2f} s of it cannot be read any more")

    def _count(self, file: OpenFile, report: Report) -> int:
        """Return the number of frames to decode."""
        decoder, counted, reported = file.decoder, 0, 0
        try:
            for block in decoder.blocks(0):
                counted += block.shape[1]
                if counted - reported >= REPORT_FRAMES:
                    reported = counted
                    report(min(1.0, counted / (decoder.frames or counted)), "reading")
                if counted > LONGEST * decoder.rate:
                    break
        except UndecodableError as error:
            raise self._broken(str(error)) from None
        return counted

    def _require_unchanged(self) -> None:
        path = self._found.path
        if self._found.has_changed():
            # Not by Path's method, which raises if the folder is not readable.
            if os.path.exists(path):
                raise AudioFileError(f"{path} was changed while it was being split: split it again when it is done.")
            raise AudioFileError(f"{path} was moved or deleted while it was being split: put it back and try again.")

    def _require_usable(self) -> None:
        path = self._found.path
        if self.channels > 2:
            raise AudioFileError(f"{path} has more than two channels, and stems are mono or stereo: export it so.")
        if not LOWEST_RATE <= self.rate <= HIGHEST_RATE:
            raise AudioFileError(
                f"{path} has a rate of {self.rate} Hz, and stems have {LOWEST_RATE} to {HIGHEST_RATE}: convert it."
            )

    def _require_short(self) -> None:
        # Stems are as long as their file, so the file's length is limited, not the passage's.
        if self.file_frames > LONGEST * self.rate:
            raise AudioFileError(
                f"{self._found.path} is longer than {LONGEST / 60:.0f} minutes, too long for stems of its length: "
                "cut out the piece (in Live: Crop Clip) and split that."
            )

    def _broken(self, reason: str) -> AudioFileError:
        return AudioFileError(f"{self._found.path} is broken ({reason}): export it again.")


class ResampledSource:
    """A source resampled to another rate, Hz, padded to whole frames; a `Source`."""

    def __init__(self, source: Source, rate: int) -> None:
        self._source = source
        self.rate = rate
        self.channels = source.channels
        self.frames = -(-source.frames * rate // source.rate)

    def blocks(self) -> Iterator[FloatArray]:
        """See Source."""
        return resample(self._source.blocks(), self._source.rate, self.rate, self.frames)


def resample(blocks: Iterable[FloatArray], rate: int, to_rate: int, frames: int) -> Iterator[FloatArray]:
    """Resample float32 (channels, n) blocks from `rate` to `to_rate`, `frames` frames in all.

    Sample 0 keeps its position: soxr's filters (Rob Sykes, "The SoX Resampler library", 2013) have linear phase, and
    their delay is compensated. Raises EngineError if soxr is not installed.
    """
    try:
        from soxr import ResampleStream
    except ImportError as error:
        raise EngineError(
            f"Audio at {rate} Hz needs soxr for this model, which is not installed ({error}): run `{HOW_TO_SET_UP}`."
        ) from error
    stream, left, channels = None, frames, 1
    for block in blocks:
        if stream is None:
            channels = block.shape[0]
            stream = ResampleStream(rate, to_rate, channels, dtype="float32", quality=RESAMPLING)
        done = stream.resample_chunk(np.ascontiguousarray(block.T))[:left]
        left -= len(done)
        if len(done):
            yield np.ascontiguousarray(done.T)
    if stream is not None and left:
        rest = stream.resample_chunk(np.zeros((int(FLUSH * rate) + 1, channels), np.float32), last=True)[:left]
        yield np.ascontiguousarray(np.pad(rest, ((0, left - len(rest)), (0, 0))).T)
