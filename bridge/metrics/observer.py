"""Count what the daemon does, from the conductor's events and effects: the one place that sees them all.

The conductor stays pure and knows nothing of metrics. An event costs some microseconds. Takes are measured later, one
at each tick while no press is under way: a press never waits for it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from musearoo.bridge.core.events.effects import Effect, PressKey, SendToDevice
from musearoo.bridge.core.events.incoming import (
    Analyzed,
    ClipWritten,
    Composed,
    DeviceMessageReceived,
    EffectFailed,
    Event,
    IncompatibleHelloReceived,
    NotComposed,
    ScriptLost,
    ScriptMessageReceived,
    Ticked,
    Understood,
    UnknownPacketReceived,
)
from musearoo.bridge.core.session import Answered
from musearoo.bridge.core.state import Live, State
from musearoo.bridge.metrics.daemon import FAMILIES, LEGS, OTHER, OUTCOMES, PREFIX
from musearoo.bridge.metrics.process import BUILD, read_process
from musearoo.bridge.metrics.registry import Reading, Registry
from musearoo.bridge.metrics.takes import TakeHistograms, measure_take
from musearoo.bridge.metrics.text import write_text
from musearoo.bridge.protocol import (
    Analyze,
    ApiEdit,
    Audition,
    BringBack,
    Done,
    Failed,
    Generate,
    Heartbeat,
    Imagine,
    Keep,
    KeepVersion,
    Listen,
    LiveState,
    Mix,
    PlayJam,
    Refine,
    Refusal,
    SayText,
    Split,
    Talk,
    Undo,
    WriteSong,
)
from musearoo.bridge.requests.adjust_data import Adjust, ChangeSeveral
from musearoo.bridge.requests.band import BAND, is_band
from musearoo.bridge.requests.composition import TakePart
from musearoo.engines.errors import ParamError
from musearoo.engines.music.knowledge.context import ROLES
from musearoo.engines.music.scale import Key
from musearoo.engines.players.band.catalogue import EngineRecord

KINDS: Final[Mapping[type, str]] = {
    Refine: "refine",
    ChangeSeveral: "refine",
    Adjust: "adjust",
    ApiEdit: "edit",
    WriteSong: "song",
    Mix: "mix",
    Analyze: "analyze",
    Split: "split",
    Imagine: "imagine",
    Listen: "listen",
    Audition: "audition",
    Keep: "keep",
    PlayJam: "jam",
    Undo: "undo",
    KeepVersion: "keep version",
    BringBack: "bring back",
    SayText: "say",
    Talk: "say",
}
"""The label `engine` of requests that name no engine."""

MOST_UNMEASURED: Final = 64
"""Takes that wait to be measured: the notes of some songs, a few MB at most."""


class DaemonMetrics:
    """The daemon's registry, and what counts in it. For the event loop's thread only.

    `state` returns the conductor's state; `engines` are those installed; `readings` are what only the daemon's parts
    know, by family and labels: the lengths of queues, and what caches and predictions had ready.
    """

    def __init__(
        self,
        state: Callable[[], State],
        engines: Sequence[EngineRecord],
        readings: Mapping[tuple[str, ...], Reading],
    ) -> None:
        self._state = state
        self._engines = {name: engine.name for engine in engines for name in (engine.part, engine.name)}
        named = (*(engine.name for engine in engines), BAND, *KINDS.values(), OTHER)
        self._registry = registry = Registry(
            FAMILIES, {"engine": named, "player": [engine.name for engine in engines], **BUILD}
        )
        self._presses = {
            (name, outcome): registry.counter(f"{PREFIX}presses_total", name, outcome)
            for name in named
            for outcome in OUTCOMES
        }
        self._legs = {name: [registry.histogram(f"{PREFIX}press_seconds", name, leg) for leg in LEGS] for name in named}
        self._refusals = {code: registry.counter(f"{PREFIX}refusals_total", code.name.lower()) for code in Refusal}
        self._faults = registry.counter(f"{PREFIX}effects_failed_total")
        self._strange = registry.counter(f"{PREFIX}strange_packets_total")
        self._gaps = registry.histogram(f"{PREFIX}live_gap_seconds")
        self._lost = registry.counter(f"{PREFIX}live_lost_total")
        self._measures = {role: TakeHistograms(registry, PREFIX, role) for role in ROLES}
        self._unmeasured: deque[tuple[tuple[TakePart, ...], Key | None]] = deque()
        self._dropped = registry.counter(f"{PREFIX}takes_unmeasured_total")
        self._read_at_scrape(readings)

    def text(self) -> str:
        """Return all metrics in Prometheus' text format; takes less than a millisecond."""
        return write_text(self._registry)

    def observe(self, before: State, after: State, event: Event, effects: Collection[Effect]) -> None:
        """Count an event that led from one state to another, with the effects that followed."""
        answered = set[PressKey]()
        for effect in effects:
            if isinstance(effect, SendToDevice) and isinstance(effect.message, Answered):
                session = before.sessions.get(effect.session)
                # An older number is an answer that is repeated.
                if session is not None and effect.message.number >= session.next_number:
                    key = (effect.session, effect.message.press)
                    answered.add(key)
                    self._count_answer(self._name(before, key, event), effect.message)
        if before.presses is not after.presses:
            for key in before.presses.keys() - after.presses.keys() - answered:
                self._count_unanswered(before, key, event)
        match event:
            case ScriptMessageReceived(message=Heartbeat(largest_gap_ms=gap)):
                self._gaps.observe(gap / 1000)
            case ScriptLost(link=link) if link in before.lives:
                self._lost.add()
            case Composed(parts=parts) if parts and event.key in before.presses:
                self._note_take(before, event)
            case UnknownPacketReceived() | IncompatibleHelloReceived():
                self._strange.add()
            case EffectFailed():
                self._faults.add()
            case Ticked() if self._unmeasured and not after.presses:
                self._measure(*self._unmeasured.popleft())

    def _count_answer(self, name: str, answer: Answered) -> None:
        if isinstance(answer, Failed):
            self._count_failure(name, Refusal(answer.code))
            return
        self._presses[name, "done"].add()
        composed, live, total = self._legs[name]
        total.observe(answer.milliseconds / 1000)
        if isinstance(answer, Done):
            composed.observe(answer.composed_ms / 1000)
            live.observe(answer.live_ms / 1000)

    def _count_unanswered(self, before: State, key: PressKey, event: Event) -> None:
        """Count a press that began by itself, or whose device has gone."""
        name = self._name(before, key, event)
        if isinstance(event, ClipWritten | Composed | Analyzed):
            self._presses[name, "done"].add()
            self._legs[name][-1].observe(event.now - before.presses[key].arrived)
        elif isinstance(event, NotComposed):
            self._count_failure(name, event.code)
        elif isinstance(event, DeviceMessageReceived):
            self._count_failure(name, Refusal.CANCELLED)
        else:
            self._presses[name, "failed"].add()

    def _count_failure(self, name: str, code: Refusal) -> None:
        self._presses[name, "cancelled" if code is Refusal.CANCELLED else "failed"].add()
        self._refusals[code].add()

    def _name(self, before: State, key: PressKey, event: Event) -> str:
        """Return the label of a press, which may have ended with the event that began it."""
        request: object = None
        if key in before.presses:
            request = before.presses[key].request
        elif isinstance(event, Understood):
            request = event.verdict
        elif isinstance(event, DeviceMessageReceived):
            request = event.message
        if isinstance(request, Generate):
            wanted = request.engine.strip().lower()
            return BAND if is_band(wanted) else self._engines.get(wanted, OTHER)
        return KINDS.get(type(request), "say" if key in before.sentences else OTHER)

    def _note_take(self, before: State, made: Composed) -> None:
        if len(self._unmeasured) >= MOST_UNMEASURED:
            self._unmeasured.popleft()
            self._dropped.add()
        self._unmeasured.append((made.parts, _key_of(made, before.lives.get(before.presses[made.key].link))))

    def _measure(self, parts: Sequence[TakePart], key: Key | None) -> None:
        for part in parts:
            self._measures[part.role].observe(measure_take(part.clip, part.role, key))

    def _read_at_scrape(self, readings: Mapping[tuple[str, ...], Reading]) -> None:
        registry, state = self._registry, self._state
        for (name, *labels), reading in readings.items():
            registry.read(f"{PREFIX}{name}", reading, *labels)
        registry.read(f"{PREFIX}presses_under_way", lambda: len(state().presses))
        registry.read(f"{PREFIX}sessions", lambda: _count_sessions(state(), of_clients=False), "device")
        registry.read(f"{PREFIX}sessions", lambda: _count_sessions(state(), of_clients=True), "client")
        registry.read(f"{PREFIX}live_silence_seconds", self._read_silence)
        for each in LiveState:
            registry.read(f"{PREFIX}live_connections", _count_lives(state, each), each.name.lower())
        read_process(registry, PREFIX)

    def _read_silence(self) -> float | None:
        seen = [live.last_seen for live in self._state().lives.values()]
        return max(0.0, time.monotonic() - min(seen)) if seen else None


def _count_lives(state: Callable[[], State], wanted: LiveState) -> Reading:
    return lambda: sum(live.state(time.monotonic()) is wanted for live in state().lives.values())


def _count_sessions(state: State, *, of_clients: bool) -> int:
    return sum(session.is_client is of_clients for session in state.sessions.values())


def _key_of(made: Composed, live: Live | None) -> Key | None:
    """Return the key that a take should be in: the one it was composed in, else the set's own or its estimate."""
    if made.recipe is not None and made.recipe.context is not None:
        return made.recipe.context.key.value
    if live is None:
        return None
    try:
        if live.facts is not None and live.facts.scale_mode == 1:
            return Key.from_live(live.facts.root_note, live.facts.scale_name)
        return Key.parse(live.key) if live.key else None
    except ParamError:
        # A scale of a newer Live, or of a user's own.
        return None
