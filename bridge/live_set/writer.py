"""Write finished clips as the transaction that the Remote Script performs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.live_set.sounds import PartSound, Sounds
from musearoo.bridge.protocol import (
    CreateArrangementClip,
    CreateClip,
    CreateLocator,
    CreateScene,
    CreateTrack,
    Launch,
    LoadInstrument,
    ReplaceNotes,
    Transaction,
)
from musearoo.bridge.protocol.codec import encode_notes
from musearoo.bridge.protocol.types import Message
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.kits.layouts import move_to_pads
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.players.arrangement.song_plan import Instrument
from musearoo.engines.styles.schema import Style

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

USUAL_PROGRAMS: Final[dict[Role, int]] = {"bass": 33, "melody": 0, "harmony": 0, "atmosphere": 89}
"""General MIDI programs of parts for which no style chooses an instrument: electric bass, piano, warm pad."""

NEW_TRACK = 0
"""The id of a track that the transaction creates."""

NEW_SCENE = -1
"""The id of a scene that the transaction creates, below all others; 0 is the Arrangement."""


@dataclass(frozen=True, slots=True)
class PartTrack:
    """The track of a part: its id, or NEW_TRACK for one of that name; `color` -1 leaves Live's choice.

    `is_silent`: nothing sounds there yet. `kit` are the drums that its drum rack has on other notes than General MIDI,
    `sound` is what is loaded onto it.
    """

    id: int
    name: str
    color: int
    role: Role | None = None
    is_silent: bool = False
    kit: Mapping[str, int] = field(default_factory=dict)
    sound: PartSound | None = None

    @classmethod
    def of(cls, role: Role, id: int, name: str, mirror: SetMirror) -> "PartTrack":
        """Return the track of a role, in its colour."""
        sounding = mirror.instruments.get(id)
        return cls(
            id=id,
            name=name,
            color=PART_COLORS.get(role, -1),
            role=role,
            is_silent=id == NEW_TRACK or (sounding is not None and not sounding.name),
            kit=mirror.kit_of(id) if role == "drums" else {},
        )

    @classmethod
    def played_on(cls, id: int, name: str, mirror: SetMirror) -> "PartTrack":
        """Return the track of what the player played; its notes stay on the pads that were hit."""
        return replace(cls.of("melody", id, name, mirror), role=None)

    def with_role(self, role: Role, sounds: Sounds | None) -> "PartTrack":
        """Return the track in the colour of a role, with the role's usual sound if it is silent."""
        sound = sounds.of(role, USUAL_PROGRAMS.get(role, 0)) if sounds is not None and self.is_silent else None
        return replace(self, color=PART_COLORS.get(role, -1), sound=sound)

    def with_style(self, style: Style, sounds: Sounds | None, model: int = 0) -> "PartTrack":
        """Return the track with the sound of its part in a style, if it is silent.

        `model` is the id of a track to take the instrument from, 0 for none.
        """
        if sounds is None or self.role is None or not self.is_silent:
            return self
        return replace(self, sound=sounds.of_style(style, self.role, model))

    def with_instrument(self, instrument: Instrument | None, sounds: Sounds | None) -> "PartTrack":
        """Return the track with the instrument that a song has chosen for its part, if it is silent."""
        if sounds is None or instrument is None or self.role is None or not self.is_silent:
            return self
        return replace(self, sound=sounds.of(self.role, instrument.program, instrument.live))

    def encode(self, clip: Clip) -> bytes:
        """Return a clip's notes for this track: drums of General MIDI on the pads of its kit."""
        return encode_notes(move_to_pads(clip.notes, self.kit) if self.kit else clip.notes)


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
        edits.append(_create_clip(clip, column, row, where, track))
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
            edits.append(_create_clip(clip, references[index], scene, where, tracks[index]))
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
            track=references[index],
            start=start,
            length=clip.length,
            name=clip.name,
            color=tracks[index].color,
            notes=tracks[index].encode(clip),
        )
        for index, start, clip in clips
    ]
    edits += [CreateLocator(beat, name) for name, beat in locators]
    return (Transaction(request_id, deadline), *edits)


def with_launches(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Return a transaction that also launches what it writes: of each track the first clip, and a changed clip."""
    launches: dict[object, Launch] = {}
    for number, edit in enumerate(messages[1:], 1):
        match edit:
            case CreateClip(track=track):
                launches.setdefault(track, Launch(-number))
            case ReplaceNotes(clip=clip):
                launches.setdefault(("clip", clip), Launch(clip))
    return (*messages, *launches.values())


def notes_transaction(
    clip: int, notes: Clip, track: PartTrack, request_id: str, deadline: float
) -> tuple[Message, ...]:
    """Return one bundle that replaces the notes of a clip in Live, by its id."""
    return Transaction(request_id, deadline), ReplaceNotes(clip, track.encode(notes))


def _create_clip(clip: Clip, column: int, scene: int, where: int, track: PartTrack) -> CreateClip:
    """Return the edit that creates a looping clip in a slot."""
    return CreateClip(
        track=column,
        scene=scene,
        where=where,
        length=clip.length,
        name=clip.name,
        color=track.color,
        looping=1,
        numerator=clip.meter.numerator,
        denominator=clip.meter.denominator,
        notes=track.encode(clip),
    )


def _create_scene(edits: list[Message], scene: int, name: str) -> int:
    """Return the scene's name in later edits, with an edit that creates it if it is new."""
    if scene != NEW_SCENE:
        return scene
    edits.append(CreateScene(0, name))
    return -len(edits)


def _create_tracks(tracks: Sequence[PartTrack]) -> tuple[list[Message], list[int]]:
    """Return the edits that create missing tracks and give silent ones a sound, and each track's id for later edits."""
    edits: list[Message] = []
    references = []
    for track in tracks:
        if track.id == NEW_TRACK:
            edits.append(CreateTrack(0, 0, track.name, track.color))
        reference = track.id if track.id != NEW_TRACK else -len(edits)
        if track.sound is not None:
            edits.append(LoadInstrument(reference, track.sound.model, int(track.role == "drums"), track.sound.names))
        references.append(reference)
    return edits, references
