"""Reusing a decoder, as on a GPU, and its progress and memory."""

import pytest

from tests.optional import require

torch = require("torch")

from dataclasses import replace
from typing import Any

from musearoo.engines.neural.musicgen.decoding.decoder import Decoder, encode_positions
from musearoo.engines.neural.musicgen.decoding.delays import count_steps
from musearoo.engines.neural.musicgen.decoding.sampling import Sampling
from musearoo.engines.neural.musicgen.decoding.shape import Conditions, LanguageShape
from tests.each_case import each_case
from tests.engines.neural.musicgen.decoding.tiny import MELODY, TEXT, make_conditions, make_model

SAMPLING = Sampling(top_k=20, seed=3)
NO_CODES = torch.zeros((4, 0), dtype=torch.int64)


def run(decoder: Decoder, conditions: Conditions, frames: int, known: Any = NO_CODES) -> Any:
    decoder.seed(3)
    decoder.begin(conditions, known, frames)
    while decoder.steps_left:
        decoder.step()
    return decoder.read(0, frames)


@each_case("shape", [TEXT, MELODY])
def test_earlier_decoding_has_no_effect(shape: LanguageShape) -> None:
    network = make_model(shape).network
    long, short = make_conditions(shape, steps=9, seed=1), make_conditions(shape, steps=4, seed=2)
    prompt = torch.full((4, 7), 5)
    used = Decoder(network, SAMPLING, 40, long.lead, long.beside)
    run(used, long, 40)
    fresh = Decoder(network, SAMPLING, 25, short.lead, short.beside)
    assert used.serves(SAMPLING, 25, short.lead, short.beside)
    assert torch.equal(run(used, short, 25, prompt), run(fresh, short, 25, prompt))


def test_a_request_with_nan_does_not_affect_the_next() -> None:
    network, conditions = make_model().network, make_conditions()
    decoder = Decoder(network, SAMPLING, 10, 0, 5)
    expected = run(decoder, conditions, 10)
    assert conditions.cross is not None
    with pytest.raises(RuntimeError, match="not finite"):
        run(decoder, Conditions(cross=conditions.cross * torch.nan), 10)
    assert torch.equal(run(decoder, conditions, 10), expected)


def test_it_serves_what_it_has_room_for() -> None:
    decoder = Decoder(make_model().network, SAMPLING, 30, 0, 8)
    assert decoder.serves(replace(SAMPLING, seed=99), 30, 0, 8)
    assert decoder.serves(SAMPLING, 60, 0, 8), "34 steps are held by a memory of 64"
    assert not decoder.serves(SAMPLING, 61, 0, 8)
    assert not decoder.serves(SAMPLING, 60, 1, 8)
    assert not decoder.serves(SAMPLING, 30, 0, 9)
    assert not decoder.serves(replace(SAMPLING, top_k=21), 30, 0, 8)
    assert not decoder.serves(replace(SAMPLING, guidance=1.0), 30, 0, 8)


def test_it_reports_its_progress() -> None:
    decoder, conditions = Decoder(make_model().network, SAMPLING, 10, 0, 5), make_conditions()
    decoder.begin(conditions, torch.full((4, 2), 5), 10)
    far = []
    while decoder.steps_left:
        decoder.step()
        far.append((decoder.steps_left, decoder.finished))
    assert far[0] == (10, 0)
    assert far[-1] == (0, 10)
    assert len(far) == count_steps(10, TEXT.delays) - 1 - 2


def test_positions_are_encoded_as_in_the_paper() -> None:
    marks = encode_positions(30, make_model().network)
    for step in (0, 1, 29):
        for channel in (0, 3, 15):
            phase = step / 10_000 ** (channel / 15)
            torch.testing.assert_close(marks[step, channel], torch.tensor(phase).cos())
            torch.testing.assert_close(marks[step, 16 + channel], torch.tensor(phase).sin())
