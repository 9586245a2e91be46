"""Messages of all presses: acknowledged, done or failed, cancelled or undone; versions of the set; the self-test."""

from typing import Annotated

from musearoo.bridge.protocol.arguments import (
    CODE,
    FOR_SESSION,
    NAME,
    NUMBER,
    PRESS,
    PRESS_OR_NONE,
    SENTENCE,
    SESSION,
)
from musearoo.bridge.protocol.types import (
    INT32_MAX,
    Message,
    Route,
    message,
    real,
    text,
    whole,
)

VERSION_PARTS = ("all", "scene", "track", "clip", "mix")
"""What of a version is brought back."""


@message("/roo/got", Route.DAEMON_TO_DEVICE)
class Got(Message):
    """The press has arrived and is in progress."""

    press: Annotated[int, PRESS]
    session: Annotated[int, FOR_SESSION] = 0


@message("/roo/done", Route.DAEMON_TO_DEVICE)
class Done(Message):
    """The press is done: the clip is in the set. Numbered: repeated until the device acknowledges it."""

    number: Annotated[int, NUMBER]
    press: Annotated[int, PRESS]
    milliseconds: Annotated[float, real(0.0, 1e9, "from the press's arrival to Live's answer")]
    composed_ms: Annotated[float, real(0.0, 1e9, "of these: reading the set, the engine, timing")]
    live_ms: Annotated[float, real(0.0, 1e9, "of these: from sending to Live to its answer")]
    notes: Annotated[int, whole(0, INT32_MAX, "notes in the clip, read back from Live")]
    track: Annotated[int, whole(-1, 9999, "index of the track where the clip is, -1 when not known any more")]
    scene: Annotated[int, whole(-1, 9999, "index of the scene where the clip is, -1 when not known any more")]
    name: Annotated[str, NAME]
    session: Annotated[int, FOR_SESSION] = 0


@message("/roo/failed", Route.DAEMON_TO_DEVICE)
class Failed(Message):
    """The press failed, and nothing was changed in the set. Numbered like /roo/done."""

    number: Annotated[int, NUMBER]
    press: Annotated[int, PRESS]
    code: Annotated[int, CODE]
    sentence: Annotated[str, SENTENCE]
    session: Annotated[int, FOR_SESSION] = 0


@message("/roo/cancel", Route.DEVICE_TO_DAEMON)
class Cancel(Message):
    """Cancels a press that is still in progress."""

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS_OR_NONE]


@message("/roo/undo", Route.DEVICE_TO_DAEMON)
class Undo(Message):
    """A press: undoes MuseAroo's last edit of the set, if nothing came after it.

    Ended as /roo/generate is, by /roo/done with the name of what was removed.
    """

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS]


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


@message("/roo/self_test", Route.DEVICE_TO_DAEMON)
class SelfTest(Message):
    """A press: the results of the device's self-test, to which the daemon adds its own checks.

    Ended as /roo/generate is: by /roo/done if everything works, else by /roo/failed with what does not.
    """

    session: Annotated[int, SESSION]
    press: Annotated[int, PRESS]
    results: Annotated[
        str, text(700, "checks in the order they ran, name=ok or name=what is wrong; semicolons between")
    ]
