"""A daemon's welcome for a device on an unreal network."""

from musearoo.bridge.protocol import WIRE_VERSION, Hello, LiveState, Welcome
from musearoo.bridge.protocol.codec import decode, encode
from musearoo.bridge.protocol.device_proof import prove_welcome
from musearoo.bridge.protocol.types import Route
from musearoo.tools.max_simulator.outside.files import SIMULATED_SECRET
from musearoo.tools.max_simulator.outside.network import MemoryNetwork


def welcome_to(hello: Hello, session: int = 9, captures: str = "") -> bytes:
    """What answers a hello."""
    plain = Welcome(session, WIRE_VERSION, "0.1.0", LiveState.READY, captures)
    return encode(prove_welcome(SIMULATED_SECRET, plain, hello))


def welcome_last(network: MemoryNetwork) -> None:
    """Answers the last hello that went out."""
    sent = [message for _, packet in network.sent for message in decode(packet, Route.DEVICE_TO_DAEMON)]
    hello = [message for message in sent if isinstance(message, Hello)][-1]
    network.deliver(hello.reply_port, welcome_to(hello))
