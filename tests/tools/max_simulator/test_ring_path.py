"""Listen through the built device: the ring it writes has what the track played, and Live's beats to the sample."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from musearoo.bridge.protocol import Hello, Listen
from musearoo.bridge.protocol.codec import decode
from musearoo.bridge.protocol.types import Message, Route
from musearoo.engines.audio.capture.beats import find_stretches
from musearoo.engines.audio.capture.ring import unroll
from musearoo.tools.max_simulator.objects.signals import VECTOR, Samples
from musearoo.tools.max_simulator.outside.live_api import FakeLive
from musearoo.tools.max_simulator.outside.network import MemoryNetwork
from musearoo.tools.max_simulator.runtime.host import MaxHost
from tests.path.device_welcomes import welcome_to

DEVICE = Path(__file__).parents[3] / "max_for_live" / "MuseAroo.amxd"

RATE = 11_025
"""A fourth of the usual: as many samples to look at, in less time."""


def noise(first: int, count: int) -> Samples:
    """A sound in which every sample tells which one it is."""
    numbers = np.arange(first, first + count, dtype=np.uint64)
    mixed = (numbers * np.uint64(2_654_435_761)) % np.uint64(2**24)
    left = mixed.astype(np.float32) / 2**23 - 1.0
    return np.stack([left, -left])


@pytest.mark.parametrize(("seconds", "reenters"), [(3.0, True), (47.3, False)])
def test_the_ring_is_exact_through_tempo_changes_stops_and_its_seam(
    tmp_path: Path, seconds: float, reenters: bool
) -> None:
    network, heard = MemoryNetwork(), list[Message]()

    def answer(_: int, packet: bytes) -> None:
        for message in decode(packet, Route.DEVICE_TO_DAEMON):
            heard.append(message)
            if isinstance(message, Hello):
                network.deliver(message.reply_port, welcome_to(message, 7, tmp_path.as_posix()))

    network.answer = answer
    live = FakeLive.with_tracks(2)
    with MaxHost(live, network=network, sample_rate=RATE, reenters=reenters) as host:
        device = host.load(DEVICE, key=live.key(0))
        device.listen_to(noise)
        host.run_for(1.0)
        host.play(bpm=93.7, beat=0.0)
        host.run_for(seconds * 0.4)
        host.play(bpm=141.0)
        host.run_for(seconds * 0.3)
        host.stop()
        host.run_for(0.25)
        host.play(bpm=77.3, beat=16.0)
        host.run_for(seconds * 0.3)
        device.press("listen")
        pressed_at = host.sample_at(host.clock.now())
        host.run_for(0.5)
        assert device.errors == []

    (listen,) = [message for message in heard if isinstance(message, Listen)]
    frames, rate = soundfile.read(tmp_path / listen.file, dtype="float32", always_2d=True)
    assert rate == RATE
    assert frames.shape == (40 * RATE, 4)
    unrolled = unroll(frames.T, listen.counter)
    # The counter began when the device was loaded, at sample 0.
    first = unrolled.counter
    assert np.array_equal(unrolled.audio, noise(first, unrolled.audio.shape[1]))
    # The face answers first, then the ring is written: not much later.
    assert -2 * VECTOR <= first + unrolled.press - pressed_at <= 0.3 * RATE
    stretches = find_stretches(unrolled.phase, RATE)
    assert len(stretches) >= 2
    beats = host.transport.beats(first, unrolled.phase.size)
    for stretch in stretches:
        assert stretch.beats.size
        for at in stretch.beats:
            # Where the transport itself passes a whole beat, between two samples.
            below = int(np.floor(at))
            around = beats[max(0, below - 1) : below + 3]
            assert np.abs(around - np.round(around)).min() <= 141.0 / 60.0 / RATE
