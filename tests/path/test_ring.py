"""The ring from the device's own patch to bars on the sample: what Max records is what the daemon takes for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from musearoo.bridge.audio.folders import SoundFolder
from musearoo.bridge.capture.folder import CaptureFolder
from musearoo.bridge.capture.plan import Recording, cut_recording
from musearoo.bridge.protocol import Got, Hello, Listen
from musearoo.bridge.protocol.codec import decode, encode
from musearoo.bridge.protocol.types import Route
from musearoo.engines.music.meter import Meter
from musearoo.tools import ROOT
from musearoo.tools.max_simulator.formats.atoms import Atom
from musearoo.tools.max_simulator.outside.clock import VirtualClock
from musearoo.tools.max_simulator.outside.live_api import FakeLive
from musearoo.tools.max_simulator.outside.network import MemoryNetwork
from musearoo.tools.max_simulator.runtime.device import Device
from musearoo.tools.max_simulator.runtime.host import MaxHost
from tests.path.device_welcomes import welcome_to

DEVICE = ROOT / "max_for_live" / "MuseAroo.amxd"

SCALE = 1 << 16


def numbered(first: int, count: int) -> npt.NDArray[np.float32]:
    """A sound whose samples tell their numbers: the low sixteen bits on the left, the high ones on the right."""
    number = np.arange(first, first + count)
    return (np.stack([number % SCALE, number // SCALE]) / SCALE + 1e-9).astype(np.float32)


@dataclass
class Answering:
    """A daemon that welcomes and acknowledges, and keeps what it was asked."""

    captures: str
    network: MemoryNetwork = field(default_factory=MemoryNetwork)
    port: int = 0
    listen: Listen | None = None

    def __post_init__(self) -> None:
        self.network.answer = self.take

    def take(self, _port: int, packet: bytes) -> None:
        """One packet of the device."""
        for message in decode(packet, Route.DEVICE_TO_DAEMON):
            if isinstance(message, Hello):
                self.port = message.reply_port
                self.network.deliver(self.port, welcome_to(message, 5, self.captures))
            elif isinstance(message, Listen):
                self.listen = message
                self.network.deliver(self.port, encode(Got(message.press, 5)))


class SingingLive(FakeLive):
    """A Live in 4/4 that tells where its song is, `late` quarter notes too far."""

    host: MaxHost
    late: float

    @property
    def song_beat(self) -> float:
        """Quarter notes from the beginning of the set."""
        return float(self.host.transport.beats(self.host.sample_at(self.host.clock.now()), 1)[0]) + self.late

    def get(self, id: int, name: str) -> list[Atom]:
        """Knows the song's place and signature, too."""
        place: dict[str, Atom] = {"signature_numerator": 4, "signature_denominator": 4}
        if name == "current_song_time":
            return [self.song_beat]
        return [place[name]] if name in place else super().get(id, name)

    def call(self, id: int, name: str, *values: Atom) -> list[Atom]:
        """Answers in bars, beats, sixteenths and ticks where the song is."""
        if name != "get_current_beats_song_time":
            return super().call(id, name, *values)
        beats, rest = divmod(int(self.song_beat * 240), 240)
        return [f"{beats // 4 + 1:03}.{beats % 4 + 1:02}.{rest // 60 + 1:02}.{rest % 60 + 1:03}"]


def press_listen(host: MaxHost, device: Device, daemon: Answering) -> Listen:
    """Presses Listen where the transport is now."""
    device.press("listen")
    host.run_until(lambda: daemon.listen is not None, 10.0, "order to listen")
    # Max says that it has written a moment before it has.
    host.run_for(1.0)
    assert daemon.listen is not None
    return daemon.listen


@pytest.mark.parametrize(
    ("rate", "before", "late", "turns"),
    [
        (44_100, 0.7, 0.4, [(126.0, 7.3)]),
        (48_000, 33.0, -0.4, [(97.0, 6.0), (180.0, 5.9)]),
        (96_000, 38.5, 0.0, [(140.0, 3.0), (0.0, 0.8), (140.0, 2.2), (75.0, 9.0)]),
    ],
)
def test_what_the_patch_records_comes_out_on_the_sample(
    tmp_path: Path, rate: int, before: float, late: float, turns: list[tuple[float, float]]
) -> None:
    """`turns` are tempos and seconds, 0 where Live stands."""
    folder = CaptureFolder(tmp_path)
    daemon, live = Answering(folder.open()), SingingLive.with_tracks(1)
    assert isinstance(live, SingingLive)
    with MaxHost(live, VirtualClock(), daemon.network, sample_rate=rate) as host:
        live.host, live.late = host, late
        device = host.load(DEVICE, key=live.key(0))
        host.run_until(lambda: daemon.port != 0, 5.0, "hello")
        device.listen_to(numbered)
        device.set("listen_bars", "2 bars")
        host.run_for(before)
        for bpm, seconds in turns:
            if bpm:
                host.play(bpm)
            else:
                host.stop()
            host.run_for(seconds)
        listen = press_listen(host, device, daemon)
        transport = host.transport
    recording = cut_recording(folder, listen, Meter(3, 4), SoundFolder(tmp_path / "recordings"))
    assert (recording.bars, recording.meter, recording.notices) == (2, Meter(4, 4), ())
    first = check_whole(recording, rate)
    # The bars begin where the song's bars begin, and every beat where the transport passes it.
    line = round(float(transport.beats(first, 1)[0]) / 4.0) * 4.0
    for second, quarter in recording.points:
        sample = first + second * rate
        here, after = transport.beats(int(sample), 2)
        beat = here + (sample - int(sample)) * (after - here)
        assert abs(beat - line - quarter) <= after - here, f"beat {quarter} is more than a sample away"


def check_whole(recording: Recording, rate: int) -> int:
    """The number of a recording's first sample; fails where one is missing between it and the last."""
    sound, its_rate = soundfile.read(recording.path, dtype="float32", always_2d=True)
    assert its_rate == rate
    low, high = np.round(sound * SCALE).astype(np.int64).T
    numbers = low + SCALE * high
    assert np.all(np.diff(numbers) == 1)
    return int(numbers[0])
