"""Views of a set for clients: what a mirror holds, or what messages have changed in it, as plain data. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from musearoo.bridge.api.types.answers import ClipView, SceneView, SetChanges, SongView, TrackView
from musearoo.bridge.api.types.clips import PlayingClip, TransportView
from musearoo.bridge.links.watched_lives import WatchedLive
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.live_set.scale import key_of_set
from musearoo.bridge.protocol import (
    NOTE_BYTES,
    ClipAudio,
    ClipNotes,
    ClipState,
    ClipWarp,
    EqualiserState,
    Gone,
    InstrumentState,
    MixerState,
    SceneState,
    SongState,
    TrackState,
)
from musearoo.bridge.protocol.types import Message
from musearoo.engines.players.mix.faders import fader_db

KINDS: Final[tuple[Literal["midi", "audio", "group", "return", "master"], ...]] = (
    "midi",
    "audio",
    "group",
    "return",
    "master",
)
"""Track kinds, by the numbers of `/roo/set/track`."""
SILENT_DB: Final = -70.0
"""What a fader at the bottom is shown as."""


def view_set(mirror: SetMirror, version: int) -> SetChanges:
    """Return the whole of a set, tracks and scenes in their order."""
    ids = (*mirror.tracks, *mirror.scenes, *mirror.clips)
    changes = _view(mirror, version, ids, gone=())
    return SetChanges(
        version=version,
        whole=True,
        song=view_song(mirror),
        tracks=tuple(sorted(changes.tracks, key=lambda track: (KINDS.index(track.kind) > 2, track.number))),
        scenes=tuple(sorted(changes.scenes, key=lambda scene: scene.number)),
        clips=changes.clips,
    )


def view_changes(mirror: SetMirror, version: int, messages: Iterable[Message]) -> SetChanges:
    """Return what messages have changed in a set to which they have been applied."""
    ids: dict[int, None] = {}
    gone: dict[int, None] = {}
    has_song = False
    for message in messages:
        match message:
            case SongState():
                has_song = True
            case TrackState(id=id) | SceneState(id=id) | ClipState(id=id):
                ids[id] = None
                gone.pop(id, None)
            case MixerState(track=id) | InstrumentState(track=id) | EqualiserState(track=id):
                ids[id] = None
            case ClipNotes(clip=id) | ClipAudio(clip=id) | ClipWarp(clip=id):
                ids[id] = None
            case Gone(id=id):
                gone[id] = None
                ids.pop(id, None)
    changes = _view(mirror, version, ids, tuple(gone))
    if not has_song:
        return changes
    return SetChanges(
        version=version,
        song=view_song(mirror),
        tracks=changes.tracks,
        scenes=changes.scenes,
        clips=changes.clips,
        gone=changes.gone,
    )


def view_song(mirror: SetMirror) -> SongView | None:
    """Return the set itself, None before it was reported."""
    song = mirror.song
    if song is None:
        return None
    key = key_of_set(song)
    return SongView(
        name=song.name,
        bpm=song.tempo,
        time_signature=f"{song.numerator}/{song.denominator}",
        key=str(key.value) if key is not None and key.value is not None else "",
        is_playing=bool(song.is_playing),
    )


def view_transport(live: WatchedLive, now: float) -> TransportView | None:
    """Return a Live's transport and what plays, None before it was told. `now`: Unix seconds."""
    told = live.transport
    if told is None:
        return None
    return TransportView(
        playing=bool(told.playing),
        beat=told.beat,
        bpm=told.bpm,
        at=told.time,
        sent=now,
        loop=(told.loop_start, told.loop_end) if told.loop_end > told.loop_start else None,
        clips=tuple(PlayingClip(clip=clip, since=since) for clip, since in live.playing.items()),
    )


def _view(mirror: SetMirror, version: int, ids: Iterable[int], gone: tuple[int, ...]) -> SetChanges:
    ids = tuple(ids)
    return SetChanges(
        version=version,
        tracks=tuple(_track(mirror, mirror.tracks[id]) for id in ids if id in mirror.tracks),
        scenes=tuple(_scene(mirror.scenes[id]) for id in ids if id in mirror.scenes),
        clips=tuple(_clip(mirror, mirror.clips[id]) for id in ids if id in mirror.clips),
        gone=gone,
    )


def _track(mirror: SetMirror, track: TrackState) -> TrackView:
    mixer, instrument = mirror.mixers.get(track.id), mirror.instruments.get(track.id)
    return TrackView(
        id=track.id,
        number=track.index + 1,
        kind=KINDS[track.kind],
        name=track.name,
        color=_color(track.color),
        muted=bool(track.muted),
        soloed=bool(track.soloed),
        armed=bool(track.armed),
        volume_db=None if mixer is None else round(max(SILENT_DB, fader_db(mixer.volume)), 2),
        panning=0.0 if mixer is None else mixer.panning,
        instrument="" if instrument is None else instrument.name,
    )


def _scene(scene: SceneState) -> SceneView:
    return SceneView(id=scene.id, number=scene.index + 1, name=scene.name)


def _clip(mirror: SetMirror, clip: ClipState) -> ClipView:
    audio = mirror.audio.get(clip.id)
    return ClipView(
        id=clip.id,
        track=clip.track,
        scene=clip.scene,
        start=clip.start,
        kind="audio" if clip.is_audio else "midi",
        name=clip.name,
        color=_color(clip.color),
        length=clip.length,
        looping=bool(clip.looping),
        muted=bool(clip.muted),
        is_playing=bool(clip.is_playing),
        notes=len(mirror.notes.get(clip.id, b"")) // NOTE_BYTES,
        # The name alone: where files lie is the machine's own business.
        file="" if audio is None else audio.file_path.replace("\\", "/").rpartition("/")[2],
    )


def _color(color: int) -> str:
    return f"#{max(0, color):06x}"
