"""Decode audio files block by block: libsndfile where it knows the format, ffmpeg's libraries for the rest.

The first file imports this module, never the daemon's start.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Protocol, cast

import numpy as np
import soundfile

from musearoo.engines.analysis.fast.activation.sound import FloatArray

MAX_CHANNELS: Final = 8
"""Most channels; of more, the first eight are read: in such files the rest is ambience or data."""

READ_FRAMES: Final = 1 << 15
"""Frames per read: 256 kB of stereo, which stays in the processor's cache."""
BLOCK_FRAMES: Final = 1 << 18
"""Frames per transform of the decimator: 6 s."""

LOUDEST: Final = 1e9
"""Largest valid sample, whatever scale a program wrote its floats in (32-bit integers reach 2.1e9 / 2)."""

LOSES_ITS_PLACE: Final = "MP3"
"""A format in which libsndfile 1.2 loses its position when it seeks, as soundfile does after each block; ffmpeg decodes
the same samples correctly."""

FFMPEG_FORMATS: Final = (
    "aac,ac3,aiff,amr,ape,asf,avi,caf,eac3,flac,flv,matroska,mov,mp3,mpc,mpeg,mpegts,ogg,tta,w64,wav,wv"
)
"""The containers that ffmpeg may detect. Playlists are not among them, because they refer to other files."""


class UndecodableError(Exception):
    """No decoder supports the file; the message is the decoders'."""


class Decoder(Protocol):
    """An open file and its decoder."""

    rate: int
    channels: int
    """The number of channels that are read, at most eight."""
    frames: int | None
    """Samples per channel according to the header, None if it has no number."""
    format: str
    complaint: str
    """The error in its header, or ""."""

    def blocks(self, first: int) -> Iterator[FloatArray]:
        """Yield the samples from frame `first` on, float32 (channels, n); ends where no more can be read.

        A block is valid until the next one is requested.
        """
        ...

    def close(self) -> None:
        """Close the file."""
        ...


def open_decoder(path: Path) -> Decoder:
    """Return the decoder for a file; raises UndecodableError if there is none, OSError if the file cannot be opened."""
    try:
        if _begins_as_mpeg(path):
            # ffmpeg would decode it anyway, but only after libsndfile's MPEG library has printed to the terminal.
            return FfmpegDecoder(path)
        decoder = SndfileDecoder(path)
    except soundfile.LibsndfileError as error:
        reason = str(error.error_string).rstrip(".")
    else:
        if not decoder.format.startswith(LOSES_ITS_PLACE):
            return decoder
        decoder.close()
        reason = "it knows the file"
    try:
        return FfmpegDecoder(path)
    except UndecodableError as error:
        raise UndecodableError(f"libsndfile: {reason}; ffmpeg: {error}") from None


def _begins_as_mpeg(path: Path) -> bool:
    """Whether a file begins with an ID3 tag or with the eleven set bits of an MPEG frame."""
    with path.open("rb") as file:
        head = file.read(3)
    return head == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0)


class SndfileDecoder:
    """WAV, AIFF, FLAC, Ogg and the other formats of libsndfile."""

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._file = soundfile.SoundFile(self._path)
        self.rate = int(self._file.samplerate)
        self.channels = min(int(self._file.channels), MAX_CHANNELS)
        # An unknown length is reported as the largest integer.
        self.frames = int(self._file.frames) if self._file.frames < _NO_LENGTH else None
        self.format = f"{self._file.format} {self._file.subtype}"
        # libsndfile repairs sizes that disagree with the file's length, and reports that only in its log.
        self.complaint = "its header gives another length than the file has" if self._repaired() else ""

    def blocks(self, first: int) -> Iterator[FloatArray]:
        """See Decoder."""
        position, size = first, READ_FRAMES
        # One buffer for all blocks, because allocating costs more than reading. Integers are converted to floats here,
        # because libsndfile takes ten times as long for that.
        whole, full_scale = _WHOLE_NUMBERS.get(self._file.subtype, (np.float32, 1.0))
        buffer = np.empty((size, int(self._file.channels)), dtype=whole)
        scale = np.float32(1.0 / full_scale)
        while True:
            try:
                self._file.seek(position)
                while len(block := self._file.read(out=buffer[:size])):
                    position += len(block)
                    samples = block.T[: self.channels]
                    yield samples if full_scale == 1.0 else np.multiply(samples, scale, dtype=np.float32)
            except soundfile.LibsndfileError as error:
                # The file breaks off within this block: smaller reads get the samples before that.
                self.complaint = str(error.error_string).rstrip(".")
                size //= 32
                if size < 32:
                    break
                self._file.close()
                self._file = soundfile.SoundFile(self._path)
            else:
                break
        if position == first and self.complaint:
            raise UndecodableError(self.complaint)

    def close(self) -> None:
        """See Decoder."""
        self._file.close()

    def _repaired(self) -> bool:
        log = cast(str, self._file.extra_info)
        return any("should be" in line and line.lstrip().startswith(_SIZED_CHUNKS) for line in log.splitlines())


