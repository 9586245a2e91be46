"""A complete studio with a simulated Max: the built devices on the tracks of the simulated Live, with a real daemon.

The devices' tests and benchmark use one. Devices follow the user's actions in Live: `settle` loads those that were
added, copied or pasted into the set and deletes those that are no longer in a chain.
"""

import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from musearoo.bridge.settings.live_folders import device_files
from musearoo.max_for_live.table.looks import LAMPS
from musearoo.max_for_live.table.records import Twin
from musearoo.tools import ROOT
from musearoo.tools.live_simulator.process import LiveProcess
from musearoo.tools.max_simulator.formats.container import unpack
from musearoo.tools.max_simulator.formats.patch import read_patch
from musearoo.tools.max_simulator.outside.clock import RealClock
from musearoo.tools.max_simulator.outside.network import Received, SocketNetwork
from musearoo.tools.max_simulator.outside.simulated_live import SimulatedLive
from musearoo.tools.max_simulator.runtime.device import Device
from musearoo.tools.max_simulator.runtime.host import MaxHost
from musearoo.tools.studio.device_stand_in import DeviceStandIn
from musearoo.tools.studio.processes import DaemonProcess, Studio

DEVICES = {
    Twin.AUDIO: ROOT / "max_for_live" / "MuseAroo.amxd",
    Twin.MIDI: ROOT / "max_for_live" / "MuseAroo MIDI.amxd",
}
KINDS = {Twin.AUDIO: "audio", Twin.MIDI: "midi"}

READY_WITHIN = 15.0
"""Seconds in which a device connects to daemon and Live on a busy machine."""

PACKETS_KEPT = 20_000


class Lamp(IntEnum):
    """The states of a device's lamp."""

    NO_DAEMON = 0
    NO_LIVE = 1
    READY = 2
    BUSY = 3


@dataclass(frozen=True, slots=True)
class Packet:
    """One datagram at a device's sockets; `at` in seconds of `time.perf_counter`."""

    at: float
    is_sent: bool
    port: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Face:
    """The display of a device at one moment."""

    status: str
    progress: int
    lamp: Lamp
    daemon: str


class StudioNetwork(SocketNetwork):
    """Real UDP that only passes permitted packets.

    `ports` maps the destination ports of devices to ports of the machine; packets to other ports are dropped.
    """

    def __init__(self, ports: Mapping[int, int]) -> None:
        super().__init__()
        self.ports = dict(ports)
        self.packets: deque[Packet] = deque(maxlen=PACKETS_KEPT)
        self._to_refuse = 0

    def refuse_ports(self, count: int) -> None:
        """Make the next `count` ports that a device chooses appear in use."""
        self._to_refuse = count

    def listen(self, port: int, received: Received) -> bool:
        """Open a port; return False when it is in use."""
        if self._to_refuse:
            self._to_refuse -= 1
            return False

        def note(content: bytes) -> None:
            self.packets.append(Packet(time.perf_counter(), False, port, content))
            received(content)

        return super().listen(port, note)

    def send(self, host: str, port: int, packet: bytes) -> None:
        """Send one packet to the mapped port."""
        self.packets.append(Packet(time.perf_counter(), True, port, packet))
        if port in self.ports:
            super().send(host, self.ports[port], packet)


