"""The changes of recent transactions, so that one can be undone if it is the last step of Live's own history.

Live does not reveal its last undo step. So a step is undone and checked; if it was not ours, it is redone at once, and
the set is unchanged.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple, Union

from ..edits.draft import DraftClip, DraftTrack
from ..edits.refusal import first_line
from ..host.live import is_alive, read
from ..live_set.notes import encode_notes
from ..live_set.states import equaliser_parameters, mixer_parameters
from ..live_set.warp_markers import encode_warp_markers
from ..wire.table import GONE, LIVE_ERROR, NOT_MINE
from .answers import Answer, Refusal, Result

if TYPE_CHECKING:
    from ..edits.draft import Launched, Thing
    from ..edits.work import Step
    from ..host.live import Clip, LiveObject, Slot, Song, Track
    from ..host.log import Log

    Subject = Union[Thing, "Column", str, None]

MOST_KEPT = 64
"""The number of transactions that can be undone one after another; Live's own history is longer."""

_NOT_LAST = "You have changed the set since MuseAroo wrote last: press Cmd-Z (Ctrl-Z) until your own steps are undone."
_NOTHING_LEFT = "There is nothing in this set that MuseAroo wrote and could take back: press Cmd-Z (Ctrl-Z) for more."
_GONE_ALREADY = "What MuseAroo wrote last is gone already."

FRAME = "frame"
"""Represents the existence of tracks and scenes among the things that a transaction changed."""


class Column(NamedTuple):
    """Represents the existence of clips on a track."""

    track: DraftTrack


class Written(NamedTuple):
    """The changes of one transaction: what it created, and the previous state of what it changed."""

    made: tuple[LiveObject, ...]
    changed: tuple[Subject, ...]
    before: tuple[Any, ...]
    launched: tuple[Launched, ...] = ()
    slots: tuple[tuple[Track, Slot], ...] = ()
    """Where clips of the Session were added or removed."""

    def is_gone(self, song: Song) -> bool:
        """Return whether the set is as it was before, as far as this transaction changed it."""
        if self.made:
            return not any(is_alive(each) for each in self.made)
        return look(song, self.changed) == self.before


class History:
    """The last transactions by request id; the oldest are dropped first."""

    def __init__(self, song: Song, log: Log) -> None:
        self._song, self._log = song, log
        self._written: OrderedDict[str, Written] = OrderedDict()

    def keep(self, request: str, written: Written) -> None:
        """Record the changes of the transaction `request`."""
        self._written[request] = written
        if len(self._written) > MOST_KEPT:
            self._written.popitem(last=False)

    def places_of(self, request: str) -> tuple[list[tuple[Track, Slot]], list[LiveObject | None]]:
        """Return the slots and the objects that undoing the transaction `request` changes, of the last one for ""."""
        written = self._written.get(request or next(reversed(self._written), ""))
        if written is None:
            return [], []
        return list(written.slots), [getattr(thing, "live", None) for thing in written.changed]

    def take_back(self, request: str, insists: bool = False) -> Answer:
        """Undo the transaction `request`, the last one for "".

        Refused, with the set unchanged, if it is not Live's last step; unless it `insists`, for what only sounded on
        trial: then what it made is deleted.
        """
        if not request:
            if not self._written:
                return Refusal(GONE, 0, _NOTHING_LEFT)
            request = next(reversed(self._written))
        written = self._written.get(request)
        if written is None:
            return Refusal(
                GONE, 0, "What MuseAroo wrote last belongs to another set, or was too long ago: press Cmd-Z."
            )
        self._silence(written)
        if written.is_gone(self._song):
            del self._written[request]
            return Refusal(GONE, 0, _GONE_ALREADY)
        if not self._song.can_undo:
            return Refusal(NOT_MINE, 0, "Live has nothing to undo.")
        try:
            self._song.undo()
        except Exception as error:
            self._log.traceback("taking back a transaction")
            return Refusal(LIVE_ERROR, 0, f"Live refused to undo: {first_line(error)}.")
        if written.is_gone(self._song):
            del self._written[request]
            return Result(())
        refusal = self._redo()
        if insists and written.made and refusal.code == NOT_MINE:
            del self._written[request]
            return self._delete(written)
        return refusal

    def _silence(self, written: Written) -> None:
        """Stop the clips that a transaction launched and that still play; what played before them goes on."""
        for track, clip, before, was_running in written.launched:
            if not (is_alive(track) and is_alive(clip) and (clip.is_playing or clip.is_triggered)):
                continue
            if not was_running:
                self._song.stop_playing()
            if before is not None and is_alive(before) and before.has_clip and was_running:
                before.fire()
            else:
                track.stop_all_clips()

    def _delete(self, written: Written) -> Answer:
        """Delete what a transaction made: its clips, and its tracks and scenes if nothing else is on them."""
        song = self._song
        song.begin_undo_step()
        try:
            alive: list[Any] = [each for each in written.made if is_alive(each)]
            for clip in [each for each in alive if hasattr(each, "is_midi_clip")]:
                clip.canonical_parent.delete_clip()
            for frame in [each for each in alive if is_alive(each)]:
                _delete_if_empty(song, frame)
        except Exception as error:
            self._log.traceback("deleting what was on trial")
            return Refusal(LIVE_ERROR, 0, f"Live refused to delete what was heard: {first_line(error)}.")
        finally:
            song.end_undo_step()
        return Result(())

    def _redo(self) -> Refusal:
        try:
            self._song.redo()
        except Exception:
            self._log.traceback("redoing a step of the user's")
            sentence = "A step of your own was undone and could not be redone: press Shift-Cmd-Z (Ctrl-Y) once."
            return Refusal(LIVE_ERROR, 0, sentence)
        return Refusal(NOT_MINE, 0, _NOT_LAST)


