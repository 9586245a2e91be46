"""Half precision compared with full, with the same weights and the same codes so far."""

from typing import Any

import pytest

from tests.optional import require

torch = require("torch")

from musearoo.engines.neural.devices import find_half_precision
from musearoo.engines.neural.musicgen.decoding.model import LanguageModel
from musearoo.engines.neural.musicgen.decoding.sampling import Sampling
from musearoo.engines.neural.musicgen.decoding.shape import LanguageShape
from tests.engines.neural.musicgen.decoding.tiny import make_conditions, make_weights

MIDDLING = LanguageShape(dim=256, layers=8, heads=4, hidden=1024, cardinality=300)

pytestmark = pytest.mark.skipif(
    find_half_precision("cpu") is None, reason="this processor computes no faster in half precision"
)


def test_logits_differ_by_a_small_part_of_their_spread() -> None:
    weights, conditions = make_weights(MIDDLING), make_conditions(MIDDLING)
    frames, outcomes = 60, []
    codes = torch.randint(0, 300, (4, frames), generator=torch.Generator().manual_seed(2))
    for precision in ("full", "half"):
        decoder = take_decoder(weights, precision, frames)
        logits = []
        # Each step follows the same codes, whatever would have been drawn.
        for known in range(0, frames, 6):
            decoder.begin(conditions, codes[:, :known], frames)
            decoder.step()
            logits.append(decoder.logits.clone())
        outcomes.append(torch.stack(logits))
    full, half = outcomes
    spread = full.std(dim=-1, keepdim=True)
    assert ((half - full) / spread).square().mean().sqrt() < 0.03
    assert (full.argmax(-1) == half.argmax(-1)).float().mean() > 0.9


def take_decoder(weights: dict[str, Any], precision: Any, frames: int) -> Any:
    model = LanguageModel.build(weights, MIDDLING, precision=precision)
    assert model.precision == precision
    return model.take_decoder(Sampling(), frames, 0, 5)


def test_half_precision_takes_about_half_the_memory() -> None:
    weights = make_weights(MIDDLING)
    full, half = (LanguageModel.build(weights, MIDDLING, precision=precision).bytes for precision in ("full", "half"))
    assert 0.5 < half / full < 0.65
