"""Draws compared with `torch.multinomial`, exactly."""

from typing import Any

from tests.optional import require

torch = require("torch")

from musearoo.engines.neural.musicgen.decoding.sampling import Sampling, draw, guide


def make_logits(draws: int) -> Any:
    return 3.0 * torch.randn((draws, 4, 200), generator=torch.Generator().manual_seed(1))


def test_it_draws_what_multinomial_draws() -> None:
    ours, theirs = torch.Generator().manual_seed(8), torch.Generator().manual_seed(8)
    for logits in make_logits(300):
        expected = torch.multinomial(torch.softmax(logits / 0.8, -1), 1, generator=theirs)[:, 0]
        assert torch.equal(draw(logits, Sampling(temperature=0.8, top_k=0), ours), expected)


def test_frequencies_match_probabilities() -> None:
    logits = torch.log(torch.tensor([[0.5, 0.3, 0.15, 0.05]]))
    generator = torch.Generator().manual_seed(2)
    drawn = torch.cat([draw(logits, Sampling(top_k=3), generator) for _ in range(4000)])
    shares = torch.bincount(drawn, minlength=4) / len(drawn)
    torch.testing.assert_close(shares, torch.tensor([0.5, 0.3, 0.15, 0.0]) / 0.95, atol=0.03, rtol=0.0)


def test_it_draws_among_the_likeliest() -> None:
    generator = torch.Generator().manual_seed(8)
    for logits in make_logits(100):
        drawn = draw(logits, Sampling(top_k=7), generator)
        assert all(code in logits[book].topk(7).indices for book, code in enumerate(drawn))


def test_temperature_zero_takes_the_most_likely() -> None:
    for logits in make_logits(5):
        assert torch.equal(draw(logits, Sampling(temperature=0.0), torch.Generator()), logits.argmax(-1))


def test_guidance_pushes_away_from_the_unconditional() -> None:
    wanted, nothing = torch.tensor([[1.0, 2.0]]), torch.tensor([[1.5, 1.0]])
    assert guide(torch.stack([wanted, nothing]), 3.0).tolist() == [[0.0, 4.0]]
    assert guide(wanted[None], 1.0).tolist() == [[1.0, 2.0]]
