"""The browser, as far as old Lives need it to load an audio file: the user library and its folders."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Iterator

from musearoo.tools.live_simulator.core.clock import Clock
from musearoo.tools.live_simulator.core.objects import Context, Model
from musearoo.tools.live_simulator.core.values import Vector

if TYPE_CHECKING:
    from musearoo.tools.live_simulator.live_set.song import Song

AUDIO_SUFFIXES = (".wav", ".aif", ".aiff", ".flac")


LISTING_SECONDS = 0.2
"""The delay until the browser lists a new file, counted from the first look at its folder."""


class Listing:
    """The files in the library that the browser has found so far."""

    def __init__(self, root: str, clock: Clock) -> None:
        self.root = root
        self._clock = clock
        there = (os.path.join(folder, name) for folder, *names in os.walk(root) for name in (*names[0], *names[1]))
        self._listed_from = dict.fromkeys(there, 0.0)

    def of(self, folder: str) -> list[str]:
        """Return the paths in a folder that are listed by now, by name."""
        due = self._clock.now() + LISTING_SECONDS
        paths = [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if not name.startswith(".")]
        return [path for path in paths if self._listed_from.setdefault(path, due) <= self._clock.now()]


class BrowserItem:
    """A folder or file in the browser. It has no path; scripts walk the children by name."""

    __slots__ = ("_listing", "_path")

    def __init__(self, *_: Any) -> None:
        raise RuntimeError("This class cannot be instantiated from Python")

    @classmethod
    def _of(cls, path: str, listing: Listing) -> BrowserItem:
        self = cls.__new__(cls)
        self._path = path
        self._listing = listing
        return self

    _path: str
    _listing: Listing

    def _children(self) -> tuple[BrowserItem, ...]:
        if not self.is_folder:
            return ()
        return tuple(BrowserItem._of(path, self._listing) for path in self._listing.of(self._path))

    @property
    def children(self) -> Any:
        """The contents of the folder."""
        return BrowserItemVector(self._children())

    @property
    def iter_children(self) -> Iterator[BrowserItem]:
        """Iterate over the contents of the folder."""
        return iter(self._children())

    @property
    def name(self) -> str:
        """The file's name, or the library's."""
        return os.path.basename(self._path) if self._path != self._listing.root else "User Library"

    @property
    def is_folder(self) -> bool:
        """True for folders."""
        return os.path.isdir(self._path)

    @property
    def is_loadable(self) -> bool:
        """True for audio files."""
        return self._path.lower().endswith(AUDIO_SUFFIXES)

    @property
    def is_device(self) -> bool:
        """False: there are no devices."""
        return False

    @property
    def is_selected(self) -> bool:
        """False: no item is ever selected."""
        return False

    @property
    def source(self) -> str:
        """The origin of the item."""
        return "User Library"

    @property
    def uri(self) -> str:
        """An identifier of the item for the lifetime of the file."""
        relative = os.path.relpath(self._path, self._listing.root).replace(os.sep, "/")
        return f"userlibrary:{relative}"


class BrowserItemVector(Vector):
    """A vector of browser items."""

    __slots__ = ()
    append = Vector.append
    extend = Vector.extend


BrowserItem.__module__ = BrowserItemVector.__module__ = "Browser"


class Browser(Model):
    """Live's browser for the user library folder."""

    def __init__(self, context: Context, parent: Model, song: Song, user_library: str | None) -> None:
        super().__init__(context, parent)
        self._song = song
        self._listing = Listing(user_library, song.transport.clock) if user_library is not None else None
        self.filter_type = 0
        self.hotswap_target = None
        self.user_folders: tuple[BrowserItem, ...] = ()

    @property
    def user_library(self) -> BrowserItem:
        """The user library's root."""
        if self._listing is None:
            raise RuntimeError("no user library: start the simulated Live with --user-library DIR")
        return BrowserItem._of(self._listing.root, self._listing)

    def load_item(self, item: BrowserItem) -> None:
        """Load an audio file into the slot that is highlighted at the next tick, or into a new audio track."""
        if not item.is_loadable:
            raise self.context.report_not_simulated(f"Browser.load_item of {item.name!r}")
        self._song.transport.defer(lambda: self._load(item._path))

    def _load(self, path: str) -> None:
        with self.context.step():
            view = self._song.view
            slot = view.highlighted_clip_slot
            if slot is None or not slot.track.is_audio or slot.has_clip:
                track = self._song.create_audio_track(-1)
                view.selected_track = track
                slot = track.clip_slots[view.selected_scene.index]
            slot.create_audio_clip(path)

    def stop_preview(self) -> None:
        """Do nothing: there is no preview."""
