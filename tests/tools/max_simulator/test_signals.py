"""The ring: what the track plays, Live's beat and the counter, recorded round and round and written as a file."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from musearoo.tools.max_simulator.formats.faults import PatchError
from musearoo.tools.max_simulator.objects.signals import VECTOR, WRITE_SECONDS, Samples
from musearoo.tools.max_simulator.outside.live_api import FakeLive
from musearoo.tools.max_simulator.outside.transport import Transport
from musearoo.tools.max_simulator.runtime.device import Device
from musearoo.tools.max_simulator.runtime.host import MaxHost
from tests.tools.max_simulator.patches import box, load

RATE = 8_000

LATER = round(WRITE_SECONDS * RATE) + 2 * VECTOR
"""Samples that may have been recorded after the counter was looked at, and before the file had been read."""


def ring(buffer: str = "buffer~ ---ring 500 4 @format float32", *, limit: int = 16_777_216) -> Device:
    """The plumbing of a ring of half a second at 8 kHz."""
    boxes = [
        *(
            box("in", "plugin~"),
            box("out", "plugout~"),
            box("beat", "plugphasor~"),
            box("count", f"count~ 0 {limit} 1"),
        ),
        *(box("record", "record~ ---ring 4 @loop 1"), box("ring", buffer), box("look", "snapshot~")),
        *(box("say", "prepend /counter"), box("done", "prepend /done"), box("rate", "dspstate~")),
        *(box("sr", "prepend /rate"), box("send", "udpsend 127.0.0.1 9000")),
    ]
    cords = [
        *("in:0 -> out:0", "in:1 -> out:1", "in:0 -> record:0", "in:1 -> record:1", "beat -> record:2"),
        *("count -> record:3", "count -> look", "look -> say", "say -> send", "ring:1 -> done", "done -> send"),
        *("rate:1 -> sr", "sr -> send"),
    ]
    device = load(boxes, cords, host=MaxHost(FakeLive.with_tracks(1), sample_rate=RATE))
    device.listen_to(rising)
    return device


def rising(first: int, count: int) -> Samples:
    """Left tells the number of the sample, right its negative."""
    samples = np.arange(first, first + count, dtype=np.float32) / 2**20
    return np.stack([samples, -samples])


def written(device: Device, path: Path) -> tuple[Samples, int]:
    """The counter just before the file, and the file (frames, 4)."""
    device.sent.clear()
    device.object("look").receive(0, "bang", ())
    device.object("ring").receive(0, "writewave", (str(path),))
    device.host.run_for(0.1)
    assert device.errors == []
    assert device.sent[1:] == [("/done", "bang")]
    frames, rate = soundfile.read(path, dtype="float32", always_2d=True)
    assert rate == RATE
    return frames, int(device.sent[0][1])


def test_the_ring_holds_the_last_half_second(tmp_path: Path) -> None:
    device = ring()
    device.object("record").receive(0, "int", (1,))
    device.host.play(bpm=120.0, beat=0.0)
    device.host.run_for(1.2)
    frames, counter = written(device, tmp_path / "ring.wav")
    assert frames.shape == (RATE // 2, 4)
    counts = frames[:, 3].astype(int)
    seam = int(np.argmin(counts))
    unrolled = np.roll(frames, -seam, axis=0)
    assert np.array_equal(np.diff(unrolled[:, 3]), np.ones(len(frames) - 1))
    assert 0 < seam < len(frames)
    assert 0 <= unrolled[-1, 3] - counter <= LATER
    # The device was loaded before it ran: sample and counter differ by the same amount everywhere.
    assert len(np.unique(unrolled[:, 0] * 2**20 - unrolled[:, 3])) == 1
    assert np.array_equal(unrolled[:, 0], -unrolled[:, 1])
    # Half a second at 120 BPM is one beat: the ramp falls once.
    assert np.count_nonzero(np.diff(unrolled[:, 2]) < 0) == 1


def test_what_is_recorded_while_the_file_is_read_may_be_in_it(tmp_path: Path) -> None:
    """With the head near the end of the ring the reading comes there late: the file is newer than the counter."""
    device = ring()
    device.object("record").receive(0, "int", (1,))
    device.host.run_for(0.98)
    frames, counter = written(device, tmp_path / "ring.wav")
    counts = frames[:, 3].astype(int)
    assert counts.max() - counter > VECTOR
    assert counts.max() - counter <= LATER
    assert len(np.unique(counts)) == len(counts)


def test_before_it_is_full_the_rest_is_silence(tmp_path: Path) -> None:
    device = ring()
    device.object("record").receive(0, "int", (1,))
    device.host.run_for(0.2)
    frames, _ = written(device, tmp_path / "ring.wav")
    assert np.count_nonzero(frames[:, 3]) == pytest.approx(0.2 * RATE, abs=LATER)
    assert not frames[-1].any()


def test_recording_stops_and_starts_at_the_beginning(tmp_path: Path) -> None:
    device = ring()
    device.object("record").receive(0, "int", (1,))
    device.host.run_for(0.1)
    device.object("record").receive(0, "int", (0,))
    device.host.run_for(0.1)
    first, _ = written(device, tmp_path / "a.wav")
    assert np.count_nonzero(first[:, 3]) == pytest.approx(0.1 * RATE, abs=VECTOR)
    device.object("record").receive(0, "int", (1,))
    device.host.run_for(0.05)
    second, _ = written(device, tmp_path / "b.wav")
    assert second[0, 3] > first[-1, 3]


def test_the_counter_begins_again_below_its_limit(tmp_path: Path) -> None:
    """Reference page of count~: "the limit value is never reached"."""
    device = ring(limit=1000)
    device.object("record").receive(0, "int", (1,))
    device.host.run_for(0.4)
    frames, _ = written(device, tmp_path / "ring.wav")
    assert frames[:, 3].max() == 999.0


def test_a_buffer_without_a_format_writes_sixteen_bits(tmp_path: Path) -> None:
    """Which cuts the counter off: why the device names the format."""
    device = ring("buffer~ ---ring 500 4")
    device.object("record").receive(0, "int", (1,))
    device.host.run_for(0.3)
    frames, _ = written(device, tmp_path / "ring.wav")
    assert soundfile.info(tmp_path / "ring.wav").subtype == "PCM_16"
    assert frames[:, 3].max() <= 1.0


def test_a_file_that_cannot_be_written_is_told_and_not_done(tmp_path: Path) -> None:
    device = ring()
    device.object("ring").receive(0, "writewave", (str(tmp_path / "no folder" / "ring.wav"),))
    device.host.run_for(0.1)
    assert "could not write" in device.errors[0]
    assert device.sent == []


def test_size_makes_the_ring_anew(tmp_path: Path) -> None:
    device = ring()
    device.object("record").receive(0, "int", (1,))
    device.host.run_for(0.2)
    device.object("ring").receive(0, "size", (1000,))
    device.host.run_for(0.1)
    frames, _ = written(device, tmp_path / "ring.wav")
    assert len(frames) == RATE
    assert np.count_nonzero(frames[:, 3]) == pytest.approx(0.1 * RATE, abs=LATER)


def test_what_was_played_before_the_track_changed_stays(tmp_path: Path) -> None:
    device = ring()
    device.object("record").receive(0, "int", (1,))
    device.host.run_for(0.1)
    device.listen_to(lambda _, count: np.ones((2, count), np.float32))
    device.host.run_for(0.1)
    frames, _ = written(device, tmp_path / "ring.wav")
    assert np.count_nonzero(frames[:, 0] == 1.0) == pytest.approx(0.1 * RATE, abs=LATER)


def test_the_sample_rate_is_told() -> None:
    device = ring()
    device.object("rate").receive(0, "bang", ())
    assert device.sent == [("/rate", float(RATE))]


def test_only_what_is_simulated_of_snapshot() -> None:
    with pytest.raises(PatchError, match="only bangs of snapshot~"):
        load([box("look", "snapshot~ 20")])


def test_the_ramp_goes_through_changes_without_a_leap() -> None:
    transport = Transport(RATE)
    transport.change(100, True, 120.0, 0.25)
    transport.change(2100, True, 60.0)
    transport.change(4100, False)
    beats = transport.beats(0, 5000)
    assert beats[0] == 0.0
    assert beats[100] == 0.25
    assert np.allclose(np.diff(beats[100:2100]), 2.0 / RATE)
    assert np.allclose(np.diff(beats[2100:4100]), 1.0 / RATE)
    assert np.array_equal(np.unique(beats[4100:]), [beats[4100]])
    ramp = transport.ramp(0, 5000)
    assert ramp.dtype == np.float32
    assert ramp.min() >= 0.0
    assert ramp.max() < 1.0
    with pytest.raises(ValueError, match="already at sample 4100"):
        transport.change(4000, True)
