"""Transcribe a recorded sentence as if it were spoken live."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from musearoo.bridge.audio.files import AudioFileError, read_audio
from musearoo.bridge.speech.recognition.recogniser import Recogniser
from musearoo.bridge.speech.sound.endpoint import Endpoint, open_detector
from musearoo.bridge.speech.sound.format import BYTES_A_SAMPLE, RATE
from musearoo.bridge.speech.sound.resampler import Resampler

CHUNK: Final = RATE // 10 * BYTES_A_SAMPLE
"""Bytes per `feed`: 100 ms, as from a microphone."""

LONGEST: Final = 60.0
"""Longest file in seconds: a command takes five, and Talk itself ends after fifteen."""

LEVEL: Final = 0.4
"""Peak level, of full scale, to which softer recordings are normalised: the voice detector finds no voice below a
fiftieth of full scale."""

MOST_GAIN: Final = 10.0
"""Largest gain, 20 dB: a recording that needs more has no voice, and its noise would be taken for one."""


@dataclass(frozen=True, slots=True)
class SpokenFile:
    """The sound of a file in the recognisers' format, and whether there is a voice in it."""

    sound: bytes
    has_voice: bool


def read_spoken(path: Path) -> SpokenFile:
    """Read an audio file of any format as speech.

    Raises AudioFileError if it cannot be read or is too long to be a sentence, MicrophoneError if pocketsphinx, which
    provides the voice detector, is missing.
    """
    sound = read_audio(path, 0.0, LONGEST + 1.0)
    mono = sound.mono
    seconds = len(mono) / sound.rate
    if seconds > LONGEST:
        raise AudioFileError(
            f"{path} lasts more than {LONGEST:.0f} seconds: an order is one sentence. Cut it out of the file."
        )
    loudest = float(np.abs(mono).max(initial=0.0))
    gain = min(MOST_GAIN, max(1.0, LEVEL / loudest)) if loudest else 1.0
    whole = (np.clip(mono * gain, -1.0, 1.0) * 32767).astype("<i2").tobytes()
    samples = _resample(whole + bytes(BYTES_A_SAMPLE * (sound.rate // 10)), sound.rate)
    endpoint = Endpoint(open_detector())
    for start in range(0, len(samples), CHUNK):
        endpoint.push(samples[start : start + CHUNK])
        if endpoint.has_begun:
            return SpokenFile(samples, True)
    return SpokenFile(samples, False)


def _resample(whole: bytes, rate: int) -> bytes:
    resampler = Resampler(rate, 1)
    block = rate * BYTES_A_SAMPLE
    return b"".join(resampler.push(whole[start : start + block]) for start in range(0, len(whole), block))


def feed_whole(recogniser: Recogniser, sound: bytes) -> None:
    """Start an utterance and feed it all of a sound, piece by piece."""
    recogniser.begin()
    for start in range(0, len(sound), CHUNK):
        recogniser.feed(sound[start : start + CHUNK])
