"""Edits of clips: create a MIDI or an audio clip in the Session, replace a clip's notes, deactivate or activate it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Iterator

from ..host.live import is_alive
from ..live_set.notes import decode_notes
from ..live_set.states import AUDIO, MIDI
from ..wire.table import BAD_PARAMETER, WRONG_TRACK
from .draft import Draft, DraftClip, DraftTrack, Launched, Place, capital
from .loading import loaded, refuse_recording_track, refuse_unloadable
from .refusal import EditError
from .work import Step, Work

if TYPE_CHECKING:
    from ..host.live import Clip, Slot
    from ..wire.messages import Arguments


def create_clip(draft: Draft, edit: Arguments) -> Step:
    """Create a MIDI clip with its notes in a slot."""
    track = draft.clip_track(edit.track, MIDI)
    place = draft.place(track, draft.scene(edit.scene), edit.where)
    notes = decode_notes(edit.notes)
    clip = DraftClip(track, place.scene, False, None)
    draft.put(clip, place)

    def perform(work: Work) -> None:
        slot = empty_slot(work, place)
        live = clip.live = new_clip(work, slot, edit.length)
        name_and_color(live, edit)
        live.signature_numerator, live.signature_denominator = edit.numerator, edit.denominator
        if bool(live.looping) != bool(edit.looping):
            live.looping = bool(edit.looping)
        add_notes(live, track, edit, notes)

    return Step(perform, clip, makes=True, counts_notes=True)


def create_audio_clip(draft: Draft, edit: Arguments) -> Step:
    """Add an audio file to a slot."""
    track = draft.clip_track(edit.track, AUDIO)
    place = draft.place(track, draft.scene(edit.scene), edit.where)
    refuse_unloadable(draft, edit.file_path)
    refuse_recording_track(draft, track)
    if edit.looping == 1 and edit.warping == 0:
        raise EditError(BAD_PARAMETER, f"Live loops warped audio only: let {edit.file_path} be warped too.")
    clip = DraftClip(track, place.scene, True, None)
    draft.put(clip, place)

    def perform(work: Work) -> Iterator[None]:
        slot = empty_slot(work, place)
        live = clip.live = yield from loaded(work, slot, edit.file_path)
        name_and_color(live, edit)
        warp(live, edit)
        if edit.looping >= 0:
            live.looping = bool(edit.looping)

    return Step(perform, clip, makes=True)


def replace_notes(draft: Draft, edit: Arguments) -> Step:
    """Replace the notes of a MIDI clip."""
    clip = draft.clip(edit.clip)
    if clip.is_audio:
        raise EditError(WRONG_TRACK, f"{capital(clip.words)} is audio and has no notes: choose a MIDI clip.")
    draft.refuse_frozen(clip.track)
    draft.refuse_recording(clip)
    notes = decode_notes(edit.notes)

    def perform(work: Work) -> None:
        live = clip.handle
        if _remove_all_notes(live):
            work.needs_undo = True
        work.on_failure(lambda: _remove_all_notes(live))
        if notes:
            live.add_new_notes(tuple(notes))

    return Step(perform, clip, counts_notes=True)


def empty_slot(work: Work, place: Place) -> Slot:
    """Return the slot of a place, emptied."""
    if place.needs_scene:
        place.scene.live = work.song.create_scene(-1)
        work.on_failure(lambda: work.song.delete_scene(list(work.song.scenes).index(place.scene.handle)))
        work.structure = True
        work.made.append(place.scene)
    slot = work.draft.slot(place.track, place.scene)
    if place.victim is not None:
        slot.delete_clip()
        work.needs_undo = True
    work.slots.append((place.track.handle, slot))
    return slot


def new_clip(work: Work, slot: Slot, length: float) -> Clip:
    """Return a new empty MIDI clip, with its length in beats, in an empty slot."""
    # Live 11.0.0 and 12.0.0 create the clip and return None.
    made = slot.create_clip(length)
    clip = slot.clip if made is None else made
    if clip is None:
        raise RuntimeError("Live made no clip and gave no reason")
    work.keep_only_if_done(slot, clip)
    return clip


def add_notes(live: Clip, track: DraftTrack, edit: Arguments, notes: list[Any]) -> None:
    """Add an edit's decoded notes to its new clip; drums of General MIDI go to the track's pads."""
    if notes:
        live.add_new_notes(tuple(decode_notes(edit.notes, track.pads) if track.pads else notes))


def launch(draft: Draft, edit: Arguments) -> Step:
    """Launch a Session clip after the last edit."""
    clip = draft.clip(edit.clip)
    if clip.scene is None:
        raise EditError(BAD_PARAMETER, f"{capital(clip.words)} is in the Arrangement: only Session clips are launched.")

    def fire() -> Iterator[None]:
        if clip.live is not None and is_alive(clip.live):
            row = clip.track.handle.playing_slot_index
            before = clip.track.handle.clip_slots[row] if row >= 0 else None
            draft.launched.append(Launched(clip.track.handle, clip.live, before, bool(draft.song.is_playing)))
            clip.live.fire()
        yield from ()

    return Step(lambda work: work.in_the_end(f"launch of {clip.words}", fire), clip)


def stop_clips(draft: Draft, edit: Arguments) -> Step:
    """Stop the Session clips of a track after the last edit."""
    track = draft.track(edit.track)

    def stop() -> Iterator[None]:
        if track.live is not None and is_alive(track.live):
            track.live.stop_all_clips()
        yield from ()

    return Step(lambda work: work.in_the_end(f"stop of {track.words}", stop), track)


def play_song(draft: Draft, edit: Arguments) -> Step:
    """Start or stop Live's transport after the last edit."""

    def play() -> Iterator[None]:
        if edit.playing:
            draft.song.start_playing()
        else:
            draft.song.stop_playing()
        yield from ()

    return Step(lambda work: work.in_the_end("transport", play), None)


def mute_clip(draft: Draft, edit: Arguments) -> Step:
    """Deactivate or activate a clip."""
    clip = draft.clip(edit.clip)
    draft.refuse_frozen(clip.track)
    return Step(lambda work: work.set(clip.handle, "muted", bool(edit.muted)), clip)


def _remove_all_notes(clip: Clip) -> int:
    ids = [note.note_id for note in clip.get_all_notes_extended()]
    if ids:
        clip.remove_notes_by_id(tuple(ids))
    return len(ids)


def name_and_color(live: Any, edit: Arguments) -> None:
    """Set the name and colour of a new object, if the edit has them."""
    if edit.name:
        live.name = edit.name
    if edit.color >= 0:
        live.color = edit.color


def warp(live: Clip, edit: Arguments) -> None:
    """Warp a new audio clip as the edit specifies."""
    if edit.warping >= 0:
        live.warping = bool(edit.warping)
    if edit.warp_mode >= 0:
        live.warp_mode = edit.warp_mode
