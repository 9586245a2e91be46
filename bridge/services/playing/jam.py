"""The jam service: follow the beat and the player, and compose and play the band's answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from musearoo.bridge.core.events.midi import JamUnderWay
from musearoo.bridge.midi.parts.bars import beat_at, next_bar
from musearoo.bridge.midi.parts.jam import command_of, end_jam
from musearoo.bridge.protocol import Refusal
from musearoo.bridge.protocol.midi_process import ClockState, Command
from musearoo.bridge.requests.generate import require_set, seed_of
from musearoo.bridge.requests.played import compose_turn, read_jam
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.settings.logs import LOG
from musearoo.engines.errors import ParamError
from musearoo.engines.improvisation.jam.composing import Answer, Compose
from musearoo.engines.improvisation.jam.turns import Action, Begin, Jam, Sound, StopPart
from musearoo.engines.music.meter import Meter
from musearoo.engines.players.band.catalogue import find_engine
from musearoo.engines.styles.reading import find_style

if TYPE_CHECKING:
    from musearoo.bridge.services.daemon_services import DaemonServices
    from musearoo.engines.improvisation.listening.played_notes import Recording

TICK: Final = 0.025
"""Seconds between two polls of the beat clock."""

AHEAD: Final = 1.0
"""Least beats before the first turn, so that the player can get ready."""

LEAP: Final = 2.0
"""Beats of a forward jump of the clock from which the jam restarts; it follows backward jumps by itself."""

WAITS, PLAYERS, BANDS = 1, 2, 3
"""Values of `turn` in `/roo/midi`."""


class ShownTurn(NamedTuple):
    """The turn as devices show it: whose turn, its bar from 1, and the names of the players."""

    number: int
    bar: int
    who: str


class MidiStage(Protocol):
    """The MIDI process's interface for a jam: the beat clock, the player's notes, and output."""

    @property
    def clock(self) -> ClockState | None: ...

    @property
    def meter(self) -> Meter: ...

    def bar_line(self) -> float | None: ...

    def recording(self) -> Recording | None: ...

    def send(self, command: Command) -> None: ...


class JamService:
    """Run one jam. For the event loop's thread only."""

    def __init__(self, services: DaemonServices, midi: MidiStage) -> None:
        self._services = services
        self._midi = midi
        self._asked: JamUnderWay | None = None
        self._jam: Jam | None = None
        self._meter = Meter()
        self._beat = 0.0
        self._timer: asyncio.TimerHandle | None = None
        # A thread of its own, because an answer must not wait for a long request.
        self._composer = ThreadPoolExecutor(1, thread_name_prefix="jam")

    def begin(self, asked: JamUnderWay) -> str:
        """Start at the next bar, or change the running jam; returns its name.

        Raises RequestError for an unknown engine or style.
        """
        wanted = asked.request
        try:
            who = find_engine(wanted.who, self._services.engines).name if wanted.who else ""
            if wanted.style:
                find_style(wanted.style, self._services.styles)
        except ParamError as error:
            raise RequestError(Refusal.BAD_PARAMETER, f"Jam: {error}.") from error
        require_set(self._services.mirrors[asked.link])
        before, self._asked = self._asked, replace(asked, request=replace(wanted, who=who))
        if self._jam is not None and before is not None and before.request.bars == wanted.bars:
            self._jam.who = who
        else:
            self._leave(at_bar=True)
        if self._timer is None:
            self._tick()
        return f"Jam: {wanted.bars} bar{'' if wanted.bars == 1 else 's'} each"

    def end(self, at_bar: bool) -> None:
        """End the jam and silence everybody, on the next bar line or at once."""
        self._leave(at_bar)
        self._asked = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def close(self) -> None:
        """Close the service."""
        self.end(at_bar=False)
        self._composer.shutdown(cancel_futures=True)

    def hear(self, beat: float) -> None:
        """Handle a note of the player."""
        if self._jam is not None:
            self._jam.hear(beat)

    def turn(self, now: float) -> ShownTurn | None:
        """Return the turn at a moment; None without a jam."""
        if self._asked is None:
            return None
        state, clock = self._jam.state if self._jam is not None else None, self._midi.clock
        if state is None or state.turn is None or clock is None:
            return ShownTurn(WAITS, 0, "")
        bar = int((beat_at(clock, now) - state.turn.start) // self._meter.bar_beats) + 1
        bar = max(1, min(self._asked.request.bars, bar))
        return ShownTurn(PLAYERS if state.turn.is_players else BANDS, bar, ", ".join(state.who))

    def _tick(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(TICK, self._tick)
        try:
            self._go_on()
        except Exception:
            # The jam's outermost handler: a bug must not stop its clock.
            LOG.exception("The jam failed by a fault of ours")

    def _go_on(self) -> None:
        clock = self._midi.clock
        if clock is None or not clock.is_running:
            self._leave(at_bar=False)
            return
        beat = beat_at(clock, time.perf_counter())
        if self._jam is not None and (beat > self._beat + LEAP or self._midi.meter != self._meter):
            self._leave(at_bar=False)
        self._beat = beat
        if self._jam is None:
            self._jam = self._make(beat, clock.bpm)
        if self._jam is not None:
            self._perform(self._jam, self._jam.tick(beat, clock.bpm))

    def _make(self, beat: float, bpm: float) -> Jam | None:
        if self._asked is None:
            return None
        wanted, self._meter = self._asked.request, self._midi.meter
        start = next_bar(beat + AHEAD, self._meter.bar_beats)
        seed = seed_of(wanted.seed, self._asked.request_id)
        return Jam(wanted.bars, self._meter, start, bpm=bpm, who=wanted.who, seed=seed)

    def _leave(self, at_bar: bool) -> None:
        """Silence everybody, if there is a jam."""
        jam, self._jam = self._jam, None
        if jam is None:
            return
        line = self._midi.bar_line() if at_bar else None
        for silence in end_jam(jam, line if line is not None else self._beat, line, self._services.engines):
            self._midi.send(silence)

    def _perform(self, jam: Jam, actions: Sequence[Action]) -> None:
        for action in actions:
            match action:
                case Compose():
                    self._have_composed(jam, action)
                case Sound() | StopPart():
                    self._midi.send(command_of(action, self._services.engines))
                case Begin(_, _, reason):
                    LOG.info("Jam: %s", reason)

    def _have_composed(self, jam: Jam, turn: Compose) -> None:
        played, under_way = self._midi.recording(), self._asked
        try:
            if played is None or under_way is None:
                raise RuntimeError("nothing is recorded of the player")
            reading = read_jam(self._services.mirrors[self._link_of(under_way)], self._services.recall)
        except Exception:
            LOG.exception("The set could not be read for the jam")
            jam.failed(turn)
            return
        loop, styles = asyncio.get_running_loop(), self._services.styles

        def compose() -> None:
            answer: Answer | None = None
            try:
                answer = compose_turn(reading, turn, under_way.request, played, styles, self._services.engines)
            except Exception:
                # The answer on standby plays, and the log has the reason.
                LOG.exception("An answer of the jam could not be composed")
            loop.call_soon_threadsafe(self._composed, jam, turn, answer)

        self._composer.submit(compose)

    def _link_of(self, jam: JamUnderWay) -> int:
        """Return the current connection of the jam's Live, which may have reconnected."""
        lives = self._services.state.lives.values()
        return next((live.link for live in lives if live.hello.instance == jam.instance), jam.link)

    def _composed(self, jam: Jam, turn: Compose, answer: Answer | None) -> None:
        clock = self._midi.clock
        if jam is not self._jam or clock is None:
            return
        if answer is None:
            jam.failed(turn)
            return
        self._perform(jam, jam.composed(answer, beat_at(clock, time.perf_counter())))
