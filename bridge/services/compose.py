"""The compose service: read requests in the event loop, and run engines in the thread pool."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import replace

from musearoo.bridge.core.composing import Composer, Players, prepare_composition
from musearoo.bridge.core.effects import Compose, PressKey
from musearoo.bridge.core.events import Composed, Event
from musearoo.bridge.requests.played import Played
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.services.daemon_services import DaemonServices
from musearoo.bridge.services.outcomes import request_failed
from musearoo.engines.styles.schema import Style


class ComposeService:
    """Compose requests with the engines. For the event loop's thread only.

    `ask_played` returns what was just played at a MIDI input, None for nothing.
    """

    def __init__(self, services: DaemonServices, players: Players, ask_played: Callable[[], Played | None]) -> None:
        self._services = services
        self._players = players
        self._ask_played = ask_played
        self._waiting: dict[PressKey, Future[None]] = {}

    def use_styles(self, styles: Mapping[str, Style]) -> None:
        """Compose in these styles from the next request on."""
        self._players = replace(self._players, styles=styles)

    def begin(self, request: Compose) -> None:
        """Compose a request and report the outcome. The analysis queue pauses meanwhile."""
        deadline = time.time() + request.seconds_left
        listener, loop = self._services.analyses, asyncio.get_running_loop()
        try:
            mirror = self._services.mirrors[request.link]
            composer = prepare_composition(mirror, request, self._players, deadline, listener.known, self._ask_played())
        except Exception as error:
            self._services.handle(request_failed(request, error))
            return

        def end(event: Event) -> None:
            self._waiting.pop(request.key, None)
            listener.release()
            self._services.handle(event)

        def compose() -> None:
            loop.call_soon_threadsafe(end, _compose(request, composer))

        try:
            self._waiting[request.key] = self._services.threads.submit(compose)
        except RequestError as error:
            self._services.handle(request_failed(request, error))
            return
        listener.hold()

    def stop(self, key: PressKey) -> None:
        """Cancel a request that no thread has begun."""
        if (waiting := self._waiting.pop(key, None)) and waiting.cancel():
            self._services.analyses.release()


def _compose(request: Compose, composer: Composer) -> Event:
    """Run a composer in its thread. The outermost handler of an engine's errors."""
    try:
        made = composer()
    except Exception as error:
        return request_failed(request, error)
    return Composed(
        now=time.monotonic(),
        key=request.key,
        messages=made.messages,
        name=made.name,
        notices=made.notices,
        parts=made.parts,
        clip=made.clip,
        recipe=made.recipe,
    )
