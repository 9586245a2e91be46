"""Edits of clips in the Session: create a MIDI or an audio clip, give a clip other notes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from .draft import Draft, DraftClip, Place, capital
from .notes import decode_notes
from .refusal import EditError
from .states import AUDIO, MIDI
from .wire_table import BAD_PARAMETER, LIVE_BUSY, UNSUPPORTED, WRONG_TRACK
from .work import Step, Work

if TYPE_CHECKING:
    from .draft import DraftTrack
    from .live import Clip, Slot
    from .messages import Arguments


def create_clip(draft: Draft, edit: Arguments) -> Step:
    """Makes a MIDI clip with its notes in a slot."""
    track = draft.clip_track(edit.track, MIDI)
    place = draft.place(track, draft.scene(edit.scene), edit.where)
    notes = decode_notes(edit.notes)
    clip = DraftClip(track, place.scene, False, None)
    draft.put(clip, place)

    def perform(work: Work) -> None:
        slot = _empty_slot(work, place)
        made = slot.create_clip(edit.length)
        live = clip.live = _made_in(slot, made)
        name_and_color(live, edit)
        live.signature_numerator, live.signature_denominator = edit.numerator, edit.denominator
        if bool(live.looping) != bool(edit.looping):
            live.looping = bool(edit.looping)
        if notes:
            live.add_new_notes(tuple(notes))

    return Step(perform, clip, makes=True, counts_notes=True)


def create_audio_clip(draft: Draft, edit: Arguments) -> Step:
    """Puts an audio file into a slot."""
    track = draft.clip_track(edit.track, AUDIO)
    place = draft.place(track, draft.scene(edit.scene), edit.where)
    if not hasattr(draft.song.tracks[0].clip_slots[0], "create_audio_clip"):
        raise EditError(UNSUPPORTED, no_audio_sentence(edit.file_path))
    refuse_unreadable(edit.file_path)
    refuse_recording_track(draft, track)
    if edit.looping == 1 and edit.warping == 0:
        raise EditError(BAD_PARAMETER, f"Live loops warped audio only: let {edit.file_path} be warped too.")
    clip = DraftClip(track, place.scene, True, None)
    draft.put(clip, place)

    def perform(work: Work) -> None:
        slot = _empty_slot(work, place)
        made = slot.create_audio_clip(edit.file_path)
        live = clip.live = _made_in(slot, made)
        name_and_color(live, edit)
        warp(live, edit)
        if edit.looping >= 0:
            live.looping = bool(edit.looping)

    return Step(perform, clip, makes=True)


def replace_notes(draft: Draft, edit: Arguments) -> Step:
    """Gives a MIDI clip other notes."""
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


def _empty_slot(work: Work, place: Place) -> Slot:
    if place.needs_scene:
        place.scene.live = work.song.create_scene(-1)
        work.on_failure(lambda: work.song.delete_scene(list(work.song.scenes).index(place.scene.handle)))
        work.structure = True
        work.made.append(place.scene)
    slot = work.draft.slot(place.track, place.scene)
    if place.victim is not None:
        slot.delete_clip()
        work.needs_undo = True
    work.on_failure(lambda: slot.delete_clip() if slot.has_clip else None)
    work.slots.append((place.track.handle, slot))
    return slot


def _made_in(slot: Slot, made: Clip | None) -> Clip:
    # Live 11.0.0 and 12.0.0 make the clip and return None.
    clip = slot.clip if made is None else made
    if clip is None:
        raise RuntimeError("Live made no clip and gave no reason")
    return clip


def _remove_all_notes(clip: Clip) -> int:
    ids = [note.note_id for note in clip.get_all_notes_extended()]
    if ids:
        clip.remove_notes_by_id(tuple(ids))
    return len(ids)


def name_and_color(live: Any, edit: Arguments) -> None:
    """Gives a new thing its name and colour, where the edit has them."""
    if edit.name:
        live.name = edit.name
    if edit.color >= 0:
        live.color = edit.color


def warp(live: Clip, edit: Arguments) -> None:
    """Warps a new audio clip as the edit says."""
    if edit.warping >= 0:
        live.warping = bool(edit.warping)
    if edit.warp_mode >= 0:
        live.warp_mode = edit.warp_mode


def refuse_unreadable(path: str) -> None:
    """Refuses a file that is not there or cannot be read."""
    if not os.path.isabs(path):
        raise EditError(BAD_PARAMETER, f"The audio file must be named by its whole path, not {path!r:.200}.")
    try:
        with open(path, "rb") as file:
            if not file.read(1):
                raise EditError(BAD_PARAMETER, f"The audio file {path:.300} is empty: render it again.")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise EditError(BAD_PARAMETER, f"The audio file {path:.300} cannot be read: {why}.") from error


def refuse_recording_track(draft: Draft, track: DraftTrack) -> None:
    """Refuses an audio clip on a track that records, where Live would refuse it."""
    song = draft.song
    into_slot = track.live is not None and any(slot.is_recording for slot in track.live.clip_slots)
    if into_slot or (song.record_mode and song.is_playing):
        raise EditError(LIVE_BUSY, f"Live is recording: stop recording, then put the audio on {track.words}.")


def no_audio_sentence(path: str) -> str:
    """What to say where Live has no way to take a file."""
    return (
        "This Live has no way for a script to load an audio file (Live 11.3.25 has it, and 12 from 12.0.5 on): "
        f"update Live, or drag in {path:.300} by hand."
    )
