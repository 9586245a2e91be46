"""A jam without Live: follow a clock, listen to the player, and let the band answer in turns."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from musearoo.bridge.commands.midi.words import is_note_on
from musearoo.bridge.midi.parts.bars import beat_at, next_bar
from musearoo.bridge.midi.parts.clip import DRUM_CHANNEL, make_part
from musearoo.bridge.midi.parts.jam import command_of, end_jam
from musearoo.bridge.protocol.midi_process import ClockState, Command, Incoming, Part, Play, Silence
from musearoo.engines.improvisation.jam.composing import Answer, Compose, answer_recording
from musearoo.engines.improvisation.jam.responding import ResponseRequest
from musearoo.engines.improvisation.jam.turns import Action, Begin, Jam, Sound, StopPart
from musearoo.engines.improvisation.listening.played_notes import Recording
from musearoo.engines.improvisation.listening.player import PlayerListener
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.spelling import spell_chord
from musearoo.engines.players.band.catalogue import EngineRecord, find_engine

JUMP: Final = 1.0
"""Beats of an unexpected move of the clock from which the jam restarts."""

LEAD: Final = 0.25
"""Beats before a bar line within which it is too late to start a part on it."""

CLICK: Final = 0
"""The part number of the clicks; the engines' begin at 1."""

ONE, OTHERS = 76, 77
"""The pitches of the clicks: General MIDI's high and low wood block, which the engines do not use."""


def make_click(meter: Meter) -> Part:
    """Return a looping bar of clicks, the first one higher.

    >>> [(message.beat, message.data.hex(" ")) for message in make_click(Meter(2, 4)).messages[::2]]
    [(0.0, '99 4c 64'), (1.0, '99 4d 46')]
    """
    beat, notes = 0.0, []
    for pulse in meter.pulses:
        notes.append(Note(beat, OTHERS if beat else ONE, 0.1, 70 if beat else 100))
        beat += pulse
    return make_part(Clip.of("click", meter.bar_beats, notes, meter), DRUM_CHANNEL, loops=True)


@dataclass(frozen=True, slots=True)
class Band:
    """The engines of a jam, with their style and meter."""

    engines: tuple[EngineRecord, ...]
    ask: ResponseRequest
    meter: Meter

    def compose(self, request: Compose, recording: Recording, bpm: float) -> Answer:
        """Compose an answer to a recording of the player."""
        return answer_recording(request, recording, self.ask, MusicalContext.plain(bpm, self.meter), self.engines)


class Composer:
    """A thread that composes one answer after another. `ready` gets each answer, or its exception."""

    def __init__(self, band: Band) -> None:
        self.ready: queue.SimpleQueue[tuple[Jam, Compose, Answer | Exception]] = queue.SimpleQueue()
        self._band = band
        self._requests: queue.SimpleQueue[tuple[Jam, Compose, Recording, float]] = queue.SimpleQueue()
        # A daemon thread, because an answer that is unfinished at the end is not needed.
        threading.Thread(target=self._work, name="composer", daemon=True).start()

    def put(self, jam: Jam, request: Compose, recording: Recording, bpm: float) -> None:
        """Queue an answer to be composed."""
        self._requests.put((jam, request, recording, bpm))

    def _work(self) -> None:
        while True:
            jam, request, recording, bpm = self._requests.get()
            try:
                answer: Answer | Exception = self._band.compose(request, recording, bpm)
            except Exception as error:  # an outcome too: the jam continues with the standby answer, and reports it
                answer = error
            self.ready.put((jam, request, answer))


