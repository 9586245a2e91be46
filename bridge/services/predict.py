"""The predict service: while nothing else is to be done, compose what is likely to be asked next.

A press that was foreseen finds its take ready. It is the very take that would have been composed: it stands under all
that it depends on (`core.composing.Basis`), the press's own number and so its seed among that.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from musearoo.bridge.copilot.habits_file import HABITS_FILE
from musearoo.bridge.copilot.learnt_file import PreferencesError
from musearoo.bridge.core.composing import Basis, Composer, Players, prepare_composition
from musearoo.bridge.core.events.effects import Compose
from musearoo.bridge.core.events.incoming import ClipWritten, DeviceMessageReceived, EffortChanged, Event
from musearoo.bridge.core.events.midi import is_auditioned
from musearoo.bridge.core.state import Live, Press, State
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.prediction.habits import NO_HABITS, Habits, Likely, learn_move, rank_moves
from musearoo.bridge.prediction.moves import (
    SAY,
    AnyRequest,
    Past,
    Situation,
    TakeRequest,
    requests_of,
    selected_scene,
    who_plays,
)
from musearoo.bridge.prediction.ready_takes import ReadyTake, ReadyTakes
from musearoo.bridge.prediction.trials import Trials
from musearoo.bridge.process.power import saves_power
from musearoo.bridge.protocol import Audition, Dials, Done, Generate, Keep, Refine, WriteSong
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.adjust_data import ChangeSeveral
from musearoo.bridge.requests.composition import Composition
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.services.daemon_services import DaemonServices
from musearoo.bridge.settings.logs import LOG

QUIET_FOR: Final = 0.25
"""Seconds without a press or a change of the set before anything is composed ahead."""
REST: Final = 0.01
"""Seconds between two takes that are composed ahead: events have the machine to themselves."""
MOST_AHEAD: Final = 24
"""Takes that are composed ahead of one press."""
UNLIKELY: Final = 0.004
"""Below this probability a move is not worth composing."""
LIKELY_JOB: Final = 0.25
"""The probability from which on a job's packages are loaded ahead: that takes memory and a second."""
JOBS: Final = frozenset({"split", "imagine"})
"""Moves that are jobs of a kind of the same name."""
SENTENCES: Final = "say"
LIKELY_SENTENCE: Final = 0.15
"""The probability from which on the table of sentences is loaded: more than of a user who has not said anything yet."""
WARM_FOR: Final = 600.0
"""Seconds that what was loaded counts as loaded: the worker may have been replaced."""
MOST_SAVED: Final = 1.0
"""Seconds of work that a long pause may save up."""
POWER_EVERY: Final = 30.0
"""Seconds between two looks at the battery saver."""
SAVE_EVERY: Final = 20.0
"""Seconds between two writings of what was learnt."""
DEADLINE: Final = 0.0
"""Of a take that no press has asked for: it is addressed anew before it is sent."""


@dataclass(slots=True)
class PredictionCounts:
    """Presses that were foreseen or not, takes that nobody asked for; work and ages in seconds."""

    hits: int = 0
    misses: int = 0
    wasted: int = 0
    work: float = 0.0
    age: float = 0.0
    """Of the takes that were used, added up."""


Played = Generate | Refine | ChangeSeveral | WriteSong
"""Requests that engines play."""


