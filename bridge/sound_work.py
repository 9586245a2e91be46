"""Presses that end in sound files: a clip is split, or loops are imagined. Each is read, made beside, then written."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from bridge.composition import Composition
from bridge.events import Composed, Event, ImagineLoops, PressKey, Progressed, Separate
from bridge.imagine_orders import order_imagine, take_files
from bridge.imagine_press import read_imagine, write_imagined
from bridge.imaginer import Imaginer
from bridge.jobs.contract import Priority
from bridge.listener import Listener
from bridge.mirror import SetMirror
from bridge.outcomes import not_composed
from bridge.press import PressError
from bridge.presses import ANSWER_WITHIN
from bridge.settings import Settings
from bridge.split_orders import order_split
from bridge.split_press import read_split, stem_files, write_split
from bridge.splitter import Splitter
from bridge.state import State
from bridge.wire import Refusal
from engines.styles.style import Style

Made = TypeVar("Made")

Show = Callable[[float, str], None]
Begin = Callable[[Show, Callable[[Made | str], None]], Callable[[], None]]
"""Has something made: takes what is told how far it is and what gets it, or one sentence; returns what cancels it."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the daemon lends: what it knows, who works for it, and `tell`, which takes what has happened."""

    settings: Settings
    home: Path
    mirrors: Mapping[int, SetMirror]
    ask_state: Callable[[], State]
    ask_styles: Callable[[], Mapping[str, Style]]
    ask_listener: Callable[[], Listener]
    threads: Executor
    tell: Callable[[Event], None]


class SoundWork:
    """Does the orders that a worker makes sound files for. Only the event loop's thread asks it."""

    def __init__(self, splitter: Splitter, imaginer: Imaginer, around: Surroundings) -> None:
        self._splitter = splitter
        self._imaginer = imaginer
        self._around = around
        self._under_way: dict[PressKey, asyncio.Task[None]] = {}

    def begin(self, order: Separate | ImagineLoops) -> None:
        """Has an order done; how it goes and ends is told."""
        doing = self._separate(order) if isinstance(order, Separate) else self._imagine(order)
        task = asyncio.get_running_loop().create_task(self._do(order, doing))
        self._under_way[order.key] = task

    def stop(self, key: PressKey) -> None:
        """The press is not wanted any more; nothing more is told of it."""
        if task := self._under_way.pop(key, None):
            task.cancel()

    async def close(self) -> None:
        """Ends everything; what was being made leaves nothing behind."""
        tasks = tuple(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._splitter.close()
        self._imaginer.close()

    async def _do(self, order: Separate | ImagineLoops, doing: Awaitable[Composition]) -> None:
        """The outermost place for whatever goes wrong with an order."""
        try:
            made = await doing
            event: Event = Composed(time.monotonic(), order.key, made.messages, made.name, made.told)
        except Exception as error:
            event = not_composed(order, error)
        self._under_way.pop(order.key, None)
        self._around.tell(event)

    async def _separate(self, order: Separate) -> Composition:
        """The clip's stems, as the transaction that writes them."""
        mirror = self._around.mirrors[order.link]
        reading = read_split(mirror, order.split, order.clip)
        library = self._around.ask_state().lives[order.link].hello.library
        request, note = order_split(mirror, reading, self._around.settings, self._around.home, library)
        # What a press asked for comes before what began by itself.
        priority = Priority.ASKED if order.key[0] else Priority.BACKGROUND
        made = await self._made(order.key, partial(self._splitter.split, request, priority))
        where = next(iter(made.files.values())).parent
        mirror = self._mirror_for(order.key, f"the stems of {reading.name} lie in {where}")
        ending = (made.label, order.request_id, time.time() + ANSWER_WITHIN)
        written = write_split(mirror, reading, stem_files(made.files), *ending)
        # With its stems the clip is heard better.
        self._around.ask_listener().forget(reading.path)
        return replace(written, told=(*filter(None, [note]), *made.notes, *written.told))

    async def _imagine(self, order: ImagineLoops) -> Composition:
        """The loops of a prompt, as the transaction that writes them."""
        around = self._around
        mirror = around.mirrors[order.link]
        reading = read_imagine(mirror, order.imagine, order.request_id, around.ask_listener().known)
        library = around.ask_state().lives[order.link].hello.library
        # Hearing what plays together takes its milliseconds.
        request, note = await asyncio.get_running_loop().run_in_executor(
            around.threads,
            partial(order_imagine, reading, around.ask_styles(), around.settings, around.home, library),
            order.sample_rate,
        )
        made = await self._made(order.key, partial(self._imaginer.imagine, request, Priority.ASKED))
        takes = take_files(made, reading)
        mirror = self._mirror_for(order.key, f"what was imagined lies in {made.takes[0].path.parent}")
        deadline = time.time() + ANSWER_WITHIN
        title = f"{request.title} ({made.label})" if made.label else request.title
        written = write_imagined(mirror, reading, takes, title, order.request_id, deadline)
        told = (sentence for take in made.takes for sentence in take.told)
        return replace(written, told=(*filter(None, [note]), *made.told, *dict.fromkeys(told), *written.told))

    async def _made(self, key: PressKey, begin: Begin[Made]) -> Made:
        """What is made, its progress told meanwhile; raises PressError with what the maker says where nothing is.

        It is cancelled with the task that waits for it.
        """
        ended: asyncio.Future[Made | str] = asyncio.get_running_loop().create_future()

        def show(fraction: float, text: str) -> None:
            self._around.tell(Progressed(time.monotonic(), key, fraction, text))

        def end(made: Made | str) -> None:
            if not ended.done():
                ended.set_result(made)

        take_back = begin(show, end)
        try:
            made = await ended
        except asyncio.CancelledError:
            take_back()
            raise
        if isinstance(made, str):
            raise PressError(Refusal.ENGINE_FAILED, made)
        return made

    def _mirror_for(self, key: PressKey, where: str) -> SetMirror:
        """The set that a press was for, as it is now; raises PressError, saying where the files lie, without one."""
        state = self._around.ask_state()
        press = state.presses.get(key)
        live = state.live_of(press) if press else None
        if live is None or live.link not in self._around.mirrors:
            raise PressError(Refusal.LIVE_LOST, f"Live has gone; {where}.")
        return self._around.mirrors[live.link]
