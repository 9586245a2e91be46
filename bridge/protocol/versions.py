"""Versions of the set: kept, and brought back."""

from typing import Annotated

from musearoo.bridge.protocol.arguments import PRESS, SESSION
from musearoo.bridge.protocol.types import Message, Route, message, text

VERSION_PARTS = ("all", "scene", "track", "clip", "mix")
"""What of a version is brought back."""


@message("/roo/version/keep", Route.DEVICE_TO_DAEMON)
class KeepVersion(Message):
    """A press: the set is kept as a version, with its notes and its sounds. Ended by /roo/done or /roo/failed."""

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS]
    name: Annotated[str, text(200, "what it is called; empty for what has happened since the version before")]


@message("/roo/version/back", Route.DEVICE_TO_DAEMON)
class BringBack(Message):
    """A press: something of an earlier version is put next to what is in the set, in one undo step.

    Nothing is replaced; only "mix" moves what is there. Counted and ended as /roo/imagine is.
    """

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS]
    version: Annotated[str, text(200, "its name or number, a time such as yesterday, or what happened then")]
    part: Annotated[str, text(8, "what of it", VERSION_PARTS)]
    which: Annotated[str, text(300, "name or number of the scene, track or clip; empty for all and mix")]
