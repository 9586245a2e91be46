"""Sound sources for Talk: a microphone, or a file played in its place."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Protocol

from musearoo.bridge.audio.files import AudioFileError, find_file
from musearoo.bridge.speech.sound.microphones import (
    Microphone,
    MicrophoneError,
    explain_refusal,
    explain_silence,
    find_microphone,
    load_sounddevice,
    refresh,
)

FILE_PREFIX: Final = "file:"
"""Prefix of the setting `microphone` that plays a file instead."""

LATENCY: Final = 0.05
"""Requested device latency in seconds: sound that is still buffered when Talk is released is lost, but a lower latency
costs power."""

FEW_CHANNELS: Final = 2
"""Channels requested from a device that has more: either of an interface's two inputs may have the microphone."""

SOUND_ENDINGS: Final = (".wav", ".flac")


class Source(Protocol):
    """An open source of sound, int16 of some rate and channels."""

    name: str
    rate: int
    channels: int
    dropped: int
    """The number of overflows: sound was lost because it was not read in time."""

    @property
    def is_running(self) -> bool:
        """False once the source is known to have ended."""
        ...

    def read(self) -> bytes:
        """Return all sound since the last call; empty for none."""
        ...

    def explain_silence(self) -> str:
        """Explain in one sentence a source that gives only zeros; empty if that is normal."""
        ...

    def close(self) -> None:
        """Close the source."""
        ...


class MicrophoneSource:
    """A microphone opened by PortAudio, at 16 kHz if possible, else at its own rate."""

    def __init__(self, microphone: Microphone, preferred_rate: int) -> None:
        sounddevice = load_sounddevice()
        self.name = microphone.name
        self.dropped = 0
        # PortAudio's thread appends and ours pops: a deque needs no lock for that.
        self._blocks: deque[bytes] = deque()
        few = min(FEW_CHANNELS, microphone.channels)
        forms = (
            (preferred_rate, few),
            (microphone.rate, few),
            (microphone.rate, 1),
            (microphone.rate, microphone.channels),
        )
        refused: Exception | None = None
        for self.rate, self.channels in dict.fromkeys(forms):
            try:
                self._stream = sounddevice.RawInputStream(
                    device=microphone.number,
                    samplerate=self.rate,
                    channels=self.channels,
                    dtype="int16",
                    latency=LATENCY,
                    callback=self._called,
                )
            except (sounddevice.PortAudioError, ValueError) as error:
                # Of several errors, report the last: that of the device's own format.
                refused = error
                continue
            try:
                self._stream.start()
            except sounddevice.PortAudioError as error:
                self._stream.close(ignore_errors=True)
                refused = error
                continue
            return
        raise MicrophoneError(explain_refusal(self.name, refused or MicrophoneError("no form of it is known")))

    def _called(self, block: Any, frames: int, when: Any, status: Any) -> None:  # noqa: ARG002
        """Store a block, and do nothing else, because the device waits. Runs in PortAudio's thread."""
        self._blocks.append(bytes(block))
        if status.input_overflow:
            self.dropped += 1

    @property
    def is_running(self) -> bool:
        return bool(self._stream.active)

    def read(self) -> bytes:
        blocks = [self._blocks.popleft() for _ in range(len(self._blocks))]
        return b"".join(blocks)

    def explain_silence(self) -> str:
        return explain_silence(self.name)

    def close(self) -> None:
        # Not `stop`, which waits for the device's buffered sound.
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)


class FileSource:
    """A file in place of a microphone: played from its beginning in real time, then silence.

    For tests and the demonstration, without a microphone or a speaker.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        import soundfile

        self.name = path.name
        self.dropped = 0
        self.is_running = True
        try:
            samples, rate = soundfile.read(find_file(path, None).path, dtype="int16", always_2d=True)
        except (AudioFileError, OSError, soundfile.LibsndfileError) as error:
            raise MicrophoneError(f"{path}, which is to be the microphone, cannot be read: {error}") from None
        self.rate = int(rate)
        self.channels = int(samples.shape[1])
        self._sound: bytes = samples.astype("<i2").tobytes()
        self._clock = clock
        self._started = clock()
        self._taken = 0

    def read(self) -> bytes:
        frames = int((self._clock() - self._started) * self.rate)
        first, self._taken = self._taken, max(self._taken, frames)
        width = 2 * self.channels
        part: bytes = self._sound[first * width : self._taken * width]
        return part + bytes((self._taken - first) * width - len(part))

    def explain_silence(self) -> str:
        return ""

    def close(self) -> None:
        self._sound = b""


class Sources:
    """Open the source of the setting `microphone`, which is looked up at each call."""

    def __init__(self, setting: str, preferred_rate: int) -> None:
        self._setting = setting
        self._rate = preferred_rate
        self._opened = 0

    def open(self) -> Source:
        """Open and return the source; raises MicrophoneError."""
        if self._setting.startswith(FILE_PREFIX):
            return FileSource(self._next_file(Path(self._setting.removeprefix(FILE_PREFIX)).expanduser()))
        try:
            return MicrophoneSource(find_microphone(self._setting), self._rate)
        except MicrophoneError:
            # It may have been plugged in or out since PortAudio's scan.
            refresh()
            return MicrophoneSource(find_microphone(self._setting), self._rate)

    def _next_file(self, path: Path) -> Path:
        """Return the file, or the folder's next file by name."""
        self._opened += 1
        if not path.is_dir():
            return path
        files = sorted(file for file in path.iterdir() if file.suffix.lower() in SOUND_ENDINGS)
        if not files:
            raise MicrophoneError(f"{path}, which is to be the microphone, has no WAV or FLAC file in it.")
        return files[(self._opened - 1) % len(files)]
