"""The Remote Script's session: hello, admitted or refused, heartbeat, and a sentence for Live."""

from typing import Annotated

from musearoo.bridge.protocol.arguments import CODE, SENTENCE, VERSION
from musearoo.bridge.protocol.types import INT32_MAX, Message, Route, double, message, text, whole


@message("/roo/script/hello", Route.SCRIPT_TO_DAEMON)
class ScriptHello(Message):
    """The first message on a connection: the script's versions, and the token that admits it."""

    token: Annotated[str, text(128, "the token from the owner-only file")]
    wire_version: Annotated[int, VERSION]
    script_version: Annotated[str, text(32, "version of the Remote Script")]
    live_version: Annotated[str, text(32, "version of Live, such as 12.3.6")]
    python_version: Annotated[str, text(32, "version of the Python inside Live")]
    instance: Annotated[str, text(64, "unique name of this run of the script; another set is another run")]
    library: Annotated[
        str,
        text(4096, "User Library that files must lie in for this Live to take them; empty where any folder will do"),
    ] = ""


@message("/roo/script/welcome", Route.DAEMON_TO_SCRIPT)
class ScriptWelcome(Message):
    """Admits the script, which answers by reporting the whole set."""

    wire_version: Annotated[int, VERSION]
    daemon_version: Annotated[str, text(32, "version of the daemon")]


@message("/roo/script/refused", Route.DAEMON_TO_SCRIPT)
class ScriptRefused(Message):
    """Refuses the script and closes the connection. The script tries again every few seconds."""

    code: Annotated[int, CODE]
    sentence: Annotated[str, SENTENCE]


@message("/roo/script/heartbeat", Route.SCRIPT_TO_DAEMON)
class Heartbeat(Message):
    """Sent four times a second: Live is alive, and how long its main thread kept the script waiting."""

    sequence: Annotated[int, whole(0, INT32_MAX, "counts up from 0")]
    largest_gap_ms: Annotated[float, double(0.0, 1e9, "largest gap between two ticks since the last heartbeat")]
    queued: Annotated[int, whole(0, INT32_MAX, "commands waiting")]
    objects: Annotated[int, whole(0, INT32_MAX, "objects that have an id")]


@message("/roo/script/say", Route.DAEMON_TO_SCRIPT)
class Say(Message):
    """A sentence for Live's status bar."""

    sentence: Annotated[str, SENTENCE]
