"""Takes of notes that were edited by hand: they keep who played the take that was edited, and name it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from musearoo.bridge.api.types.answers import Take
from musearoo.bridge.api.types.requests import Edit, EditedNote
from musearoo.bridge.protocol.codec import NoteRecord, encode_notes

HAND: Final = "hand"
"""The engine of notes that no engine has played."""
KEPT: Final = ("engine", "part", "style", "key", "seed", "engine_version", "context_hash")
"""Fields that edited notes keep of the take that was edited."""


def as_edited(take: Take, request: Edit, parent: Mapping[str, Any]) -> Take:
    """Return a take of edited notes with what it has of its parent: the fields KEPT, and its id as `parent`.

    `params` leaves out the notes: the take has them.
    """
    params = {"do": "edit", "clip": request.clip, "replace": request.replace}
    by_hand = {"engine": HAND, "style": "", "seed": 0, "context_hash": ""}
    return msgspec.structs.replace(take, params=params, **(parent or by_hand))


def encode_edited(notes: Iterable[EditedNote]) -> bytes:
    """Return edited notes as a message has them."""
    return encode_notes(
        NoteRecord(
            pitch=pitch,
            mute=0,
            probability=1.0,
            velocity=float(velocity),
            velocity_deviation=0.0,
            release_velocity=64.0,
            start=start,
            duration=duration,
        )
        for start, pitch, duration, velocity in notes
    )
