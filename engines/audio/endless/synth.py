"""The synthesiser of endless music: phrases in, blocks of stereo sound out."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.ambient.phrase import LAYERS, USUAL_LEVEL, AmbientLayer, Controls, Phrase
from musearoo.engines.ambient.sounds import Sounds
from musearoo.engines.audio.endless.effects import Chorus, Echo, Filter, Room
from musearoo.engines.audio.endless.grains import Cloud, Clouds, make_source
from musearoo.engines.audio.endless.mastering import DELAY, Leveller, Limiter
from musearoo.engines.audio.endless.oscillators import Oscillators
from musearoo.engines.audio.endless.plugs import PlugNotes, Plugs
from musearoo.engines.audio.endless.strokes import Strokes, make_drums
from musearoo.engines.foundation.chance import derive_seed

Block = npt.NDArray[np.float32]

RATE: Final = 48_000
"""Hz: that of Opus, Link Audio and most cards."""
BLOCK: Final = 2048
"""Samples of a block: 43 ms."""
GLIDE: Final = 0.25
"""Seconds in which a control reaches two thirds of the way to where it was moved."""
CORNERS: Final = (1500.0, 18_000.0)
"""Hz of the low-pass over everything at brightness 0 and 1."""
LOWEST: Final = 28.0
"""Hz below which nothing is kept."""
TRIM: Final = np.float32(10.0 ** (-9.0 / 20.0))
"""Brings a usual preset near the level that it is held at, so that little has to be found at the start."""
LOUDEST: Final = 1.0 / USUAL_LEVEL

_Pending = tuple[int, int, AmbientLayer, int, float, int]
"""A note to come: first sample, a number that keeps the order, layer, pitch, velocity, and the sample of its end."""


class EndlessSynth:
    """Renders what is scheduled; deterministic in its seed, sounds and what is scheduled where.

    `source` is what grains are taken from, float32 (samples) at RATE and around A4: a clip or a stem of the user's.
    `plugs` are the user's own effects, before the level is found, and instruments.
    """

    def __init__(
        self,
        sounds: Sounds,
        seed: int,
        *,
        rate: int = RATE,
        block: int = BLOCK,
        source: Block | None = None,
        plugs: Plugs | None = None,
    ) -> None:
        self.rate, self.block = rate, block
        self._seed = seed
        self._oscillators = Oscillators(rate, block)
        self._strokes = Strokes(block, make_drums(rate, seed))
        self._clouds = Clouds(rate, block, make_source(rate, seed) if source is None else source)
        self._chorus, self._echo = Chorus(rate, block), Echo(rate, block)
        self._filters = Filter(rate), Filter(rate, is_high=True)
        self._leveller, self._limiter = Leveller(rate, block), Limiter(block)
        self._noise = _make_noise(rate, seed)
        self._noise_filter = Filter(rate)
        self._plugs, self._plug_notes = plugs, PlugNotes()
        self._pending: list[_Pending] = []
        self._number = 0
        self._bpm = 60.0
        self._now: Controls | None = None
        self._room: Room | None = None
        self._left_room: Room | None = None
        self.position = 0
        """The sample that is rendered next; the limiter's delay is not counted."""
        self.use(sounds)

    def use(self, sounds: Sounds) -> None:
        """Play in other sounds from the next note on; what rings in the room rings on."""
        self.sounds = sounds
        if self._room is None or self._room.seconds != sounds.room:
            self._left_room, self._room = self._room, Room(self.rate, self.block, sounds.room, self._seed)

    @property
    def voices(self) -> int:
        """How many oscillators, strokes and clouds sound."""
        return len(self._oscillators) + len(self._strokes) + len(self._clouds)

    @property
    def delay(self) -> int:
        """Samples by which sound comes after its position."""
        return DELAY

    def add(self, phrase: Phrase, at: int) -> None:
        """Schedule a phrase whose first beat lies on a sample."""
        self._bpm = phrase.bpm
        beat = 60.0 * self.rate / phrase.bpm
        for each in phrase.layers:
            for note in each.notes:
                start = at + round(note.start * beat)
                end = at + round((note.start + note.duration) * beat)
                insort(self._pending, (start, self._number, each.layer, note.pitch, note.velocity, end))
                self._number += 1

    def cut(self, at: int) -> None:
        """Forget notes that begin at a sample or later; those that sound go on to their own end."""
        self._pending = [note for note in self._pending if note[0] < at]
        self._oscillators.cut(at)
        self._strokes.cut(at)
        self._clouds.cut(at)

    def render(self, controls: Controls) -> Block:
        """Return the next block, float32 (2, block); `controls` are approached from those before."""
        at, self.position = self.position, self.position + self.block
        self._begin_notes(at + self.block)
        before = controls if self._now is None else self._now
        now = self._now = _approach(before, controls, 1.0 - float(np.exp(-self.block / self.rate / GLIDE)))
        layers = self._oscillators.render(at, (before.brightness, now.brightness))
        for layer, extra in (("percussion", self._strokes.render(at)), ("grains", self._clouds.render(at, now.motion))):
            place = 2 * LAYERS.index(layer)
            layers[place : place + 2] += extra
        self._play_plugs(layers, at)
        layers *= self._levels(before, now)
        dry = self._mix(layers, lambda _: 1.0)
        wet = self._chorus.render(self._mix(layers, lambda s: s.chorus), at, now.motion, self.sounds.wow)
        dry += wet
        if self.sounds.noise:
            dry += self._bed(at, now)
        seconds = self.sounds.echo * 60.0 / self._bpm
        echo = self._echo.render(self._mix(layers, lambda s: s.echo), seconds, self.sounds.feedback)
        room = self._reverberate(self._mix(layers, lambda s: s.room) + np.float32(0.35) * (echo + wet))
        space = np.linspace(before.space, now.space, self.block, dtype=np.float32)
        sound = (
            dry * (np.float32(1.0) - np.float32(0.45) * space)
            + echo * np.float32(0.8)
            + room * (np.float32(2.6) * space)
        )
        sound *= TRIM
        low, high = CORNERS
        sound = self._filters[0].render(sound, low * (high / low) ** now.brightness)
        sound = self._filters[1].render(sound, LOWEST)
        if self._plugs is not None and self._plugs.has_effects:
            sound = self._plugs.process(sound)
        return self._limiter.render(self._leveller.render(sound))

    def _reverberate(self, sound: Block) -> Block:
        room = self._room.render(sound) if self._room is not None else sound
        if self._left_room is not None:
            room = room + self._left_room.render(np.zeros_like(sound))
            if self._left_room.is_silent:
                self._left_room = None
        return room

    def _begin_notes(self, until: int) -> None:
        count = 0
        for start, number, layer, pitch, velocity, end in self._pending:
            if start >= until:
                break
            count += 1
            sound = self.sounds.of(layer)
            draw = derive_seed(self._seed, "phase", number) / 2.0**64
            gain = 10.0 ** (sound.level / 20.0)
            if self._plugs is not None and layer in self._plugs.layers:
                self._plug_notes.add(layer, pitch, velocity, start, end)
            elif layer == "percussion":
                self._strokes.add(pitch, velocity, start, gain, 0.5 + sound.wide * (draw - 0.5))
            elif layer == "grains":
                loud = gain * (velocity / 127.0) ** 1.4
                seed = derive_seed(self._seed, "cloud", number)
                self._clouds.add(Cloud(pitch, loud, start, end, sound.attack, sound.release, sound.wide, seed))
            else:
                self._oscillators.add(layer, sound, pitch, velocity, start, end, draw)
        del self._pending[:count]

    def _play_plugs(self, layers: Block, at: int) -> None:
        """Add what the user's own instruments play to their layers."""
        if self._plugs is None:
            return
        events = self._plug_notes.take(at, at + self.block)
        for layer in self._plugs.layers:
            place = 2 * LAYERS.index(layer)
            messages = [(sample, data) for sample, of, data in events if of == layer]
            layers[place : place + 2] += self._plugs.play(layer, messages)

    def _levels(self, before: Controls, now: Controls) -> Block:
        """Return each layer's level at each sample: (2 * layers, block)."""
        ramp = np.linspace(0.0, 1.0, self.block, dtype=np.float32)
        one, other = (np.repeat(np.array(each.levels, np.float32) * LOUDEST, 2)[:, None] for each in (before, now))
        return np.asarray(one + (other - one) * ramp) if not np.array_equal(one, other) else other

    def _mix(self, layers: Block, share: Callable[..., float]) -> Block:
        gains = np.array([share(self.sounds.of(layer)) for layer in LAYERS], np.float32)
        return np.stack((gains @ layers[0::2], gains @ layers[1::2]))

    def _bed(self, at: int, now: Controls) -> Block:
        first = at % (self._noise.shape[1] - self.block)
        sound = self._noise[:, first : first + self.block]
        corner = 400.0 * 16.0 ** (0.5 * self.sounds.noise_colour + 0.5 * now.brightness)
        slow = 0.75 + 0.25 * float(np.sin(2.0 * np.pi * at / self.rate / 23.0))
        return self._noise_filter.render(sound, corner) * np.float32(0.35 * slow * self.sounds.noise)


def _approach(before: Controls, wished: Controls, share: float) -> Controls:
    def go(one: float, other: float) -> float:
        return other if abs(other - one) < 1e-4 else one + share * (other - one)

    return Controls(
        brightness=go(before.brightness, wished.brightness),
        motion=go(before.motion, wished.motion),
        space=go(before.space, wished.space),
        levels=tuple(go(one, other) for one, other in zip(before.levels, wished.levels, strict=True)),
    )


def _make_noise(rate: int, seed: int) -> Block:
    """Return twenty seconds of noise that begin as they end: float32 (2, samples)."""
    chance = np.random.Generator(np.random.PCG64(derive_seed(seed, "noise bed")))
    return np.asarray(0.2 * chance.standard_normal((2, 20 * rate)), np.float32)
