"""A draft of a set without Live: the messages that describe its objects, and how a change of them is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

from musearoo.bridge.live_set.mirror import AUDIO_TRACK, MIDI_TRACK, SetMirror
from musearoo.bridge.protocol import (
    ClipAudio,
    ClipNotes,
    ClipState,
    ClipWarp,
    Gone,
    MixerState,
    Refusal,
    SceneState,
    Selection,
    SongState,
    TrackState,
)
from musearoo.bridge.protocol.codec import encode_warp_markers
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.refusing import RequestError

Found = TypeVar("Found")

MOST_TRACKS = 200
MOST_SCENES = 1000
MOST_CLIPS = 2000
"""Bounds of one set: more than a song needs, and little enough to be read in a moment."""


def messages_of(mirror: SetMirror, id: int) -> Iterator[Message]:
    """Yield the messages that describe one object: a track with its mixer, a scene, or a clip with what is in it."""
    for table in (mirror.tracks, mirror.instruments, mirror.mixers, mirror.scenes, mirror.clips, mirror.audio):
        if id in table:
            yield table[id]
    if id in mirror.notes:
        yield ClipNotes(id, mirror.notes[id])
    if id in mirror.warp:
        yield ClipWarp(id, encode_warp_markers(mirror.warp[id]))


@dataclass(slots=True)
class Draft:
    """A set while a transaction changes it. The mirror that it begins with stays as it is."""

    before: SetMirror
    next_id: int
    mirror: SetMirror = field(init=False)
    forward: list[Message] = field(default_factory=list)
    _touched: dict[int, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.mirror = copy(self.before)
        for each in fields(SetMirror):
            value = getattr(self.before, each.name)
            if isinstance(value, dict):
                setattr(self.mirror, each.name, dict(value))

    def new_id(self) -> int:
        """Return an id that no object of this set has had."""
        self.next_id += 1
        return self.next_id - 1

    def apply(self, message: Message) -> None:
        """Change the set by one message that describes an object, or by its removal."""
        match message:
            case SongState() | Selection():
                pass
            case TrackState(id=id) | SceneState(id=id) | ClipState(id=id) | Gone(id=id):
                self._touched.setdefault(id)
            case MixerState(track=id) | ClipNotes(clip=id) | ClipAudio(clip=id) | ClipWarp(clip=id):
                self._touched.setdefault(id)
            case _:
                raise ValueError(f"{message.path} is no message of a stored set")
        self.mirror.apply(message)
        self.forward.append(message)

    def backward(self) -> tuple[Message, ...]:
        """Return the messages that lead back from the draft to the set before it."""
        gone: list[Message] = []
        restored: list[Message] = []
        for id in self._touched:
            old = list(messages_of(self.before, id))
            gone += [] if old else [Gone(id)]
            restored += old
        if self.before.song is not None and self.before.song != self.mirror.song:
            restored.append(self.before.song)
        if self.before.selection != self.mirror.selection:
            restored.append(self.before.selection)
        return (*gone, *restored)

    # --- what every edit needs ---------------------------------------------------------------------------------------

    def song(self) -> SongState:
        """Return the song; raises RequestError for a set that is not complete."""
        if self.mirror.song is None:
            raise RequestError(Refusal.NO_LIVE, "The set is not there yet.")
        return self.mirror.song

    def track(self, id: int) -> TrackState:
        """Return a track; raises RequestError if it has gone."""
        return _there(self.mirror.tracks.get(id), "track")

    def scene(self, id: int) -> SceneState:
        """Return a scene; raises RequestError if it has gone."""
        return _there(self.mirror.scenes.get(id), "scene")

    def clip(self, id: int) -> ClipState:
        """Return a clip; raises RequestError if it has gone."""
        return _there(self.mirror.clips.get(id), "clip")

    def regular_tracks(self) -> list[TrackState]:
        """Return the MIDI and audio tracks from left to right."""
        regular = (track for track in self.mirror.tracks.values() if track.kind in (MIDI_TRACK, AUDIO_TRACK))
        return sorted(regular, key=lambda track: track.index)

    def scenes(self) -> list[SceneState]:
        """Return the scenes from the top."""
        return sorted(self.mirror.scenes.values(), key=lambda scene: scene.index)

    def add_scene(self, name: str, index: int | None = None) -> int:
        """Add a scene, at the end or at an index, and return its id."""
        rows = self.scenes()
        if len(rows) >= MOST_SCENES:
            raise RequestError(Refusal.UNSUPPORTED, f"The set has {MOST_SCENES} scenes already: delete some.")
        place = len(rows) if index is None else index
        for row in rows[place:]:
            self.apply(replace(row, index=row.index + 1))
        id = self.new_id()
        self.apply(SceneState(id, place, name))
        return id

    def remove_clip(self, id: int) -> None:
        """Remove a clip."""
        self.apply(Gone(id))

    def close_ranks(self) -> None:
        """Number the tracks and scenes again, after one was removed."""
        for place, track in enumerate(self.regular_tracks()):
            if track.index != place:
                self.apply(replace(track, index=place))
        for place, scene in enumerate(self.scenes()):
            if scene.index != place:
                self.apply(replace(scene, index=place))


def _there(found: Found | None, what: str) -> Found:
    if found is None:
        raise RequestError(Refusal.GONE, f"That {what} is not in the set any more: nothing was written.")
    return found
