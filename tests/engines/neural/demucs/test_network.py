"""Our network compared with the library's."""

from fractions import Fraction
from typing import Any

import pytest

from tests.optional import require

torch = require("torch", "demucs")

from demucs.htdemucs import HTDemucs

from musearoo.engines.neural.demucs.convolutions import Numerics
from musearoo.engines.neural.demucs.network import Network, can_build
from musearoo.engines.neural.demucs.thread_pool import ThreadPool
from musearoo.tools.bench.stems.random_demucs import FOUR, TINY
from tests.each_case import each_case

CPU = Numerics(torch.device("cpu"), torch.float32)

pytestmark = pytest.mark.usefixtures("tiny")


def make_model(**options: Any) -> Any:
    torch.manual_seed(3)
    return HTDemucs(list(FOUR), **{**TINY, "segment": Fraction(1, 2), **options}).eval()


def compute(network: Network, mix: Any, threads: int = 2) -> Any:
    with torch.inference_mode(), ThreadPool(threads) as pool:
        return network(mix, pool)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({}, id="as the published models"),
        pytest.param({"bottom_channels": 16}, id="with channels of its own for the transformer"),
        pytest.param({"dconv_mode": 1, "t_layer_scale": False}, id="no residuals on the way up"),
        pytest.param({"t_cross_first": True, "audio_channels": 1}, id="crosses first, one channel"),
    ],
)
def test_it_matches_the_library(options: dict[str, Any]) -> None:
    model = make_model(**options)
    mix = torch.randn(2, options.get("audio_channels", 2), 22_050)
    with torch.inference_mode():
        expected = model(mix)
    torch.testing.assert_close(compute(Network.of(model, CPU, range(4)), mix), expected, atol=2e-5, rtol=1e-3)


def test_it_computes_the_sources_that_are_wanted() -> None:
    model, mix = make_model(), torch.randn(1, 2, 22_050)
    everything = compute(Network.of(model, CPU, range(4)), mix)
    torch.testing.assert_close(
        compute(Network.of(model, CPU, (2, 0)), mix), everything[:, [2, 0]], atol=1e-5, rtol=1e-3
    )


def test_threads_do_not_change_the_result() -> None:
    network, mix = Network.of(make_model(), CPU, range(4)), torch.randn(1, 2, 22_050)
    torch.testing.assert_close(compute(network, mix, threads=3), compute(network, mix, threads=0), atol=1e-5, rtol=1e-3)


def test_half_precision_is_close() -> None:
    model, mix = make_model(), torch.randn(1, 2, 22_050)
    full = compute(Network.of(model, CPU, range(4)), mix)
    half = compute(Network.of(model, Numerics(CPU.device, torch.bfloat16), range(4)), mix)
    assert half.dtype == torch.float32
    assert 0.0 < float((half - full).norm() / full.norm()) < 0.1


def test_it_counts_shared_work() -> None:
    reports: list[None] = []
    network = Network.of(make_model(), CPU, range(4))
    with torch.inference_mode(), ThreadPool(0, lambda: reports.append(None)) as pool:
        network(torch.randn(1, 2, 22_050), pool)
    assert len(reports) == network.shares


@each_case("options", [{"t_emb": "cape"}, {"norm_starts": 1}, {"t_layers": 0}, {"t_norm_out": False}])
def test_unsupported_options_are_detected(options: dict[str, Any]) -> None:
    assert can_build(make_model())
    assert not can_build(make_model(**options))
    assert not can_build(torch.nn.Identity())
