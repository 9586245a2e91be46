"""The state machine of a jam: player and band alternate, and an answer is always ready a phrase ahead.

The caller passes in the beat and the player's notes; the jam returns what to compose and what to play. It never waits:
one answer is ready before the player begins (from earlier turns), another is composed from the call as known a bar
before the band's turn, and a last one from all but the call's last moments. A beat before the turn the best finished
answer is chosen; later ones are dropped, and without any the band repeats its last turn.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from math import ceil, floor, inf
from typing import Final

from musearoo.engines.errors import ParamError, require_between
from musearoo.engines.improvisation.jam.composing import STAGES, Answer, Compose, Stage
from musearoo.engines.improvisation.jam.deciding import Memory
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MAX_BPM, MIN_BPM
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.timing import beats_to_seconds, seconds_to_beats

MAX_TURN: Final = 16
"""Maximum bars of a turn."""
AHEAD: Final = 1.0
"""Beats before a turn by which its answer must be composed and sent."""
HANDING_ON: Final = 0.08
"""Extra seconds for sending it: a little more than one tick of a caller at twenty per second."""
FIRST_GUESS: Final = 0.25
"""Initial estimate of the composing time in seconds."""
LEAST_ALLOWANCE: Final = 0.15
"""Minimum seconds allowed for composing: a few ticks."""
SPREAD: Final = 2.0
"""Safety factor on recent composing times."""
REMEMBERED_DURATIONS: Final = 4
"""The number of recent composing times kept."""
LOST: Final = 20.0
"""Seconds after which a composition counts as lost."""
EARLY: Final = 0.25
"""Beats before a bar line within which a note already belongs to the next turn."""
LATEST: Final = 0.25
"""Beats before a turn until which a late answer is accepted when nothing else is ready."""
TOUCHING: Final = 1e-6
"""Tolerance in beats for rounding errors."""
JUMP: Final = 0.5
"""The least backward step of the clock in beats that counts as a jump; smaller ones are corrections."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of the jam, in beats of the set; the player has the even numbers, from 0."""

    number: int
    start: float
    end: float

    @property
    def is_players(self) -> bool:
        """Whether it is the player's turn."""
        return self.number % 2 == 0


@dataclass(frozen=True, slots=True)
class Sound:
    """Start an engine's clip on a beat, replacing what it plays; it loops until replaced."""

    engine: str
    clip: Clip
    start: float
    loops: bool

    @property
    def end(self) -> float | None:
        """The beat on which it ends by itself; None if it loops."""
        return None if self.loops else self.start + self.clip.length


@dataclass(frozen=True, slots=True)
class StopPart:
    """Silence an engine on a beat."""

    engine: str
    beat: float


@dataclass(frozen=True, slots=True)
class Begin:
    """A turn begins: its engines, and the reason as a sentence."""

    turn: Turn
    who: tuple[str, ...]
    reason: str


Action = Compose | Sound | StopPart | Begin


@dataclass(frozen=True, slots=True)
class JamState:
    """The state for display: the turn (None before the first), the engines, the reason, and the next answer's stage."""

    turn: Turn | None
    who: tuple[str, ...]
    reason: str
    stands_by: Stage | None


@dataclass(slots=True)
class _NextTurn:
    """The band's next turn and the state of its composition."""

    number: int
    asked: set[Stage] = field(default_factory=set)
    best: Answer | None = None
    known_until: float = -inf
    is_settled: bool = False


