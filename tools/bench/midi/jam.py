"""Is the band ready in time? Phrases in all styles, tempos and densities, answered on the beat.

The player is one of the engines, whose takes arrive as MIDI messages at their beats. The beat is simulated. The jam's
requests are composed in real time, from the captured messages to the finished clips, and the composition time is
converted to beats at the phrase's tempo. In half of the jams another thread of the process keeps the engines busy.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from math import inf
from random import Random
from threading import Event, Thread
from typing import Final, TypeVar

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.errors import ParamError
from musearoo.engines.foundation.chance import derive_seed, stream
from musearoo.engines.improvisation.jam.composing import STAGES, Answer, Compose, Stage, answer_recording
from musearoo.engines.improvisation.jam.responding import ResponseRequest
from musearoo.engines.improvisation.jam.turns import AHEAD, Jam, Sound
from musearoo.engines.improvisation.listening.player import PlayerListener
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.timing import beats_to_seconds, seconds_to_beats
from musearoo.engines.players.band.catalogue import ENGINES, find_engine
from musearoo.engines.styles.schema import Style
from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.rows import Row

PART: Final = "Jam"
PHRASES_A_JAM: Final = 5
TICK_SECONDS: Final = 0.05
"""The interval of the jam's updates, as in the daemon."""
TEMPOS: Final = (60.0, 180.0)
MOST_BARS: Final = 8
PLAYERS: Final = (*["melody"] * 5, *["harmony"] * 3, *["bass"] * 2, "drums")
"""The engines of the player, repeated by their weight."""
METERS: Final = ("4/4", "4/4", "4/4", "4/4", "3/4", "6/8", "7/8")
DRUM_CHANNEL: Final = 9
NOTE_ON, NOTE_OFF = 0x90, 0x80
NOTE_GAP: Final = 0.01
"""Beats by which the player releases a note before the next one of its pitch."""

