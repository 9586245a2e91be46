"""The audio service, for requests that end in sound files: split a clip, generate loops, capture or continue a track.

Each request is read from the set, performed in a worker, then written to the set.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import cached_property, partial
from importlib import import_module
from typing import TYPE_CHECKING, Final, TypeVar

from musearoo.bridge.audio.folders import remove_files
from musearoo.bridge.core.events.effects import Capture, ImagineLoops, PressKey, Separate
from musearoo.bridge.core.events.incoming import Analyzed, Composed, Event, Progressed
from musearoo.bridge.core.presses import ANSWER_WITHIN
from musearoo.bridge.jobs.contract import Priority
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import LONGEST_NAME, Refusal
from musearoo.bridge.requests.composition import Composition
from musearoo.bridge.requests.generate import find_scene, require_set
from musearoo.bridge.requests.imagine import ImagineReading, read_imagine, write_imagined
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.requests.split import read_split, stem_files, write_split
from musearoo.bridge.services.capture import (
    CONTINUED,
    CaptureService,
    capture_as_part,
    continue_recording,
    report_capture,
)
from musearoo.bridge.services.daemon_services import DaemonServices
from musearoo.bridge.services.outcomes import request_failed
from musearoo.bridge.text.bounded import cut_text

if TYPE_CHECKING:
    from musearoo.bridge.imagining.generator import AudioGenerator
    from musearoo.bridge.imagining.plan import Imagined
    from musearoo.bridge.stems.splitter import Splitter

NEEDED: Final = (
    "musearoo.bridge.imagining.generator",
    "musearoo.bridge.services.imagine",
    "musearoo.bridge.services.split",
    "musearoo.bridge.stems.splitter",
)
"""Modules that the first Split or Imagine imports."""

Made = TypeVar("Made")

AudioEffect = Separate | ImagineLoops | Capture
"""Effects that end in sound files."""

Show = Callable[[float, str], None]
Begin = Callable[[Show, Callable[[Made | str], None]], Callable[[], None]]
"""Start a worker's job: takes callbacks for progress and for the result or a fault; returns a function that cancels."""


