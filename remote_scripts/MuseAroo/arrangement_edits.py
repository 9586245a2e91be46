"""Edits that put a clip into the Arrangement, where no other clip may lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable

from .clip_edits import name_and_color, no_audio_sentence, refuse_recording_track, refuse_unreadable, warp
from .draft import Draft, DraftClip, DraftTrack
from .notes import decode_notes
from .refusal import EditError
from .states import AUDIO, MIDI
from .wire_table import LIVE_BUSY, MAX_BEATS, SLOT_FILLED, UNSUPPORTED
from .work import Step, Work

if TYPE_CHECKING:
    from .live import Clip, Slot
    from .messages import Arguments


def create_arrangement_clip(draft: Draft, edit: Arguments) -> Step:
    """Makes a MIDI clip with its notes in the Arrangement."""
    track = draft.clip_track(edit.track, MIDI)
    _refuse_recording(draft)
    draft.refuse_overlap(track, edit.start, edit.start + edit.length)
    notes = decode_notes(edit.notes)
    clip = DraftClip(track, None, False, None)
    clip.start, clip.end = edit.start, edit.start + edit.length
    draft.arrangement(track).append(clip)

    def fill(live: Clip) -> None:
        name_and_color(live, edit)
        if notes:
            live.add_new_notes(tuple(notes))

    def perform(work: Work) -> None:
        live_track = track.handle
        if hasattr(live_track, "create_midi_clip"):
            clip.live = _placed(work, track, edit.start, lambda: live_track.create_midi_clip(edit.start, edit.length))
            fill(clip.live)
        else:
            clip.live = _build_in_session(work, track, edit, fill)

    return Step(perform, clip, makes=True, counts_notes=True)


def create_arrangement_audio_clip(draft: Draft, edit: Arguments) -> Step:
    """Puts an audio file into the Arrangement."""
    track = draft.clip_track(edit.track, AUDIO)
    if not hasattr(draft.song.tracks[0], "create_audio_clip"):
        raise EditError(UNSUPPORTED, no_audio_sentence(edit.file_path))
    refuse_unreadable(edit.file_path)
    refuse_recording_track(draft, track)
    draft.refuse_overlap(track, edit.start, edit.start + 1e-6)
    clip = DraftClip(track, None, True, None)
    clip.start = clip.end = edit.start
    draft.arrangement(track).append(clip)

    def perform(work: Work) -> None:
        live_track = track.handle
        after = [other.start_time for other in live_track.arrangement_clips if other.start_time >= edit.start]
        if not after:
            clip.live = _placed(
                work, track, edit.start, lambda: live_track.create_audio_clip(edit.file_path, edit.start)
            )
            warp(clip.live, edit)
        else:
            clip.live = _fit_before(work, track, edit, min(after))
        name_and_color(clip.live, edit)

    return Step(perform, clip, makes=True)


def _placed(work: Work, track: DraftTrack, start: float, create: Callable[[], Clip | None]) -> Clip:
    """The clip that `create` puts at `start`, whether or not this Live returns it."""
    live_track = track.handle
    before = list(live_track.arrangement_clips)
    work.on_failure(lambda: _delete_new(track, before))
    made = create()
    if made is None:
        new = [clip for clip in live_track.arrangement_clips if clip not in before and clip.start_time == start]
        if not new:
            raise RuntimeError(f"Live made no clip at beat {start:g} of {track.words} and gave no reason")
        made = new[0]
    work.tracks.append(live_track)
    return made


def _delete_new(track: DraftTrack, before: list[Clip]) -> None:
    for clip in [clip for clip in track.handle.arrangement_clips if clip not in before]:
        track.handle.delete_clip(clip)


def _build_in_session(work: Work, track: DraftTrack, edit: Arguments, fill: Callable[[Clip], None]) -> Clip:
    """The clip in the Arrangement of a Live before 12.2, where no script can make a MIDI clip there.

    It is made in an empty slot (in a scene of its own where none is empty), duplicated to its place, and deleted again
    within the same undo step.
    """
    live_track = track.handle
    slots = [slot for slot in live_track.clip_slots if not slot.has_clip]
    scene = None
    if not slots:
        scene = work.song.create_scene(-1)
        work.on_failure(lambda: _delete_scene(work, scene))
        slots = [list(live_track.clip_slots)[list(work.song.scenes).index(scene)]]
    slot: Slot = slots[0]
    work.on_failure(lambda: slot.delete_clip() if slot.has_clip else None)
    made = slot.create_clip(edit.length)
    draft = slot.clip if made is None else made
    if draft is None:
        raise RuntimeError("Live made no clip and gave no reason")
    fill(draft)
    # A clip that loops would be duplicated as one that loops; in the Arrangement it is to play once.
    draft.looping = False
    placed = _placed(work, track, edit.start, lambda: live_track.duplicate_clip_to_arrangement(draft, edit.start))
    slot.delete_clip()
    if scene is not None:
        work.song.delete_scene(list(work.song.scenes).index(scene))
    return placed


def _delete_scene(work: Work, scene: object) -> None:
    scenes = list(work.song.scenes)
    if scene in scenes:
        work.song.delete_scene(scenes.index(scene))


def _fit_before(work: Work, track: DraftTrack, edit: Arguments, limit: float) -> Clip:
    """The clip in the gap before `limit`.

    Live lays a new clip over what is there, and only Live knows how long a file becomes: so the clip is made behind the
    last one first, measured, and then put into the gap.
    """
    live_track = track.handle
    behind = max([other.end_time for other in live_track.arrangement_clips])
    if behind >= MAX_BEATS:
        raise EditError(SLOT_FILLED, f"The Arrangement of {track.words} is full to its end.")
    probe = _placed(work, track, behind, lambda: live_track.create_audio_clip(edit.file_path, behind))
    warp(probe, edit)
    length = probe.end_time - probe.start_time
    if edit.start + length > limit + 1e-6:
        raise EditError(
            SLOT_FILLED,
            f"The audio takes {length:g} beats, but {track.words} has only {limit - edit.start:g} free "
            f"from beat {edit.start:g} on: choose a longer gap.",
        )
    placed = _placed(work, track, edit.start, lambda: live_track.duplicate_clip_to_arrangement(probe, edit.start))
    live_track.delete_clip(probe)
    return placed


def _refuse_recording(draft: Draft) -> None:
    if draft.song.record_mode and draft.song.is_playing:
        raise EditError(LIVE_BUSY, "Live is recording into the Arrangement: stop recording and try again.")
