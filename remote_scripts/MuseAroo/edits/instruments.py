"""Give a new part its sound: load the first instrument of a list that this Live has.

Devices are inserted by Live's own call where it has one (12.3). The browser loads kits and presets, and devices in
older Lives; it puts them on the selected track.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator

from ..host.live import application, read
from ..live_set.instruments import filled_pads, find_instrument, sounds_elsewhere
from ..live_set.rack_pads import match_pads
from ..live_set.states import MIDI
from .loading import keep_selection
from .work import MOST_TICKS, Step, Work

if TYPE_CHECKING:
    from ..host.live import BrowserItem, Device, Song, Track
    from ..live_set.browsing import BrowserIndex
    from ..wire.messages import Arguments
    from .draft import Draft, DraftTrack


def load_instrument(draft: Draft, edit: Arguments, index: BrowserIndex) -> Step:
    """Load an instrument onto a silent track. That Live refuses one costs the clip nothing: the next is tried."""
    track = draft.clip_track(edit.track, MIDI)
    model = draft.track(edit.model) if edit.model else None

    def perform(work: Work) -> Iterator[None]:
        live = track.handle
        if find_instrument(live) is None and not sounds_elsewhere(live):
            if model is not None:
                _copy_instrument(work.song, model.handle, live)
            if find_instrument(live) is None:
                yield from _load_first(work, track, _names(edit, model), index)
            loaded = find_instrument(live)
            if loaded is not None:
                work.on_failure(lambda: _remove(live, loaded))
        if edit.drums:
            names = {note: name for note, (name, _) in filled_pads(find_instrument(live)).items()}
            track.pads = match_pads(names) if names else {}

    return Step(perform, track)


def _names(edit: Arguments, model: DraftTrack | None) -> list[str]:
    """Return the names to look for: the model's instrument may be a preset that the browser has."""
    instrument = find_instrument(model.handle) if model is not None else None
    return [*([instrument.name] if instrument is not None else []), *edit.names]


def _copy_instrument(song: Song, model: Track, track: Track) -> None:
    """Copy the first instrument of a track exactly, where this Live can duplicate devices (12.3)."""
    instrument = find_instrument(model)
    if instrument is None or not hasattr(model, "duplicate_device"):
        return
    place = list(model.devices).index(instrument)
    count = len(list(model.devices))
    model.duplicate_device(place)
    try:
        song.move_device(list(model.devices)[place + 1], track, len(list(track.devices)))
    except RuntimeError:
        if len(list(model.devices)) > count:
            model.delete_device(place + 1)


def _load_first(work: Work, track: DraftTrack, names: list[str], index: BrowserIndex) -> Iterator[None]:
    """Load the first of the names that the browser has, or the next if Live refuses it."""
    for _ in range(MOST_TICKS):
        index.advance()
        # A better one may come as long as the walk goes on, but the clip does not wait for a slow browser.
        if index.is_complete or (names and index.find(names[0]) is not None):
            break
        yield
    for name in names:
        item = index.find(name)
        if item is not None:
            yield from _load(work, track.handle, item)
        if find_instrument(track.handle) is not None:
            return


def _load(work: Work, live: Track, item: BrowserItem) -> Iterator[None]:
    """Load an item of the browser onto a track."""
    if _is_inserted(live, item):
        return
    browser, view = application().browser, work.song.view
    keep_selection(work)
    if read(browser, "hotswap_target", None) is not None:
        # Else the item would replace what the user is choosing another preset for.
        browser.hotswap_target = None
    if view.selected_track != live:
        view.selected_track = live
    try:
        browser.load_item(item)
    except RuntimeError:
        return
    for _ in range(MOST_TICKS):
        if find_instrument(live) is not None:
            return
        yield


def _is_inserted(track: Track, item: BrowserItem) -> bool:
    """Insert one of Live's own devices by name, and return whether that worked."""
    if not item.is_device or not hasattr(track, "insert_device"):
        return False
    try:
        track.insert_device(item.name)
    except RuntimeError:
        # A plug-in, or a name that this Live spells differently: the browser can load it.
        return False
    return find_instrument(track) is not None


def _remove(track: Track, instrument: Device) -> None:
    if instrument in list(track.devices):
        track.delete_device(list(track.devices).index(instrument))
