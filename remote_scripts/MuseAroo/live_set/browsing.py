"""An index of the kits, presets and instruments in Live's browser, by name.

A walk through the browser takes long and has no call of its own, so it is done in slices and kept. Samples, clips and
effects are left out.
"""

from __future__ import annotations

import unicodedata
from collections import deque
from typing import TYPE_CHECKING, Callable, Iterable, Iterator

from ..host.listeners import Listeners
from ..host.live import application, read

if TYPE_CHECKING:
    from ..host.live import Browser, BrowserItem
    from ..host.log import Log

ROOTS = ("user_library", "user_folders", "drums", "instruments", "sounds", "packs", "plugins", "max_for_live")
"""The places that are walked, in this order: of two things of one name the user's own counts."""

SKIPPED = frozenset(
    (
        *("samples", "drum hits", "clips", "grooves", "sets", "templates", "remote scripts", "tunings", "lessons"),
        *("audio effects", "max audio effect", "audio effect rack"),
        *("midi effects", "max midi effect", "midi effect rack"),
    )
)
"""Folders, in small letters, that have no instruments, and may have very many files."""

PRESET_ENDINGS = (".adg", ".adv", ".amxd")
MOST_ITEMS = 20000
"""The most items that are indexed: what a Suite with many packs has, a few seconds of walking."""

DEEPEST = 8
SLICE_S = 0.003
"""Seconds of a tick for the walk: Live draws its screen in the rest."""


class BrowserIndex:
    """Finds instruments by name as soon as the walk has come to them."""

    def __init__(self, clock: Callable[[], float], log: Log) -> None:
        self._clock, self._log = clock, log
        self._items: dict[str, BrowserItem] = {}
        self._seen = 0
        self._folders: deque[tuple[Iterable[BrowserItem], int]] = deque()
        self._current: Iterator[BrowserItem] = iter(())
        self._kept: list[Iterator[BrowserItem]] = []
        self._depth = 0
        self._started = self.is_complete = False
        self._listeners: Listeners | None = None

    def __len__(self) -> int:
        """Return the number of names."""
        return len(self._items)

    def find(self, name: str) -> BrowserItem | None:
        """Return what has this name, in any case and without its file's ending; None for nothing found by now."""
        return self._items.get(_key(name))

    def advance(self) -> None:
        """Walk on for one tick's slice of time. Never raises: a folder that cannot be read is left out."""
        until = self._clock() + SLICE_S
        while not self.is_complete and self._clock() < until:
            try:
                self._step()
            except Exception:
                self._current = iter(())
                self._log.traceback("reading Live's browser")

    def start(self) -> None:
        """Walk again whenever Live refreshes its browser."""
        self.stop()
        self._listeners = Listeners(application().browser)
        self._listeners.add(("full_refresh",), self._walk_again)

    def stop(self) -> None:
        """Release the browser."""
        if self._listeners is not None:
            self._listeners.remove()
            self._listeners = None

    def _step(self) -> None:
        if not self._started:
            self._started = True
            self._start()
        item = next(self._current, None)
        if item is not None:
            self._add(item)
        elif self._folders and self._seen < MOST_ITEMS:
            children, self._depth = self._folders.popleft()
            self._current = iter(children)
            # Items of Live are known to be safe only as long as what they were read from.
            self._kept.append(self._current)
        else:
            self.is_complete = True
            self._log.line(f"{len(self._items)} instruments and kits found in Live's browser")

    def _start(self) -> None:
        browser = application().browser
        self._seen = 0
        for name in ROOTS:
            self._folders.append((_root(browser, name), 0))

    def _walk_again(self) -> None:
        # What was found stays until then: a refresh adds more often than it removes.
        self._started = self.is_complete = False
        self._folders.clear()
        self._current = iter(())

    def _add(self, item: BrowserItem) -> None:
        self._seen += 1
        name = item.name
        if item.is_loadable and (item.is_device or name.lower().endswith(PRESET_ENDINGS)):
            self._items.setdefault(_key(name), item)
        if name.lower() not in SKIPPED and self._depth < DEEPEST:
            # A device is loadable and has its presets as children.
            self._folders.append((_Children(item), self._depth + 1))


class _Children:
    """The children of an item, read only when the walk comes to them."""

    def __init__(self, item: BrowserItem) -> None:
        self._item = item

    def __iter__(self) -> Iterator[BrowserItem]:
        return iter(self._item.iter_children)


def _root(browser: Browser, name: str) -> Iterable[BrowserItem]:
    root = read(browser, name, None)
    if root is None:
        return ()
    # The user's folders are a list; the others are one item.
    return _Children(root) if hasattr(root, "iter_children") else root


def _key(name: str) -> str:
    plain = unicodedata.normalize("NFC", name).casefold().strip()
    for ending in PRESET_ENDINGS:
        if plain.endswith(ending):
            return plain[: -len(ending)]
    return plain