def _delete_if_empty(song: Song, made: Any) -> None:
    tracks, scenes = list(song.tracks), list(song.scenes)
    if made in tracks and len(tracks) > 1:
        if not any(slot.has_clip for slot in made.clip_slots) and not list(made.arrangement_clips):
            song.delete_track(tracks.index(made))
    elif made in scenes and len(scenes) > 1 and made.is_empty:
        song.delete_scene(scenes.index(made))


def changed_by(steps: list[Step]) -> tuple[Subject, ...]:
    """Return what the steps change: None for the set itself, and where they delete, the columns of clips or the FRAME.

    Created objects are omitted. A deleted object is restored as a new one, so only its position can be compared.
    """
    changed: list[Subject] = [step.subject for step in steps if not step.makes and not step.deleted_id]
    deleted = [step.subject for step in steps if step.deleted_id]
    if any(not isinstance(thing, DraftClip) for thing in deleted):
        return (*changed, FRAME)
    columns = OrderedDict((thing.track, Column(thing.track)) for thing in deleted if isinstance(thing, DraftClip))
    return (*changed, *columns.values())


def made_by(steps: list[Step], besides: list[Thing]) -> tuple[LiveObject, ...]:
    """Return what the steps created and Live still has."""
    things = [step.subject for step in steps if step.makes] + besides
    handles: list[Any] = [thing.live for thing in things if thing is not None]
    return tuple(handle for handle in handles if handle is not None and is_alive(handle))


def look(song: Song, things: tuple[Subject, ...]) -> tuple[Any, ...]:
    """Return everything about the objects that an edit can change and undo restores, for comparison."""
    return tuple(_looks(song, thing) for thing in things)


def _looks(song: Song, thing: Subject) -> Any:
    if isinstance(thing, str):
        tracks = [*song.tracks, *song.return_tracks]
        return [track.name for track in tracks], [scene.name for scene in song.scenes]
    if isinstance(thing, Column):
        track = thing.track.live
        return _looks_of_column(track) if is_alive(track) else None
    if thing is None:
        locators = tuple(sorted(locator.time for locator in song.cue_points))
        meter = (song.signature_numerator, song.signature_denominator)
        scale = (song.root_note, song.scale_name, read(song, "scale_mode", None))
        return (song.tempo, meter, scale, locators)
    live: Any = thing.live
    if live is None or not is_alive(live):
        return None
    if isinstance(thing, DraftClip):
        return _looks_of_clip(live)
    if isinstance(thing, DraftTrack):
        parameters = mixer_parameters(live) + equaliser_parameters(live)
        switches = tuple(read(live, name, None) for name in ("mute", "solo", "arm"))
        return (
            live.name,
            live.color,
            switches,
            tuple(parameter.value for parameter in parameters),
            len(read(live, "devices", ())),
        )
    return (live.name, live.color)


def _looks_of_column(track: Any) -> tuple[Any, ...]:
    """Return which clips are on a track, and its name."""
    slots = tuple(slot.clip.name if slot.has_clip else None for slot in read(track, "clip_slots", ()))
    arranged = tuple((clip.start_time, clip.name) for clip in read(track, "arrangement_clips", ()))
    return track.name, slots, arranged


def _looks_of_clip(clip: Clip) -> tuple[Any, ...]:
    span = (clip.looping, clip.loop_start, clip.loop_end, clip.start_marker, clip.end_marker)
    inside: Any = (clip.warping, encode_warp_markers(clip)) if clip.is_audio_clip else encode_notes(clip)
    return (clip.name, clip.color, clip.muted, span, inside)
