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
"""Seconds: below this there is not one period of a bass note."""

LONGEST: Final = 31 * 60.0
"""Seconds: 30 minutes are promised; one more for what is a little longer."""

MOST_SAMPLES: Final = 60_000_000
"""Above 240 MB (10 minutes of stereo at 48 kHz) a file is read as mono at 44.1 kHz or so, to stay far below 1 GB."""

LOW_RATE: Final = 32_000
"""A long file is never taken below this rate, Hz: the highest band that is listened to ends at 16 kHz."""

JUST_WRITTEN: Final = 2.0
"""Seconds: a file that is wrong inside and was touched this lately is taken for one that is still being written."""


class AudioFileError(UserFacingError):
    """An audio file cannot be used: the message says which, why, and what to do."""


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """Facts of an audio file. `note` says what is wrong with a file that is usable all the same."""

    duration: float
    """Seconds, 0 where the file does not say."""
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

    All channels (at most eight) at the file's rate; what is longer than MOST_SAMPLES comes as mono at a lower rate, so
    for its stereo picture read a stretch of it. Of a body that breaks off comes what is there, with a warning in the
    log. `allowed` are the folders that the file must really lie in, links followed. Raises AudioFileError, and
    ParamError for a start or end that is none.
    """
    require_stretch(start, end)
    found = find_file(path, allowed)
    with OpenFile(found) as file:
        return file.read(start, end)


def require_stretch(start: float, end: float | None) -> None:
    """Raise ParamError unless these seconds can be a stretch of a file."""
    if not 0.0 <= start < float("inf"):
        raise ParamError("start", "0 seconds or more", start)
    if end is not None and not end > start:
        raise ParamError("end", f"after the start, {start:g} seconds", end)


def hash_audio(path: str | Path, allowed: Sequence[Path] | None = None) -> str:
    """A hash of the file's bytes, 40 hexadecimal digits; a file that has not changed is read once."""
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
        # Linux takes any bytes for a name, but neither Live, nor libsndfile, nor any JSON does.
        raise AudioFileError(f"{path} has a name that is no UTF-8 text: rename it.") from None
    except (OSError, ValueError, RuntimeError) as error:
        # ValueError for a null byte in the name, RuntimeError for links that run in a circle.
        raise AudioFileError(f"{path} cannot be opened ({_reason(error)}): look at the path and its rights.") from error
    if stat.S_ISDIR(facts.st_mode):
        raise AudioFileError(f"{path} is a folder: name an audio file in it.")
    if not stat.S_ISREG(facts.st_mode):
        # Opening a pipe would wait for somebody to write into it.
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
        """The sound of a stretch, in seconds."""
        from musearoo.bridge.audio.decoding import UndecodableError

        path, decoder = self._found.path, self.decoder
        first, frames = self._place(start, end)
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

    def _place(self, start: float, end: float | None) -> tuple[int, int]:
        """The first frame and how many; they are not more than LONGEST."""
        path, decoder = self._found.path, self.decoder
        first, most = round(start * decoder.rate), round(LONGEST * decoder.rate)
        wanted = None if end is None else round(end * decoder.rate) - first
        promised = None if decoder.frames is None else decoder.frames - first
        if promised is not None and promised <= 0 < first:
            seconds = (promised + first) / decoder.rate
            raise AudioFileError(f"{path} ends after {seconds:.2f} s, before {start:.2f} s: choose an earlier start.")
        # What a file promises can be a little wrong: it is good enough to refuse by, not to stop at.
        if promised is not None and promised > most and (wanted is None or wanted > most):
            minutes = promised / decoder.rate / 60.0
            raise AudioFileError(f"{path} is {minutes:.0f} minutes long, above 31: name a shorter stretch of it.")
        return first, most if wanted is None else min(wanted, most)


def _gather(decoder: Decoder, first: int, frames: int) -> Sound | None:
    """The sound of `frames` frames from `first` on, or None if there are none."""
    import numpy as np

    from musearoo.bridge.audio.decoding import gather_mono, gather_whole, replace_unusable
    from musearoo.engines.analysis.fast.activation.sound import Sound

    promised = frames if decoder.frames is None else min(frames, decoder.frames - first)
    # A promise of too much spares reading twice; without one, the first reading finds out.
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
    # In place: Sound.of would hold a long file twice.
    samples -= samples.mean(axis=1, keepdims=True)
    return Sound(samples, decoder.rate // factor, unusable, is_folded=samples.shape[0] < channels)


def _decimation(rate: int) -> int:
    """The largest whole factor that leaves a whole rate of at least 44.1 kHz, or if there is none, of LOW_RATE."""
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
