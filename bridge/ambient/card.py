"""The sound card: blocks go in ahead of time, the callback only takes them out."""

from __future__ import annotations

import threading
import time
from collections import deque
from types import ModuleType
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from musearoo.bridge.speech.sound.microphones import MicrophoneError, load_sounddevice
from musearoo.engines.audio.endless.synth import RATE
from musearoo.engines.errors import EngineError

Block = npt.NDArray[np.float32]

FADED: Final = 480
"""Samples over which sound fades where none is left, and comes back: 10 ms."""
TRIED_EVERY: Final = 2.0
"""Seconds from one try to open a card to the next."""
STALLED_AFTER: Final = 3.0
"""Seconds without a callback after which a card counts as gone: suspended, or unplugged without a word."""


class CardLostError(EngineError):
    """The sound card has gone while it played."""


class Card:
    """Plays blocks on a card by a part of its name, "" for the system's own.

    The card's own clock is followed: as many blocks are rendered as it takes, so a drift needs no correction.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._blocks: deque[Block] = deque()
        self._lock = threading.Lock()
        self._offset = 0
        self._queued = 0
        self._gain_from = 0.0
        self._stream: Any = None
        self._tried = -TRIED_EVERY
        self._called = 0.0
        self._last = np.zeros(2, np.float32)
        self.played = 0
        """Samples that were heard so far."""
        self.underruns = 0
        self.sentence = ""
        """Why nothing is heard; "" while it plays."""

    @property
    def ahead(self) -> float:
        """Seconds of sound that wait."""
        return self._queued / RATE

    @property
    def latency(self) -> float:
        """Seconds from the callback to the ear, as the driver says."""
        return float(self._stream.latency) if self._stream is not None else 0.0

    def put(self, block: Block) -> None:
        """Queue a block: float32 (2, samples)."""
        with self._lock:
            self._blocks.append(block)
            self._queued += block.shape[1]

    def keep_open(self) -> str:
        """Open the card if it is not. Returns a sentence when something has changed, else "".

        Raises CardLostError once it has gone: its driver may never let go of it, so another process plays on.
        """
        now = time.monotonic()
        if self._stream is not None:
            if self._stream.active and now - self._called < STALLED_AFTER:
                return ""
            raise CardLostError("The sound card has gone: the music waits, and goes on as soon as it is back.")
        if now - self._tried < TRIED_EVERY:
            return ""
        self._tried = now
        try:
            self._open(load_sounddevice())
        except (EngineError, MicrophoneError) as error:
            changed = str(error) != self.sentence
            self.sentence = str(error)
            return self.sentence if changed else ""
        was, self.sentence = self.sentence, ""
        return "The sound card is back." if was else ""

    def close(self) -> None:
        """Close the card."""
        self._close()

    def _open(self, sounddevice: ModuleType) -> None:
        try:
            if self.sentence:
                # The only way to see what was plugged in since.
                sounddevice._terminate()
                sounddevice._initialize()
            device = self._find(sounddevice)
            self._called = time.monotonic()
            self._stream = sounddevice.OutputStream(
                samplerate=RATE, channels=2, dtype="float32", device=device, latency="high", callback=self._fill
            )
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            self._close()
            named = f"“{self._name}”" if self._name else "the system's sound card"
            raise EngineError(
                f"{named[0].upper()}{named[1:]} cannot be opened for sound at 48 kHz: {error}. Plug it in, or name "
                f"another one: there are {_name_cards(sounddevice)}."
            ) from error

    def _find(self, sounddevice: ModuleType) -> int | None:
        if not self._name:
            return None
        found = next((i for i, name in _list_cards(sounddevice) if self._name.casefold() in name.casefold()), None)
        if found is None:
            raise EngineError(f"No sound card is called “{self._name}”: there are {_name_cards(sounddevice)}.")
        return found

    def _close(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()

    def _fill(self, out: Block, count: int, *_: object) -> None:
        """The callback: copy what is there; where nothing is, fade to silence and count it."""
        self._called = time.monotonic()
        filled = 0
        with self._lock:
            while filled < count and self._blocks:
                block = self._blocks[0]
                take = min(count - filled, block.shape[1] - self._offset)
                out[filled : filled + take] = block[:, self._offset : self._offset + take].T
                filled += take
                self._offset += take
                self._queued -= take
                if self._offset == block.shape[1]:
                    self._blocks.popleft()
                    self._offset = 0
        if self._gain_from < 1.0 and filled:
            ramp = np.minimum(1.0, self._gain_from + np.arange(1, filled + 1, dtype=np.float32) / FADED)
            out[:filled] *= ramp[:, None]
            self._gain_from = float(ramp[-1])
        if filled:
            self._last = out[filled - 1].copy()
        if filled < count:
            rest = np.maximum(0.0, 1.0 - np.arange(1, count - filled + 1, dtype=np.float32) / FADED)
            out[filled:] = rest[:, None] * self._last
            self._last = np.zeros(2, np.float32)
            if self._gain_from > 0.0:
                self.underruns += self.played > 0
            self._gain_from = 0.0
        self.played += filled


def _list_cards(sounddevice: ModuleType) -> list[tuple[int, str]]:
    """Return the number and the name of each device that plays in stereo."""
    devices = enumerate(sounddevice.query_devices())
    return [(index, str(each["name"])) for index, each in devices if each["max_output_channels"] >= 2]


def _name_cards(sounddevice: ModuleType) -> str:
    return ", ".join(name for _, name in _list_cards(sounddevice)) or "none"