class PredictService:
    """Compose ahead, and learn what follows what. For the event loop's thread only.

    `players` returns those of the compose service, `is_idle` whether nothing else is to be done or waits. `warm` loads
    what jobs of a kind need, or SENTENCES.
    """

    def __init__(
        self,
        services: DaemonServices,
        players: Callable[[], Players],
        is_idle: Callable[[], bool],
        warm: Callable[[str], object],
    ) -> None:
        self._services = services
        self._players = players
        self._is_idle = is_idle
        self._warm = warm
        self._warm_at: dict[str, float] = {}
        self._is_on = services.settings.predict is not False
        self._ready = ReadyTakes()
        self._pasts: dict[int, Past] = {}
        self._trials = Trials()
        self._active = 0
        self._habits = NO_HABITS
        self._stamp: int | None = None
        self._unsaved_since: float | None = None
        self._situation = Situation()
        self._quiet_since = 0.0
        self._is_planned = False
        self.is_done = False
        """Whether all is ready that is likely now, and nothing else is kept."""
        self._plan: deque[TakeRequest] = deque()
        self._dropped = SetMirror()
        """The set of the plan as it is for a request that is heard first."""
        self._current: list[Basis] = []
        self._is_composing = False
        self._budget, self._budget_at = MOST_SAVED, time.monotonic()
        # Until the system has said whether it saves power, it may.
        self._power_at, self._saves_power = -POWER_EVERY, services.settings.predict == "auto"
        self.counts = PredictionCounts()

    # --- what happens ------------------------------------------------------------------------------------------------

    def take(self, request: object, basis: Basis | None, now: float) -> Composition | None:
        """Return the take of a request if it was composed ahead; it must be addressed anew."""
        if not self._is_on:
            return None
        if basis is not None and isinstance(request, TakeRequest) and is_auditioned(request):
            live = self._live_of(request.session)
            if live is not None:
                self._trials.expect(request.session, self._services.mirrors[live.link], basis)
        ready = self._ready.find(basis) if basis is not None else None
        if ready is None:
            self.counts.misses += isinstance(request, Played)
            return None
        self._ready.remove(ready)
        self.counts.hits += 1
        self.counts.age += now - ready.made
        return ready.take

    def observe(self, before: State, after: State, event: Event) -> None:
        """Learn from an event that led from one state to another."""
        if not self._is_on:
            return
        if before.sentences is not after.sentences:
            self._count_sentences(before, after)
            self.note_change()
        if isinstance(event, EffortChanged):
            # What is ready was composed with other engines.
            self.note_change()
        if isinstance(event, DeviceMessageReceived):
            self._on_message(before, after, event.message)
        if before.presses is after.presses and before.takes is after.takes:
            return
        for key in after.presses.keys() - before.presses.keys():
            if key[0]:
                press = after.presses[key]
                self._on_request(before, key[0], press.link, press.request, is_said=key in before.sentences)
        if isinstance(event, ClipWritten) and (written := before.press_of(event.request)) is not None:
            self._on_written(written, event)
        for gone in self._pasts.keys() - after.sessions.keys():
            del self._pasts[gone]
            self._trials.forget(gone)
        self.note_change()

    def _count_sentences(self, before: State, after: State) -> None:
        """Follow the numbers of presses: a sentence has one, and may come to nothing."""
        for session, number in after.sentences.keys() - before.sentences.keys():
            if session in self._pasts:
                self._pasts[session] = replace(self._pasts[session], next_press=number + 1)

    def _on_message(self, before: State, after: State, message: Message) -> None:
        """Follow dials that have come to rest, and what is answered at once: to keep or drop what is heard in Live."""
        session = after.sessions.get(getattr(message, "session", 0))
        known = before.sessions.get(session.number) if session is not None else None
        if session is None or known is None:
            return
        number = session.number
        if isinstance(message, Dials) and session.dials is message:
            self._pasts[number] = self._pasts.get(number, Past()).after_dials(message)
            self._active = number
            # They have rested already: nobody waits for quiet.
            self._is_planned = self.is_done = False
        elif (press := getattr(message, "press", 0)) in session.answers and press not in known.answers:
            if isinstance(message, Keep | Audition) and isinstance(session.answers[press], Done):
                self._on_request(before, number, 0, message, is_said=False)
            self.note_change()

    def note_change(self) -> None:
        """Note that something happened: what is likely, or what it sounds like, may be another now."""
        self._quiet_since = time.monotonic()
        self._is_planned = self.is_done = False

    def poll(self, now: float) -> None:
        """Go on composing ahead if nothing else is to be done. Call this at each tick."""
        if not self._is_on:
            return
        if self._stamp is None:
            self._read()
        if self._unsaved_since is not None and now - self._unsaved_since >= SAVE_EVERY:
            self._unsaved_since = None
            self._services.threads.submit(self._write, self._habits)
        if now - self._quiet_since >= QUIET_FOR and not self.is_done and not self._is_composing:
            self._go_on(now)

    def _on_request(self, before: State, session: int, link: int, request: AnyRequest, *, is_said: bool) -> None:
        mirror = self._services.mirrors.get(link)
        past = self._pasts.get(session, Past())
        selected = selected_scene(mirror) if mirror else -1
        now = past.after(request, selected, is_said=is_said, auditioned=_auditioned(before, session))
        self._habits = learn_move(self._habits, past.situation(self._situation.playing), now.moves[1])
        self._pasts[session] = now
        self._active = session
        self._unsaved_since = self._unsaved_since or time.monotonic()

    def _on_written(self, press: Press, written: ClipWritten) -> None:
        session, past = press.key[0], self._pasts.get(press.key[0])
        if past is None or not isinstance(press.request, Generate | Refine | Keep):
            return
        if not is_auditioned(press.request):
            clip = (written.track, written.scene, written.name)
            self._pasts[session] = replace(past, clip=clip) if written.track >= 0 else past
        elif (mirror := self._services.mirrors.get(press.link)) is not None:
            self._trials.begin(session, written.request, press.messages[1:], written.ids, mirror)

    # --- composing ahead ---------------------------------------------------------------------------------------------

    def _go_on(self, now: float) -> None:
        """Look at the likeliest request that is planned, and compose its take if that is missing."""
        live = self._live_of(self._active)
        if live is None or not self._is_idle() or not self._may_work(now):
            return
        mirror = self._services.mirrors[live.link]
        if not self._is_planned:
            self._make_plan(mirror)
        if not self._plan:
            self.counts.wasted += self._ready.drop_all_but(self._current)
            self.is_done = True
            return
        request = self._plan.popleft()
        composer = self._prepare(live, self._dropped if is_auditioned(request) else mirror, request)
        basis = composer.basis if composer is not None else None
        if basis is not None:
            self._current.append(basis)
        if composer is not None and basis is not None and self._ready.find(basis) is None:
            self._begin(composer, basis)
        else:
            self._rest()
        self._spend(time.monotonic() - now)

    def _rest(self) -> None:
        """Let events have the machine to themselves for a moment, then go on."""
        asyncio.get_running_loop().call_later(REST, lambda: self.poll(time.monotonic()))

    def _live_of(self, session: int) -> Live | None:
        """Return the Live of a device, None where it or its set is not there."""
        device = self._services.state.sessions.get(session)
        live = self._services.state.live_for(device) if device is not None else None
        if not isinstance(live, Live):
            return None
        mirror = self._services.mirrors.get(live.link)
        return live if mirror is not None and mirror.complete else None

    def _make_plan(self, mirror: SetMirror) -> None:
        past, engines = self._pasts[self._active], self._services.engines
        self._situation = past.situation(who_plays(mirror, engines))
        ranked = rank_moves(self._habits, self._situation, [engine.name for engine in engines])
        likely = [each.move for each in ranked if each.likely >= UNLIKELY]
        self._load(ranked)
        state = self._services.state
        take = state.takes.get(self._active)
        # The next take that is heard first comes after the one before was dropped.
        self._dropped = self._trials.without(self._active, take.written, mirror) if take is not None else mirror
        # Some requests were answered at once.
        answered = max(state.sessions[self._active].answers, default=0)
        past = replace(past, next_press=max(past.next_press, answered + 1))
        heard = _auditioned(state, self._active)
        asked = [request for move in likely for request in requests_of(move, past, self._active, mirror, heard)]
        self._plan = deque(asked[:MOST_AHEAD])
        self._current = []
        self._is_planned = True

    def _load(self, ranked: Sequence[Likely]) -> None:
        """Have loaded what a sentence or a job needs that is likely next."""
        now = time.monotonic()
        kinds = {each.move.removeprefix(SAY) for each in ranked if each.likely >= LIKELY_JOB} & JOBS
        if sum(each.likely for each in ranked if each.move.startswith(SAY)) >= LIKELY_SENTENCE:
            kinds |= {SENTENCES}
        for kind in kinds:
            if now - self._warm_at.get(kind, -WARM_FOR) >= WARM_FOR:
                self._warm_at[kind] = now
                self._warm(kind)

    def _prepare(self, live: Live, mirror: SetMirror, request: TakeRequest) -> Composer | None:
        """Read a request's facts, as its press would; None if it would be refused."""
        session = self._services.state.sessions[self._active]
        press = Compose(
            key=(self._active, request.press),
            link=live.link,
            request_id=f"{session.hello.instance}:{request.press}",
            request=request,
            sample_rate=session.hello.sample_rate or self._services.settings.sample_rate,
            seconds_left=0.0,
            live_version=live.hello.live_version,
        )
        try:
            return prepare_composition(mirror, press, self._players(), DEADLINE, self._services.analyses.known)
        except RequestError:
            return None

    def _begin(self, composer: Composer, basis: Basis) -> None:
        loop = asyncio.get_running_loop()

        def compose() -> None:
            started = time.perf_counter()
            made = _compose(composer)
            seconds = time.perf_counter() - started
            loop.call_soon_threadsafe(self._end, basis, made, seconds)

        try:
            self._services.threads.submit(compose)
        except RequestError:
            return
        self._is_composing = True

    def _end(self, basis: Basis, made: Composition | None, seconds: float) -> None:
        self._is_composing = False
        self._spend(seconds)
        if made is not None and basis in self._current:
            self.counts.wasted += self._ready.add(ReadyTake(basis, time.monotonic(), made))
        elif made is not None:
            self.counts.wasted += 1
        self._rest()

    # --- politeness --------------------------------------------------------------------------------------------------

    def _may_work(self, now: float) -> bool:
        """Whether there is work left to be spent, and the machine does not save power."""
        share = self._services.settings.predict_share
        self._budget = min(MOST_SAVED, self._budget + share * (now - self._budget_at))
        self._budget_at = now
        if self._services.settings.predict == "auto" and now - self._power_at >= POWER_EVERY:
            self._power_at = now
            self._services.threads.submit(self._look_at_power)
        return self._budget > 0.0 and not self._saves_power

    def _look_at_power(self) -> None:
        """Ask the system whether it saves power. Runs in a thread: it may have to ask a program."""
        self._saves_power = saves_power()

    def _spend(self, seconds: float) -> None:
        self._budget -= seconds
        self.counts.work += seconds

    # --- what was learnt ---------------------------------------------------------------------------------------------

    def _read(self) -> None:
        """Read what was learnt in earlier runs, and what the user has changed of it."""
        self._stamp = HABITS_FILE.stamp(self._services.home)
        try:
            self._habits = HABITS_FILE.read(self._services.home)
        except PreferencesError as error:
            LOG.warning("%s", error)

    def save(self) -> None:
        """Write at once what was learnt, if anything was. What the user has erased meanwhile stays erased."""
        if self._unsaved_since is None:
            return
        self._unsaved_since = None
        self._write(self._habits)
        if self._stamp is None:
            self._read()

    def _write(self, habits: Habits) -> None:
        """Write habits, unless the user has changed the file: then it is read again. In any thread."""
        if self._stamp != HABITS_FILE.stamp(self._services.home):
            self._stamp = None
            return
        try:
            HABITS_FILE.write(self._services.home, habits)
        except PreferencesError as error:
            LOG.warning("%s", error)
        self._stamp = HABITS_FILE.stamp(self._services.home)


def _auditioned(state: State, session: int) -> TakeRequest | None:
    """Return the request of the take that a device auditions, None if there is none that its buttons can change."""
    take = state.takes.get(session)
    return take.request if take is not None and isinstance(take.request, TakeRequest) else None


def _compose(composer: Composer) -> Composition | None:
    """Return what a composer makes; None where it has something to tell, or fails: then the press shall."""
    try:
        made = composer()
    except Exception as error:
        LOG.debug("What was composed ahead came to nothing: %s.", type(error).__name__)
        return None
    return made if not made.notices else None
