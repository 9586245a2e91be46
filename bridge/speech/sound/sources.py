"""Sound sources for Talk: a microphone, or a file that is played in its place."""

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
"""What the setting `microphone` begins with where a file is to be played."""

LATENCY: Final = 0.05
"""Seconds that a device may hold sound back: what it still has when Talk is let go is lost, and less costs power."""

FEW_CHANNELS: Final = 2
"""What is asked for of a device that has more: of an interface's two inputs either may have the microphone."""

SOUND_ENDINGS: Final = (".wav", ".flac")


class Source(Protocol):
    """An open source of sound, int16 of some rate and channels."""

    name: str
    rate: int
    channels: int
    dropped: int
    """How often it lost sound, because nobody took it in time."""

    @property
    def is_running(self) -> bool:
        """False once it is known to give no more."""
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
        # PortAudio's thread appends, ours takes: a deque needs no lock for that.
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
                # Of several reasons the last is that of the form which it should know best.
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
        """Store a block, and do nothing else, for the device waits. Runs in PortAudio's thread."""
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
        # Not `stop`, which waits until all that the device holds back has come.
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)


class FileSource:
    """A file in place of a microphone: played from its beginning in real time, then silence.

    For tests and the demonstration, where there is no microphone or nobody to speak.
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
    """Opens what the setting `microphone` means, again at each call."""

    def __init__(self, wanted: str, preferred_rate: int) -> None:
        self._wanted = wanted
        self._rate = preferred_rate
        self._opened = 0

    def open(self) -> Source:
        """A source that gives sound from now on; raises MicrophoneError."""
        if self._wanted.startswith(FILE_PREFIX):
            return FileSource(self._next_file(Path(self._wanted.removeprefix(FILE_PREFIX)).expanduser()))
        try:
            return MicrophoneSource(find_microphone(self._wanted), self._rate)
        except MicrophoneError:
            # It may have been plugged in, or out, since PortAudio looked.
            refresh()
            return MicrophoneSource(find_microphone(self._wanted), self._rate)

    def _next_file(self, path: Path) -> Path:
        """The file, or the next one of a folder, by name."""
        self._opened += 1
        if not path.is_dir():
            return path
        files = sorted(file for file in path.iterdir() if file.suffix.lower() in SOUND_ENDINGS)
        if not files:
            raise MicrophoneError(f"{path}, which is to be the microphone, has no WAV or FLAC file in it.")
        return files[(self._opened - 1) % len(files)]
