from pathlib import Path

import numpy as np
import pytest

from musearoo.tools.bench.corpora.piece import Part, Piece, Stroke, Tone
from musearoo.tools.workshop.training.activations.bands import add_band, bars_of
from musearoo.tools.workshop.training.activations.mixing import Library, add, change_speed, mix, synthesise
from musearoo.tools.workshop.training.activations.samples import DRUM_VELOCITIES, KITS, PITCHES, PROGRAMS, RATE, cut
from musearoo.tools.workshop.training.activations.scenes import events_of, swap_drums
from tests.each_case import each_case

BEATS = tuple(0.5 * number for number in range(17))


@pytest.fixture
def piece() -> Piece:
    strokes = tuple(Stroke(time, pitch, 100) for time in BEATS[:-1] for pitch in (36, 42))
    return Piece("a", "a", 8.0, BEATS[:-1], BEATS[:-1:4], "4/4", strokes=strokes)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """A soundfont of decaying noise and sines."""
    time = np.arange(RATE // 4) / RATE
    thud = (20_000 * np.exp(-time / 0.03) * np.random.default_rng(0).standard_normal(time.size) / 4).astype(np.int16)
    arrays = {f"k{kit}_{pitch}_{velocity}": thud for kit in KITS for pitch in (36, 42) for velocity in DRUM_VELOCITIES}
    for pitch in PITCHES:
        note = 8_000 * np.sin(2.0 * np.pi * 440.0 * 2.0 ** ((pitch - 69) / 12.0) * time)
        arrays |= {f"p{program}_{pitch}": note.astype(np.int16) for program in PROGRAMS}
    np.savez(tmp_path / "font.npz", **arrays)  # type: ignore[arg-type]
    return Library([tmp_path / "font.npz"])


def test_the_same_seed_gives_the_same_scene(piece: Piece, library: Library) -> None:
    one, same, other = (mix(piece, library, np.random.default_rng(seed)) for seed in (1, 1, 2))

    assert one.size == 8 * RATE
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).max() > 0.01


@pytest.mark.parametrize("seed", range(6))
def test_strokes_sound_at_their_times(piece: Piece, library: Library, seed: int) -> None:
    sound = mix(piece, library, np.random.default_rng(seed))
    power = np.add.reduceat(sound**2, np.arange(0, sound.size, RATE // 100))

    assert np.isfinite(sound).all()
    for beat in piece.beats[2:]:
        frame = round(beat * 100)
        assert power[frame : frame + 5].sum() > power[frame - 6 : frame - 1].sum()


def test_tones_are_played_at_their_pitch(library: Library) -> None:
    tones = (Tone(0.0, 0.9, 69, 96, "lead"),)
    piece = Piece("b", "b", 1.0, (0.0, 0.5), (0.0,), "4/4", tones=tones, parts=(Part("lead", 0),))
    # Whatever colours it, its strongest frequency stays.
    spectra = [np.abs(np.fft.rfft(mix(piece, library, np.random.default_rng(seed)))) for seed in range(5)]

    assert np.median([spectrum[50:].argmax() + 50 for spectrum in spectra]) == pytest.approx(440, abs=6)


def test_bands_keep_to_the_beats(piece: Piece) -> None:
    banded = add_band(piece, np.random.default_rng(3))

    assert banded.tones
    assert banded.beats == piece.beats
    assert all(-0.1 <= tone.start < tone.end <= piece.duration + 0.5 for tone in banded.tones)
    assert bars_of(piece)[0] == [0.0, 0.5, 1.0, 1.5, 2.0]


def test_swapped_drums_stay_where_they_were(piece: Piece) -> None:
    swapped = swap_drums(piece, np.random.default_rng(5))

    assert [stroke.time for stroke in swapped.strokes] == [stroke.time for stroke in piece.strokes]
    assert {stroke.pitch for stroke in swapped.strokes} != {36, 42}
    beats, downbeats, onsets, *drums = events_of(swapped)
    assert beats is not None
    assert downbeats is not None
    assert onsets is not None
    assert (beats.size, downbeats.size, onsets.size) == (16, 4, 32)
    assert sum(times.size for times in drums if times is not None) == 32


@each_case("kind", ["kick", "snare", "hat", "tom", "cymbal"])
def test_oscillators_make_every_drum(kind: str) -> None:
    for seed in range(8):
        sound = synthesise(kind, 45, np.random.default_rng(seed))
        assert np.abs(sound).max() == pytest.approx(1.0)
        # It begins at once and dies away.
        assert np.abs(sound[: RATE // 50]).max() > 0.1
        assert np.abs(sound[-100:]).max() < 0.3


def test_samples_are_cut_moved_and_added() -> None:
    sound = np.zeros(10, dtype=np.float32)
    add(sound, np.ones(4, dtype=np.float32), -2, 0.5)
    add(sound, np.ones(4, dtype=np.float32), 8, 2.0)
    add(sound, np.ones(4, dtype=np.float32), 20, 1.0)
    assert sound.tolist() == [0.5, 0.5, 0, 0, 0, 0, 0, 0, 2.0, 2.0]

    assert change_speed(np.arange(11, dtype=np.float32), 2.0).tolist() == [0, 2, 4, 6, 8]
    assert cut(np.zeros(100, dtype=np.int16)).size == 0
    assert cut(np.array([0, 9000, 0, 0], dtype=np.int16)).size == 2
