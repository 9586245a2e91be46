"""Edits of the set's structure: create tracks and scenes, delete, rename, tempo, time signature, scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..host.live import scale_names
from ..live_set.states import GROUP, MASTER, MIDI, RETURN
from ..wire.table import BAD_PARAMETER, NOT_MINE, WRONG_TRACK
from .clips import name_and_color
from .draft import Draft, DraftClip, DraftScene, DraftTrack, capital
from .refusal import EditError
from .work import Step, Work

if TYPE_CHECKING:
    from ..host.live import Track
    from ..live_set.identities import Identities
    from ..wire.messages import Arguments


def create_track(draft: Draft, edit: Arguments) -> Step:
    """Create a MIDI or an audio track."""
    after = draft.track(edit.after) if edit.after else None
    if after is not None and after.kind in (RETURN, MASTER):
        raise EditError(WRONG_TRACK, f"A new track cannot come after {after.words}: name a regular track.")
    track = DraftTrack(edit.kind, f"the new track ({edit.name:.60})" if edit.name else "the new track", None)
    draft.more_tracks += 1

    def perform(work: Work) -> None:
        song = work.song
        index = -1 if after is None else list(song.tracks).index(after.handle) + 1
        create = song.create_midi_track if edit.kind == MIDI else song.create_audio_track
        track.live = create(index)
        work.on_failure(lambda: song.delete_track(list(song.tracks).index(track.handle)))
        work.structure = True
        name_and_color(track.live, edit)

    return Step(perform, track, makes=True)


def create_scene(draft: Draft, edit: Arguments) -> Step:
    """Create a scene."""
    after = draft.scene(edit.after) if edit.after else None
    scene = DraftScene(f"the new scene ({edit.name:.60})" if edit.name else "the new scene", None)
    draft.scenes.insert(draft.scenes.index(after) + 1 if after else len(draft.scenes), scene)

    def perform(work: Work) -> None:
        song = work.song
        index = -1 if after is None else list(song.scenes).index(after.handle) + 1
        scene.live = song.create_scene(index)
        work.on_failure(lambda: song.delete_scene(list(song.scenes).index(scene.handle)))
        work.structure = True
        if edit.name:
            scene.live.name = edit.name

    return Step(perform, scene, makes=True)


def delete(draft: Draft, edit: Arguments, identities: Identities) -> Step:
    """Delete a clip, track or scene."""
    thing = draft.thing(edit.id)
    if edit.only_made and not identities.is_made(edit.id):
        raise EditError(NOT_MINE, f"{capital(thing.words)} was not made by MuseAroo and stays: delete it in Live.")
    if isinstance(thing, DraftClip):
        draft.refuse_frozen(thing.track)
        draft.refuse_recording(thing)
        draft.remove(thing)
        return Step(lambda work: _delete_clip(work, thing), thing, deleted_id=edit.id)
    if isinstance(thing, DraftScene):
        if len(draft.scenes) == 1:
            raise EditError(BAD_PARAMETER, f"{capital(thing.words)} is the set's last scene, which Live keeps.")
        clips = [draft.clip_in(draft.track(identities.id_of(track)), thing) for track in draft.song.tracks]
    else:
        clips = _clips_to_go(draft, thing)
    for clip in clips:
        if clip is not None and clip.live is not None:
            draft.refuse_recording(clip)
            if edit.only_made and not identities.is_made(identities.id_if_known(clip.live)):
                raise EditError(NOT_MINE, f"{capital(thing.words)} holds clips that MuseAroo did not make and stays.")
    draft.remove(thing)
    return Step(lambda work: _delete_frame(work, thing), thing, deleted_id=edit.id)


def _clips_to_go(draft: Draft, track: DraftTrack) -> list[DraftClip | None]:
    """Return the clips deleted with a track. Raises EditError when the track cannot be deleted."""
    if track.kind == MASTER:
        raise EditError(WRONG_TRACK, "The master track cannot be deleted.")
    if track.kind == RETURN:
        return []
    lost = 1 + len(_within(draft, track.handle)) if track.kind == GROUP else 1
    if len(draft.song.tracks) + draft.more_tracks - lost < 1:
        raise EditError(BAD_PARAMETER, f"{capital(track.words)} is the set's last track, which Live keeps.")
    draft.more_tracks -= lost
    if track.kind == GROUP:
        return []
    return [draft.clip_in(track, scene) for scene in draft.scenes] + list(draft.arrangement(track))


def _within(draft: Draft, group: Track) -> list[Track]:
    inside = []
    for track in draft.song.tracks:
        outer = track.group_track if track.is_grouped else None
        while outer is not None:
            if outer == group:
                inside.append(track)
                break
            outer = outer.group_track if outer.is_grouped else None
    return inside


def _delete_clip(work: Work, clip: DraftClip) -> None:
    if clip.scene is None:
        clip.track.handle.delete_clip(clip.handle)
        work.tracks.append(clip.track.handle)
    else:
        slot = work.draft.slot(clip.track, clip.scene)
        slot.delete_clip()
        work.slots.append((clip.track.handle, slot))
    work.needs_undo = True


def _delete_frame(work: Work, thing: DraftTrack | DraftScene) -> None:
    song = work.song
    if isinstance(thing, DraftScene):
        song.delete_scene(list(song.scenes).index(thing.handle))
    elif thing.kind == RETURN:
        song.delete_return_track(list(song.return_tracks).index(thing.handle))
    else:
        song.delete_track(list(song.tracks).index(thing.handle))
    work.structure = work.needs_undo = True


def rename(draft: Draft, edit: Arguments) -> Step:
    """Rename and colour a clip, track or scene."""
    thing = draft.thing(edit.id)

    def perform(work: Work) -> None:
        before = thing.handle.name
        work.set(thing.handle, "name", edit.name)
        if isinstance(thing, DraftTrack) and before != edit.name:
            # The name of an unnamed track changes with its number; restoring it as text would make it permanent.
            work.needs_undo = True
        if edit.color >= 0:
            work.set(thing.handle, "color", edit.color)

    return Step(perform, thing)


def set_tempo(draft: Draft, edit: Arguments) -> Step:
    """Set the tempo."""
    del draft
    return Step(lambda work: work.set(work.song, "tempo", edit.tempo), None)


def set_meter(draft: Draft, edit: Arguments) -> Step:
    """Set the time signature."""
    del draft

    def perform(work: Work) -> None:
        work.set(work.song, "signature_numerator", edit.numerator)
        work.set(work.song, "signature_denominator", edit.denominator)

    return Step(perform, None)


def set_scale(draft: Draft, edit: Arguments) -> Step:
    """Set the scale and enable it; a disabled scale is not in use."""
    del draft
    names = scale_names()
    if edit.scale_name not in names:
        some = ", ".join(names[:6])
        raise EditError(
            BAD_PARAMETER,
            f"Live has no scale called {edit.scale_name!r:.64}; it has {some} and others.",
        )

    def perform(work: Work) -> None:
        work.set(work.song, "root_note", edit.root_note)
        work.set(work.song, "scale_name", edit.scale_name)
        if hasattr(work.song, "scale_mode"):  # from 12 on
            work.set(work.song, "scale_mode", True)

    return Step(perform, None)
