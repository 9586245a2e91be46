"""Load an audio file into a slot: with Live's own call, or with the browser where that is missing.

Before 11.3.25, and in 12 before 12.0.5, no script can name a file. There Live's browser can load a file of the User
Library: its item is found by the names of its folders, and loaded into the highlighted slot.
"""

from __future__ import annotations

import os
import unicodedata
from typing import TYPE_CHECKING, Generator, Iterator

from ..host.config import require_regular
from ..host.live import application, is_alive, read
from ..wire.table import BAD_PARAMETER, LIVE_BUSY, UNSUPPORTED
from .refusal import EditError
from .work import MOST_TICKS

if TYPE_CHECKING:
    from ..host.live import BrowserItem, Clip, Slot, Song, Track
    from .draft import Draft, DraftTrack
    from .work import Work


def needs_library(song: Song) -> bool:
    """Return whether this Live loads audio files only from its User Library."""
    return not hasattr(song.tracks[0].clip_slots[0], "create_audio_clip")


def refuse_unloadable(draft: Draft, path: str) -> None:
    """Raise EditError for a file that does not exist, cannot be read, or cannot be loaded by this Live."""
    if not os.path.isabs(path):
        raise EditError(BAD_PARAMETER, f"The audio file must be named by its whole path, not {path!r:.200}.")
    try:
        require_regular(path)
        with open(path, "rb") as file:
            if not file.read(1):
                raise EditError(BAD_PARAMETER, f"The audio file {path:.300} is empty: render it again.")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise EditError(BAD_PARAMETER, f"The audio file {path:.300} cannot be read: {why}.") from error
    if needs_library(draft.song) and not _within(draft.library, path):
        raise EditError(
            UNSUPPORTED,
            "This Live lets a script load audio files from the User Library only (Live 11.3.25 has a way for all of "
            f"them, and 12 from 12.0.5 on): update Live, or drag in {path:.300} by hand.",
        )


def refuse_recording_track(draft: Draft, track: DraftTrack) -> None:
    """Raise EditError for an audio clip on a recording track, where Live would refuse it."""
    song = draft.song
    into_slot = track.live is not None and any(slot.is_recording for slot in track.live.clip_slots)
    if into_slot or (song.record_mode and song.is_playing):
        raise EditError(LIVE_BUSY, f"Live is recording: stop recording, then put the audio on {track.words}.")


def loaded(work: Work, slot: Slot, path: str) -> Generator[None, None, Clip]:
    """Return the clip of the file in an empty slot; yields where Live needs a tick."""
    if hasattr(slot, "create_audio_clip"):
        made = slot.create_audio_clip(path)
        clip = slot.clip if made is None else made
    else:
        clip = yield from _loaded_by_browser(work, slot, path)
    if clip is None:
        raise RuntimeError("Live made no clip and gave no reason")
    work.keep_only_if_done(slot, clip)
    return clip


def _loaded_by_browser(work: Work, slot: Slot, path: str) -> Generator[None, None, Clip | None]:
    song, live = work.song, application()
    item = yield from _found(work.draft.library, path)
    keep_selection(work)
    tracks = list(song.tracks)
    work.on_failure(lambda: _delete_strays(song, tracks, path))
    live.view.focus_view("Session")
    song.view.highlighted_clip_slot = slot
    yield
    if song.view.highlighted_clip_slot != slot or slot.has_clip:
        raise EditError(
            LIVE_BUSY, "Another slot was chosen, or this one filled, before the audio was loaded: try again."
        )
    live.browser.load_item(item)
    for _ in range(MOST_TICKS):
        clip = slot.clip
        if clip is not None:
            if _is_of(clip, path):
                return clip
            raise EditError(LIVE_BUSY, "Another clip came into the slot where the audio was to be loaded: try again.")
        yield
    return None


def _is_of(clip: Clip, path: str) -> bool:
    # Live may spell the folders differently from the request.
    names = [unicodedata.normalize("NFC", os.path.basename(each)) for each in (read(clip, "file_path", ""), path)]
    return names[0] == names[1]


def _within(library: str, path: str) -> list[str]:
    """Return the folders and the file name from the library to the path; [] outside it."""
    if not library:
        return []
    try:
        names = os.path.relpath(os.path.realpath(path), os.path.realpath(library)).split(os.sep)
    except ValueError:
        # On another drive of Windows.
        return []
    return [] if names[0] == os.pardir else names


def _found(library: str, path: str) -> Generator[None, None, BrowserItem]:
    """Return the browser's item of a file. Live takes a while to list a new file."""
    names = _within(library, path)
    for _ in range(MOST_TICKS):
        item: BrowserItem | None = application().browser.user_library
        for name in names:
            item = _child(item, name)
        if item is not None:
            return item
        yield
    raise EditError(
        LIVE_BUSY,
        f"Live's browser does not list {path:.300} yet: see whether its User Library is {library:.300}, and try again.",
    )


def _child(folder: BrowserItem | None, name: str) -> BrowserItem | None:
    if folder is None:
        return None
    # The browser may omit a file's extension, and macOS may spell an accent in two characters.
    names = [unicodedata.normalize("NFC", each) for each in (name, os.path.splitext(name)[0])]
    for child in folder.children:
        if unicodedata.normalize("NFC", child.name) in names[: 1 if child.is_folder else 2]:
            return child
    return None


def keep_selection(work: Work) -> None:
    """Restore the user's selection at the end, once for all files of a transaction."""
    view, shown = work.song.view, application().view
    names = ("selected_track", "selected_scene", "detail_clip")
    selected = [(name, getattr(view, name)) for name in names]
    focus = shown.focused_document_view

    def put_back() -> Iterator[None]:
        for name, thing in selected:
            if thing is not None and is_alive(thing):
                setattr(view, name, thing)
        shown.focus_view(focus)
        yield from ()

    work.in_the_end("selection", put_back)


def _delete_strays(song: Song, tracks: list[Track], path: str) -> None:
    # When Live finds no slot for a file, it creates a track for it.
    for track in [track for track in song.tracks if track not in tracks]:
        if any(slot.clip is not None and _is_of(slot.clip, path) for slot in track.clip_slots):
            song.delete_track(list(song.tracks).index(track))
