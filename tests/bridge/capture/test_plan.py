"""Out of a ring comes a file of whole bars with exact beats, and its own file goes whatever becomes of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from musearoo.bridge.audio.folders import SoundFolder
from musearoo.bridge.capture import plan as capture_plan
from musearoo.bridge.capture.folder import CaptureFolder
from musearoo.bridge.capture.plan import Recording, cut_recording
from musearoo.bridge.protocol import Refusal
from musearoo.bridge.requests.refusing import RequestError
from musearoo.engines.audio.capture.form import COUNTER, PHASE
from musearoo.engines.music.meter import Meter
from tests.band import BARS, BPM
from tests.bridge.capture.some_rings import RATE, TapedRing, band_sound, tape

FOUR_FOUR = Meter(4, 4)

FRAMES = round(BARS * 4 * 60.0 / BPM * RATE)


def take(home: Path, taped: TapedRing, meter: Meter = FOUR_FOUR, **changed: Any) -> Recording:
    """What a press takes; afterwards the device's file must be gone."""
    captures = CaptureFolder(home)
    captures.open()
    path = taped.write(captures.path)
    try:
        return cut_recording(captures, taped.press(**changed), meter, SoundFolder(home / "recordings"))
    finally:
        assert not path.exists()


@pytest.fixture(scope="module")
def taped() -> TapedRing:
    """The band, pressed some time after its fourth bar."""
    return tape(band_sound(), BPM, BARS + 0.4, seconds=14.0)


def test_the_bars_are_those_of_the_band_to_the_sample(tmp_path: Path, taped: TapedRing) -> None:
    recording = take(tmp_path, taped)
    assert recording.path == tmp_path / "recordings" / "Listen 4 bars 96 BPM.wav"
    samples, rate = soundfile.read(recording.path, dtype="float32", always_2d=True)
    assert rate == RATE
    assert np.array_equal(samples.T, band_sound()[:, :FRAMES])
    assert (recording.bars, recording.length, recording.notices) == (4, 16.0, ())
    assert recording.bpm == pytest.approx(BPM, abs=1e-3)


def test_the_rhythm_is_known_and_not_guessed(tmp_path: Path, taped: TapedRing) -> None:
    recording = take(tmp_path, taped)
    rhythm, beat = recording.rhythm, 60.0 / BPM
    assert rhythm.beats == pytest.approx([number * beat for number in range(16)], abs=1.0 / RATE)
    assert rhythm.downbeats == rhythm.beats[::4]
    assert (rhythm.meter.value, rhythm.meter.confidence, rhythm.loop_bars.value) == (Meter(4, 4), 1.0, 4)
    assert rhythm.live_bpm == pytest.approx(BPM, abs=1e-3)
    assert [point.time for point in rhythm.curve] == [0.0]
    assert recording.points[-1] == pytest.approx((16 * beat, 16.0), abs=1.0 / RATE)


@pytest.mark.parametrize(("meter", "beats", "bpm_heard"), [(Meter(6, 8), 10, BPM / 1.5), (Meter(7, 8), 35, BPM * 2)])
def test_beats_are_counted_as_the_meter_has_them(
    tmp_path: Path, taped: TapedRing, meter: Meter, beats: int, bpm_heard: float
) -> None:
    recording = take(tmp_path, taped, meter, numerator=0, denominator=0, bars=8)
    assert len(recording.rhythm.beats) == beats
    assert recording.rhythm.tempo.value == pytest.approx(bpm_heard, abs=0.01)
    assert recording.rhythm.live_bpm == pytest.approx(BPM, abs=0.01)
    assert recording.points[-1][1] == recording.length


def test_fewer_bars_and_guessed_bar_lines_are_reported(tmp_path: Path, taped: TapedRing) -> None:
    recording = take(tmp_path, taped, bars=8, beat=-1, hundredths=0)
    assert recording.bars == 4
    assert recording.notices == (
        "That is 4 bars, not 8: Live had played no more without a break.",
        "Where bars begin is a guess, for Live does not tell its place in the song.",
    )
    assert recording.rhythm.downbeats_confidence == pytest.approx(capture_plan.GUESSED)


def test_a_short_ring_is_reported(tmp_path: Path) -> None:
    recording = take(tmp_path, tape(band_sound(), BPM, 4.1, seconds=6.0))
    assert recording.notices == ("That is 2 bars, not 4: the device has heard no more.",)


def test_no_file_is_ever_overwritten(tmp_path: Path, taped: TapedRing) -> None:
    names = [take(tmp_path, taped, bars=1).path.name for _ in range(2)]
    assert names == ["Listen 1 bar 96 BPM.wav", "Listen 1 bar 96 BPM (2).wav"]


def refused(tmp_path: Path, taped: TapedRing, **changed: Any) -> RequestError:
    with pytest.raises(RequestError) as caught:
        take(tmp_path, taped, **changed)
    assert not list((tmp_path / "recordings").glob("*"))
    return caught.value


def test_silence_is_reported_and_not_kept(tmp_path: Path, taped: TapedRing) -> None:
    ring = taped.ring.copy()
    ring[:PHASE] = 0.0
    error = refused(tmp_path, replace(taped, ring=ring))
    assert error.code is Refusal.NOT_HEARD
    assert error.sentence == "Nothing sounded on this track in the last 4 bars: play something, then press Listen."


def test_samples_that_are_none_become_silence(tmp_path: Path, taped: TapedRing) -> None:
    ring = taped.ring.copy()
    ring[0, ::1000] = np.nan
    recording = take(tmp_path, replace(taped, ring=ring))
    samples, _ = soundfile.read(recording.path, dtype="float32")
    assert np.isfinite(samples).all()
    assert np.isfinite(recording.sound.samples).all()


@pytest.mark.parametrize(
    ("change", "notices"),
    [
        (lambda ring: ring[PHASE].fill(0.3), "stood still: start Live, let it play 4 bars, then press Listen"),
        (lambda ring: ring[PHASE].fill(np.nan), "stood still"),
        (lambda ring: ring.fill(0.0), "recorded nothing"),
        (lambda ring: ring[COUNTER].fill(np.nan), "recorded nothing"),
        (lambda ring: np.random.default_rng(1).shuffle(ring[COUNTER]), "sample counter is broken"),
    ],
)
def test_a_ring_without_bars_is_reported(tmp_path: Path, taped: TapedRing, change: Any, notices: str) -> None:
    ring = taped.ring.copy()
    change(ring)
    error = refused(tmp_path, replace(taped, ring=ring))
    assert error.code is Refusal.NOT_HEARD
    assert notices in error.sentence


def test_the_ring_of_another_moment_is_reported(tmp_path: Path, taped: TapedRing) -> None:
    assert "not of this moment" in refused(tmp_path, taped, counter=taped.counter + 2_000_000).sentence


def test_an_invalid_name_is_reported(tmp_path: Path, taped: TapedRing) -> None:
    captures = CaptureFolder(tmp_path)
    with pytest.raises(RequestError, match="is no name of a recording"):
        cut_recording(captures, taped.press("../a.wav"), FOUR_FOUR, SoundFolder(tmp_path))


def test_a_read_only_folder_is_reported(tmp_path: Path, taped: TapedRing) -> None:
    (tmp_path / "recordings").write_text("in the way")
    with pytest.raises(RequestError, match="The recordings cannot be written to") as caught:
        take(tmp_path, taped)
    assert caught.value.code is Refusal.ENGINE_FAILED
