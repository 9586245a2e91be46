"""The browser as an object of the program: its places, and loading an item into the set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from musearoo.tools.live_simulator.core.objects import Context, Model, Stored, reads
from musearoo.tools.live_simulator.devices.base import AUDIO_EFFECT, DeviceModel
from musearoo.tools.live_simulator.devices.drum_rack import DrumRack
from musearoo.tools.live_simulator.devices.racks import DeviceHolder
from musearoo.tools.live_simulator.devices.stock import INSTRUMENT
from musearoo.tools.live_simulator.program.browser.content import ROOTS, Content
from musearoo.tools.live_simulator.program.browser.items import BrowserItem, Load
from musearoo.tools.live_simulator.program.browser.library import UserLibrary

if TYPE_CHECKING:
    from musearoo.tools.live_simulator.live_set.song import Song

NO_RELATION = 3
"""Live.Browser.Relation.none: the item is neither the hot-swap target nor near it."""

INSERT_LEFT, INSERT_RIGHT = 1, 2
"""Values of Live.Track.DeviceInsertMode beside the selected device; 0 is the end of the chain."""


class Browser(Model):
    """Live's browser. `seconds_per_item` is the time that reading one item takes."""

    signals = frozenset({"full_refresh"})

    filter_type = Stored(0, undoable=False)
    hotswap_target: Stored[Any] = Stored(None, undoable=False)

    def __init__(self, context: Context, parent: Model, song: Song, content: Content, user_library: str | None) -> None:
        super().__init__(context, parent)
        self._song = song
        self._content = content
        self._library = UserLibrary(user_library, song.transport.clock) if user_library is not None else None
        self.seconds_per_item = 0.0
        self.previewed: list[str] = []
        self.colors: tuple[BrowserItem, ...] = ()
        self.user_folders: tuple[BrowserItem, ...] = ()
        self.legacy_libraries: tuple[BrowserItem, ...] = ()
        for place in ROOTS:
            setattr(self, place, BrowserItem._of(content.root(place), self._spend))

    def _spend(self) -> None:
        if self.seconds_per_item:
            self._song.transport.clock.sleep(self.seconds_per_item)

    @property
    def user_library(self) -> BrowserItem:
        """The user library's root."""
        if self._library is None:
            raise RuntimeError("no user library: start the simulated Live with --user-library DIR")
        return BrowserItem._of(self._library.node(), self._spend)

    def load_item(self, item: BrowserItem) -> None:
        """Load an item at the next tick.

        An audio file goes into the slot that is highlighted then, or onto a new audio track; a device or preset onto
        the track that is selected then.
        """
        load = item._node.load
        if load is None:
            raise RuntimeError(f"{item.name!r} cannot be loaded")
        self._song.transport.defer(lambda: self._load_audio(load.path) if load.path else self._load_device(load))

    @reads
    def preview_item(self, item: BrowserItem) -> None:
        """Note what was previewed; there is no sound."""
        self.previewed.append(item.name)

    @reads
    def stop_preview(self) -> None:
        """Do nothing: a preview makes no sound."""

    @reads
    def relation_to_hotswap_target(self, _: BrowserItem) -> int:
        """Return how an item relates to the hot-swap target: never, for devices do not remember where they are from."""
        return NO_RELATION

    def _load_audio(self, path: str) -> None:
        with self.context.step():
            view = self._song.view
            slot = view.highlighted_clip_slot
            if slot is None or not slot.track.is_audio or slot.has_clip:
                track = self._song.create_audio_track(-1)
                view.selected_track = track
                slot = track.clip_slots[view.selected_scene.index]
            slot.create_audio_clip(path)

    def _load_device(self, load: Load) -> None:
        if not load.device:
            # A sample, for which Live would make a Simpler; here it is only there to be walked over.
            return
        with self.context.step():
            target = self.hotswap_target
            holder: Any = target.parent if isinstance(target, DeviceModel) else self._song.view.selected_track
            device = self._make(load, holder)
            if device.type == INSTRUMENT and holder in self._song.tracks and holder.is_audio:
                holder = self._song.create_midi_track(-1)
                self._song.view.selected_track = holder
                device = self._make(load, holder)
            self._put(device, holder, target)

    def _make(self, load: Load, holder: DeviceHolder) -> DeviceModel:
        device: DeviceModel = self.context.make_device(self.context, holder, load.device)
        if load.preset:
            device.__dict__["name"] = load.preset
        if isinstance(device, DrumRack) and load.pads:
            device.fill({note: (name, choke) for note, name, choke in load.pads})
        return device

    def _put(self, device: DeviceModel, holder: DeviceHolder, target: Any) -> None:
        """Insert a device where Live does: in place of the hot-swap target, of an instrument, or at the end."""
        replaced = target
        if replaced is None and device.type == INSTRUMENT:
            replaced = next((other for other in holder.devices if other.type == INSTRUMENT), None)
        if replaced is not None and replaced in holder.devices:
            place = holder.devices.index(replaced)
            holder.devices = tuple(device if other is replaced else other for other in holder.devices)
            if target is not None:
                self.hotswap_target = holder.devices[place]
        elif device.type == AUDIO_EFFECT or device.type == INSTRUMENT:
            holder.place_device(device)
        else:
            # MIDI effects come before the instrument.
            after = [other.type for other in holder.devices]
            holder.place_device(device, after.index(INSTRUMENT) if INSTRUMENT in after else -1)
