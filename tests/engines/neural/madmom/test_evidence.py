"""Our implementation of madmom's networks compared with madmom's own."""

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.neural.madmom import evidence as listening
from musearoo.engines.neural.madmom.evidence import DeepEvidence, read_networks, run_networks
from musearoo.engines.neural.madmom.excerpts import take_excerpt
from musearoo.engines.neural.madmom.harmony_networks import compute_spectra
from musearoo.engines.neural.madmom.package import find_madmom
from musearoo.tools.bench.analysis.plain_madmom import import_madmom
from tests.each_case import each_case
from tests.engines.neural.sounds import play_band

pytestmark = pytest.mark.skipif(find_madmom() is None, reason="madmom is not installed")

SECONDS = 5.03
"""No whole number of frames, at any of the frame rates."""

FROM_A_TO_C = [3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2]


class Plain:
    """madmom's own implementation, on the same sound."""

    def __init__(self, samples: npt.NDArray[np.float32]) -> None:
        import_madmom()
        self._signal = self._make("audio.signal", "Signal")(samples, sample_rate=44_100, num_channels=1)

    def hear(self, module: str, processor: str) -> npt.NDArray[np.float32]:
        return np.asarray(self._make(f"features.{module}", processor)()(self._signal))

    def _make(self, module: str, name: str) -> Callable[..., Any]:
        made: Callable[..., Any] = getattr(importlib.import_module(f"madmom.{module}"), name)
        return made


@pytest.fixture(scope="module")
def samples() -> npt.NDArray[np.float32]:
    return Sound.of(play_band(SECONDS), 44_100).mono


@pytest.fixture(scope="module")
def plain(samples: npt.NDArray[np.float32]) -> Plain:
    return Plain(samples)


@pytest.fixture(scope="module")
def evidence(samples: npt.NDArray[np.float32]) -> DeepEvidence:
    return run_networks(Sound.of(samples, 44_100), lambda _fraction, _text: None)


def test_beats_are_those_of_madmom(plain: Plain, evidence: DeepEvidence) -> None:
    theirs = plain.hear("downbeats", "RNNDownBeatProcessor")
    assert np.abs(evidence.beats.beat - theirs.sum(axis=1)).max() < 1e-4
    assert np.abs(evidence.beats.downbeat - theirs[:, 1]).max() < 1e-4
    assert theirs[:, 1].max() > 0.1


def test_onsets_are_those_of_madmom(plain: Plain, evidence: DeepEvidence) -> None:
    theirs = plain.hear("onsets", "RNNOnsetProcessor")
    assert np.abs(evidence.beats.onset - theirs).max() < 1e-4
    assert theirs.max() > 0.5


def test_the_key_is_that_of_madmom(plain: Plain, evidence: DeepEvidence) -> None:
    theirs = plain.hear("key", "CNNKeyRecognitionProcessor")[0].reshape(2, 12)[:, FROM_A_TO_C]
    assert np.abs(evidence.harmony.keys - theirs.ravel()).max() < 1e-4


def test_features_of_chords_are_those_of_madmom(plain: Plain, samples: npt.NDArray[np.float32]) -> None:
    theirs = plain.hear("chords", "CNNChordFeatureProcessor")
    excerpt = take_excerpt(Sound.of(samples, 44_100), -4_096, len(samples) + 10_000)
    ours = read_networks()[1].find_chord_features(compute_spectra(excerpt, 0, len(theirs)))
    assert np.abs(ours - theirs).max() < 1e-4


def test_chords_are_recognised_as_played(evidence: DeepEvidence) -> None:
    chords = evidence.harmony.chords
    assert np.allclose(chords.sum(axis=1), 1.0, atol=1e-5)
    assert chords[5:15].argmax(axis=1).tolist() == [0] * 10
    # A minor, after the twelve major chords.
    assert chords[25:35].argmax(axis=1).tolist() == [12 + 9] * 10


def test_chunks_overlap_without_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = Sound.of(play_band(12.0), 44_100)
    whole = run_networks(sound, lambda _fraction, _text: None)
    monkeypatch.setattr(listening, "STRETCH", 400)
    monkeypatch.setattr(listening, "CONTEXT", 400)
    pieces = run_networks(sound, lambda _fraction, _text: None)
    assert np.abs(pieces.beats.beat - whole.beats.beat).max() < 0.1
    assert np.abs(pieces.beats.onset - whole.beats.onset).max() < 0.01
    assert np.allclose(pieces.harmony.keys, whole.harmony.keys, atol=1e-5)
    assert np.allclose(pieces.harmony.chords, whole.harmony.chords, atol=1e-4)


def test_another_rate_and_stereo_give_nearly_the_same(evidence: DeepEvidence) -> None:
    other = Sound.of(np.stack([play_band(SECONDS, 48_000)] * 2), 48_000)
    message = run_networks(other, lambda _fraction, _text: None)
    assert message.beats.beat.shape == evidence.beats.beat.shape
    assert np.corrcoef(message.beats.beat, evidence.beats.beat)[0, 1] > 0.95
    assert message.harmony.keys.argmax() == evidence.harmony.keys.argmax()


@each_case("length", [1, 441, 2_205, 60_000])
def test_short_and_silent_sounds_are_analysed_too(length: int) -> None:
    message = run_networks(Sound.of(np.zeros(length), 44_100), lambda _fraction, _text: None)
    assert message.beats.beat.shape == message.beats.onset.shape == (-(-length // 441),)
    assert message.harmony.chords.shape == (-(-length // 4_410), 25)
    assert np.isfinite(message.beats.beat).all()
    assert message.harmony.keys.sum() == pytest.approx(1.0, abs=1e-4)
    assert (message.harmony.chords.argmax(axis=1) == 24).all()


def test_progress_rises_to_one_and_can_cancel() -> None:
    reports: list[float] = []
    run_networks(Sound.of(play_band(1.0), 44_100), lambda fraction, _text: reports.append(fraction))
    assert reports == sorted(reports)
    assert reports[-1] == 1.0

    def stop(_fraction: float, _text: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_networks(Sound.of(play_band(1.0), 44_100), stop)
