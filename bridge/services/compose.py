"""The compose service: read requests in the event loop, and run engines in the thread pool."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from dataclasses import replace

from musearoo.bridge.core.composing import Basis, Composer, Players, address_anew, prepare_composition
from musearoo.bridge.core.events.effects import Compose, PressKey
from musearoo.bridge.core.events.incoming import Composed, EffortChanged, Event
from musearoo.bridge.requests.composition import Composition
from musearoo.bridge.requests.effort import Efforts, composing_strain
from musearoo.bridge.requests.played import Played
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.services.daemon_services import DaemonServices
from musearoo.bridge.services.outcomes import request_failed
from musearoo.engines.players.band.catalogue import lean_engine
from musearoo.engines.styles.schema import Style


class ComposeService:
    """Compose requests with the engines, and choose what each may spend. For the event loop's thread only.

    `ask_played` returns what was just played at a MIDI input, None for nothing; `take_ready` what was composed ahead.
    `players` are those of the next request; `lean_takes` counts the requests that lean engines composed.
    """

    def __init__(
        self,
        services: DaemonServices,
        players: Players,
        ask_played: Callable[[], Played | None],
        take_ready: Callable[[object, Basis | None, float], Composition | None],
    ) -> None:
        self._services = services
        self.players = players
        self.efforts = Efforts.full(engine.name for engine in services.engines)
        self.lean_takes = 0
        self._ask_played = ask_played
        self._take_ready = take_ready
        self._waiting: dict[PressKey, Future[None]] = {}

    def use_styles(self, styles: Mapping[str, Style]) -> None:
        """Compose in these styles from the next request on."""
        self.players = replace(self.players, styles=styles)

    def observe(self, strain: float, engines: Collection[str] | None = None) -> None:
        """Choose what engines may spend after an observation (`requests.effort`) of some, or of what all depend on."""
        before, now = self.efforts, time.monotonic()
        self.efforts = before.observe(now, strain, engines)
        lean = self.efforts.lean
        if lean == before.lean:
            return
        chosen = [lean_engine(engine) if engine.name in lean else engine for engine in self._services.engines]
        self.players = replace(self.players, engines=tuple(chosen))
        self._services.handle(EffortChanged(now, lean, had_lean=bool(before.lean)))

    def begin(self, request: Compose) -> None:
        """Compose a request, unless it was done ahead, and report the outcome. The analysis queue pauses meanwhile."""
        began, deadline = time.monotonic(), time.time() + request.seconds_left
        listener, loop = self._services.analyses, asyncio.get_running_loop()
        try:
            mirror = self._services.mirrors[request.link]
            composer = prepare_composition(mirror, request, self.players, deadline, listener.known, self._ask_played())
        except Exception as error:
            self._services.handle(request_failed(request, error))
            return
        lean = tuple(sorted(self.efforts.lean.intersection(composer.engines)))
        ready = self._take_ready(request.request, composer.basis, time.monotonic())
        if ready is not None:
            self._services.handle(_composed(request, address_anew(ready, request.request_id, deadline), lean))
            return

        def end(event: Event) -> None:
            self._waiting.pop(request.key, None)
            listener.release()
            seconds = time.monotonic() - began
            self._services.handle(event)
            if composer.engines:
                self.observe(composing_strain(seconds, composer.bars, len(composer.engines)), composer.engines)

        def compose() -> None:
            loop.call_soon_threadsafe(end, _compose(request, composer, lean))

        try:
            self._waiting[request.key] = self._services.threads.submit(compose)
        except RequestError as error:
            self._services.handle(request_failed(request, error))
            return
        listener.hold()
        self.lean_takes += bool(lean)

    def stop(self, key: PressKey) -> None:
        """Cancel a request that no thread has begun."""
        if (waiting := self._waiting.pop(key, None)) and waiting.cancel():
            self._services.analyses.release()


def _compose(request: Compose, composer: Composer, lean: tuple[str, ...]) -> Event:
    """Run a composer in its thread. The outermost handler of an engine's errors."""
    try:
        made = composer()
    except Exception as error:
        return request_failed(request, error)
    return _composed(request, made, lean)


def _composed(request: Compose, made: Composition, lean: tuple[str, ...]) -> Composed:
    recipe = replace(made.recipe, lean=lean) if made.recipe is not None and lean else made.recipe
    return Composed(
        now=time.monotonic(),
        key=request.key,
        messages=made.messages,
        name=made.name,
        notices=made.notices,
        parts=made.parts,
        clip=made.clip,
        recipe=recipe,
    )
