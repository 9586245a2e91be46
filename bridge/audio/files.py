"""Read audio files of any kind: probe, hash and decode. Every failure is an AudioFileError.

NumPy and the decoders are imported by the first file, so that the daemon starts without them.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from musearoo.bridge.settings.logs import LOG, FileName
from musearoo.engines.errors import ParamError, UserFacingError

if TYPE_CHECKING:
    from musearoo.bridge.audio.decoding import Decoder
    from musearoo.engines.analysis.fast.activation.sound import Sound

SHORTEST: Final = 0.01
"""Least seconds: a shorter sound has not even one period of a bass note."""

LONGEST: Final = 31 * 60.0
"""Most seconds: 30 minutes are documented, plus one of tolerance."""

MOST_SAMPLES: Final = 60_000_000
"""Above 240 MB (10 minutes of stereo at 48 kHz) a file is read as mono at 44.1 kHz or so, to stay far below 1 GB."""

LOW_RATE: Final = 32_000
"""Lowest rate in Hz of a downsampled file: the highest band of the analysis ends at 16 kHz."""

JUST_WRITTEN: Final = 2.0
"""Seconds: a broken file that was modified more recently than this may still be being written."""


class AudioFileError(UserFacingError):
    """An audio file cannot be used: the message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """Facts about an audio file. `note` describes an error in a file that is still usable."""

    duration: float
    """Seconds, 0 if the file does not say."""
    rate: int
    channels: int
    format: str
    note: str = ""


def probe_audio(path: str | Path, allowed: Sequence[Path] | None = None) -> AudioFacts:
    """Return an audio file's facts without reading its samples; raises AudioFileError."""
    found = find_file(path, allowed)
    with OpenFile(found) as file:
        decoder = file.decoder
        return AudioFacts(
            (decoder.frames or 0) / decoder.rate, decoder.rate, decoder.channels, decoder.format, decoder.complaint
        )


def read_audio(
    path: str | Path, start: float = 0.0, end: float | None = None, allowed: Sequence[Path] | None = None
) -> Sound:
    """Return the sound of a file from second `start` to second `end` (None and beyond: its end).

    All channels (at most eight) at the file's rate. A sound longer than MOST_SAMPLES is returned as mono at a lower
    rate; read a passage for stereo. A truncated file gives its readable part, with a warning in the log. `allowed` are
    the folders that the file must be in, links resolved. Raises AudioFileError, and ParamError for an invalid start or
    end.
    """
    require_stretch(start, end)
    found = find_file(path, allowed)
    with OpenFile(found) as file:
        return file.read(start, end)


def require_stretch(start: float, end: float | None) -> None:
    """Raise ParamError unless these seconds are a valid passage."""
    if not 0.0 <= start < float("inf"):
        raise ParamError("start", "0 seconds or more", start)
    if end is not None and not end > start:
        raise ParamError("end", f"after the start, {start:g} seconds", end)


def hash_audio(path: str | Path, allowed: Sequence[Path] | None = None) -> str:
    """Return a hash of the file's bytes, 40 hexadecimal digits; an unchanged file is read only once."""
    found = find_file(path, allowed)
    try:
        return _hash_bytes(found.path, found.state)
    except OSError as error:
        raise AudioFileError(f"{found.path} cannot be read ({_reason(error)}): mend its rights or its disk.") from error


