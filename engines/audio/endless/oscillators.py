"""All tones that sound, rendered together: a row of an array each, without any state but when they began.

What a tone is at a sample follows from the sample alone, so no error grows however long it plays.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.ambient.phrase import LAYERS, AmbientLayer
from musearoo.engines.ambient.sounds import Sound
from musearoo.engines.audio.endless.tables import BITS, SIZE, Tables

MOST_TONES: Final = 160
"""Oscillators at once; of more, those that have faded most end first."""
KNOT: Final = 32
"""Samples between the points of an envelope; between them it goes straight."""
SILENT: Final = 7.0
"""Time constants of a release after which a tone counts as over: -61 dB."""
FREE: Final = 2.0**32
STRUCK: Final = ((2.756, 0.35, 0.5), (5.404, 0.16, 0.28), (8.933, 0.07, 0.16))
"""Partials of a struck free bar: frequency, loudness and ring, relative to the lowest (L. Euler's ratios)."""
STRETCH: Final = 24.0
"""Semitones by which a pitch is lower when it rings twice as long."""

Block = npt.NDArray[np.float32]


@dataclass(slots=True)
class Oscillators:
    """The tones that sound now. `rate` in Hz, `block` in samples."""

    rate: int
    block: int
    tables: Tables = field(init=False)
    _rows: npt.NDArray[np.float64] = field(init=False)
    _count: int = 0

    # Columns of _rows.
    LAYER, STEP, PHASE, DARK, BRIGHT, BEGAN, ENDS, ATTACK, DECAY, RELEASE, LEFT, RIGHT, SHINE = range(13)

    def __post_init__(self) -> None:
        self.tables = Tables(self.rate)
        self._rows = np.zeros((MOST_TONES, 13))

    def __len__(self) -> int:
        return self._count

    def add(
        self, layer: AmbientLayer, sound: Sound, pitch: int, velocity: float, start: int, end: int, draw: float
    ) -> None:
        """Add a tone from sample `start`, let go at `end`. `draw`, 0..1: where its oscillators begin."""
        loud = (velocity / 127.0) ** 1.5 * 10.0 ** (sound.level / 20.0)
        stretch = 2.0 ** ((60 - pitch) / STRETCH)
        pan = 0.5 + 0.5 * sound.wide * (2.0 * ((pitch * 0.618) % 1.0) - 1.0)
        if sound.strike:
            self._partial(layer, sound, pitch, 0.0, loud, pan, start, end, stretch, velocity, draw)
            for ratio, gain, ring in STRUCK:
                above = 12.0 * np.log2(ratio)
                if pitch + above < 128.0:
                    self._partial(
                        layer,
                        sound,
                        pitch,
                        above,
                        loud * gain * 2.0 * sound.strike,
                        pan,
                        start,
                        end,
                        stretch * ring,
                        velocity,
                        draw,
                    )
            return
        # Two of one loudness would beat down to silence.
        for side, share in ((-0.5, 0.86), (0.5, 0.5)):
            self._partial(
                layer,
                sound,
                pitch,
                side * sound.detune / 100.0,
                loud * share,
                pan + 0.6 * side * sound.wide,
                start,
                end,
                stretch,
                velocity,
                draw + side,
            )
        if sound.octave:
            self._partial(
                layer, sound, pitch, 12.0, loud * sound.octave * 0.6, pan, start, end, stretch, velocity, draw
            )

    def _partial(
        self,
        layer: AmbientLayer,
        sound: Sound,
        pitch: int,
        above: float,
        loud: float,
        pan: float,
        start: int,
        end: int,
        stretch: float,
        velocity: float,
        draw: float,
    ) -> None:
        if self._count == MOST_TONES:
            self._steal(start)
        wave = "sine" if sound.strike else sound.wave
        hertz = 440.0 * 2.0 ** ((pitch + above - 69) / 12.0)
        step = round(hertz / self.rate * FREE)
        pan = min(1.0, max(0.0, pan))
        self._rows[self._count] = (
            LAYERS.index(layer),
            step,
            round((draw % 1.0) * FREE) if sound.attack > 0.02 else 0,
            self.tables.row(wave, False, pitch + above),
            self.tables.row(wave, True, pitch + above),
            start,
            end,
            max(0.002, sound.attack) * self.rate,
            sound.decay * stretch * self.rate,
            max(0.02, sound.release) * self.rate / 3.0,
            loud * np.cos(0.5 * np.pi * pan),
            loud * np.sin(0.5 * np.pi * pan),
            0.12 + 0.35 * (velocity / 127.0),
        )
        self._count += 1

    def cut(self, at: int) -> None:
        """Forget what begins at a sample or later."""
        self._keep(self._rows[: self._count, self.BEGAN] < at)

    def render(self, at: int, brightness: tuple[float, float]) -> Block:
        """Return the layers' sound from a sample on: (2 * layers, block), left and right of each in turn.

        `brightness` at the block's first sample and after its last, 0..1.
        """
        mixed = np.zeros((2 * len(LAYERS), self.block), np.float32)
        rows = self._rows[: self._count]
        rows = rows[rows[:, self.BEGAN] < at + self.block]
        if len(rows):
            knots = np.arange(0, self.block + 1, KNOT)
            envelope = self._envelope(rows, at + knots)
            ramp = np.arange(self.block, dtype=np.uint32)
            step = rows[:, self.STEP].astype(np.uint64)
            gone = (at - rows[:, self.BEGAN].astype(np.int64)).astype(np.uint64)
            phase = (rows[:, self.PHASE].astype(np.uint64) + gone * step).astype(np.uint32)
            place = phase[:, None] + step.astype(np.uint32)[:, None] * ramp
            place >>= np.uint32(32 - BITS)
            flat = self.tables.flat
            dark = flat[place + (rows[:, self.DARK].astype(np.uint32) * SIZE)[:, None]]
            bright = flat[place + (rows[:, self.BRIGHT].astype(np.uint32) * SIZE)[:, None]]
            shine = np.linspace(brightness[0], brightness[1], self.block, dtype=np.float32)
            bright -= dark
            bright *= np.minimum(
                np.float32(1.0), shine[None, :] * np.float32(0.9) + rows[:, self.SHINE].astype(np.float32)[:, None]
            )
            dark += bright
            dark *= _between(envelope.astype(np.float32), self.block)
            gains = np.zeros((2 * len(LAYERS), len(rows)), np.float32)
            layers, each = rows[:, self.LAYER].astype(int), np.arange(len(rows))
            gains[2 * layers, each] = rows[:, self.LEFT]
            gains[2 * layers + 1, each] = rows[:, self.RIGHT]
            mixed = gains @ dark
        after = at + self.block
        self._keep(self._rows[: self._count, self.ENDS] + SILENT * self._rows[: self._count, self.RELEASE] > after)
        return mixed

    def _envelope(self, rows: npt.NDArray[np.float64], at: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        gone = at[None, :] - rows[:, self.BEGAN, None]
        rise = np.clip(gone / rows[:, self.ATTACK, None], 0.0, 1.0)
        rise *= rise * (3.0 - 2.0 * rise)
        decay = rows[:, self.DECAY, None]
        fall = np.where(decay > 0.0, np.exp(-np.maximum(gone, 0.0) / np.maximum(decay, 1.0)), 1.0)
        over = np.maximum(0.0, at[None, :] - rows[:, self.ENDS, None])
        return np.asarray(rise * fall * np.exp(-over / rows[:, self.RELEASE, None]))

    def _steal(self, at: int) -> None:
        rows = self._rows[: self._count]
        loud = self._envelope(rows, np.array([at], np.int64))[:, 0] * (rows[:, self.LEFT] + rows[:, self.RIGHT])
        # What has not begun yet is as silent as what has ended, but is still wanted.
        loud[rows[:, self.BEGAN] >= at] = np.inf
        keep = np.ones(self._count, bool)
        keep[int(np.argmin(loud))] = False
        self._keep(keep)

    def _keep(self, which: npt.NDArray[np.bool_]) -> None:
        kept = self._rows[: self._count][which]
        self._rows[: len(kept)] = kept
        self._count = len(kept)


def _between(knots: Block, block: int) -> Block:
    """Return rows of points every KNOT samples as rows of `block` samples, straight between the points."""
    ramp = (np.arange(KNOT, dtype=np.float32) / KNOT)[None, None, :]
    first, following = knots[:, :-1, None], knots[:, 1:, None]
    between = np.asarray(first + (following - first) * ramp, np.float32)
    return between.reshape(len(knots), -1)[:, :block]
