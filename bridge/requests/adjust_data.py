"""Requests that no button makes: switches, faders, tempo, key, deletion, what plays, several clips at once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from musearoo.bridge.protocol import ApiAct, ApiChange, ApiEdit, Refine, Refusal
from musearoo.bridge.protocol.codec import decode, encode_bundle
from musearoo.bridge.protocol.types import Route, WireError
from musearoo.bridge.requests.refusing import RequestError


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
    LAUNCH_CLIP = "launch clip"
    LAUNCH_SCENE = "launch scene"
    STOP_CLIPS = "stop clips"
    PLAY = "play"
    STOP = "stop"


WHAT_PLAYS: Final = (Action.LAUNCH_CLIP, Action.LAUNCH_SCENE, Action.STOP_CLIPS, Action.PLAY, Action.STOP)
"""Actions that change what plays and nothing in the set: no step to undo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjust:
    """A request for one change of the set, as one undo step, or of what plays.

    `tracks` and `scene` are indices, as in other requests; no tracks stands for the selected one (for a clip, the one
    in Detail View); scene -1, the selected one. `db` moves faders, `bpm` is the new tempo, and `key` a name such
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

    @classmethod
    def of_client(cls, asked: ApiAct) -> Adjust:
        """Return the adjustment that a client asks for. Raises RequestError for tracks that are no numbers."""
        numbers = [word.strip() for word in asked.tracks.split(",") if word.strip()]
        if not all(number.isdecimal() and len(number) < 5 for number in numbers):
            raise RequestError(Refusal.BAD_PARAMETER, "The tracks must be their indices, with commas between.")
        return cls(
            session=asked.session,
            press=asked.press,
            action=Action(asked.action),
            tracks=tuple(map(int, numbers)),
            scene=asked.scene,
            db=asked.db,
            bpm=asked.bpm,
            key=asked.key,
        )

    def for_daemon(self) -> ApiAct:
        """Return it as a client's message."""
        return ApiAct(
            session=self.session,
            press=self.press,
            action=str(self.action),
            tracks=",".join(map(str, self.tracks)),
            scene=self.scene,
            db=self.db,
            bpm=self.bpm,
            key=self.key,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSeveral:
    """A request to change several clips, as one undo step: a spoken one, or a client's."""

    session: int
    press: int
    changes: tuple[Refine, ...]
    """One or more, none of them auditioned."""

    @classmethod
    def of_client(cls, asked: ApiChange) -> ChangeSeveral:
        """Return the changes that a client asks for. Raises RequestError for what is no change of a clip."""
        try:
            changes = decode(asked.changes, Route.DEVICE_TO_DAEMON)
        except WireError as error:
            raise RequestError(Refusal.BAD_PARAMETER, f"The changes cannot be read: {error}.") from error
        refined = tuple(change for change in changes if isinstance(change, Refine) and not change.hear)
        if not refined or len(refined) < len(changes):
            raise RequestError(Refusal.BAD_PARAMETER, "The changes must be of clips, one or more, and none auditioned.")
        return cls(session=asked.session, press=asked.press, changes=refined)

    def for_daemon(self) -> ApiChange:
        """Return it as a client's message."""
        return ApiChange(session=self.session, press=self.press, changes=encode_bundle(self.changes))


def read_request(asked: ApiAct | ApiChange | ApiEdit) -> Adjust | ChangeSeveral | ApiEdit:
    """Return what a client asks for as the request that is composed. Raises RequestError for what is none."""
    match asked:
        case ApiAct():
            return Adjust.of_client(asked)
        case ApiChange():
            return ChangeSeveral.of_client(asked)
        case ApiEdit():
            return asked
