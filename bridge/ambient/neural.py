"""Endless music by a neural model: each phrase continues the sound of the one before, at a level that is held.

MusicGen by continuation runs away in level and wanders (audiocraft issue 36): so what it continues is brought to one
loudness first, and each phrase is told preset, mood, key and tempo anew. A phrase is made while the one before sounds;
a machine that is too slow for that leaves gaps, which are faded and counted.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from math import gcd
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

from musearoo.engines.ambient.composing import begin, next_phrase
from musearoo.engines.ambient.phrase import Phrase
from musearoo.engines.ambient.preset import AmbientPreset, find_preset
from musearoo.engines.ambient.steering import Steering, key_at
from musearoo.engines.audio.endless.ambience import FADE, Bookmark, Planned
from musearoo.engines.audio.endless.mastering import Leveller, Limiter
from musearoo.engines.audio.endless.synth import BLOCK, RATE
from musearoo.engines.audio.sound_model import Sound, SoundModel, SoundRequest
from musearoo.engines.foundation.chance import derive_seed
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.styles.schema import Style

Block = npt.NDArray[np.float32]

PHRASE: Final = 10.0
"""Seconds of a phrase."""
CONTINUED: Final = 6.0
"""Seconds that a phrase continues: more lets faults of a phrase live on, less loses the thread."""
AHEAD: Final = 2
"""Phrases that are made ahead."""
HELD: Final = 0.1
"""RMS that a phrase is brought to before it is continued: -20 dB of full scale."""
MOST_GAIN: Final = 4.0
CROSSING: Final = 1.5
"""Seconds in which a phrase of other wishes takes the place of what waits."""
EDGE: Final = 96
"""Samples of the model that a resampling filter needs at either side."""


class NeuralAmbience:
    """Endless music by a model, with the face of `Ambience`. A thread makes phrases; it ends with the fade.

    `fault` is why it cannot go on: what the model raised.
    """

    def __init__(
        self,
        seed: int,
        steering: Steering,
        presets: Mapping[str, AmbientPreset],
        style: Style,
        model: SoundModel,
        bookmark: Bookmark | None = None,
    ) -> None:
        self._seed, self._presets, self._style, self._model = seed, presets, style, model
        self._steering = steering
        self._state = begin(seed) if bookmark is None else bookmark.state
        self._leveller, self._limiter = Leveller(RATE, BLOCK), Limiter(BLOCK)
        self._lock = threading.Condition()
        self._ready: deque[Block] = deque()
        self._rest = np.zeros((2, 0), np.float32)
        self._tail = np.zeros((2, 2 * EDGE), np.float32)
        self._before: Sound | None = None
        self._number = 0
        self._ending: int | None = None
        self._is_stale = False
        self.position = 0 if bookmark is None else bookmark.position // BLOCK * BLOCK
        self._began = self.position
        self._now = self._plan()
        self.fault: Exception | None = None
        self._thread = threading.Thread(target=self._make, name="phrases", daemon=True)
        self._thread.start()

    @property
    def voices(self) -> int:
        """How many phrases wait."""
        return len(self._ready)

    @property
    def is_over(self) -> bool:
        """Whether it has faded out."""
        return self._ending is not None and self.position >= self._ending

    @property
    def is_ready(self) -> bool:
        """Whether the next block is there; raises what the model raised."""
        with self._lock:
            if self.fault is not None:
                raise self.fault
            return self._ending is not None or self._rest.shape[1] >= BLOCK or bool(self._ready)

    @property
    def upcoming(self) -> tuple[Planned, ...]:
        """The phrase that was asked for last: its key and chords are what the model was told, not what it plays."""
        return (self._now,)

    def bookmark(self, heard: int) -> Bookmark:
        """Return from where another process would go on: with another phrase."""
        return Bookmark(self._seed, self._steering, self._now.before, self._now.at, heard)

    def steer(self, steering: Steering) -> int:
        """Follow other wishes as soon as a phrase of them is made; returns the present sample."""
        find_preset(steering.preset, self._presets)
        with self._lock:
            self._is_stale = self._is_stale or steering != self._steering
            self._steering = steering
            self._lock.notify()
            return self.position

    def follow(self, context: MusicalContext | None) -> int:
        """Follow a set's key and tempo, or no more."""
        if context is None or context.key.value is None:
            return self.position
        return self.steer(replace(self._steering, key=context.key.value, bpm=context.bpm))

    def fade_out(self) -> int:
        """Fade out from the next block on; returns the sample at which it is over."""
        with self._lock:
            if self._ending is None:
                self._ending = self.position + round(FADE * RATE)
            self._lock.notify()
            return self._ending

    def render(self) -> Block:
        """Return the next block: float32 (2, BLOCK). Waits for the model; raises what it raised."""
        with self._lock:
            while self._rest.shape[1] < BLOCK:
                if self._ready:
                    self._rest = np.concatenate((self._rest, self._ready.popleft()), axis=1)
                    self._lock.notify()
                elif self.fault is not None:
                    raise self.fault
                elif self._ending is not None:
                    self._rest = np.concatenate((self._rest, np.zeros((2, BLOCK), np.float32)), axis=1)
                else:
                    self._lock.wait(0.2)
            block, self._rest = self._rest[:, :BLOCK], self._rest[:, BLOCK:]
        at, self.position = self.position, self.position + BLOCK
        block = self._limiter.render(self._leveller.render(block))
        ramp = np.minimum(1.0, (at - self._began + np.arange(BLOCK, dtype=np.float32)) / (FADE * RATE))
        if self._ending is not None:
            ramp = ramp * np.clip((self._ending - at - np.arange(BLOCK, dtype=np.float32)) / (FADE * RATE), 0.0, 1.0)
        return np.asarray(block * ramp, np.float32)

    def close(self) -> None:
        """Wait until the phrase that is being made has ended: a model must not be left in the middle of it."""
        self.fade_out()
        self._thread.join()

    # --- the thread that makes phrases ---

    def _make(self) -> None:
        try:
            while True:
                with self._lock:
                    while len(self._ready) >= AHEAD and not self._is_stale and self._ending is None:
                        self._lock.wait()
                    if self._ending is not None:
                        return
                    steering = self._steering
                made = self._make_phrase(steering)
                with self._lock:
                    # Steered meanwhile: it is not wanted any more.
                    if steering == self._steering:
                        self._add(made)
                        self._lock.notify()
        except Exception as error:
            # The player tells it; this thread has nobody to tell.
            with self._lock:
                self.fault = error
                self._lock.notify()

    def _make_phrase(self, steering: Steering) -> Block:
        """Return the next phrase at RATE, float32 (2, n)."""
        self._now = planned = self._plan()
        prompt = describe(planned.phrase, steering, find_preset(steering.preset, self._presets))
        request = SoundRequest(
            prompt, PHRASE, derive_seed(self._seed, "phrase", self._number) % 2**31, before=self._before
        )
        self._number += 1
        sound = np.concatenate(list(self._model.imagine(request, lambda *_: None)), axis=1).astype(np.float32)
        sound = np.repeat(sound, 2, axis=0) if sound.shape[0] == 1 else sound
        loudness = float(np.sqrt(np.mean(np.square(sound))))
        sound *= np.float32(min(MOST_GAIN, max(1.0 / MOST_GAIN, HELD / max(loudness, 1e-4))))
        kept = round(CONTINUED * self._model.rate)
        before = sound if self._before is None else np.concatenate((self._before.samples, sound), axis=1)
        self._before = Sound(before[:, -kept:].copy(), self._model.rate)
        return self._upsample(sound)

    def _add(self, made: Block) -> None:
        """Add a phrase after those that wait; after a change of wishes it takes their place, at once."""
        if not self._is_stale:
            self._ready.append(made)
            return
        self._is_stale = False
        waiting = np.concatenate((self._rest, *self._ready), axis=1)[:, : round(CROSSING * RATE)]
        length = min(waiting.shape[1], made.shape[1])
        turn = np.linspace(0.0, np.pi / 2.0, length, dtype=np.float32)
        made[:, :length] = np.sin(turn) * made[:, :length] + np.cos(turn) * waiting[:, :length]
        self._rest = made
        self._ready.clear()

    def _plan(self) -> Planned:
        """Return the next phrase as it would be composed: what the model is told of key and chords."""
        before = self._state
        preset = find_preset(self._steering.preset, self._presets)
        self._state, phrase = next_phrase(before, self._steering, preset, self._style)
        return Planned(phrase, self.position, before)

    def _upsample(self, sound: Block) -> Block:
        """Return a phrase at RATE, without a seam to the one before."""
        divisor = gcd(RATE, self._model.rate)
        up, down = RATE // divisor, self._model.rate // divisor
        joined = np.concatenate((self._tail, sound), axis=1)
        # A whole number of the filter's steps, so that no fraction of a sample is lost.
        joined = joined[:, : joined.shape[1] // down * down]
        made = np.asarray(resample_poly(joined, up, down, axis=1), np.float32)
        edge = EDGE * up // down
        self._tail = joined[:, -2 * EDGE :]
        return made[:, edge : made.shape[1] - edge]


def describe(phrase: Phrase, steering: Steering, preset: AmbientPreset) -> str:
    """Return what a model is told of a phrase."""
    key = key_at(steering, preset, 0.0)
    words = ["ambient", "endless", "no vocals"]
    words += [steering.mood] if steering.mood else []
    words += [preset.about.rstrip(".").lower()]
    words += ["free time" if preset.free and steering.bpm is None else f"{phrase.bpm:.0f} bpm", f"in {key}"]
    return ", ".join(words)
