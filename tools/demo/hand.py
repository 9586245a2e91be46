"""The demo's user: presses a button of the device in the simulated Max, and reads the result from its packets."""

from dataclasses import dataclass

from musearoo.bridge.core.session import Answered
from musearoo.bridge.protocol import Answer, Done, Failed, Got, Heard
from musearoo.bridge.protocol.codec import decode
from musearoo.bridge.protocol.types import Message, Route
from musearoo.tools.max_simulator.runtime.device import Device
from musearoo.tools.studio.processes import StudioError
from musearoo.tools.studio.with_max import MaxStudio, Packet


@dataclass(frozen=True, slots=True)
class Pressed:
    """One successful press; times in milliseconds from when it left the device."""

    answer: Done | Heard
    acknowledged_ms: float
    answered_ms: float
    status: str
    """What the device shows afterwards."""


class Hand:
    """Presses buttons of one device, one after another."""

    def __init__(self, studio: MaxStudio, device: Device) -> None:
        self.studio, self.device = studio, device

    def press(self, button: str, within: float) -> Pressed:
        """Press and wait for the answer. Raises StudioError when the press failed, HostTimeout without an answer."""
        self.studio.network.packets.clear()
        self.device.press(button)
        return self._wait(button, within)

    def talk(self, seconds: float, within: float) -> Pressed:
        """Hold Talk for a time in seconds, and wait for the answer as `press` does."""
        self.studio.network.packets.clear()
        self.device.hold("talk")
        self.studio.max.run_for(seconds)
        self.device.release("talk")
        return self._wait("Talk", within)

    def _wait(self, button: str, within: float) -> Pressed:
        self.studio.wait_until(lambda: self._answer() is not None, f"answer to {button}", within)
        at, answer = self._answer() or (0.0, None)
        if answer is None:
            raise StudioError(f"{button} was not answered")
        if isinstance(answer, Failed | Answer):
            raise StudioError(f"{button} came to nothing: {answer.sentence}")
        # The device shows the answer as soon as Max has processed it.
        self.studio.max.run_for(0.02)
        sent = next(packet.at for packet in self.studio.network.packets if packet.is_sent)
        got = next(when for when, message in self._received() if isinstance(message, Got))
        status = str(self.device.shown("status"))
        return Pressed(answer, (got - sent) * 1000, (at - sent) * 1000, status)

    def _answer(self) -> tuple[float, Answered] | None:
        return next(((at, one) for at, one in self._received() if isinstance(one, Answered)), None)

    def _received(self) -> list[tuple[float, Message]]:
        return [(packet.at, message) for packet in self.studio.network.packets for message in _messages(packet)]


def _messages(packet: Packet) -> tuple[Message, ...]:
    return () if packet.is_sent else tuple(decode(packet.content, Route.DAEMON_TO_DEVICE))
