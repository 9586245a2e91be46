"""Endless music at the MIDI port: phrases as parts, one after the other on the beat clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from math import ceil, log2
from typing import Final

from musearoo.bridge.midi.parts.ambience import part_of_phrase
from musearoo.bridge.midi.parts.bars import beat_at, next_bar
from musearoo.bridge.protocol.midi_process import Part, Play, Silence
from musearoo.bridge.services.playing.jam import MidiStage
from musearoo.bridge.settings.logs import LOG
from musearoo.engines.ambient.composing import StreamState, begin, cut, next_phrase
from musearoo.engines.ambient.phrase import Phrase
from musearoo.engines.ambient.preset import AmbientPreset
from musearoo.engines.ambient.steering import Steering
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.spelling import spell_chord
from musearoo.engines.music.timing import seconds_to_beats
from musearoo.engines.styles.schema import Style

NUMBERS: Final = (90, 91)
"""Part numbers of phrases in turn: a jam's are lower, those of takes higher."""
AHEAD: Final = 3.0
"""Seconds before its start by which a phrase is composed."""
SOON: Final = 0.15
"""Seconds from a change to the first beat that can follow it."""
LEAP: Final = 1.0
"""Beats of a jump of the clock from which the music begins again, at the next bar."""


@dataclass(frozen=True, slots=True)
class _Planned:
    """A phrase that was sent: the state before it, its first beat, its part's number, and how it is stretched."""

    phrase: Phrase
    before: StreamState
    start: float
    number: int
    stretch: float


class AmbienceMidi:
    """Play endless music at the MIDI port. For the event loop's thread only; `threads` compose."""

    def __init__(
        self,
        stage: MidiStage,
        threads: Executor,
        seed: int,
        steering: Steering,
        find: Callable[[str], AmbientPreset],
        style: Style,
    ) -> None:
        self._stage, self._threads, self._find, self._style = stage, threads, find, style
        self._steering = steering
        self._context: MusicalContext | None = None
        self._state = begin(seed)
        self._planned: list[_Planned] = []
        self._next: float | None = None
        self._beat = 0.0
        # Counts what makes a phrase that is being composed worthless.
        self._era = 0
        self._is_composing = False

    @property
    def playing(self) -> Phrase | None:
        """The phrase that sounds, or begins next; None while the clock stands."""
        if self._next is None:
            return None
        return next((each.phrase for each in reversed(self._planned) if each.start <= self._beat), None)

    def upcoming(self) -> list[str]:
        """Return the chord that sounds and those to come."""
        return [
            spell_chord(span.chord, each.phrase.key)
            for each in self._planned
            for span in each.phrase.chords
            if each.start + span.end * each.stretch > self._beat
        ]

    def steer(self, steering: Steering) -> None:
        """Follow other wishes from the next half beat on."""
        if steering != self._steering:
            self._steering = steering
            self._compose_anew()

    def follow(self, context: MusicalContext | None) -> None:
        """Follow a set, or no more."""
        if context != self._context:
            self._context = context
            self._compose_anew()

    def end(self) -> None:
        """Fall silent."""
        self._era += 1
        self._silence(None)
        self._planned, self._next = [], None

    def poll(self) -> None:
        """Send the next phrase in time. Call this some ten times a second."""
        clock = self._stage.clock
        if clock is None or not clock.is_running:
            if self._next is not None:
                self.end()
            return
        before, self._beat = self._beat, beat_at(clock, time.perf_counter())
        if self._next is not None and not before - LEAP < self._beat < self._next + LEAP:
            self.end()
        soon = self._beat + seconds_to_beats(SOON, clock.bpm)
        if self._next is None:
            self._next = next_bar(soon, self._stage.meter.bar_beats)
        self._planned = [each for each in self._planned if each.start + each.phrase.length * each.stretch > self._beat]
        if not self._is_composing and self._next - self._beat < seconds_to_beats(AHEAD, clock.bpm):
            self._compose(clock.bpm)

    def _compose(self, bpm: float) -> None:
        self._is_composing = True
        loop, era, state, steering, context = (
            asyncio.get_running_loop(),
            self._era,
            self._state,
            self._steering,
            self._context,
        )
        preset = self._find(steering.preset)
        stretch = _stretch(bpm, steering, preset, context)
        if not preset.free or steering.bpm is not None:
            steering = replace(steering, bpm=bpm / stretch)

        def compose() -> None:
            made: tuple[StreamState, Phrase, Part] | None = None
            try:
                after, phrase = next_phrase(state, steering, preset, self._style, context)
                made = after, phrase, part_of_phrase(phrase, stretch)
            except Exception:
                LOG.exception("A phrase of the ambience could not be composed")
            loop.call_soon_threadsafe(self._composed, era, stretch, made)

        self._threads.submit(compose)

    def _composed(self, era: int, stretch: float, made: tuple[StreamState, Phrase, Part] | None) -> None:
        self._is_composing = False
        if era != self._era or made is None or self._next is None:
            return
        after, phrase, part = made
        number = NUMBERS[phrase.number % 2]
        self._stage.send(Play(number, part, self._next))
        self._planned.append(_Planned(phrase, self._state, self._next, number, stretch))
        self._state = after
        self._next += part.length

    def _compose_anew(self) -> None:
        """Let the phrase that sounds end at the next half beat, and compose on from there."""
        self._era += 1
        clock = self._stage.clock
        now = next((each for each in reversed(self._planned) if each.start <= self._beat), None)
        if self._next is None or clock is None or now is None:
            if self._planned:
                # None has begun yet: what they would have been is composed anew.
                self._state, self._next = self._planned[0].before, self._planned[0].start
            self._silence(None)
            self._planned = []
            return
        at = ceil(2.0 * (beat_at(clock, time.perf_counter()) + seconds_to_beats(SOON, clock.bpm))) / 2.0
        at = min(at, now.start + now.phrase.length * now.stretch)
        for each in self._planned:
            self._stage.send(Silence(each.number, at if each is now else None))
        self._state, phrase = cut(now.before, now.phrase, (at - now.start) / now.stretch)
        self._planned = [replace(now, phrase=phrase)] if phrase.length > 0.0 else []
        self._next = at
        self.poll()

    def _silence(self, beat: float | None) -> None:
        for number in NUMBERS:
            self._stage.send(Silence(number, beat))


def _stretch(bpm: float, steering: Steering, preset: AmbientPreset, context: MusicalContext | None) -> float:
    """Return how many beats of the clock one of the music lasts: free time as it is, a pulse on the clock's beats."""
    if context is not None:
        return 1.0
    ratio = bpm / (steering.bpm or preset.bpm)
    is_free = preset.free and steering.bpm is None
    return ratio if is_free else 2.0 ** round(log2(ratio))