_WHOLE_NUMBERS: Final[dict[str, tuple[type[np.generic], float]]] = {
    "PCM_16": (np.int16, 2.0**15),
    "PCM_24": (np.int32, 2.0**31),
    "PCM_32": (np.int32, 2.0**31),
}
"""The type as which integer samples are read, and its full scale."""

_NO_LENGTH: Final = 1 << 62
_SIZED_CHUNKS: Final = ("data", "SSND", "Data Size", "Length")
"""Chunks that give the length of the samples; the length of the whole file is wrong in many good files."""


class FfmpegDecoder:
    """Decode MP3, AAC, ALAC, WMA, the sound of films, and all other formats of ffmpeg's libraries."""

    def __init__(self, path: Path) -> None:
        import av  # imported here, because it loads 40 MB of libraries that a WAV file does not need

        self._errors = (av.FFmpegError, ValueError, EOFError)
        # ffmpeg gets a file object and no path, so that a file cannot make it open others.
        self._stream = io.BufferedReader(path.open("rb", buffering=0), 1 << 16)
        try:
            options = {"format_whitelist": FFMPEG_FORMATS, "protocol_whitelist": ""}
            self._container = av.open(self._stream, mode="r", options=options)
        except self._errors as error:
            self._stream.close()
            raise UndecodableError(getattr(error, "strerror", None) or str(error)) from None
        try:
            if not self._container.streams.audio:
                raise UndecodableError("there is no sound in it")
            self._audio = self._container.streams.audio[0]
            context = self._audio.codec_context
            if context is None:
                raise UndecodableError("its sound is in no codec that is known")
            if not context.sample_rate or not context.channels:
                raise UndecodableError("its sound has no rate or no channels")
        except UndecodableError:
            self.close()
            raise
        self.rate = int(context.sample_rate)
        self.channels = min(int(context.channels), MAX_CHANNELS)
        self.frames = self._promised_frames()
        self.format = f"{self._container.format.name.split(',')[0]} {context.name}"
        self.complaint = ""
        self._begun = False

    def blocks(self, first: int) -> Iterator[FloatArray]:
        """See Decoder."""
        import av

        # Interleaved, not one plane per channel: beyond the eighth plane, PyAV reads out of bounds.
        resampler = av.AudioResampler(format="flt")
        position: int | None = None
        first_form: tuple[int, int, str] | None = None
        try:
            # Matroska's milliseconds are too coarse to seek to a sample: it is decoded from the beginning.
            if first > 2 * self.rate and self._audio.time_base and self._audio.time_base <= 1 / self.rate:
                # A second early, because samples right after a seek lack the preceding context.
                self._container.seek(int((first / self.rate - 1.0) / self._audio.time_base), stream=self._audio)
            elif self._begun:
                self._container.seek(0)
            self._begun = True
            for frame in self._container.decode(self._audio):
                form = frame.sample_rate, frame.layout.nb_channels, frame.format.name
                if first_form is None:
                    first_form = form
                elif form != first_form:
                    # The file is broken, or two in one. ffmpeg's converter would read past the end of such a frame.
                    self.complaint = "it changes its channels or its rate on the way"
                    return
                if position is None:
                    position = self._position(frame.pts)
                for part in resampler.resample(frame):
                    samples = part.to_ndarray().reshape(-1, part.layout.nb_channels).T[: self.channels]
                    skip = max(0, first - position)
                    position += samples.shape[1]
                    if skip < samples.shape[1]:
                        yield cast(FloatArray, samples[:, skip:])
        except self._errors as error:
            if position is None:
                raise UndecodableError(getattr(error, "strerror", None) or str(error)) from None
            self.complaint = f"it breaks off ({getattr(error, 'strerror', None) or error})"

    def close(self) -> None:
        """See Decoder."""
        self._container.close()
        self._stream.close()

    def _promised_frames(self) -> int | None:
        if self._audio.duration and self._audio.time_base:
            return round(float(self._audio.duration * self._audio.time_base) * self.rate)
        if self._container.duration:
            return round(self._container.duration / 1e6 * self.rate)
        return None

    def _position(self, pts: int | None) -> int:
        """Return the frame of a time stamp; the sound of a film may begin at any time."""
        if pts is None or not self._audio.time_base:
            return 0
        seconds = float((pts - (self._audio.start_time or 0)) * self._audio.time_base)
        return max(0, round(seconds * self.rate))


def gather_whole(decoder: Decoder, first: int, frames: int, most_samples: int) -> FloatArray | None:
    """Return all channels of up to `frames` frames from `first` on: float32 (channels, n).

    None if that would be more than `most_samples` samples in all.
    """
    most = most_samples // decoder.channels
    promised = BLOCK_FRAMES if decoder.frames is None else decoder.frames - first
    store = _Store(decoder.channels, min(frames, promised, most))
    for block in decoder.blocks(first):
        wanted = min(block.shape[1], frames - store.filled)
        if store.filled + wanted > most:
            return None
        store.add(block[:, :wanted])
        if store.filled >= frames:
            break
    return store.samples


