"""An in-memory daemon for one device: it welcomes, acknowledges and answers pings, and completes no request."""

from musearoo.bridge.protocol import (
    WIRE_VERSION,
    Beat,
    BeatBack,
    Cancel,
    Failed,
    Got,
    Hello,
    LiveState,
    Refusal,
    Welcome,
)
from musearoo.bridge.protocol.codec import decode, encode
from musearoo.bridge.protocol.device_proof import prove_welcome
from musearoo.bridge.protocol.types import Message, Route
from musearoo.tools.max_simulator.outside.files import SIMULATED_SECRET
from musearoo.tools.max_simulator.outside.network import MemoryNetwork

SESSION = 1

VERSION = "0"
"""The version that it reports."""


class QuietDaemon:
    """Answers on `network` immediately; everything else that a device shows comes from the device itself."""

    def __init__(self, captures: str) -> None:
        self.network = MemoryNetwork(answer=self._answer)
        self._captures = captures
        self._reply_port = 0
        self._numbers = 0

    def _answer(self, port: int, packet: bytes) -> None:
        if port == self._reply_port:
            return
        for message in decode(packet, Route.DEVICE_TO_DAEMON):
            if isinstance(message, Hello):
                self._reply_port = message.reply_port
            answer = self._answer_to(message)
            if answer is not None:
                self.network.deliver(self._reply_port, encode(answer))

    def _answer_to(self, message: Message) -> Message | None:
        match message:
            case Hello():
                welcome = Welcome(SESSION, WIRE_VERSION, VERSION, LiveState.READY, self._captures)
                return prove_welcome(SIMULATED_SECRET, welcome, message)
            case Beat():
                return BeatBack(SESSION, LiveState.READY)
            case Cancel(_, press) if press:
                self._numbers += 1
                return Failed(self._numbers, press, Refusal.CANCELLED, "Cancelled.", SESSION)
        press = getattr(message, "press", 0)
        return Got(press, SESSION) if press else None