class AudioService:
    """Perform the requests for which a worker makes sound files. For the event loop's thread only.

    `make_splitter` and `make_generator` are called for the first request that needs one. `note_change` is called with
    the connection of a set after a capture was added to its analyses.
    """

    def __init__(
        self,
        services: DaemonServices,
        make_splitter: Callable[[], Splitter],
        make_generator: Callable[[], AudioGenerator],
        captures: CaptureService,
        note_change: Callable[[int], None],
    ) -> None:
        self._services = services
        self._make_splitter = make_splitter
        self._make_generator = make_generator
        self._captures = captures
        self._note_change = note_change
        self._under_way: dict[PressKey, asyncio.Task[None]] = {}

    def begin(self, request: AudioEffect) -> None:
        """Start a request; its progress and outcome are reported."""
        doing: Awaitable[Composition | Analyzed]
        match request:
            case Separate():
                doing = self._separate(request)
            case ImagineLoops():
                doing = self._imagine(request)
            case Capture():
                doing = self._capture(request)
        task = asyncio.get_running_loop().create_task(self._do(request, doing))
        self._under_way[request.key] = task

    def warm(self) -> None:
        """Load the modules for Split and Imagine ahead of time. Runs in a thread."""
        for module in NEEDED:
            import_module(module)

    def stop(self, key: PressKey) -> None:
        """Cancel a request; nothing more is reported of it."""
        if task := self._under_way.pop(key, None):
            task.cancel()

    async def close(self) -> None:
        """Cancel all requests; unfinished files are removed."""
        tasks = tuple(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for name in ("_splitter", "_generator"):
            if name in vars(self):
                getattr(self, name).close()
        self._captures.close()

    @cached_property
    def _splitter(self) -> Splitter:
        return self._make_splitter()

    @cached_property
    def _generator(self) -> AudioGenerator:
        return self._make_generator()

    async def _do(self, request: AudioEffect, doing: Awaitable[Composition | Analyzed]) -> None:
        """Await a request's result and report the outcome; every error becomes one."""
        try:
            made = await doing
            event: Event
            if isinstance(made, Analyzed):
                event = made
            else:
                what = (made.messages, made.name, made.notices, made.parts, made.files, made.stays)
                event = Composed(time.monotonic(), request.key, *what)
        except Exception as error:
            event = request_failed(request, error)
        self._under_way.pop(request.key, None)
        self._services.handle(event)

    async def _separate(self, request: Separate) -> Composition:
        """Separate a clip, and return the transaction that writes its stems."""
        from musearoo.bridge.services.split import make_split_request  # imported here: it brings the models' cards

        mirror = self._services.mirrors[request.link]
        reading = read_split(mirror, request.split, request.clip)
        library = self._library_of(request)
        split, note = make_split_request(mirror, reading, self._services.settings, self._services.home, library)
        # The user's requests come before automatic splits.
        priority = Priority.ASKED if request.key[0] else Priority.BACKGROUND
        made = await self._made(request.key, partial(self._splitter.split, split, priority))
        # The stems remain in any case: the index lists them, and another request may already use them.
        where = next(iter(made.files.values())).parent
        stays = f"The stems of {reading.name} lie in {where}: the next Split takes them."
        try:
            mirror = self._mirror_for(request.key, stays)
            ending = (made.label, request.request_id, time.time() + ANSWER_WITHIN)
            written = write_split(mirror, reading, stem_files(made.files), *ending)
            # With its stems the clip can be analysed better.
            self._services.analyses.forget(reading.path)
        except Exception as error:
            error.add_note(stays)
            raise
        return replace(written, notices=(*filter(None, [note]), *made.notes, *written.notices), stays=stays)

    async def _imagine(self, request: ImagineLoops) -> Composition:
        """Generate the loops of a prompt, and return the transaction that writes them."""
        mirror = self._services.mirrors[request.link]
        reading = read_imagine(mirror, request.imagine, request.request_id, self._services.recall)
        return await self._write_loops(request, reading)

    async def _capture(self, request: Capture) -> Composition | Analyzed:
        """Analyse the last bars that a device recorded, or continue them.

        The capture becomes a part of the scene that was selected at the press.
        """
        services, listen = self._services, request.listen
        mirror = services.mirrors[request.link]
        song, scene = require_set(mirror), find_scene(mirror, -1).id
        recording = await self._captures.record(listen, song, self._library_of(request))
        # The performance cannot be repeated: its file remains after any failure, unless the user cancels.
        stays = f"What was recorded lies in {recording.path}."
        try:
            analysis = await self._captures.analyze(recording)
            mirror.keep_capture(scene, capture_as_part(recording, analysis))
            self._note_change(request.link)
            if listen.use != CONTINUED:
                report = partial(report_capture, listen, song, recording, analysis, services.styles)
                found = await asyncio.get_running_loop().run_in_executor(services.threads, report)
                return Analyzed(time.monotonic(), request.key, found, ())
            reading = continue_recording(mirror, listen, recording, analysis, request.request_id, services.recall)
            written = await self._write_loops(request, reading)
            return replace(written, notices=(*recording.notices, *written.notices), stays=f"{written.stays} {stays}")
        except asyncio.CancelledError:
            self._captures.drop(recording)
            raise
        except RequestError as error:
            raise RequestError(error.code, f"{error.sentence} {stays}") from error
        except Exception as error:
            error.add_note(stays)
            raise

    async def _write_loops(self, request: ImagineLoops | Capture, reading: ImagineReading) -> Composition:
        """Generate the loops of a reading, and return the transaction that writes them."""
        # Imported here, because it brings all that prompts need.
        from musearoo.bridge.services.imagine import list_take_files, make_imagine_request

        services = self._services
        library = self._library_of(request)
        # In a thread, because analysing the scene takes milliseconds.
        imagine, note = await asyncio.get_running_loop().run_in_executor(
            services.threads,
            partial(make_imagine_request, reading, services.styles, services.settings, services.home, library),
            request.sample_rate,
        )
        made = await self._made(
            request.key, partial(self._generator.generate, imagine, Priority.ASKED), self._remove_loops
        )
        stays = f"What was imagined lies in {made.takes[0].path.parent}."
        try:
            mirror = self._mirror_for(request.key, stays)
            title = cut_text(imagine.title, LONGEST_NAME, f" ({made.label})" if made.label else "")
            ending = (title, request.request_id, time.time() + ANSWER_WITHIN)
            written = write_imagined(mirror, reading, list_take_files(made, reading), *ending)
        except RequestError:
            raise
        except Exception:
            self._remove_loops(made)
            raise
        of_takes = dict.fromkeys(sentence for take in made.takes for sentence in take.notices)
        notices = (*filter(None, [note]), *made.notices, *of_takes, *written.notices)
        return replace(written, notices=notices, files=made.files, stays=stays)

    def _remove_loops(self, made: Imagined) -> None:
        """Remove loops that no set will use: no index knows them."""
        self._services.threads.submit(remove_files, made.files)

    async def _made(self, key: PressKey, begin: Begin[Made], drop: Callable[[Made], None] = lambda _: None) -> Made:
        """Await a worker's result, reporting its progress; raises RequestError with its reason if it fails.

        Cancelling the waiting task cancels the job; `drop` is called with a result that comes too late.
        """
        ended: asyncio.Future[Made | str] = asyncio.get_running_loop().create_future()

        def show(fraction: float, text: str) -> None:
            self._services.handle(Progressed(time.monotonic(), key, fraction, text))

        def end(made: Made | str) -> None:
            if not ended.done():
                ended.set_result(made)
            elif not isinstance(made, str):
                drop(made)

        cancel = begin(show, end)
        try:
            made = await ended
        except asyncio.CancelledError:
            cancel()
            if not ended.cancelled() and not isinstance(late := ended.result(), str):
                drop(late)
            raise
        if isinstance(made, str):
            raise RequestError(Refusal.ENGINE_FAILED, made)
        return made

    def _library_of(self, request: AudioEffect) -> str:
        """Return the User Library that files must be in for a request's Live, "" for any place."""
        return self._services.state.lives[request.link].hello.library

    def _mirror_for(self, key: PressKey, stays: str) -> SetMirror:
        """Return the set of a request as it is now; raises RequestError, saying what stays, without one."""
        state = self._services.state
        press = state.presses.get(key)
        live = state.live_of(press) if press else None
        if live is None or live.link not in self._services.mirrors:
            raise RequestError(Refusal.LIVE_LOST, f"Live has gone; nothing was written. {stays}")
        return self._services.mirrors[live.link]
