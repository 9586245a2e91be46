"""A device's session: hello and welcome with their proofs, keep-alive, refusals, and bye.

A hello without a valid proof, and a packet of a session from another address than its last hello, get no answer.
"""

from typing import Annotated

from musearoo.bridge.protocol.arguments import CODE, LIVE, SENTENCE, SESSION, VERSION
from musearoo.bridge.protocol.types import INT32_MAX, INT32_MIN, Message, Route, message, text, whole

_PROOF = whole(
    INT32_MIN, INT32_MAX, "a quarter of the proof that the sender knows the secret (bridge/protocol/device_proof.py)"
)


@message("/roo/hello", Route.DEVICE_TO_DAEMON)
class Hello(Message):
    """A device opens a session; sent until a welcome comes, and whenever a beat was not answered.

    Instance, reply port and version come first in every version of the wire, so that any daemon can answer with one
    clear sentence.
    """

    instance: Annotated[str, text(64, "name of this device instance, drawn anew each time it is loaded")]
    reply_port: Annotated[int, whole(1024, 65535, "UDP port on which the device listens")]
    wire_version: Annotated[int, VERSION]
    live_version: Annotated[str, text(32, "version of the Live that the device sits in, such as 12.3.6")]
    set_name: Annotated[str, text(255, "name of the set the device sits in, empty when unsaved")]
    sample_rate: Annotated[int, whole(0, 768_000, "sample rate of the set in Hz, 0 when not known")]
    number: Annotated[int, whole(1, INT32_MAX, "counts the hellos of this instance: one that came before is refused")]
    proof_1: Annotated[int, _PROOF] = 0
    proof_2: Annotated[int, _PROOF] = 0
    proof_3: Annotated[int, _PROOF] = 0
    proof_4: Annotated[int, _PROOF] = 0


@message("/roo/welcome", Route.DAEMON_TO_DEVICE)
class Welcome(Message):
    """Answers a proven hello, with a proof of its own; the same instance gets the same session."""

    session: Annotated[int, SESSION]
    wire_version: Annotated[int, VERSION]
    daemon_version: Annotated[str, text(32, "version of the daemon")]
    live: Annotated[int, LIVE]
    captures: Annotated[str, text(600, "folder for what Listen writes, slashes between; empty where there is none")]
    hello: Annotated[int, whole(0, INT32_MAX, "number of the hello that it answers")] = 0
    proof_1: Annotated[int, _PROOF] = 0
    proof_2: Annotated[int, _PROOF] = 0
    proof_3: Annotated[int, _PROOF] = 0
    proof_4: Annotated[int, _PROOF] = 0


@message("/roo/beat", Route.DEVICE_TO_DAEMON)
class Beat(Message):
    """Keep-alive, once a second. A hello follows one that is not answered."""

    session: Annotated[int, SESSION]


@message("/roo/beat", Route.DAEMON_TO_DEVICE)
class BeatBack(Message):
    """Answers the device's keep-alive."""

    session: Annotated[int, SESSION]
    live: Annotated[int, LIVE]


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
