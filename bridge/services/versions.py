"""The versions service: keep the open sets by themselves and when asked, and bring back what was kept.

All that touches the disk runs in a thread of its own. Nothing is kept by itself while anything else is under way.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from musearoo import __version__
from musearoo.bridge.audio.folders import RESTORED, choose_folder
from musearoo.bridge.core.events.effects import LongRequest, PressKey, Report
from musearoo.bridge.core.events.incoming import Composed, Event, Progressed
from musearoo.bridge.core.events.versions import FetchVersion, StoreVersion, VersionEffect
from musearoo.bridge.core.presses import ANSWER_WITHIN
from musearoo.bridge.core.state import State
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import ApiPart, ApiTake, Refusal, Result, Selection, SetReady, Transaction
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.generate import require_set
from musearoo.bridge.requests.refusing import RequestError
from musearoo.bridge.services.daemon_services import DaemonServices
from musearoo.bridge.services.outcomes import request_failed
from musearoo.bridge.services.written_takes import describe_result
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.versions.open_set import OpenSet

if TYPE_CHECKING:
    from musearoo.bridge.versions.keeper import Fetched, Keeper
    from musearoo.bridge.versions.repository import Version
    from musearoo.bridge.versions.tree import Recipe

AFTER_WRITING: Final = 2.0
"""Seconds of quiet after MuseAroo has written something, before that is kept."""
PAUSE: Final = 10.0
"""Seconds without a change after which the user's own work is kept."""
KEPT_EVERY: Final = 60.0
"""Seconds at least between two versions that are kept at pauses."""
GIVES_WAY: Final = 0.02
"""Seconds between two looks whether a press is still under way."""
MOST_RESULTS: Final = 64
"""Requests whose clips are told what made them in one version."""
MOST_FOLLOWED: Final = 8
TOLD_EVERY: Final = 8 << 20
"""Bytes of sound between two reports of progress."""

Done = TypeVar("Done")


class _CancelledError(Exception):
    """The work was taken back."""


@dataclass(slots=True)
class _Followed:
    """An open set: what the keeper knows of it, what made its clips, and what is not kept yet."""

    opened: OpenSet
    recipes: dict[int, Recipe] = field(default_factory=dict)
    results: list[tuple[State, Result]] = field(default_factory=list)
    """What requests have written since the last version, with the state before it was answered."""
    changed_at: float = 0.0
    is_changed: bool = True
    kept_at: float = -KEPT_EVERY
    stops: threading.Event = field(default_factory=threading.Event)


