"""What only voice and text ask of a set: switches and faders, tempo and key, what is to go, several clips at once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from musearoo.bridge.protocol import Refine


class Action(StrEnum):
    """What is adjusted."""

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
    """An order that no button gives: one change of the set, as one undo step. It ends as the other presses do.

    `tracks` and `scene` are indices, as in the orders of buttons: no tracks, the selected one (to delete a clip, the
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
    """An order that no button gives: several clips changed, as one undo step. It ends as the other presses do."""

    session: int
    press: int
    changes: tuple[Refine, ...]
    """Two or more, none of them heard first."""