Tell = Callable[[str, int, int], None]
Message = tuple[float, bytes]
"""A message and the beat at which it was played."""
Choice = TypeVar("Choice")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one turn of the band.

    `spare` is the number of beats between the completed answer and its playback, None without an answer; `unheard` is
    the number of beats at the end of the call that the answer does not use.
    """

    spare: float | None
    stage: Stage | None
    unheard: float


@dataclass(frozen=True, slots=True)
class Measured:
    """The outcomes of all turns, and the duration in seconds of each composition, alone and with busy engines."""

    outcomes: Sequence[Outcome]
    alone: Sequence[float]
    loaded: Sequence[float]


def judge_jams(phrases: int, tell: Tell) -> Iterator[Row]:
    """Yield the rows of the phrases. The target is that all answers are complete a beat before playback."""
    if phrases < 1:
        raise ParamError("phrases", "at least 1", phrases)
    measured = play_jams(phrases, tell)
    outcomes = measured.outcomes
    spare = [outcome.spare for outcome in outcomes if outcome.spare is not None]
    in_time = sum(beats >= AHEAD for beats in spare)
    told = f"of {len(outcomes):,} phrases at {TEMPOS[0]:g} to {TEMPOS[1]:g} BPM, half of them beside busy engines"
    share = 100.0 * in_time / len(outcomes)
    is_met = in_time == len(outcomes)
    yield Row(PART, "answers complete a beat before they sound", "%", share, met=is_met, note=f"all; {told}")
    if spare:
        note = f"at least {AHEAD:g}; the worst {told}"
        yield Row(PART, "least time to spare", "beats", min(spare), met=min(spare) >= AHEAD, note=note)
    final = [outcome for outcome in outcomes if outcome.stage == "final"]
    share = 100.0 * len(final) / len(outcomes)
    yield Row(PART, "answers that know all but the call's last moments", "%", share, note=told)
    if final:
        unheard = percentile([outcome.unheard for outcome in final], 50.0)
        yield Row(PART, "last moments of the call, median", "beats", unheard, note="that such an answer does not know")
    for name, seconds in (("alone", measured.alone), ("beside busy engines", measured.loaded)):
        if seconds:
            took = [1000.0 * each for each in seconds]
            note = f"p99 {percentile(took, 99.0):.0f} ms, worst {max(took):.0f} ms, of {len(took):,}"
            yield Row(PART, f"composing {name}, median", "ms", percentile(took, 50.0), note=note)


def play_jams(phrases: int, tell: Tell) -> Measured:
    """Play jams of a few phrases each up to the given number, every other one with a busy thread."""
    outcomes: list[Outcome] = []
    alone: list[float] = []
    loaded: list[float] = []
    number = 0
    while len(outcomes) < phrases:
        tell("jams", len(outcomes), phrases)
        count = min(PHRASES_A_JAM, phrases - len(outcomes))
        if number % 2:
            with _busy_engines():
                session = _Session(number, count)
                session.play()
            loaded += session.took
        else:
            session = _Session(number, count)
            session.play()
            alone += session.took
        outcomes += session.outcomes
        number += 1
    tell("jams", phrases, phrases)
    return Measured(outcomes, alone, loaded)


class _Session:
    """One jam with random style, tempo, meter and turn length, and a player who is never silent."""

    def __init__(self, number: int, phrases: int) -> None:
        chance = stream(number, "jam")
        style = _any(chance, [styles()[name] for name in sorted(styles())])
        self._bpm = TEMPOS[0] + (TEMPOS[1] - TEMPOS[0]) * chance.random()
        self._meter = Meter.parse(_any(chance, METERS))
        self._bars = 1 + int(chance.random() * MOST_BARS)
        self._length = self._bars * self._meter.bar_beats
        self._phrases = phrases
        self._start = self._meter.bar_beats
        self._messages = sorted(self._play_all(number, style))
        self._jam = Jam(self._bars, self._meter, self._start, self._bpm, seed=number)
        self._overhearing = PlayerListener(self._meter)
        self._ask, self._context = ResponseRequest(style), MusicalContext.plain(self._bpm, self._meter)
        self._ready: list[tuple[float, Answer]] = []
        self._orders: dict[tuple[int, Stage], tuple[Compose, float]] = {}
        self.outcomes: list[Outcome] = []
        self.took: list[float] = []

    def play(self) -> None:
        """Play it to its end: one outcome per phrase."""
        played, ticks = 0, 0
        turns = dict.fromkeys(range(1, 2 * self._phrases, 2))
        settled: dict[int, Outcome] = {}
        while (
            beat := seconds_to_beats(ticks * TICK_SECONDS, self._bpm)
        ) < self._start + 2 * self._phrases * self._length:
            ticks += 1
            self._overhearing.clock(beat, self._seconds(beat), self._bpm, True)
            while played < len(self._messages) and self._messages[played][0] <= beat:
                self._hear(*self._messages[played])
                played += 1
            actions = list(self._jam.tick(beat, self._bpm))
            for done, answer in [item for item in self._ready if item[0] <= beat]:
                self._ready.remove((done, answer))
                actions += self._jam.composed(answer, done)
            for action in actions:
                if isinstance(action, Compose):
                    self._compose(action, beat)
                elif isinstance(action, Sound):
                    turn = round((action.start - self._start) / self._length)
                    settled.setdefault(turn, self._judge(turn, action, beat))
        self.outcomes = [settled.get(turn, Outcome(None, None, self._length)) for turn in turns]

    def _hear(self, beat: float, data: bytes) -> None:
        self._overhearing.hear(beat, self._seconds(beat), data)
        if data[0] & 0xF0 == NOTE_ON:
            self._jam.hear(beat)

    def _compose(self, order: Compose, beat: float) -> None:
        """Compose in real time, and schedule the result for when it would have been ready."""
        began = time.perf_counter()
        recording = self._overhearing.recording(beat, self._seconds(beat))
        answer = answer_recording(order, recording, self._ask, self._context)
        took = time.perf_counter() - began
        self.took.append(took)
        done = beat + seconds_to_beats(took, self._bpm)
        self._orders[order.turn, order.stage] = (order, done)
        self._ready.append((done, answer))

    def _judge(self, turn: int, sound: Sound, beat: float) -> Outcome:
        """Return the outcome of a turn whose first sound was due at a beat: the latest answer that was ready by
        then.
        """
        for stage in reversed(STAGES):
            order, done = self._orders.get((turn, stage), (None, inf))
            if order is not None and done <= beat:
                knows = order.known_until if order.call_start == sound.start - self._length else order.call_start
                return Outcome(sound.start - beat, stage, sound.start - knows)
        return Outcome(None, None, self._length)

    def _play_all(self, number: int, style: Style) -> Iterator[Message]:
        """Yield what the player plays in all of their turns."""
        for phrase in range(self._phrases):
            seed = derive_seed(number, "phrase", phrase)
            chance = stream(seed, "player")
            role = _any(chance, PLAYERS)
            params = find_engine(role).params(
                style=style, bars=self._bars, complexity=chance.random(), density=chance.random()
            )
            clip = find_engine(role).generate(params, MusicalContext.plain(self._bpm, self._meter), seed)
            channel = DRUM_CHANNEL if role == "drums" else 0
            start = self._start + 2 * phrase * self._length
            for note in clip.notes:
                yield start + note.start, bytes((NOTE_ON | channel, note.pitch, round(note.velocity)))
                end = min(note.end, self._length) - NOTE_GAP
                yield start + max(note.start + NOTE_GAP, end), bytes((NOTE_OFF | channel, note.pitch, 64))

    def _seconds(self, beat: float) -> float:
        return beats_to_seconds(beat, self._bpm)


@cache
def styles() -> dict[str, Style]:
    """Return the styles included in MuseAroo."""
    return read_styles()


@contextmanager
def _busy_engines() -> Iterator[None]:
    """Compose continuously in another thread of the process."""
    ends = Event()

    def compose() -> None:
        seed = 0
        while not ends.is_set():
            for engine in ENGINES:
                engine.generate(engine.params(style=styles()["pop"], bars=16), MusicalContext.plain(), seed)
            seed += 1

    thread = Thread(target=compose, name="busy engines")
    thread.start()
    try:
        yield
    finally:
        ends.set()
        thread.join()


def _any(chance: Random, choices: Sequence[Choice]) -> Choice:
    return choices[int(chance.random() * len(choices))]