@dataclass(frozen=True, slots=True)
class FileState:
    """A file's stamp: it changes when the file does."""

    device: int
    inode: int
    size: int
    modified_ns: int

    @classmethod
    def of(cls, path: Path) -> FileState:
        facts = path.stat()
        return cls(facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """An existing file that may be read."""

    path: Path
    state: FileState

    @property
    def just_written(self) -> bool:
        return abs(time.time() - self.state.modified_ns / 1e9) < JUST_WRITTEN

    def has_changed(self) -> bool:
        """Whether the file has been replaced, changed or removed since."""
        try:
            return FileState.of(self.path) != self.state
        except OSError:
            return True

    def still_written(self) -> AudioFileError:
        return AudioFileError(f"{self.path} is still being written: try again when it is done.")


def find_file(path: str | Path, allowed: Sequence[Path] | None) -> FoundFile:
    """Resolve a path to a file; AudioFileError if there is none, or it is outside the allowed folders."""
    try:
        str(path).encode("utf-8")
        real = Path(path).resolve(strict=True)
        if allowed is not None and not any(real.is_relative_to(folder.resolve()) for folder in allowed):
            raise AudioFileError(
                f"{path} lies outside the folders that MuseAroo may read"
                f"{'' if real == Path(path) else f' (it leads to {real})'}: add its folder to the settings."
            )
        facts = real.stat()
    except FileNotFoundError:
        raise AudioFileError(f"{path} does not exist: was it moved or renamed?") from None
    except UnicodeEncodeError:
        # Linux allows any bytes in a name, but Live, libsndfile and JSON do not.
        raise AudioFileError(f"{path} has a name that is no UTF-8 text: rename it.") from None
    except (OSError, ValueError, RuntimeError) as error:
        # ValueError for a null byte in the name, RuntimeError for cyclic links.
        raise AudioFileError(f"{path} cannot be opened ({_reason(error)}): look at the path and its rights.") from error
    if stat.S_ISDIR(facts.st_mode):
        raise AudioFileError(f"{path} is a folder: name an audio file in it.")
    if not stat.S_ISREG(facts.st_mode):
        # Opening a pipe would block until somebody writes to it.
        raise AudioFileError(f"{path} is a pipe or a device, no audio file: name a file.")
    if not facts.st_size:
        raise AudioFileError(f"{path} is empty (0 bytes): wait until it has been written, or export it again.")
    if not os.access(real, os.R_OK):
        raise AudioFileError(f"{path} may not be read: give yourself the right to read it.")
    return FoundFile(real, FileState(facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns))


class OpenFile:
    """A found file with its decoder; every failure of either becomes an AudioFileError."""

    def __init__(self, found: FoundFile) -> None:
        self._found = found
        self.decoder = self._open()

    def __enter__(self) -> OpenFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.decoder.close()

    def read(self, start: float, end: float | None) -> Sound:
        """Return the sound of a passage, given in seconds."""
        from musearoo.bridge.audio.decoding import UndecodableError

        path, decoder = self._found.path, self.decoder
        first, frames = self._frame_range(start, end)
        try:
            sound = _gather(decoder, first, frames)
        except UndecodableError as error:
            raise AudioFileError(f"{path} is broken ({error}): export it again.") from None
        if self._found.has_changed():
            raise self._found.still_written()
        promised = min(frames, decoder.frames - first) if decoder.frames is not None else 0
        missing = promised / decoder.rate - (sound.duration if sound else 0.0)
        # Compressed formats round their length to whole blocks or estimate it, so a little less is no loss.
        lost = missing > 0.1 + 0.05 * promised / decoder.rate
        note = decoder.complaint or (f"{missing:.2f} s of it are missing" if lost else "")
        if note and self._found.just_written:
            raise self._found.still_written()
        if sound is None or sound.duration < SHORTEST:
            if sound is None and self._found.just_written:
                raise self._found.still_written()
            length = sound.duration if sound else 0.0
            raise AudioFileError(f"{path}: there are {length * 1000:.1f} ms to hear, but it takes 10 ms at least.")
        if note:
            LOG.warning("%s: %s; what is there is used.", FileName(path), note)
        return sound

    def _open(self) -> Decoder:
        from musearoo.bridge.audio.decoding import UndecodableError, open_decoder
        from musearoo.engines.analysis.fast.activation.sound import MAX_RATE, MIN_RATE

        path = self._found.path
        try:
            decoder = open_decoder(path)
        except UndecodableError as error:
            raise AudioFileError(
                f"{path} is no audio that can be read, or it is broken ({error}): export it as WAV, AIFF or FLAC."
            ) from None
        except OSError as error:
            raise AudioFileError(f"{path} cannot be opened ({_reason(error)}): mend its rights or its disk.") from error
        if not MIN_RATE <= decoder.rate <= MAX_RATE:
            decoder.close()
            raise AudioFileError(f"{path} has a rate of {decoder.rate} Hz, not {MIN_RATE} to {MAX_RATE}: convert it.")
        return decoder

    def _frame_range(self, start: float, end: float | None) -> tuple[int, int]:
        """Return the first frame and the number of frames, at most LONGEST."""
        path, decoder = self._found.path, self.decoder
        first, most = round(start * decoder.rate), round(LONGEST * decoder.rate)
        wanted = None if end is None else round(end * decoder.rate) - first
        promised = None if decoder.frames is None else decoder.frames - first
        if promised is not None and promised <= 0 < first:
            seconds = (promised + first) / decoder.rate
            raise AudioFileError(f"{path} ends after {seconds:.2f} s, before {start:.2f} s: choose an earlier start.")
        # The announced length may be slightly wrong: good enough to refuse a file, but not to stop reading at.
        if promised is not None and promised > most and (wanted is None or wanted > most):
            minutes = promised / decoder.rate / 60.0
            raise AudioFileError(f"{path} is {minutes:.0f} minutes long, above 31: name a shorter stretch of it.")
        return first, most if wanted is None else min(wanted, most)


def _gather(decoder: Decoder, first: int, frames: int) -> Sound | None:
    """Return the sound of `frames` frames from `first` on, or None if there are none."""
    import numpy as np

    from musearoo.bridge.audio.decoding import gather_mono, gather_whole, replace_unusable
    from musearoo.engines.analysis.fast.activation.sound import Sound

    promised = frames if decoder.frames is None else min(frames, decoder.frames - first)
    # An announced length that is too long saves reading twice; without one, the first pass finds out.
    long = decoder.frames is not None and promised * decoder.channels > MOST_SAMPLES
    samples = None if long else gather_whole(decoder, first, frames, MOST_SAMPLES)
    factor, channels = 1, decoder.channels
    if samples is None:
        factor = _decimation(decoder.rate)
        mono, unusable = gather_mono(decoder, first, frames, factor)
        samples = mono[np.newaxis]
    elif samples.size:
        unusable = replace_unusable(samples)
    if not samples.size:
        return None
    # In place, because Sound.of would keep a long file in memory twice.
    samples -= samples.mean(axis=1, keepdims=True)
    return Sound(samples, decoder.rate // factor, unusable, is_folded=samples.shape[0] < channels)


def _decimation(rate: int) -> int:
    """Return the largest integer factor to an integer rate of at least 44.1 kHz, or if there is none, of LOW_RATE."""
    factors = [factor for factor in range(2, rate // LOW_RATE + 1) if rate % factor == 0]
    usual = [factor for factor in factors if rate // factor >= 44_100]
    return max(usual or factors, default=1)


@lru_cache(maxsize=4096)
def _hash_bytes(path: Path, state: FileState) -> str:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=20)).hexdigest()
    if FileState.of(path) != state:
        raise AudioFileError(f"{path} is still being written: try again when it is done.")
    return digest


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