@dataclass(slots=True)
class Played:
    """The record of a jam: turns, the player's notes, answers as JSON, and sentences about failures."""

    turns: int = 0
    notes: int = 0
    answers: list[dict[str, Any]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class JamOptions:
    """Bars of a turn, the engine that answers ("": RooAroo decides), and whether clicks play until the band does."""

    bars: int = 4
    who: str = ""
    has_click: bool = True
    seed: int = 0


class Jamming:
    """A jam: takes notes and the clock, sends commands to the MIDI process, and reports to the player.

    Times are seconds of the MIDI process's clock.
    """

    def __init__(
        self,
        band: Band,
        options: JamOptions,
        composer: Composer,
        send: Callable[[Command], None],
        say: Callable[[str], None],
    ) -> None:
        self.played = Played()
        self._band = band
        self._options = options
        self._send = send
        self._say = say
        self._composer = composer
        self._player_listener = PlayerListener(band.meter)
        self._clock: ClockState | None = None
        self._jam: Jam | None = None
        self._clicks = False

    def warm_up(self) -> None:
        """Warm up the band, so that the first answer does not pay for first calls."""
        for request in Jam(1, self._band.meter, 0.0).tick(0.0):
            if isinstance(request, Compose):
                self._band.compose(request, self._player_listener.recording(0.0, time.perf_counter()), 120.0)

    @property
    def chord(self) -> str:
        """The chord that the player holds, or ""."""
        held = self._player_listener.held_chord()
        return spell_chord(held.chord, None) if held else ""

    def beats_left(self, now: float) -> float | None:
        """The beats until the next turn, or None."""
        if self._jam is None or self._clock is None:
            return None
        turn = self._jam.turn
        return None if turn is None else max(0.0, turn.end - beat_at(self._clock, now))

    def hear(self, message: Incoming) -> None:
        """Handle a message of the player."""
        self._player_listener.hear(message.beat, message.time, message.data, message.port)
        if is_note_on(message.data):
            self.played.notes += 1
            if self._jam is not None:
                self._jam.hear(message.beat)

    def follow(self, clock: ClockState) -> None:
        """Handle the clock. When it starts or jumps, the jam starts at its next bar line but one."""
        before, self._clock = self._clock, clock
        self._player_listener.clock(clock.beat, clock.time, clock.bpm, clock.is_running)
        if not clock.is_running:
            if before is None or before.is_running:
                self._say("The clock stands: start it at your sequencer.")
            self._leave(clock.beat)
        elif self._jam is None or (before is not None and abs(beat_at(before, clock.time) - clock.beat) > JUMP):
            self._leave(clock.beat)
            self._begin(clock)

    def tick(self, now: float) -> None:
        """Do what is due. Call this at least twenty times a second."""
        if self._clock is None or self._jam is None:
            return
        beat = beat_at(self._clock, now)
        while not self._composer.ready.empty():
            jam, request, answer = self._composer.ready.get()
            if jam is not self._jam:
                continue
            if isinstance(answer, Answer):
                self._perform(jam, jam.composed(answer, beat), now)
            else:
                self.played.failed.append(f"{answer}")
                self._say(f"An answer failed, and what stands by plays: {answer}")
                jam.failed(request)
        self._perform(self._jam, self._jam.tick(beat, self._clock.bpm), now)

    def end(self, now: float) -> None:
        """End the jam."""
        if self._clock is not None:
            self._leave(beat_at(self._clock, now))

    def _begin(self, clock: ClockState) -> None:
        meter = self._band.meter
        line = next_bar(clock.beat + LEAD, meter.bar_beats)
        # One bar before the first turn: clicks, or at least time for the player to get ready.
        start, options = line + meter.bar_beats, self._options
        self._jam = Jam(options.bars, meter, start, bpm=clock.bpm, who=options.who, seed=options.seed)
        self._clicks = options.has_click
        if self._clicks:
            self._send(Play(CLICK, make_click(meter), line))
        self._say("A bar of clicks, then it is your turn." if self._clicks else "A bar more, then it is your turn.")

    def _leave(self, beat: float) -> None:
        """Silence everybody, if there is a jam."""
        if self._jam is not None:
            for silence in end_jam(self._jam, beat, None, self._band.engines):
                self._send(silence)
            self._end_clicks(None)
            self._jam = None

    def _perform(self, jam: Jam, actions: Sequence[Action], now: float) -> None:
        sounds = []
        for action in actions:
            match action:
                case Compose():
                    self._have_composed(jam, action, now)
                case Sound():
                    sounds.append(action)
                    self._send(command_of(action, self._band.engines))
                    self._end_clicks(action.start)
                case StopPart():
                    self._send(command_of(action, self._band.engines))
                case Begin():
                    self._announce(action)
        if sounds and self._clock is not None:
            self._note(jam, sounds, beat_at(self._clock, now))

    def _have_composed(self, jam: Jam, request: Compose, now: float) -> None:
        if self._clock is not None:
            recording = self._player_listener.recording(beat_at(self._clock, now), now)
            self._composer.put(jam, request, recording, self._clock.bpm)

    def _end_clicks(self, beat: float | None) -> None:
        if self._clicks:
            self._clicks = False
            self._send(Silence(CLICK, beat))

    def _announce(self, begin: Begin) -> None:
        self.played.turns += 1
        bar = round(begin.turn.start / self._band.meter.bar_beats) + 1
        if begin.turn.is_players:
            self._say(f"Bar {bar}: your turn, {_plural(self._options.bars, 'bar')}.")
            return
        if self.played.answers:
            self.played.answers[-1]["reason"] = begin.reason
        names = [find_engine(name, self._band.engines).title for name in begin.who]
        self._say(f"Bar {bar}: {', '.join(names) or 'nobody'}. {begin.reason}")

    def _note(self, jam: Jam, sounds: Sequence[Sound], beat: float) -> None:
        """Record an answer, and how early it was ready. Without a `stage` it was played before."""
        start = sounds[0].start
        noted = {
            "beat": start,
            "who": [sound.engine for sound in sounds],
            "stage": jam.state.stands_by,
            "beats_ahead": round(start - beat, 3),
            "reason": "",
        }
        self.played.answers.append(noted)


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
