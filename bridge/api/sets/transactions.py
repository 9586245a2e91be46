"""Perform a transaction in a set without Live, as the Remote Script performs it in Live: all of it or nothing. Pure.

What only Live has is refused with a sentence: instruments, sends, EQ Eight, routing. Locators and launches have no
meaning here and change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from musearoo.bridge.api.sets.draft import MOST_CLIPS, MOST_TRACKS, Draft
from musearoo.bridge.live_set.mirror import AUDIO_TRACK, MIDI_TRACK, SetMirror
from musearoo.bridge.live_set.writer import REPLACE, THIS_SLOT_ONLY
from musearoo.bridge.protocol import (
    NOTE_BYTES,
    ClipAudio,
    ClipNotes,
    ClipState,
    ClipWarp,
    CreateArrangementAudioClip,
    CreateArrangementClip,
    CreateAudioClip,
    CreateClip,
    CreateLocator,
    CreateScene,
    CreateStem,
    CreateTrack,
    Delete,
    Gone,
    Launch,
    MixerState,
    MuteClip,
    PlaySong,
    Refusal,
    Rename,
    ReplaceNotes,
    Selection,
    SetLoop,
    SetMeter,
    SetMixer,
    SetScale,
    SetTempo,
    SetWarping,
    SetWarpMarkers,
    StopClips,
    TrackState,
)
from musearoo.bridge.protocol.codec import encode_warp_markers
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.refusing import RequestError

GREY = 0x8A8A8A
"""The colour of what gets none."""
UNITY = 0.85
"""A fader at 0 dB."""


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """An audio file: its length in samples, and its rate in Hz."""

    samples: int
    rate: float

    @property
    def seconds(self) -> float:
        """The length in seconds."""
        return self.samples / self.rate


Measure = Callable[[str], AudioFacts]
"""Return the facts of an audio file; raises RequestError if it cannot be read."""


@dataclass(frozen=True, slots=True)
class Performed:
    """A transaction that was performed: the set after it, and the messages that lead to it and back.

    `results` has per edit the id of what it made or changed (0 for nothing), and the notes in it.
    """

    mirror: SetMirror
    forward: tuple[Message, ...]
    backward: tuple[Message, ...]
    results: tuple[tuple[int, int], ...]
    next_id: int


def perform(mirror: SetMirror, edits: Sequence[Message], next_id: int, measure: Measure) -> Performed:
    """Perform the edits of a transaction, in order; raises RequestError if one cannot be done, with nothing changed."""
    draft = Draft(mirror, next_id)
    made: list[int] = []
    results: list[tuple[int, int]] = []
    for edit in edits:
        id = _perform(draft, edit, made, measure)
        made.append(id)
        results.append((id, len(draft.mirror.notes.get(id, b"")) // NOTE_BYTES))
    shown = next((id for id in reversed(made) if id in draft.mirror.clips), 0)
    if shown:
        clip = draft.mirror.clips[shown]
        draft.apply(Selection(clip.track, mirror.selection.scene, shown))
    return Performed(draft.mirror, tuple(draft.forward), draft.backward(), tuple(results), draft.next_id)


def replay(mirror: SetMirror, messages: Sequence[Message], next_id: int) -> Performed:
    """Apply messages that lead to another state of the set: a step taken back or done again."""
    draft = Draft(mirror, next_id)
    for message in messages:
        draft.apply(message)
    return Performed(draft.mirror, tuple(draft.forward), draft.backward(), (), draft.next_id)


def _perform(draft: Draft, edit: Message, made: Sequence[int], measure: Measure) -> int:
    """Perform one edit, and return the id of what it made or changed."""

    def find(reference: int) -> int:
        """The id that a reference stands for: -k is what edit k made."""
        return made[-reference - 1] if -len(made) <= reference < 0 else reference

    match edit:
        case CreateTrack():
            return _create_track(draft, edit, find(edit.after))
        case CreateScene():
            after = draft.scene(find(edit.after)).index + 1 if edit.after else None
            return draft.add_scene(edit.name, after)
        case CreateClip():
            return _create_clip(draft, edit, find(edit.track), find(edit.scene))
        case CreateArrangementClip():
            return _create_arrangement_clip(draft, edit, find(edit.track))
        case CreateAudioClip():
            scene = _free_scene(draft, draft.track(find(edit.track)), find(edit.scene), edit.where)
            return _create_audio_clip(draft, edit, (find(edit.track), scene, 0.0), measure(edit.file_path))
        case CreateArrangementAudioClip():
            return _create_audio_clip(draft, edit, (find(edit.track), 0, edit.start), measure(edit.file_path))
        case CreateStem():
            return _create_stem(draft, edit, find(edit.source), find(edit.track))
        case MuteClip():
            clip = draft.clip(find(edit.clip))
            draft.apply(replace(clip, muted=edit.muted))
            return clip.id
        case ReplaceNotes():
            clip = draft.clip(find(edit.clip))
            if clip.is_audio:
                raise RequestError(Refusal.WRONG_TRACK, f"“{clip.name}” is audio and has no notes: choose a MIDI clip.")
            draft.apply(ClipNotes(clip.id, edit.notes))
            return clip.id
        case Delete():
            return _delete(draft, edit.id)
        case Rename():
            return _rename(draft, edit, find(edit.id))
        case SetMixer():
            return _set_mixer(draft, edit, find(edit.track))
        case SetTempo() | SetMeter() | SetScale():
            return _set_song(draft, edit)
        case SetWarping() | SetWarpMarkers() | SetLoop():
            return _set_warp(draft, edit, draft.clip(find(edit.clip)))
        case CreateLocator() | Launch() | StopClips() | PlaySong():
            return 0
    raise RequestError(
        Refusal.UNSUPPORTED,
        f"{edit.path.rpartition('/')[2].replace('_', ' ').capitalize()} needs Live: open a set in it.",
    )


def _create_track(draft: Draft, edit: CreateTrack, after: int) -> int:
    tracks = draft.regular_tracks()
    if len(tracks) >= MOST_TRACKS:
        raise RequestError(Refusal.UNSUPPORTED, f"The set has {MOST_TRACKS} tracks already: delete some.")
    place = draft.track(after).index + 1 if edit.after else len(tracks)
    for track in tracks[place:]:
        draft.apply(replace(track, index=track.index + 1))
    id = draft.new_id()
    color = edit.color if edit.color >= 0 else GREY
    draft.apply(
        TrackState(id=id, index=place, kind=edit.kind, name=edit.name, color=color, group=0, muted=0, soloed=0, armed=0)
    )
    draft.apply(MixerState(track=id, volume=UNITY, panning=0.0, held="", sends=()))
    return id


def _free_scene(draft: Draft, track: TrackState, scene: int, where: int) -> int:
    """Return the id of the scene in which a new clip of a track goes, emptied or made if need be."""
    draft.scene(scene)
    if len(draft.mirror.clips) >= MOST_CLIPS:
        raise RequestError(Refusal.UNSUPPORTED, f"The set has {MOST_CLIPS} clips already: delete some.")
    there = draft.mirror.clip_in_slot(track.id, scene)
    if there is None:
        return scene
    if where == REPLACE:
        draft.remove_clip(there.id)
        return scene
    if where == THIS_SLOT_ONLY:
        row = draft.scene(scene).index + 1
        raise RequestError(
            Refusal.SLOT_FILLED, f"Scene {row} of {track.name} has a clip already: choose another scene."
        )
    below = (row for row in draft.scenes() if row.index > draft.scene(scene).index)
    empty = next((row.id for row in below if draft.mirror.clip_in_slot(track.id, row.id) is None), None)
    return draft.add_scene("") if empty is None else empty


def _create_clip(draft: Draft, edit: CreateClip, track: int, scene: int) -> int:
    column = _require_kind(draft.track(track), MIDI_TRACK)
    there = draft.mirror.clip_in_slot(track, scene)
    row = _free_scene(draft, column, scene, edit.where)
    # What replaces a clip has its id: whoever knows the one finds the other.
    id = there.id if there is not None and there.id not in draft.mirror.clips else draft.new_id()
    draft.apply(_clip(id, column, row, edit, edit.length, edit.numerator, edit.denominator))
    draft.apply(ClipNotes(id, edit.notes))
    return id


def _create_arrangement_clip(draft: Draft, edit: CreateArrangementClip, track: int) -> int:
    column = _require_kind(draft.track(track), MIDI_TRACK)
    _refuse_overlap(draft, column, edit.start, edit.start + edit.length)
    song, id = draft.song(), draft.new_id()
    clip = _clip(id, column, 0, edit, edit.length, song.numerator, song.denominator)
    draft.apply(replace(clip, start=edit.start, looping=0))
    draft.apply(ClipNotes(id, edit.notes))
    return id


def _create_audio_clip(
    draft: Draft,
    edit: CreateAudioClip | CreateArrangementAudioClip,
    place: tuple[int, int, float],
    facts: AudioFacts,
) -> int:
    """Add an audio clip: `place` is its track, its scene (0 for the Arrangement) and its start there."""
    track, scene, start = place
    column = _require_kind(draft.track(track), AUDIO_TRACK)
    song, id = draft.song(), draft.new_id()
    is_warped = edit.warping != 0
    length = facts.seconds * song.tempo / 60.0 if is_warped else facts.seconds
    clip = _clip(id, column, scene, edit, length, song.numerator, song.denominator)
    looping = isinstance(edit, CreateAudioClip) and edit.looping == 1
    draft.apply(replace(clip, start=start, is_audio=1, looping=int(looping)))
    draft.apply(
        ClipAudio(
            clip=id,
            file_path=edit.file_path,
            sample_length=float(facts.samples),
            sample_rate=facts.rate,
            warping=int(is_warped),
            warp_mode=max(0, edit.warp_mode),
            gain=0.4,
        )
    )
    markers = ((0.0, 0.0), (facts.seconds, facts.seconds * song.tempo / 60.0))
    draft.apply(ClipWarp(id, encode_warp_markers(markers)))
    return id


def _create_stem(draft: Draft, edit: CreateStem, source: int, track: int) -> int:
    model, audio = draft.clip(source), draft.mirror.audio.get(source)
    column = _require_kind(draft.track(track), AUDIO_TRACK)
    if audio is None:
        raise RequestError(Refusal.WRONG_TRACK, f"“{model.name}” is no audio clip: choose one to split.")
    if model.scene:
        _free_scene(draft, column, model.scene, THIS_SLOT_ONLY)
    else:
        _refuse_overlap(draft, column, model.start, model.start + model.length)
    id = draft.new_id()
    color = edit.color if edit.color >= 0 else model.color
    draft.apply(replace(model, id=id, track=track, name=edit.name, color=color, muted=0, is_playing=0))
    draft.apply(replace(audio, clip=id, file_path=edit.file_path))
    draft.apply(ClipWarp(id, encode_warp_markers(draft.mirror.warp.get(source, ()))))
    return id


def _clip(
    id: int,
    track: TrackState,
    scene: int,
    edit: CreateClip | CreateArrangementClip | CreateAudioClip | CreateArrangementAudioClip,
    length: float,
    numerator: int,
    denominator: int,
) -> ClipState:
    return ClipState(
        id=id,
        track=track.id,
        scene=scene,
        start=0.0,
        is_audio=0,
        name=edit.name,
        color=edit.color if edit.color >= 0 else track.color,
        length=length,
        looping=edit.looping if isinstance(edit, CreateClip) else 0,
        loop_start=0.0,
        loop_end=length,
        start_marker=0.0,
        end_marker=length,
        numerator=numerator,
        denominator=denominator,
        muted=0,
        is_playing=0,
    )


def _require_kind(track: TrackState, kind: int) -> TrackState:
    if track.kind != kind:
        wanted = "a MIDI" if kind == MIDI_TRACK else "an audio"
        raise RequestError(Refusal.WRONG_TRACK, f"{track.name} is not {wanted} track: choose one.")
    return track


def _refuse_overlap(draft: Draft, track: TrackState, start: float, end: float) -> None:
    for other in draft.mirror.clips.values():
        if other.track == track.id and not other.scene and other.start < end and start < other.start + other.length:
            sentence = (
                f"The Arrangement of {track.name} has a clip at beat {other.start:g} already: nothing was written."
            )
            raise RequestError(Refusal.SLOT_FILLED, sentence)


def _delete(draft: Draft, id: int) -> int:
    mirror = draft.mirror
    if id in mirror.tracks or id in mirror.scenes:
        for clip in [clip for clip in mirror.clips.values() if id in (clip.track, clip.scene)]:
            draft.remove_clip(clip.id)
    elif id not in mirror.clips:
        draft.clip(id)
    draft.apply(Gone(id))
    draft.close_ranks()
    return 0


def _rename(draft: Draft, edit: Rename, id: int) -> int:
    for table in (draft.mirror.tracks, draft.mirror.clips):
        if id in table:
            named = replace(table[id], name=edit.name or table[id].name)
            draft.apply(replace(named, color=edit.color) if edit.color >= 0 else named)
            return id
    draft.apply(replace(draft.scene(id), name=edit.name))
    return id


def _set_mixer(draft: Draft, edit: SetMixer, id: int) -> int:
    track, mixer = draft.track(id), draft.mirror.mixers[id]
    match edit.control:
        case "volume":
            draft.apply(replace(mixer, volume=max(0.0, edit.value)))
        case "panning":
            draft.apply(replace(mixer, panning=edit.value))
        case "mute":
            draft.apply(replace(track, muted=int(edit.value)))
        case "solo":
            draft.apply(replace(track, soloed=int(edit.value)))
        case "arm":
            draft.apply(replace(track, armed=int(edit.value)))
    return id


def _set_song(draft: Draft, edit: SetTempo | SetMeter | SetScale) -> int:
    song = draft.song()
    match edit:
        case SetTempo():
            draft.apply(replace(song, tempo=edit.tempo))
        case SetMeter():
            draft.apply(replace(song, numerator=edit.numerator, denominator=edit.denominator))
        case SetScale():
            draft.apply(replace(song, root_note=edit.root_note, scale_name=edit.scale_name, scale_mode=1))
    return 0


def _set_warp(draft: Draft, edit: SetWarping | SetWarpMarkers | SetLoop, clip: ClipState) -> int:
    audio = draft.mirror.audio.get(clip.id)
    match edit:
        case SetLoop():
            looping = clip.looping if edit.looping < 0 else edit.looping
            length = edit.loop_end - edit.loop_start
            draft.apply(
                replace(
                    clip,
                    looping=looping,
                    length=length,
                    loop_start=edit.loop_start,
                    loop_end=edit.loop_end,
                    start_marker=edit.start_marker,
                    end_marker=edit.loop_end,
                )
            )
        case SetWarping() if audio is not None:
            warping = audio.warping if edit.warping < 0 else edit.warping
            mode = audio.warp_mode if edit.warp_mode < 0 else edit.warp_mode
            draft.apply(replace(audio, warping=warping, warp_mode=mode))
        case SetWarpMarkers() if audio is not None:
            draft.apply(ClipWarp(clip.id, edit.markers))
        case _:
            raise RequestError(Refusal.WRONG_TRACK, f"“{clip.name}” is no audio clip: choose one.")
    return clip.id
