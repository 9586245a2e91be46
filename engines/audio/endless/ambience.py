"""Endless music as sound: phrases are composed ahead, synthesised block by block, and steered in between.

The same seed, and the same steering from the same samples on, give the same samples.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.ambient.composing import StreamState, begin, cut, next_phrase
from musearoo.engines.ambient.phrase import Controls, Phrase
from musearoo.engines.ambient.preset import AmbientPreset, find_preset
from musearoo.engines.ambient.steering import Steering, controls_at
from musearoo.engines.audio.endless.plugs import Plugs
from musearoo.engines.audio.endless.synth import BLOCK, RATE, EndlessSynth
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.styles.schema import Style

Block = npt.NDArray[np.float32]

AHEAD: Final = 2
"""Phrases that are composed beyond the one that sounds."""
KEPT: Final = 2 * RATE
"""Samples for which a phrase is kept after its end: sound waits so long before it is heard."""
LONGEST_STEP: Final = 0.4
"""Seconds for which a change of the notes waits at most; a longer beat is halved."""
FADE: Final = 1.5
"""Seconds of the fade at the beginning and at the end."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A phrase, the sample on which it begins, and the state of the stream before it."""

    phrase: Phrase
    at: int
    before: StreamState

    @property
    def ends(self) -> int:
        """The sample after its last."""
        return self.at + round(self.phrase.seconds * RATE)


@dataclass(frozen=True, slots=True)
class Bookmark:
    """From where endless music goes on after its process was killed: plain data, to be pickled."""

    seed: int
    steering: Steering
    state: StreamState
    at: int
    """The sample on which the phrase of `state` begins."""
    position: int
    """The sample from which it goes on."""


class Ambience:
    """Endless music from its seed and steering; `style` lends its meter and feel.

    `context` is the set that is followed, if any; `source` what grains are taken from, float32 (samples) at RATE;
    `plugs` the user's own effects and instruments.
    Raises ParamError for a preset that there is not.
    """

    def __init__(
        self,
        seed: int,
        steering: Steering,
        presets: Mapping[str, AmbientPreset],
        style: Style,
        *,
        context: MusicalContext | None = None,
        source: Block | None = None,
        plugs: Plugs | None = None,
        bookmark: Bookmark | None = None,
    ) -> None:
        self._seed, self._presets, self._style = seed, presets, style
        self._steering, self._context = steering, context
        preset = find_preset(steering.preset, presets)
        self._synth = EndlessSynth(preset.sounds, seed, source=source, plugs=plugs)
        self._state = begin(seed) if bookmark is None else bookmark.state
        self._planned: list[Planned] = []
        self._next_at = 0 if bookmark is None else bookmark.at
        self._synth.position = 0 if bookmark is None else bookmark.position // BLOCK * BLOCK
        self._began = self._synth.position
        self._ending: int | None = None
        self._plan()

    @property
    def position(self) -> int:
        """The first sample of the next block."""
        return self._synth.position

    @property
    def voices(self) -> int:
        """How many tones sound."""
        return self._synth.voices

    @property
    def steering(self) -> Steering:
        """What it is steered by."""
        return self._steering

    @property
    def is_over(self) -> bool:
        """Whether it has faded out."""
        return self._ending is not None and self.position >= self._ending

    @property
    def is_ready(self) -> bool:
        """Always: blocks are made when they are asked for."""
        return True

    @property
    def upcoming(self) -> tuple[Planned, ...]:
        """The phrase that sounds, and those that are composed beyond it."""
        return tuple(each for each in self._planned if each.ends > self.position)

    def bookmark(self, heard: int) -> Bookmark:
        """Return from where another process would go on, after a sample that was heard."""
        now = next((each for each in self._planned if each.ends > heard), self._planned[0])
        return Bookmark(self._seed, self._steering, now.before, now.at, max(now.at, heard))

    def render(self) -> Block:
        """Return the next block: float32 (2, BLOCK). Silence once it is over."""
        at = self.position
        self._plan()
        now = next((each for each in reversed(self._planned) if each.at <= at), self._planned[0])
        self._use_sounds(now.phrase.preset)
        block = self._synth.render(self._controls(now, at))
        if at < self._began + FADE * RATE:
            block = block * self._ramp(at - self._began)
        if self._ending is not None:
            block = block * self._ramp(self._ending - at, falls=True)
        return block

    def steer(self, steering: Steering) -> int:
        """Follow other wishes; returns the sample from which notes follow: the next beat, or part of a slow one.

        What shapes the sound follows from the next block on. Raises ParamError for a preset that there is not.
        """
        find_preset(steering.preset, self._presets)
        before, self._steering = self._steering, steering
        if _same_notes(before, steering):
            return self.position
        return self._compose_anew()

    def follow(self, context: MusicalContext | None) -> int:
        """Follow a set, or no more; returns the sample from which notes do."""
        if context == self._context:
            return self.position
        self._context = context
        return self._compose_anew()

    def fade_out(self) -> int:
        """Fade out from the next block on; returns the sample at which it is over."""
        if self._ending is None:
            self._ending = self.position + round(FADE * RATE)
        return self._ending

    def close(self) -> None:
        """Nothing is held, unlike by what is played by a model."""

    def _compose_anew(self) -> int:
        """Let the phrase that sounds end at the next beat or part of one, and compose on from there."""
        now = self.upcoming[0]
        beat = 60.0 * RATE / now.phrase.bpm
        step = beat
        while step > LONGEST_STEP * RATE:
            step *= 0.5
        steps = max(0, -(-(self.position - now.at) // step))
        here = steps * step
        at = now.at + round(here)
        self._synth.cut(at)
        self._state, phrase = cut(now.before, now.phrase, here / beat)
        self._planned = [*(each for each in self._planned if each.ends <= now.at)]
        if phrase.length > 0.0:
            self._planned.append(Planned(phrase, now.at, now.before))
        self._next_at = at
        self._plan()
        return at

    def _plan(self) -> None:
        """Compose until AHEAD phrases follow the one that sounds; forget those that are over."""
        self._planned = [each for each in self._planned if each.ends > self.position - KEPT]
        while sum(each.at > self.position for each in self._planned) < AHEAD or not self._planned:
            preset = find_preset(self._steering.preset, self._presets)
            before = self._state
            self._state, phrase = next_phrase(before, self._steering, preset, self._style, self._context)
            self._planned.append(Planned(phrase, self._next_at, before))
            self._synth.add(phrase, self._next_at)
            self._next_at = self._planned[-1].ends

    def _use_sounds(self, preset: str) -> None:
        sounds = find_preset(preset, self._presets).sounds
        if sounds != self._synth.sounds:
            self._synth.use(sounds)

    def _controls(self, now: Planned, at: int) -> Controls:
        seconds = now.before.seconds + (at - now.at) / RATE
        return controls_at(self._steering, find_preset(now.phrase.preset, self._presets), self._seed, seconds)

    def _ramp(self, gone: int, *, falls: bool = False) -> Block:
        index = np.arange(BLOCK, dtype=np.float32)
        share = np.clip((gone - index if falls else gone + index) / np.float32(FADE * RATE), 0.0, 1.0)
        return np.asarray(share * share * (3.0 - 2.0 * share), np.float32)


def _same_notes(one: Steering, other: Steering) -> bool:
    """Whether both ask for the same notes, and differ in what shapes the sound alone."""
    names = ("preset", "key", "mood", "density", "bpm", "plan", "plan_seconds", "plan_began")
    return all(getattr(one, name) == getattr(other, name) for name in names)