class VersionsService:
    """Perform the effects of versions, and keep the open sets by themselves. For the event loop's thread only.

    `allowed` are the folders that sounds are read from; `is_idle` tells whether nothing else is under way; `report`
    takes a sentence for the user.
    """

    def __init__(
        self,
        services: DaemonServices,
        allowed: Sequence[Path],
        is_idle: Callable[[], bool],
        report: Callable[[Report], None],
    ) -> None:
        self._services, self._allowed = services, allowed
        self._is_idle, self._report = is_idle, report
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="versions")
        self._keeper: Keeper | None = None
        self._followed: dict[int, _Followed] = {}
        self._under_way: dict[PressKey, tuple[asyncio.Task[None], threading.Event]] = {}
        self._keeping: asyncio.Task[None] | None = None
        self._has_complained = False

    # --- what happens in the sets ---

    def on_message(self, link: int, message: Message) -> None:
        """Note that a set has changed: what is selected and what plays is none of a version's."""
        followed = self._followed.get(link)
        if followed is not None and not isinstance(message, Selection | SetReady):
            followed.changed_at = time.monotonic()
            followed.is_changed = True

    def on_ready(self, link: int) -> None:
        """Follow a set that has been reported whole."""
        live = self._services.state.lives.get(link)
        if live is None:
            return
        known = next((each for each in self._followed.values() if each.opened.instance == live.hello.instance), None)
        self._followed = {at: each for at, each in self._followed.items() if each is not known}
        self._followed[link] = known or _Followed(OpenSet(live.hello.instance))
        for old in list(self._followed)[:-MOST_FOLLOWED]:
            del self._followed[old]
        self._followed[link].changed_at = time.monotonic()

    def on_result(self, link: int, result: Result) -> None:
        """Note what a request has written. To be called before the conductor handles the result."""
        if (followed := self._followed.get(link)) is not None and len(followed.results) < MOST_RESULTS:
            # Whoever pressed is not kept waiting: what it means is worked out later.
            followed.results.append((self._services.state, result))

    def on_lost(self, link: int) -> None:
        """Keep what was not kept yet of a set that has been closed; its Live may come back."""
        followed, mirror = self._followed.get(link), self._services.mirrors.get(link)
        if followed is not None and mirror is not None and self._services.settings.versions and followed.is_changed:
            self._keep_by_itself(link, followed, mirror)

    def poll(self, now: float) -> None:
        """Keep a set that has been left alone for a while, when nothing else is under way."""
        if self._keeping is not None or not self._services.settings.versions:
            return
        for link, followed in self._followed.items():
            mirror = self._services.mirrors.get(link)
            quiet = now - followed.changed_at
            is_due = followed.is_changed and (
                quiet >= AFTER_WRITING if followed.results else quiet >= PAUSE and now - followed.kept_at >= KEPT_EVERY
            )
            if is_due and mirror is not None and mirror.complete and self._is_idle():
                self._keep_by_itself(link, followed, mirror)
                return

    def close(self) -> None:
        """End what is under way, and close the thread once it has ended."""
        for task, stops in self._under_way.values():
            stops.set()
            task.cancel()
        for followed in self._followed.values():
            followed.stops.set()
        self._threads.shutdown(cancel_futures=True)

    # --- presses ---

    def begin(self, effect: VersionEffect) -> None:
        """Begin a request; its progress and outcome are reported."""
        stops = threading.Event()
        work = self._store(effect, stops) if isinstance(effect, StoreVersion) else self._fetch(effect, stops)
        task = asyncio.get_running_loop().create_task(self._do(effect, work))
        self._under_way[effect.key] = task, stops

    def stop(self, key: PressKey) -> None:
        """Cancel a request; nothing more is reported of it."""
        if (found := self._under_way.pop(key, None)) is not None:
            task, stops = found
            stops.set()
            task.cancel()

    async def _do(self, effect: VersionEffect, work: Coroutine[Any, Any, Composed]) -> None:
        from musearoo.bridge.versions.blobs import VersionsError

        try:
            event: Event = await work
        except VersionsError as error:
            event = request_failed(effect, RequestError(Refusal.GONE, str(error)))
        except OSError as error:
            sentence = f"The versions cannot be written ({error.strerror or error}): make room, or mend the disk."
            event = request_failed(effect, RequestError(Refusal.ENGINE_FAILED, sentence))
        except Exception as error:
            event = request_failed(effect, error)
        self._under_way.pop(effect.key, None)
        self._services.handle(event)

    async def _store(self, effect: StoreVersion, stops: threading.Event) -> Composed:
        followed, mirror = self._require(effect.link)
        self._read_results(effect.link, followed, mirror)
        pulse = self._pulse(stops, effect.key, "Keeping the sounds")
        recipes = dict(followed.recipes)
        # Before it is done: what changes meanwhile is not in it.
        self._note_kept(followed)
        try:
            version = await self._run(
                lambda keeper: keeper.keep(
                    followed.opened, mirror, recipes, effect.keep.name, "asked", time.time(), pulse
                )
            )
        except BaseException:
            followed.is_changed = True
            raise
        return Composed(time.monotonic(), effect.key, (), f"Kept: {version.commit.message}" if version else "")

    async def _fetch(self, effect: FetchVersion, stops: threading.Event) -> Composed:
        from musearoo.bridge.versions.bringing_back import Wanted, plan_back
        from musearoo.bridge.versions.finding import tell_when

        back = effect.back
        followed, mirror = self._require(effect.link)
        song = require_set(mirror)
        library = self._services.state.lives[effect.link].hello.library
        folder = choose_folder(song.file_path, self._services.home, library, RESTORED)
        wanted = Wanted(back.part, back.which)
        pulse = self._pulse(stops, effect.key, "Reading the version")
        fetched: Fetched = await self._run(
            lambda keeper: keeper.fetch(followed.opened, mirror, back.version, wanted, folder.path, time.time(), pulse)
        )
        now = self._services.mirrors.get(effect.link)
        if now is None:
            raise RequestError(Refusal.LIVE_LOST, "Live has gone; nothing was brought back.")
        label = tell_when(fetched.version, time.time())
        plan = plan_back(
            fetched.tree, wanted, fetched.clips, now, fetched.ids, label, fetched.notes.__getitem__, fetched.files
        )
        messages = (Transaction(effect.request_id, time.time() + ANSWER_WITHIN), *plan.edits)
        what = {"mix": "the mix", "all": "the clips"}.get(back.part, f"{back.part} {back.which}".strip())
        notices = (*filter(None, [folder.note]), *plan.notices)
        return Composed(
            now=time.monotonic(),
            key=effect.key,
            messages=messages,
            name=f"Back to {label}: {what}",
            notices=notices,
            files=fetched.made,
        )

    def _require(self, link: int) -> tuple[_Followed, SetMirror]:
        """Return a set and a copy of its mirror that nothing changes. Raises RequestError."""
        followed, mirror = self._followed.get(link), self._services.mirrors.get(link)
        if followed is None or mirror is None or not mirror.complete:
            raise RequestError(Refusal.NO_LIVE, "Live has not told its set yet: press again in a moment.")
        return followed, copy_mirror(mirror)

    def _pulse(self, stops: threading.Event, key: PressKey, text: str) -> Callable[[int], None]:
        """Return what the keeper tells its bytes to: it reports progress, and ends work that was taken back."""
        loop, handle = asyncio.get_running_loop(), self._services.handle
        read = told = 0

        def pulse(count: int) -> None:
            nonlocal read, told
            if stops.is_set():
                raise _CancelledError
            read += count
            if read - told >= TOLD_EVERY:
                told = read
                # How much there is to come is not known: it approaches the end.
                fraction = 1.0 - 1.0 / (1.0 + read / (64 << 20))
                event = Progressed(time.monotonic(), key, fraction, f"{text}: {read >> 20} MB")
                loop.call_soon_threadsafe(handle, event)

        return pulse

    # --- by itself ---

    def _keep_by_itself(self, link: int, followed: _Followed, mirror: SetMirror) -> None:
        kind = "made" if followed.results else "pause"
        name = self._read_results(link, followed, mirror)
        snapshot, recipes = copy_mirror(mirror), dict(followed.recipes)
        stops = followed.stops
        self._note_kept(followed)

        def pulse(_: int) -> None:
            # Whoever presses meanwhile has the machine alone; but a version that is asked for waits for this one.
            while not stops.is_set() and self._is_short_press_under_way():
                time.sleep(GIVES_WAY)
            if stops.is_set():
                raise _CancelledError

        def work(keeper: Keeper) -> Version | None:
            version = keeper.keep(followed.opened, snapshot, recipes, name, kind, time.time(), pulse)
            keeper.tidy(time.time())
            return version

        self._keeping = asyncio.get_running_loop().create_task(self._try(work, followed))

    def _is_short_press_under_way(self) -> bool:
        """Whether a press is under way that takes milliseconds. May be called in any thread: the state is frozen."""
        presses = self._services.state.presses.values()
        return any(not isinstance(press.request, LongRequest) for press in presses)

    async def _try(self, work: Callable[[Keeper], object], followed: _Followed) -> None:
        from musearoo.bridge.versions.blobs import VersionsError

        try:
            await self._run(work)
            self._has_complained = False
        except (VersionsError, OSError) as error:
            # Tried again after a while: the disk may have room by then.
            followed.is_changed = True
            sentence = str(error) if isinstance(error, VersionsError) else f"{error.strerror or error}"
            if not self._has_complained:
                self._has_complained = True
                self._report(
                    Report(f"No version could be kept: {sentence}", warning=True, logged="No version could be kept.")
                )
        except _CancelledError:
            pass
        except Exception:
            LOG.exception("A version could not be kept by a fault of ours")
        finally:
            self._keeping = None

    @staticmethod
    def _note_kept(followed: _Followed) -> None:
        followed.is_changed = False
        followed.kept_at = time.monotonic()

    def _read_results(self, link: int, followed: _Followed, mirror: SetMirror) -> str:
        """Note what made the clips that requests have written; returns the name of the first request, "" for none."""
        name = ""
        for state, result in followed.results:
            for message in describe_result(state, time.monotonic(), link, result, mirror):
                if isinstance(message, ApiTake):
                    take = message
                    name = name or take.name
                elif isinstance(message, ApiPart) and message.clip:
                    followed.recipes[message.clip] = _recipe_of(take, message)
        followed.results.clear()
        followed.recipes = {clip: recipe for clip, recipe in followed.recipes.items() if clip in mirror.clips}
        return name

    async def _run(self, work: Callable[[Keeper], Done]) -> Done:
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: work(self._open()))

    def _open(self) -> Keeper:
        if self._keeper is None:
            from musearoo.bridge.versions.keeper import Keeper

            self._keeper = Keeper(self._services.home, self._allowed)
        return self._keeper


def copy_mirror(mirror: SetMirror) -> SetMirror:
    """Return what a version needs of a mirror: its messages are frozen, and so only its tables are copied."""
    copied = copy(mirror)
    for name in ("tracks", "instruments", "mixers", "equalisers", "scenes", "clips", "notes", "audio", "warp"):
        setattr(copied, name, dict(getattr(mirror, name)))
    return copied


def _recipe_of(take: ApiTake, part: ApiPart) -> Recipe:
    from musearoo.bridge.versions.tree import Recipe

    return Recipe(
        kind=take.kind,
        name=take.name,
        part=part.role,
        asked=take.asked,
        style=take.style,
        seed=take.seed,
        context=hashlib.sha256(take.context).hexdigest() if take.context else "",
        lean=take.lean,
        version=__version__,
    )
