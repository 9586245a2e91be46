from functools import cache
from importlib import resources

import numpy as np
import pytest

from musearoo.engines.analysis.fast.activation.drum_onsets import find_hits
from musearoo.engines.analysis.fast.activation.network import Weights, listen, read_weights
from musearoo.engines.analysis.fast.activation.onsets import find_onsets
from musearoo.engines.analysis.fast.activation.result import Activations
from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.activation.spectrogram import compute_spectrogram
from musearoo.engines.music.knowledge.analysis import DrumOnset
from tests.each_case import each_case
from tests.engines.analysis.fast.activation.drums import Samples, play, rock_beat


@cache
def shipped_weights() -> Weights:
    return read_weights((resources.files("musearoo.engines.analysis.fast.activation") / "weights.npz").read_bytes())


def listen_to(samples: Samples, rate: int = 44_100) -> Activations:
    return listen(compute_spectrogram(Sound.of(samples, rate)), shipped_weights())


def times_of(hits: tuple[DrumOnset, ...], kind: str) -> list[float]:
    return [hit.time for hit in hits if hit.kind == kind]


def f_measure(true: list[float], found: list[float], window: float = 0.03) -> float:
    """F of events, both in order, each matched at most once."""
    matched, rest = 0, list(found)
    for time in true:
        near = [one for one in rest if abs(one - time) <= window]
        if near:
            rest.remove(min(near, key=lambda one: abs(one - time)))
            matched += 1
    return 2.0 * matched / max(len(true) + len(found), 1)


@each_case("rate", [22_050, 44_100, 48_000, 96_000])
@each_case("bpm", [85.0, 128.0])
def test_a_drum_machine_is_transcribed(bpm: float, rate: int) -> None:
    strokes = rock_beat(4, bpm)
    hits = find_hits(listen_to(play(strokes, 4 * 240.0 / bpm + 0.3, rate), rate))

    for kind in ("kick", "snare", "hat"):
        true = [time for time, name, _ in strokes if name == kind]
        assert f_measure(true, times_of(hits, kind)) > 0.85, kind


def test_what_begins_with_a_loop_is_heard() -> None:
    strokes = [(time - 0.1, kind, gain) for time, kind, gain in rock_beat(2, 105.0)]
    hits = find_hits(listen_to(play(strokes, 8 * 60.0 / 105.0)))

    assert {hit.kind for hit in hits if hit.time < 0.01} >= {"kick"}
    assert all(hit.time >= 0.0 for hit in hits)


def test_a_late_snare_is_heard_late() -> None:
    late = 0.022
    strokes = rock_beat(4, 100.0, late)
    hits = find_hits(listen_to(play(strokes, 10.0)))

    grid = np.array([0.1 + 1.2 * number + 0.6 for number in range(8)])
    snares = np.array(times_of(hits, "snare"))
    offsets = [float(np.min(np.abs(snares - time - late))) for time in grid]
    assert np.median(offsets) < 0.004


def test_harder_strokes_have_higher_velocities() -> None:
    strokes = [(0.2 + 0.5 * number, "snare", gain) for number, gain in enumerate([1.0, 0.25] * 6)]
    hits = [hit for hit in find_hits(listen_to(play(strokes, 6.5))) if hit.kind == "snare"]

    loud = [hit.velocity for hit in hits if round((hit.time - 0.2) / 0.5) % 2 == 0]
    soft = [hit.velocity for hit in hits if round((hit.time - 0.2) / 0.5) % 2 == 1]
    assert len(loud) == len(soft) == 6
    # A quarter of the amplitude is half the velocity.
    assert np.mean(soft) == pytest.approx(np.mean(loud) / 2.0, rel=0.15)


def test_gain_changes_no_hit() -> None:
    samples = play(rock_beat(2, 110.0), 4.6)
    loud, soft = find_hits(listen_to(samples)), find_hits(listen_to(0.01 * samples))

    assert [(hit.kind, round(hit.time, 3)) for hit in loud] == [(hit.kind, round(hit.time, 3)) for hit in soft]


def test_onsets_are_where_something_begins() -> None:
    strokes = rock_beat(4, 96.0)
    onsets = find_onsets(listen_to(play(strokes, 10.4)))
    true = sorted({time for time, _, _ in strokes})

    assert f_measure(true, [onset.time for onset in onsets]) > 0.9
    assert max(onset.strength for onset in onsets) == 1.0
    assert all(0.0 <= onset.strength <= 1.0 for onset in onsets)


def test_hits_and_onsets_are_in_order_and_inside() -> None:
    activations = listen_to(play(rock_beat(2, 140.0), 3.6))
    hits, onsets = find_hits(activations), find_onsets(activations)

    assert list(hits) == sorted(hits, key=lambda hit: hit.time)
    assert list(onsets) == sorted(onsets, key=lambda onset: onset.time)
    assert all(0.0 <= hit.time <= 3.6 for hit in hits)
    assert all(0.0 <= onset.time <= 3.6 for onset in onsets)
    assert all(1.0 <= hit.velocity <= 127.0 and 0.0 <= hit.confidence <= 1.0 for hit in hits)


@each_case("seconds", [0.001, 0.05, 1.0])
def test_silence_holds_nothing(seconds: float) -> None:
    activations = listen_to(np.zeros(max(int(seconds * 44_100), 1)))

    assert find_hits(activations) == ()
    assert find_onsets(activations) == ()


def test_a_drone_holds_hardly_a_hit() -> None:
    time = np.arange(8 * 44_100) / 44_100
    drone = sum(np.sin(2.0 * np.pi * 98.0 * partial * time) / partial for partial in range(1, 8))
    activations = listen_to(np.asarray(0.1 * drone))

    assert len([hit for hit in find_hits(activations) if hit.time > 0.1]) <= 2
