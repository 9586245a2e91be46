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
"""The policies of `/roo/edit/create_clip`."""

PART_COLORS: Final[dict[Role, int]] = {
    "drums": 0xFF6A3D,
    "bass": 0x3DA5FF,
    "harmony": 0x9B6BFF,
    "melody": 0x4CD07D,
    "atmosphere": 0x7FD6D0,
}
"""Colours by the part of the band, so that a scene reads at a glance; Live takes the nearest of its palette."""

NEW_TRACK = 0
"""Stands for a track that the transaction makes."""

NEW_SCENE = -1
"""Stands for a scene that the transaction makes, below all others; 0 is the Arrangement, which is none."""


@dataclass(frozen=True, slots=True)
class PartTrack:
    """The track of a part: its id, or NEW_TRACK for one of that name; `color` -1 leaves Live's choice."""

    id: int
    name: str
    color: int

    @classmethod
    def of(cls, role: Role, id: int, name: str) -> "PartTrack":
        """The track of a role, in its colour."""
        return cls(id, name, PART_COLORS.get(role, -1))


@dataclass(frozen=True, slots=True)
class SceneClips:
    """The clips of one row, their tracks by place in the list; `scene` is its id, NEW_SCENE for a new one so named."""

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
    """The messages of one bundle: the head, a new track and a new scene where it needs them, and a clip a take.

    Each take goes into a slot of its own from the scene down; `replace` lets the first have the scene's, whatever lies
    there. `deadline` is Unix time. The clips are the last edits, which is where their ids stand in the answer.
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
    """The messages of one bundle: the head, the new tracks, then each row's scene, where it is new, and its clips."""
    edits, references = _create_tracks(tracks)
    for row in rows:
        scene = _create_scene(edits, row.scene, row.name)
        for place, clip in row.clips:
            edits.append(_create_clip(clip, references[place], scene, where, tracks[place].color))
    return (Transaction(request_id, deadline), *edits)


def timeline_transaction(
    tracks: Sequence[PartTrack],
    clips: Sequence[tuple[int, float, Clip]],
    locators: Sequence[tuple[str, float]],
    request_id: str,
    deadline: float,
) -> tuple[Message, ...]:
    """The messages of one bundle: new tracks, clips of the Arrangement (track by place, start in beats), locators."""
    edits, references = _create_tracks(tracks)
    edits += [
        CreateArrangementClip(
            references[place], start, clip.length, clip.name, tracks[place].color, encode_notes(clip.notes)
        )
        for place, start, clip in clips
    ]
    edits += [CreateLocator(beat, name) for name, beat in locators]
    return (Transaction(request_id, deadline), *edits)


def notes_transaction(clip: int, notes: Clip, request_id: str, deadline: float) -> tuple[Message, ...]:
    """The messages of one bundle that gives a clip in Live, by its id, other notes."""
    return Transaction(request_id, deadline), ReplaceNotes(clip, encode_notes(notes.notes))


def _create_clip(clip: Clip, track: int, scene: int, where: int, color: int) -> CreateClip:
    """The edit that lays a clip into a slot, so that it loops."""
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
    """The edits that make the tracks that are not there yet, and what each track is called in later edits."""
    edits: list[Message] = []
    references = []
    for track in tracks:
        if track.id == NEW_TRACK:
            edits.append(CreateTrack(0, 0, track.name, track.color))
        references.append(track.id if track.id != NEW_TRACK else -len(edits))
    return edits, references
