"""Keys and chords of sounds whose harmony is known."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from musearoo.engines.analysis.fast.activation.evidence import HarmonyEvidence
from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.harmony.estimation import HarmonyHints, find_harmony
from musearoo.engines.analysis.fast.harmony.network import read_weights
from musearoo.engines.analysis.fast.harmony.spectrum import compute_harmonic_spectrum
from musearoo.engines.errors import EngineError
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.analysis import Harmony, Rhythm
from musearoo.engines.music.scale import Key
from tests.each_case import each_case
from tests.engines.analysis.fast.harmony.sounds import (
    NO_RHYTHM,
    RATE,
    even_rhythm,
    learned_weights,
    play_chords,
    play_drums,
    tone,
)


def _hear(sound: Sound, rhythm: Rhythm | None = None, hints: HarmonyHints | None = None) -> Harmony:
    found = even_rhythm(sound.duration) if rhythm is None else rhythm
    return find_harmony(compute_harmonic_spectrum(sound), found, learned_weights(), hints or HarmonyHints())


def _labels(harmony: Harmony) -> list[str]:
    return [chord.chord.harte if chord.chord else "N" for chord in harmony.chords]


@each_case(
    "symbols, key",
    [
        (["Am", "F", "C", "G"], "A minor"),
        (["C", "Am", "F", "G"], "C major"),
        (["Dm7", "G7", "Cmaj7", "Cmaj7"], "C major"),
        (["E", "B", "C#m", "A"], "E major"),
        (["Bm7b5", "E7", "Am", "Am"], "A minor"),
    ],
)
def test_progressions_are_heard(symbols: list[str], key: str) -> None:
    harmony = _hear(play_chords(symbols))
    expected = [Chord.parse(symbol).harte for symbol in symbols]
    assert _labels(harmony) == [label for index, label in enumerate(expected) if expected[index - 1] != label]
    relatives = {Key.parse(key).pitch_classes[0], (Key.parse(key).tonic + 3) % 12, (Key.parse(key).tonic - 3) % 12}
    assert harmony.key.value is not None
    assert harmony.key.value.tonic in relatives


@each_case("cents", [-40.0, 40.0])
def test_a_clip_out_of_tune_is_heard_alike(cents: float) -> None:
    assert _labels(_hear(play_chords(["Am", "F", "C", "G"], cents=cents))) == ["A:min", "F:maj", "C:maj", "G:maj"]


@each_case("shift", range(12))
def test_every_root_is_heard_alike(shift: int) -> None:
    symbols = [Chord((root + shift) % 12, quality).symbol for root, quality in ((2, "min7"), (7, "7"), (0, "maj7"))]
    assert _labels(_hear(play_chords(symbols))) == [Chord.parse(symbol).harte for symbol in symbols]


def test_the_bass_makes_inversions() -> None:
    assert _labels(_hear(play_chords(["C", "F/A", "Am", "C/E"]))) == ["C:maj", "F:maj/3", "A:min", "C:maj/3"]


def test_chords_without_a_rhythm_begin_where_they_are_played() -> None:
    harmony = _hear(play_chords(["Am", "F", "C", "G"]), NO_RHYTHM)
    assert [chord.start for chord in harmony.chords] == pytest.approx([0.0, 2.0, 4.0, 6.0], abs=0.3)


def test_spans_follow_one_another_and_cover_the_clip() -> None:
    sound = play_chords(["Am", "F", "C", "G"] * 6)
    harmony = _hear(sound, even_rhythm(sound.duration, beat=0.77))
    for times in ([(s.start, s.end) for s in harmony.chords], [(s.start, s.end) for s in harmony.keys]):
        assert times[0][0] == 0.0
        assert times[-1][1] == pytest.approx(sound.duration)
        assert all(one[1] == following[0] for one, following in pairwise(times))
    assert all(0.0 <= chord.confidence <= 1.0 for chord in harmony.chords)
    assert all(0.0 <= key.confidence <= 1.0 for key in harmony.keys)


def test_a_change_of_key_is_heard_where_it_stays() -> None:
    first, second = ["C", "F", "G", "C", "Am", "F", "G", "C"], ["E", "A", "B", "E", "C#m", "A", "B", "E"]
    harmony = _hear(play_chords(first * 2 + second * 2))
    assert [str(span.key) for span in harmony.keys] == ["C major", "E major"]
    assert harmony.keys[1].start == pytest.approx(32.0, abs=4.0)


def test_a_borrowed_chord_is_no_change_of_key() -> None:
    assert len(_hear(play_chords(["C", "F", "G", "C", "Ab", "Bb", "C", "C"] * 2)).keys) == 1


@each_case("kind", ["silence", "noise", "drums", "click"])
def test_what_has_no_harmony_claims_none(kind: str) -> None:
    generator = np.random.default_rng(3)
    samples = {
        "silence": np.zeros(RATE * 4),
        "noise": 0.1 * generator.normal(size=RATE * 8),
        "click": np.eye(1, RATE * 4, RATE)[0],
        "drums": play_drums().samples[0],
    }[kind]
    harmony = _hear(Sound.of(samples, RATE))
    assert harmony.key.value is None
    assert harmony.key.confidence < 0.3
    assert {chord.chord for chord in harmony.chords} <= {None}


def test_a_drone_is_not_sure_of_its_key() -> None:
    harmony = _hear(Sound.of(sum(tone(pitch, 8.0) for pitch in (31, 43, 55)), RATE), NO_RHYTHM)
    assert harmony.key.value is None or harmony.key.confidence < 0.5
    assert {chord.chord.root for chord in harmony.chords if chord.chord is not None} <= {7}


def test_a_hint_decides_only_what_is_open() -> None:
    relative = HarmonyHints(Estimate(Key.parse("A minor"), 1.0, "set"))
    distant = HarmonyHints(Estimate(Key.parse("Eb minor"), 1.0, "set"))
    sound = play_chords(["C", "F", "G", "C"])
    assert str(_hear(sound, hints=distant).key.value) == "C major"
    ambiguous = play_chords(["Am", "F", "C", "G"])
    assert str(_hear(ambiguous, hints=relative).key.value) == "A minor"


def test_networks_of_the_deep_pass_are_heeded() -> None:
    sound = play_chords(["C", "F", "G", "C"])
    spectrum = compute_harmonic_spectrum(sound)
    chords = np.full((spectrum.frames, 25), 0.01, dtype=np.float32)
    chords[:, 12] = 0.76
    keys = np.full(24, 0.01, dtype=np.float32)
    keys[21] = 0.77
    evidence = HarmonyEvidence(keys, chords)
    plain = find_harmony(spectrum, even_rhythm(sound.duration), learned_weights())
    joined = find_harmony(spectrum, even_rhythm(sound.duration), learned_weights(), evidence=evidence)
    assert plain.chords_confidence > joined.chords_confidence


def test_weights_that_are_none_are_refused() -> None:
    with pytest.raises(EngineError, match="reinstall"):
        read_weights(b"no weights")


@each_case("rate", [2_000, 44_100, 768_000])
@each_case("frames", [1, 10, 4_000])
def test_any_sound_has_an_answer(rate: int, frames: int) -> None:
    sound = Sound.of(np.random.default_rng(frames).normal(size=(2, frames)), rate)
    assert 0.0 <= _hear(sound, NO_RHYTHM).chords_confidence <= 1.0
