"""The writer: a finished clip and where it goes become the transaction that the Remote Script performs."""

from bridge.wire import CreateClip, CreateTrack, Transaction
from bridge.wire_codec import encode_notes
from bridge.wire_types import Message
from engines.music.clip import Clip

THIS_OR_NEXT_EMPTY, REPLACE = 1, 2
"""The policies of `/roo/edit/create_clip` that a press can choose; a press never insists on one slot."""

PART_COLORS = {"drums": 0xFF6A3D, "bass": 0x3DA5FF, "harmony": 0x9B6BFF, "melody": 0x4CD07D}
"""Colours by the part of the band, so that a scene reads at a glance; Live takes the nearest of its palette."""

NEW_TRACK = 0
"""Stands for a track that the transaction makes."""


def clip_transaction(
    clip: Clip,
    request_id: str,
    deadline: float,
    *,
    track: int,
    scene: int,
    replace: bool,
    part: str,
    track_name: str,
) -> tuple[Message, ...]:
    """The messages of one bundle: the head, a new track when `track` is NEW_TRACK, and the clip.

    `deadline` is Unix time. The clip is the last edit, which is where its id stands in the answer.
    """
    color = PART_COLORS.get(part, -1)
    edits: list[Message] = []
    if track == NEW_TRACK:
        edits.append(CreateTrack(0, 0, track_name, color))
    edits.append(
        CreateClip(
            track=-len(edits) if edits else track,
            scene=scene,
            where=REPLACE if replace else THIS_OR_NEXT_EMPTY,
            length=clip.length,
            name=clip.name,
            color=color,
            looping=1,
            numerator=clip.meter.numerator,
            denominator=clip.meter.denominator,
            notes=encode_notes(clip.notes),
        )
    )
    return (Transaction(request_id, deadline), *edits)