class MaxStudio:
    """Simulated Live, daemon and simulated Max, connected. Leaving the context stops all of them.

    The arguments are those of `Studio`, whose stand-in for the device is also available, for comparisons.
    """

    def __init__(self, **options: Any) -> None:
        self.studio = Studio(**options)
        self.max: MaxHost
        self.network = StudioNetwork({})
        self.devices: dict[int, Device] = {}
        self._open = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            opening.enter_context(self.studio)
            self.find_daemon()
            self._installed = {path.name: path for path in device_files(self.studio.library)}
            self.max = opening.enter_context(MaxHost(SimulatedLive(self.live), RealClock(), self.network))
            self._open = opening.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)

    @property
    def live(self) -> LiveProcess:
        """The simulated Live."""
        return self.studio.live

    @property
    def device(self) -> DeviceStandIn:
        """The stand-in for a device, which uses the same protocol in Python."""
        return self.studio.device

    @property
    def daemon(self) -> DaemonProcess:
        """The daemon's process."""
        return self.studio.daemon

    # ------------------------------------------------------------------------------------- the world

    def find_daemon(self) -> None:
        """Pass packets to the daemon, whose port may have changed after a restart."""
        self.network.ports = {self.daemon.device_port: self.daemon.device_port}

    def restart_daemon(self, *, away_for: float = 0.0) -> None:
        """Kill the daemon as in a crash and start another; Max keeps running meanwhile."""
        self.daemon.kill()
        if away_for:
            self.max.run_for(away_for)
        self.daemon.start()
        self.find_daemon()

    def freeze_live(self, seconds: float) -> None:
        """Simulate an open menu: Live's main thread, which is also Max's, freezes."""
        self.live.start_stall(seconds * 1000)
        time.sleep(seconds)

    # ----------------------------------------------------------------------------------- the devices

    def put(
        self,
        twin: Twin = Twin.AUDIO,
        into: str = "song.tracks[0]",
        *,
        at: int = -1,
        state: dict[str, Any] | None = None,
    ) -> Device:
        """Drag a device from the browser into a chain; `state` is that of a reopened set."""
        path = self._installed[DEVICES[twin].name]
        names = automatable(path)
        key = self.live.insert_max_device(into, path.stem, KINDS[twin], at, names)
        return self._load(key, path, state)

    def settle(self) -> list[Device]:
        """Load and delete devices until Max has those of the set; return the new ones."""
        present = {device["key"]: device for device in self.live.max_devices()}
        copied = {key: device.save_state() for key, device in self.devices.items()}
        for key in [key for key in self.devices if key not in present]:
            self.devices.pop(key).delete()
        paths = {path.stem: path for path in self._installed.values()}
        return [
            self._load(key, paths[device["name"]], copied.get(device["copied_from"]))
            for key, device in present.items()
            if key not in self.devices
        ]

    def remove_all(self) -> None:
        """Delete all Max devices from the set, and so from Max."""
        while present := self.live.max_devices():
            self.live.delete_device(hands_path(present[0]["path"]))
        self.settle()

    def _load(self, key: int, path: Path, state: dict[str, Any] | None) -> Device:
        self.devices[key] = self.max.load(path, key=key, state=state)
        return self.devices[key]

    # ------------------------------------------------------------------------------------- what is seen

    def face(self, device: Device) -> Face:
        """Return what a device shows now."""
        return Face(
            str(device.shown("status")),
            round(float(device.shown("progress"))),
            lamp_of(device),
            str(device.shown("daemon")),
        )

    def wait_until(self, condition: Callable[[], bool], what: str, within: float = READY_WITHIN) -> None:
        """Run Max until a condition is true. Raises HostTimeout, which names it and what the devices show."""
        self.max.run_until(condition, within, what)

    def wait_until_ready(self, *devices: Device) -> None:
        """Run Max until devices (by default all) are connected to daemon and Live."""
        waiting = devices or tuple(self.devices.values())
        self.wait_until(lambda: all(lamp_of(device) is Lamp.READY for device in waiting), "green lamp")

    def wait_for_status(self, device: Device, part: str, within: float = READY_WITHIN) -> str:
        """Run Max until the status line contains some words; return the whole line."""
        self.wait_until(lambda: part in str(device.shown("status")), f"status with {part!r}", within)
        return str(device.shown("status"))


def lamp_of(device: Device) -> Lamp:
    """Return the state of a device's lamp. Raises ValueError for an unknown colour."""
    shown = tuple(float(value) for value in device.shown("lamp"))
    for lamp, (_, *colour) in zip(Lamp, LAMPS, strict=True):
        if all(abs(one - other) < 0.005 for one, other in zip(shown, colour, strict=True)):
            return lamp
    raise ValueError(f"the lamp has the colour {shown}, which is not a known state")


def automatable(path: Path) -> list[str]:
    """Return the long names of a built device's parameters that Live can automate."""
    patch = read_patch(unpack(path.read_bytes()).patcher())
    return [parameter.long_name for parameter in patch.automated]


def hands_path(path: str) -> str:
    """Return a path of Max as a path of the simulated Live's control channel.

    >>> hands_path("live_set tracks 1 devices 0")
    'song.tracks[1].devices[0]'
    """
    words = ["song" if word == "live_set" else word for word in path.split()]
    return "".join(f"[{word}]" if word.isdigit() else f".{word}" for word in words).lstrip(".")
