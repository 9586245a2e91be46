"""Edits that add a clip to the Arrangement, in a free range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, Iterator

from ..host.live import is_alive
from ..live_set.notes import decode_notes
from ..live_set.states import AUDIO, MIDI
from ..wire.table import LIVE_BUSY, MAX_BEATS, SLOT_FILLED
from .clips import add_notes, name_and_color, new_clip, warp
from .draft import Draft, DraftClip, DraftTrack
from .loading import loaded, refuse_recording_track, refuse_unloadable
from .refusal import EditError
from .work import Step, Work

if TYPE_CHECKING:
    from ..host.live import Clip, Scene, Track
    from ..wire.messages import Arguments


def create_arrangement_clip(draft: Draft, edit: Arguments) -> Step:
    """Create a MIDI clip with its notes in the Arrangement."""
    track = draft.clip_track(edit.track, MIDI)
    _refuse_recording(draft)
    draft.refuse_overlap(track, edit.start, edit.start + edit.length)
    notes = decode_notes(edit.notes)
    clip = DraftClip(track, None, False, None)
    clip.start, clip.end = edit.start, edit.start + edit.length
    draft.arrangement(track).append(clip)

    def fill(live: Clip) -> None:
        name_and_color(live, edit)
        add_notes(live, track, edit, notes)

    def perform(work: Work) -> None:
        live_track = track.handle
        if hasattr(live_track, "create_midi_clip"):
            clip.live = placed(work, track, edit.start, lambda: live_track.create_midi_clip(edit.start, edit.length))
            fill(clip.live)
        else:
            clip.live = _build_in_session(work, track, edit, fill)

    return Step(perform, clip, makes=True, counts_notes=True)


def create_arrangement_audio_clip(draft: Draft, edit: Arguments) -> Step:
    """Add an audio file to the Arrangement."""
    track = draft.clip_track(edit.track, AUDIO)
    refuse_unloadable(draft, edit.file_path)
    refuse_recording_track(draft, track)
    draft.refuse_overlap(track, edit.start, edit.start + 1e-6)
    clip = DraftClip(track, None, True, None)
    clip.start = clip.end = edit.start
    draft.arrangement(track).append(clip)

    def perform(work: Work) -> Iterator[None]:
        live_track = track.handle
        if hasattr(live_track, "create_audio_clip"):
            clip.live = _fitted(work, track, edit, lambda at: live_track.create_audio_clip(edit.file_path, at))
        else:
            spare = SpareSlot(work, track)
            model = yield from loaded(work, spare.slot, edit.file_path)
            clip.live = _fitted(work, track, edit, lambda at: live_track.duplicate_clip_to_arrangement(model, at))
            spare.clear()
        name_and_color(clip.live, edit)

    return Step(perform, clip, makes=True)


def placed(work: Work, track: DraftTrack, start: float, create: Callable[[], Clip | None]) -> Clip:
    """Return the clip that `create` adds at `start`, whether or not this Live returns it."""
    live_track = track.handle
    before = list(live_track.arrangement_clips)
    neighbours = Neighbours(track, before)
    made = create()
    new = [clip for clip in live_track.arrangement_clips if clip not in before]
    work.on_failure(lambda: _delete(live_track, new))
    neighbours.check(work)
    if made is None:
        here = [clip for clip in new if clip.start_time == start]
        if not here:
            raise RuntimeError(f"Live made no clip at beat {start:g} of {track.words} and gave no reason")
        made = here[0]
    work.tracks.append(live_track)
    return made


class Neighbours:
    """Clips of a track's Arrangement that must not change, because Live cuts clips under a new one."""

    def __init__(self, track: DraftTrack, clips: list[Clip]) -> None:
        self._track = track
        self._spans = [(clip, clip.start_time, clip.end_time) for clip in clips]

    def check(self, work: Work) -> None:
        """Raise RuntimeError when one of them was cut; Live's own undo then restores it."""
        for clip, start, end in self._spans:
            if not is_alive(clip) or (clip.start_time, clip.end_time) != (start, end):
                work.needs_undo = True
                raise RuntimeError(f"Live laid a clip over the one at beat {start:g} of {self._track.words}")


def _delete(track: Track, clips: list[Clip]) -> None:
    for clip in clips:
        if is_alive(clip):
            track.delete_clip(clip)


class SpareSlot:
    """An empty slot of a track, for a clip that is then copied to the Arrangement.

    A scene is created when no slot is empty. Everything is removed again within the same undo step.
    """

    def __init__(self, work: Work, track: DraftTrack) -> None:
        song = self._song = work.song
        self._scene: Scene | None = None
        slots = [slot for slot in track.handle.clip_slots if not slot.has_clip]
        if not slots:
            self._scene = song.create_scene(-1)
            work.on_failure(self._delete_scene)
            slots = [list(track.handle.clip_slots)[list(song.scenes).index(self._scene)]]
        self.slot = slots[0]

    def clear(self) -> None:
        """Delete the temporary clip, and the scene."""
        self.slot.delete_clip()
        self._delete_scene()

    def _delete_scene(self) -> None:
        if self._scene is not None and is_alive(self._scene):
            self._song.delete_scene(list(self._song.scenes).index(self._scene))


def _build_in_session(work: Work, track: DraftTrack, edit: Arguments, fill: Callable[[Clip], None]) -> Clip:
    """Return the clip in the Arrangement of a Live before 12.2, where no script can create a MIDI clip there."""
    live_track = track.handle
    spare = SpareSlot(work, track)
    model = new_clip(work, spare.slot, edit.length)
    fill(model)
    # A looping clip would be duplicated as looping; in the Arrangement it must play once.
    model.looping = False
    made = placed(work, track, edit.start, lambda: live_track.duplicate_clip_to_arrangement(model, edit.start))
    spare.clear()
    return made


def _fitted(work: Work, track: DraftTrack, edit: Arguments, lay: Callable[[float], Clip | None]) -> Clip:
    """Return the clip that `lay` adds at the edit's start, in the gap before the next one.

    Live cuts clips under a new clip, and only Live knows how long a file becomes. So when another clip follows, the new
    one is first created after the last one, measured, and then moved into the gap.
    """
    live_track = track.handle
    after = [other.start_time for other in live_track.arrangement_clips if other.start_time >= edit.start]
    if not after:
        made = placed(work, track, edit.start, lambda: lay(edit.start))
        warp(made, edit)
        return made
    limit = min(after)
    behind = max([other.end_time for other in live_track.arrangement_clips])
    if behind >= MAX_BEATS:
        raise EditError(SLOT_FILLED, f"The Arrangement of {track.words} is full to its end.")
    probe = placed(work, track, behind, lambda: lay(behind))
    warp(probe, edit)
    length = probe.end_time - probe.start_time
    if edit.start + length > limit + 1e-6:
        raise EditError(
            SLOT_FILLED,
            f"The audio takes {length:g} beats, but {track.words} has only {limit - edit.start:g} free "
            f"from beat {edit.start:g} on: choose a longer gap.",
        )
    made = placed(work, track, edit.start, lambda: live_track.duplicate_clip_to_arrangement(probe, edit.start))
    live_track.delete_clip(probe)
    return made


def _refuse_recording(draft: Draft) -> None:
    if draft.song.record_mode and draft.song.is_playing:
        raise EditError(LIVE_BUSY, "Live is recording into the Arrangement: stop recording and try again.")
