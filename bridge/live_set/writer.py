"""Write finished clips as the transaction that the Remote Script performs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from musearoo.bridge.protocol import (
    CreateArrangementClip,
    CreateClip,
    CreateLocator,
    CreateScene,
    CreateTrack,
    ReplaceNotes,
    Transaction,
)
from musearoo.bridge.protocol.codec import encode_notes
from musearoo.bridge.protocol.types import Message
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import Role

THIS_SLOT_ONLY, THIS_OR_NEXT_EMPTY, REPLACE = range(3)
"""Slot policies of `/roo/edit/create_clip`."""

PART_COLORS: Final[dict[Role, int]] = {
    "drums": 0xFF6A3D,
    "bass": 0x3DA5FF,
    "harmony": 0x9B6BFF,
    "melody": 0x4CD07D,
    "atmosphere": 0x7FD6D0,
}
"""Track colours by role, as 0xRRGGBB; Live takes the nearest of its palette."""

NEW_TRACK = 0
"""The id of a track that the transaction creates."""

NEW_SCENE = -1
"""The id of a scene that the transaction creates, below all others; 0 is the Arrangement."""


@dataclass(frozen=True, slots=True)
class PartTrack:
    """The track of a part: its id, or NEW_TRACK for one of that name; `color` -1 leaves Live's choice."""

    id: int
    name: str
    color: int

    @classmethod
    def of(cls, role: Role, id: int, name: str) -> "PartTrack":
        """Return the track of a role, in its colour."""
        return cls(id, name, PART_COLORS.get(role, -1))


@dataclass(frozen=True, slots=True)
class SceneClips:
    """The clips of one scene, with their tracks as indices of the list; `scene` is its id, NEW_SCENE for a new one."""

    scene: int
    name: str
    clips: Sequence[tuple[int, Clip]]


def takes_transaction(
    takes: Sequence[Clip],
    request_id: str,
    deadline: float,
    *,
    track: PartTrack,
    scene: int,
    replace: bool,
) -> tuple[Message, ...]:
    """Return one bundle: the transaction, a new track and scene if needed, and one clip per take.

    Each take goes into a slot of its own from the scene down; `replace` lets the first one replace the clip in the
    scene's slot. `deadline` is Unix time. The clips are the last edits, as are their ids in Live's result.
    """
    edits, (column,) = _create_tracks([track])
    row = _create_scene(edits, scene, "")
    for number, clip in enumerate(takes):
        where = REPLACE if replace and not number else THIS_OR_NEXT_EMPTY
        edits.append(_create_clip(clip, column, row, where, track.color))
    return (Transaction(request_id, deadline), *edits)


def scenes_transaction(
    tracks: Sequence[PartTrack],
    rows: Sequence[SceneClips],
    request_id: str,
    deadline: float,
    where: int = THIS_SLOT_ONLY,
) -> tuple[Message, ...]:
    """Return one bundle: the transaction, the new tracks, then each scene, if it is new, and its clips."""
    edits, references = _create_tracks(tracks)
    for row in rows:
        scene = _create_scene(edits, row.scene, row.name)
        for index, clip in row.clips:
            edits.append(_create_clip(clip, references[index], scene, where, tracks[index].color))
    return (Transaction(request_id, deadline), *edits)


def timeline_transaction(
    tracks: Sequence[PartTrack],
    clips: Sequence[tuple[int, float, Clip]],
    locators: Sequence[tuple[str, float]],
    request_id: str,
    deadline: float,
) -> tuple[Message, ...]:
    """Return one bundle: new tracks, Arrangement clips (track as an index, start in beats), and locators."""
    edits, references = _create_tracks(tracks)
    edits += [
        CreateArrangementClip(
            references[index], start, clip.length, clip.name, tracks[index].color, encode_notes(clip.notes)
        )
        for index, start, clip in clips
    ]
    edits += [CreateLocator(beat, name) for name, beat in locators]
    return (Transaction(request_id, deadline), *edits)


def notes_transaction(clip: int, notes: Clip, request_id: str, deadline: float) -> tuple[Message, ...]:
    """Return one bundle that replaces the notes of a clip in Live, by its id."""
    return Transaction(request_id, deadline), ReplaceNotes(clip, encode_notes(notes.notes))


def _create_clip(clip: Clip, track: int, scene: int, where: int, color: int) -> CreateClip:
    """Return the edit that creates a looping clip in a slot."""
    return CreateClip(
        track=track,
        scene=scene,
        where=where,
        length=clip.length,
        name=clip.name,
        color=color,
        looping=1,
        numerator=clip.meter.numerator,
        denominator=clip.meter.denominator,
        notes=encode_notes(clip.notes),
    )


def _create_scene(edits: list[Message], scene: int, name: str) -> int:
    """Return the scene's name in later edits, with an edit that creates it if it is new."""
    if scene != NEW_SCENE:
        return scene
    edits.append(CreateScene(0, name))
    return -len(edits)


def _create_tracks(tracks: Sequence[PartTrack]) -> tuple[list[Message], list[int]]:
    """Return the edits that create missing tracks, and each track's id for later edits."""
    edits: list[Message] = []
    references = []
    for track in tracks:
        if track.id == NEW_TRACK:
            edits.append(CreateTrack(0, 0, track.name, track.color))
        references.append(track.id if track.id != NEW_TRACK else -len(edits))
    return edits, references