class _Store:
    """Collect samples in one array that rarely has to grow."""

    def __init__(self, channels: int, expected: int) -> None:
        self._array = np.empty((channels, max(1, expected)), dtype=np.float32)
        self.filled = 0

    @property
    def samples(self) -> FloatArray:
        """All samples so far, (channels, frames)."""
        return self._array[:, : self.filled]

    def add(self, block: FloatArray) -> None:
        """Append (channels, n) samples."""
        end = self.filled + block.shape[1]
        if end > self._array.shape[1]:
            self._array = np.concatenate([self.samples, np.empty_like(self._array), np.empty_like(block)], axis=1)
        self._array[:, self.filled : end] = block
        self.filled = end


def gather_mono(decoder: Decoder, first: int, frames: int, factor: int) -> tuple[FloatArray, int]:
    """Return the mean of the channels at a `factor`-th of the rate, float32 (n,), and the number of unusable samples.

    Only one block at a time is in memory at the full rate. If the channels cancel each other, the louder one is used,
    as in `Sound.mono`.
    """
    powers = np.zeros(decoder.channels)
    mean, unusable = _mix(decoder, first, frames, factor, np.full(decoder.channels, 1.0 / decoder.channels), powers)
    if float(np.dot(mean, mean)) * factor < 0.01 * powers.max():
        mean, unusable = _mix(decoder, first, frames, factor, np.eye(decoder.channels)[powers.argmax()], powers)
    return mean, unusable


def _mix(decoder: Decoder, first: int, frames: int, factor: int, weights: Any, powers: Any) -> tuple[FloatArray, int]:
    weights = weights.astype(np.float32)
    decimator = Decimator(factor)
    promised = frames if decoder.frames is None else min(frames, decoder.frames - first)
    store = _Store(1, promised // factor + 1)
    unusable, filled = 0, 0
    for block in decoder.blocks(first):
        block = np.ascontiguousarray(block[:, : frames - filled])
        unusable += replace_unusable(block)
        powers += np.einsum("cf,cf->c", block, block)
        store.add(decimator.push(weights @ block)[np.newaxis])
        filled += block.shape[1]
        if filled >= frames:
            break
    store.add(decimator.finish()[np.newaxis])
    return store.samples[0], unusable


def replace_unusable(samples: FloatArray) -> int:
    """Silence samples that are not finite or beyond all bounds, in place; returns how many there were."""
    with np.errstate(invalid="ignore"):
        # Two fast passes that also detect NaN: most files need no third one.
        if float(samples.min()) > -LOUDEST and float(samples.max()) < LOUDEST:
            return 0
        bad = ~(np.abs(samples) < LOUDEST)
    samples[bad] = 0.0
    return int(bad.sum())


class Decimator:
    """Downsample a signal by `factor`, block by block, with the same result as in one piece.

    Overlap-save in the frequency domain (Oppenheim and Schafer, "Discrete-Time Signal Processing", 8.7): the filter,
    a windowed sinc with 80 dB in the stop band, is symmetric and its delay taken off, so nothing moves in time.
    """

    def __init__(self, factor: int) -> None:
        self._factor = factor
        half = 64 * factor
        self._half = half
        offsets = np.arange(-half, half + 1)
        # Half a transition band below the new Nyquist frequency, so that the stop band begins at it.
        cutoff = 0.96 / factor
        taps = cutoff * np.sinc(cutoff * offsets) * np.kaiser(2 * half + 1, 8.0)
        self._size = BLOCK_FRAMES
        self._step = (BLOCK_FRAMES - 2 * half) // factor * factor
        self._response = np.fft.rfft((taps / taps.sum()).astype(np.float32), self._size).astype(np.complex64)
        # Half a filter of silence before the first sample.
        self._pending: FloatArray = np.zeros(half, dtype=np.float32)

    def push(self, block: FloatArray) -> FloatArray:
        """Return the output that this block completes."""
        if self._factor == 1:
            return block
        self._pending = np.concatenate([self._pending, block])
        done: list[FloatArray] = []
        while self._pending.size >= self._step + 2 * self._half:
            done.append(self._filter(self._pending[: self._step + 2 * self._half], self._step))
            self._pending = self._pending[self._step :]
        return np.concatenate(done) if done else np.empty(0, dtype=np.float32)

    def finish(self) -> FloatArray:
        """Return the rest of the output."""
        if self._factor == 1:
            return np.empty(0, dtype=np.float32)
        left = self._pending.size - self._half
        tail = np.concatenate([self._pending, np.zeros(self._half, dtype=np.float32)])
        done = []
        while left > 0:
            step = min(left, self._step)
            done.append(self._filter(tail[: step + 2 * self._half], step))
            tail, left = tail[step:], left - step
        return np.concatenate(done) if done else np.empty(0, dtype=np.float32)

    def _filter(self, piece: FloatArray, step: int) -> FloatArray:
        import scipy.fft

        filtered = scipy.fft.irfft(scipy.fft.rfft(piece, self._size) * self._response, self._size)
        return cast(FloatArray, filtered[2 * self._half : 2 * self._half + step : self._factor])
