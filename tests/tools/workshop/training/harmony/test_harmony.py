"""What harmony learns from: pieces are as told, and the network that learns is the one that listens."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from musearoo.engines.analysis.fast.harmony.network import Weights, score_steps
from musearoo.engines.analysis.fast.harmony.spectrum import HarmonicSpectrum
from musearoo.engines.analysis.fast.harmony.steps import divide_time, pooling_matrix
from musearoo.engines.analysis.fast.harmony.vocabulary import CHORD_COUNT, NONE, chord_number
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.progression import parse_progression
from musearoo.engines.music.scale import Key
from musearoo.tools.workshop.training.harmony.pieces import arrange, comp, play_bass, truth
from musearoo.tools.workshop.training.harmony.sources import Tune, walk_at_random
from tests.each_case import each_case
from tests.engines.analysis.fast.harmony.sounds import even_rhythm
from tests.optional import require

TUNE = Tune("openewld/Test", Key.parse("C"), 120.0, 4.0, parse_progression("C Am F G " * 16), {})


def test_the_network_that_listens_is_the_one_that_learned() -> None:
    torch = require("torch")
    from musearoo.tools.workshop.training.harmony.learning import HarmonyNetwork, export_arrays

    torch.manual_seed(0)
    network = HarmonyNetwork()
    network.eval()
    arrays = export_arrays(network)
    weights = Weights(
        **arrays,
        key=np.zeros((1, 2), np.float32),
        key_bias=np.zeros(2, np.float32),
        chords_in_key=np.zeros((2, CHORD_COUNT), np.float32),
        reliability=np.ones((2, 2), np.float32),
    )
    salience = np.random.default_rng(0).uniform(0.0, 4.0, (81, 80)).astype(np.float32)
    steps = divide_time(even_rhythm(8.0), 8.0)
    scores = score_steps(HarmonicSpectrum(salience, np.ones(81, np.float32), 0.0, 1.0, 8.0), steps, weights)
    pooling = torch.from_numpy(pooling_matrix(steps.edges, 0, 81))
    clips = torch.cat([torch.zeros(steps.count), torch.ones(steps.count)])
    with torch.no_grad():
        # The same clip twice in one batch: neither may hear the other.
        twice = torch.from_numpy(np.concatenate([salience, salience]))
        chords, basses, _ = network(twice, torch.block_diag(pooling, pooling), clips)
    for half in (slice(0, steps.count), slice(steps.count, None)):
        np.testing.assert_allclose(scores.chords, torch.log_softmax(chords[half], 1).numpy(), atol=1e-3)
        np.testing.assert_allclose(scores.basses, torch.log_softmax(basses[half], 1).numpy(), atol=1e-3)


@each_case("seed", range(6))
def test_pieces_play_the_chords_that_they_are_said_to(seed: int) -> None:
    piece = arrange(TUNE, "test", Random(seed))
    told = truth(piece)
    chords = told["chords"]
    assert isinstance(chords, list)
    assert chords[0][0] == 0.0
    assert chords[-1][1] == pytest.approx(told["duration"])
    assert arrange(TUNE, "test", Random(seed)) == piece
    for part, _, notes in piece.parts:
        if part in ("comping", "second"):
            for note in notes:
                span = next(span for span in piece.spans if span.start - 0.1 <= note.start < span.end + 0.1)
                near = [other for other in piece.spans if abs(other.start - note.start) < 0.1]
                allowed = {pitch for one in (span, *near) for pitch in one.chord.pitch_classes}
                assert note.pitch % 12 in allowed


def test_a_bass_begins_each_chord_with_its_bass_note() -> None:
    spans = parse_progression("C/E F Am/G D")
    for seed in range(5):
        notes = play_bass(spans, Random(seed))
        for span in spans:
            first = min((note for note in notes if note.start >= span.start), key=lambda note: note.start)
            assert first.pitch % 12 == span.chord.bass_or_root


def test_a_walk_visits_chords_that_can_be_heard() -> None:
    tune = walk_at_random(Random(1))
    assert all(0 <= chord_number(span.chord) < NONE for span in tune.spans)
    assert comp(tune.spans, Random(2))


def test_richer_chords_are_heard_as_plainer_ones() -> None:
    assert chord_number(Chord.parse("G13")) == chord_number(Chord.parse("G7"))
