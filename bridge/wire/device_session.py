"""A device comes, lives and goes: greetings, signs of life, and what is refused."""

from typing import Annotated

from bridge.wire.arguments import CODE, LIVE, SENTENCE, SESSION, VERSION
from bridge.wire_types import INT32_MAX, Message, Route, message, text, whole

_REPLY_PORT = whole(1024, 65535, "UDP port on which the device listens")


@message("/roo/hello", Route.DEVICE_TO_DAEMON)
class Hello(Message):
    """A device is there and listens; sent until a welcome comes, and again when the daemon was restarted."""

    instance: Annotated[str, text(64, "name of this device instance, drawn anew each time it is loaded")]
    reply_port: Annotated[int, _REPLY_PORT]
    wire_version: Annotated[int, VERSION]
    live_version: Annotated[str, text(32, "version of the Live that the device sits in, such as 12.3.6")]
    set_name: Annotated[str, text(255, "name of the set the device sits in, empty when unsaved")]
    sample_rate: Annotated[int, whole(0, 768_000, "sample rate of the set in Hz, 0 when not known")]


@message("/roo/welcome", Route.DAEMON_TO_DEVICE)
class Welcome(Message):
    """Answers hello; a repeat of the same hello gets the same session."""

    session: Annotated[int, SESSION]
    wire_version: Annotated[int, VERSION]
    daemon_version: Annotated[str, text(32, "version of the daemon")]
    live: Annotated[int, LIVE]
    captures: Annotated[str, text(600, "folder for what Listen writes, slashes between; empty where there is none")]


@message("/roo/beat", Route.DEVICE_TO_DAEMON)
class Beat(Message):
    """Sign of life, once a second. A restarted daemon answers it with /roo/stranger."""

    session: Annotated[int, SESSION]
    reply_port: Annotated[int, _REPLY_PORT]


@message("/roo/beat", Route.DAEMON_TO_DEVICE)
class BeatBack(Message):
    """Answers the device's sign of life."""

    session: Annotated[int, SESSION]
    live: Annotated[int, LIVE]


@message("/roo/stranger", Route.DAEMON_TO_DEVICE)
class Stranger(Message):
    """The session is not known (the daemon was restarted): say hello again, then repeat what was not answered."""

    session: Annotated[int, SESSION]


@message("/roo/refused", Route.DAEMON_TO_DEVICE)
class Refused(Message):
    """A message was not understood or not allowed."""

    code: Annotated[int, CODE]
    sentence: Annotated[str, SENTENCE]


@message("/roo/bye", Route.DEVICE_TO_DAEMON)
class Bye(Message):
    """The device was removed or its set closed."""

    session: Annotated[int, SESSION]


@message("/roo/got", Route.DEVICE_TO_DAEMON)
class DeviceGot(Message):
    """The device acknowledges a numbered message, which is repeated until then."""

    session: Annotated[int, SESSION]
    number: Annotated[int, whole(1, INT32_MAX, "number of the message received")]
