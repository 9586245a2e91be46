"""Endpointing: detect the end of an utterance in the sound itself, while Talk is held.

WebRTC's voice activity detector (part of pocketsphinx) classifies frames of 30 ms, but takes music for a voice. So a
frame counts only if it is also nearly as loud as the speech so far: the user is nearer to the microphone than the
loudspeakers are. Without that, no sentence with music 20 dB below it was ever found to end; with it, all were.
"""

from __future__ import annotations

import math
from array import array
from collections import deque
from enum import StrEnum
from heapq import heappushpop
from typing import Final, Protocol

from musearoo.bridge.speech.sound.format import RATE
from musearoo.bridge.speech.sound.microphones import HOW_TO_INSTALL, MicrophoneError

FRAME: Final = 480
"""Samples per frame: 30 ms, the longest that the detector takes."""

FRAME_SECONDS: Final = FRAME / RATE

SILENCE: Final = 0.9
"""Seconds without speech after which a sentence has ended: pauses within one are shorter by far."""

STRAY_FRAMES: Final = 3
"""Frames of that silence that may be classified as speech: a breath, a chair."""

NOTHING_AFTER: Final = 5.0
"""Seconds without speech after which the utterance ends as empty."""

TOO_LONG: Final = 15.0
"""Most seconds of a sentence; no command needs ten."""

BEGIN_FRAMES, BEGIN_WITHIN = 5, 10
"""Speech begins with BEGIN_FRAMES speech frames among BEGIN_WITHIN: 150 ms; a click is shorter, "yes" longer."""

BELOW_VOICE_DB: Final = 12.0
"""A frame that is farther than this below the loud frames of the speech so far is not speech. Measured on 180 sentences
of five synthetic voices: none is cut short; with music 20 dB below the voice each end is detected, at 10 dB three of
four. A bound of 10 dB would find those too, but cut speakers who trail off."""

LOUD_FRAMES: Final = 5
"""The speech level is that of its fifth loudest frame: a mouse click is louder, and shorter."""

STRICTNESS: Final = 2
"""The detector's aggressiveness, 0 to 3."""


class EndedBy(StrEnum):
    """What ended an utterance."""

    LET_GO = "let go"
    SILENCE = "silence"
    TOO_LONG = "too long"
    NOTHING = "nothing"
    """Nobody spoke."""


class SpeechDetector(Protocol):
    """A voice activity detector, such as `pocketsphinx.Vad`."""

    def is_speech(self, frame: bytes) -> bool:
        """Whether FRAME samples, int16, sound like speech."""
        ...


def open_detector() -> SpeechDetector:
    """Return pocketsphinx's detector in its initial state; raises MicrophoneError if pocketsphinx is missing."""
    try:
        from pocketsphinx import Vad
    except ImportError:
        raise MicrophoneError(f"pocketsphinx is not installed, which hears speech. {HOW_TO_INSTALL}") from None
    detector: SpeechDetector = Vad(STRICTNESS, RATE, FRAME_SECONDS)
    return detector


class Endpoint:
    """Detect the beginning and the end of one utterance."""

    def __init__(self, detector: SpeechDetector) -> None:
        self._detector = detector
        self._rest = b""
        self._frames = 0
        self._begun = False
        self._recent: deque[bool] = deque(maxlen=round(SILENCE / FRAME_SECONDS))
        self._loudest = [-math.inf] * LOUD_FRAMES

    @property
    def has_begun(self) -> bool:
        """Whether speech has begun."""
        return self._begun

    def push(self, samples: bytes) -> EndedBy | None:
        """Feed more sound (int16 at RATE, any length); returns why the utterance has ended, or None."""
        samples = self._rest + samples
        for start in range(0, len(samples) - 2 * FRAME + 1, 2 * FRAME):
            ended = self._look(samples[start : start + 2 * FRAME])
            if ended is not None:
                return ended
        self._rest = samples[len(samples) - len(samples) % (2 * FRAME) :]
        return None

    def _look(self, frame: bytes) -> EndedBy | None:
        self._frames += 1
        is_speech = self._detector.is_speech(frame)
        if is_speech:
            level = _loudness(frame)
            heappushpop(self._loudest, level)
            is_speech = level > self._loudest[0] - BELOW_VOICE_DB
        self._recent.append(is_speech)
        if not self._begun:
            self._begun = sum(list(self._recent)[-BEGIN_WITHIN:]) >= BEGIN_FRAMES
        seconds = self._frames * FRAME_SECONDS
        if self._begun and len(self._recent) == self._recent.maxlen and sum(self._recent) <= STRAY_FRAMES:
            return EndedBy.SILENCE
        if not self._begun and seconds >= NOTHING_AFTER:
            return EndedBy.NOTHING
        return EndedBy.TOO_LONG if seconds >= TOO_LONG else None


def _loudness(frame: bytes) -> float:
    """Return the level of int16 samples in dB of full scale."""
    samples = array("h", frame)
    power = sum(sample * sample for sample in samples) / len(samples)
    return 10.0 * math.log10(max(power, 1.0) / 32_768.0**2)