class Jam:
    """A jam as a state machine; times are beats of the set, passed in by the caller.

    Turns last `bars` bars; the player's first turn starts on the beat `start`, a bar line. `who` is the engine that
    answers, "" leaves it to RooAroo. Deterministic for equal seed and equal playing.
    """

    def __init__(self, bars: int, meter: Meter, start: float, bpm: float = 120.0, who: str = "", seed: int = 0) -> None:
        if isinstance(bars, bool) or not isinstance(bars, int) or not 1 <= bars <= MAX_TURN:
            raise ParamError("bars", f"a whole number from 1 to {MAX_TURN}", bars)
        require_between("bpm", bpm, MIN_BPM, MAX_BPM, "BPM")
        self.who = who
        self._bars, self._bar, self._seed, self._bpm = bars, meter.bar_beats, seed, bpm
        self._length = bars * meter.bar_beats
        self._origin = start
        self._beat: float | None = None
        self._number = -1
        self._next_turn = _NextTurn(1)
        self._played: set[int] = set()
        self._last_note_beat: float | None = None
        self._sounds: list[Sound] = []
        self._memory = Memory()
        self._previous: Answer | None = None
        self._in_work: dict[tuple[int, Stage], float] = {}
        self._lasted: deque[float] = deque([FIRST_GUESS], REMEMBERED_DURATIONS)

    @property
    def turn(self) -> Turn | None:
        """The current turn, None before the first."""
        return self._turn(self._number) if self._number >= 0 else None

    @property
    def state(self) -> JamState:
        """The state for display."""
        who, reason = self._playing()
        best = self._next_turn.best
        return JamState(self.turn, who, reason, None if best is None else best.stage)

    def hear(self, beat: float) -> None:
        """Note that the player has struck a note."""
        number = floor((beat + EARLY - self._origin) / self._length)
        if number >= 0:
            self._played.add(number)
        self._last_note_beat = beat

    def tick(self, beat: float, bpm: float | None = None) -> tuple[Action, ...]:
        """Return the actions due at a beat; call it at least twenty times a second."""
        if bpm is not None:
            self._bpm = min(MAX_BPM, max(MIN_BPM, bpm))
        actions: list[Action] = []
        if self._beat is not None and beat < self._beat - JUMP:
            actions += self._go_back(self._beat, beat)
        self._beat = beat
        number = floor((beat + TOUCHING - self._origin) / self._length)
        if number > self._number and number >= 0:
            actions += self._enter(number)
        actions += self._silence_lead(beat)
        actions += self._prepare(beat)
        return tuple(actions)

    def composed(self, answer: Answer, beat: float) -> tuple[Action, ...]:
        """Return the actions for a finished answer at a beat; a late answer is dropped."""
        next_turn = self._next_turn
        asked = self._in_work.pop((answer.turn, answer.stage), None)
        if asked is not None:
            self._lasted.append(beats_to_seconds(max(0.0, beat - asked), self._bpm))
        if answer.turn != next_turn.number:
            return ()
        if next_turn.is_settled or beat > self._latest(next_turn):
            return ()
        if next_turn.best is None or STAGES.index(answer.stage) >= STAGES.index(next_turn.best.stage):
            next_turn.best = answer
        return self._settle() if answer.stage == "final" or beat >= self._settles_at() else ()

    def failed(self, task: Compose) -> None:
        """Note that an answer could not be composed; the best finished one plays instead."""
        self._in_work.pop((task.turn, task.stage), None)

    def stop(self, beat: float) -> tuple[Action, ...]:
        """End the jam: silence all engines on a beat."""
        engines = dict.fromkeys(sound.engine for sound in self._sounding(beat))
        self._sounds.clear()
        return tuple(StopPart(engine, beat) for engine in engines)

    def _turn(self, number: int) -> Turn:
        start = self._origin + number * self._length
        return Turn(number, start, start + self._length)

    def _enter(self, number: int) -> list[Action]:
        """Begin a turn."""
        self._number = number
        turn = self._turn(number)
        if number >= self._next_turn.number:
            self._next_turn = _NextTurn(number + 1 + number % 2)
        self._played = {played for played in self._played if played >= number - 3}
        self._sounds = self._sounding(turn.start)
        who, reason = self._playing()
        return [Begin(turn, who, "Your turn." if turn.is_players else reason)]

    def _sounding(self, beat: float) -> list[Sound]:
        """Return the sounding and scheduled clips at a beat: each engine's latest, and those not yet begun."""
        latest: dict[str, float] = {}
        for sound in self._sounds:
            if sound.start <= beat + TOUCHING:
                latest[sound.engine] = max(sound.start, latest.get(sound.engine, -inf))
        return [
            sound
            for sound in self._sounds
            if sound.start >= latest.get(sound.engine, -inf) and (sound.end is None or sound.end > beat + TOUCHING)
        ]

    def _playing(self) -> tuple[tuple[str, ...], str]:
        """Return the playing engines, and the reason."""
        now = -inf if self._beat is None else self._beat
        who = tuple(sound.engine for sound in self._sounding(now) if sound.start <= now + TOUCHING)
        return who, self._previous.decision.reason if self._previous is not None else ""

    def _silence_lead(self, beat: float) -> list[Action]:
        """Silence a lead that continued while the player was silent, on the next beat after they resume."""
        if self._number < 0 or self._number % 2 or self._number not in self._played or self._previous is None:
            return []
        lead = [sound for sound in self._sounds if sound.engine == self._previous.lead.engine]
        if any(sound.start > beat for sound in lead) or not any(sound.loops for sound in lead):
            return []  # the clip scheduled for the band's turn replaces it then
        self._sounds = [sound for sound in self._sounds if sound not in lead]
        return [StopPart(self._previous.lead.engine, float(ceil(beat)))]

    def _prepare(self, beat: float) -> list[Action]:
        """Request the compositions that are due, and settle the turn when it is time."""
        next_turn = self._next_turn
        if next_turn.is_settled:
            return []
        settles_at = self._settles_at()
        if beat >= settles_at:
            return list(self._settle())
        lost_at = beat - seconds_to_beats(LOST, self._bpm)
        if any(asked > lost_at for asked in self._in_work.values()):
            return []  # one at a time: a queued composition would be late
        if "ahead" not in next_turn.asked:
            return [self._ask("ahead", beat)]
        has_news = self._last_note_beat is not None and self._last_note_beat >= next_turn.known_until
        if beat >= settles_at - self._allowance() and "final" not in next_turn.asked:
            # A silent bar is news too.
            return [self._ask("final", beat)] if has_news or next_turn.number - 1 in self._played else []
        draft_at = self._turn(next_turn.number).start - min(self._bar, self._length / 2.0)
        return [self._ask("draft", beat)] if has_news and beat >= draft_at and "draft" not in next_turn.asked else []

    def _settles_at(self) -> float:
        """Return the beat on which the band's next turn is settled."""
        return self._turn(self._next_turn.number).start - AHEAD - seconds_to_beats(HANDING_ON, self._bpm)

    def _latest(self, next_turn: _NextTurn) -> float:
        start = self._turn(next_turn.number).start
        return start - AHEAD if next_turn.best is not None or self._previous is not None else start - LATEST

    def _allowance(self) -> float:
        """Return the beats allowed for composing: twice the recent time."""
        return seconds_to_beats(max(LEAST_ALLOWANCE, SPREAD * max(self._lasted)), self._bpm)

    def _ask(self, stage: Stage, beat: float) -> Compose:
        next_turn = self._next_turn
        next_turn.asked.add(stage)
        self._in_work[next_turn.number, stage] = beat
        next_turn.known_until = beat
        call = self._call(next_turn.number)
        turn = self._turn(next_turn.number)
        source_turn = call or self._turn(next_turn.number - 1)
        return Compose(
            turn=next_turn.number,
            stage=stage,
            start=turn.start,
            bars=self._bars,
            has_played=call is not None,
            call_start=source_turn.start,
            call_beats=self._length,
            known_until=min(beat, source_turn.end),
            who=self.who,
            seed=self._seed,
            memory=self._memory,
            previous=self._previous,
        )

    def _call(self, number: int) -> Turn | None:
        """Return the turn that the band answers: the player's turn before it, else the last one with notes."""
        for before in (number - 1, number - 2, number - 3):
            if before >= 0 and before in self._played:
                return self._turn(before)
        return None

    def _settle(self) -> tuple[Action, ...]:
        """Return the actions that schedule the band's next turn."""
        next_turn, turn = self._next_turn, self._turn(self._next_turn.number)
        next_turn.is_settled = True
        # If the player was silent, the band keeps playing through their turn.
        goes_on = next_turn.number - 1 not in self._played
        answer = next_turn.best or self._previous
        if answer is None:
            next_turn.is_settled = False  # for the very first turn a late answer is better than none
            return ()
        sounds = [Sound(part.engine, part.clip, turn.start, goes_on or not part.leads) for part in answer.parts]
        engines = {sound.engine for sound in sounds}
        silent = dict.fromkeys(
            sound.engine
            for sound in self._sounds
            if sound.engine not in engines and (sound.end is None or sound.end > turn.start)
        )
        self._sounds = [sound for sound in self._sounds if sound.engine not in silent] + sounds
        if next_turn.best is not None:
            self._previous = next_turn.best
            self._memory = self._memory.with_answer(next_turn.best.decision.lead, next_turn.best.device)
        return (*(StopPart(engine, turn.start) for engine in silent), *sounds)

    def _go_back(self, before: float, beat: float) -> list[Action]:
        """Shift everything by whole bars after the set jumped back, as at the end of its loop."""
        shift = round((beat - before) / self._bar) * self._bar
        if not shift:
            return []
        self._origin += shift
        if self._last_note_beat is not None:
            self._last_note_beat += shift
        self._next_turn.known_until += shift
        self._in_work = {task: asked + shift for task, asked in self._in_work.items()}
        self._sounds = [replace(sound, start=sound.start + shift) for sound in self._sounding(before)]
        return list(self._sounds)
