"""Edits of the Arrangement's locators.

Live sets a locator only at the song position, and uses a newly written position only when the audio engine has received
it. So each locator waits for the position to arrive, for one or a few ticks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator

from ..wire.table import LIVE_BUSY
from .draft import Draft
from .refusal import EditError
from .work import MOST_TICKS, Step, Work

if TYPE_CHECKING:
    from ..host.live import CuePoint, Song
    from ..wire.messages import Arguments

_NEAR = 0.125
"""Beats: Live sets locators on sixteenths, so setting one within half a sixteenth of another deletes that."""

_ARRIVED = 1e-3
"""The tolerance in beats of the song position read after writing it."""


def create_locator(draft: Draft, edit: Arguments) -> Step:
    """Set a locator at a free position."""
    _refuse_playing(draft.song)

    def perform(work: Work) -> Iterator[None]:
        song = work.song
        if _locator_near(song, edit.time) is not None:
            return
        _keep_position(work)
        yield from _go_to(song, edit.time)
        song.set_or_delete_cue()
        work.needs_undo = True
        locator = _locator_near(song, edit.time)
        if locator is None:
            raise RuntimeError(f"Live set no locator at beat {edit.time:g}")
        if edit.name:
            _name(locator, edit.name)

    return Step(perform, None)


def _refuse_playing(song: Song) -> None:
    if song.is_playing:
        raise EditError(
            LIVE_BUSY, "Live is playing, and locators are set at the song position: stop Live and try again."
        )


def _locator_near(song: Song, time: float) -> CuePoint | None:
    for locator in song.cue_points:
        if abs(locator.time - time) <= _NEAR:
            return locator
    return None


def _keep_position(work: Work) -> None:
    """Restore the song position at the end, once for all locators of a transaction."""
    song = work.song
    position, start = song.current_song_time, song.start_time

    def put_back() -> Iterator[None]:
        # While Live plays a jump would be audible: then the user has moved on.
        if not song.is_playing:
            yield from _go_to(song, position)
            song.start_time = start

    work.in_the_end("song position", put_back)


def _go_to(song: Song, time: float) -> Iterator[None]:
    song.current_song_time = time
    # At least one tick: the position may already read correctly before the engine has it.
    for _ in range(MOST_TICKS):
        yield
        _refuse_playing(song)
        if abs(song.current_song_time - time) <= _ARRIVED:
            return
    raise RuntimeError(f"Live did not move its song position to beat {time:g}")


def _name(locator: CuePoint, name: str) -> None:
    try:
        locator.name = name
    except AttributeError:
        # Before 12.1 the name is read-only: Live's own number remains.
        return
