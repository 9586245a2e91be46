"""Requests that only voice and text can make: switches, faders, tempo, key, deletion, several clips at once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from musearoo.bridge.protocol import Refine


class Action(StrEnum):
    """The kind of an adjustment."""

    MUTE = "mute"
    UNMUTE = "unmute"
    SOLO = "solo"
    UNSOLO = "unsolo"
    LEVEL = "level"
    TEMPO = "tempo"
    KEY = "key"
    DELETE_CLIP = "delete clip"
    DELETE_TRACK = "delete track"
    DELETE_SCENE = "delete scene"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjust:
    """A spoken request for one change of the set, as one undo step.

    `tracks` and `scene` are indices, as in other requests; no tracks stands for the selected one (to delete a clip, the
    one in Detail View); scene -1, the selected one. `db` moves faders, `bpm` is the new tempo, and `key` a name such
    as "D minor".
    """

    session: int
    press: int
    action: Action
    tracks: tuple[int, ...] = ()
    scene: int = -1
    db: float = 0.0
    bpm: float = 0.0
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSeveral:
    """A spoken request to change several clips, as one undo step."""

    session: int
    press: int
    changes: tuple[Refine, ...]
    """Two or more, none of them auditioned."""
