"""The two implementations of linear layers compared."""

from typing import Any

import pytest

from tests.optional import require

torch = require("torch")

from musearoo.engines.neural.musicgen.decoding import linear
from musearoo.engines.neural.musicgen.decoding.linear import Numerics, Packed, Plain, can_pack, make_linear

FULL = Numerics(torch.device("cpu"), torch.float32, torch.float32, torch.float32)
needs_packing = pytest.mark.skipif(not can_pack(torch.float32), reason="this torch has no oneDNN")


def make(biased: bool) -> tuple[Any, Any]:
    generator = torch.Generator().manual_seed(4)
    weight = torch.randn((48, 32), generator=generator)
    return weight, torch.randn(48, generator=generator) if biased else None


@needs_packing
@pytest.mark.parametrize("biased", [True, False])
@pytest.mark.parametrize("rows", [1, 2, 3, 40])
def test_both_implementations_agree(rows: int, biased: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    weight, bias = make(biased)
    packed = make_linear(weight, bias, FULL)
    monkeypatch.setattr(linear, "can_pack", lambda _kind: False)
    plain = make_linear(weight, bias, FULL)
    assert (type(packed), type(plain)) == (Packed, Plain)
    values, stream = torch.randn(rows, 32), torch.randn(rows, 48)
    torch.testing.assert_close(packed(values), plain(values))
    torch.testing.assert_close(plain(values), torch.nn.functional.linear(values, weight, bias))
    sums = stream.clone(), stream.clone()
    packed.add_to(sums[0], values)
    plain.add_to(sums[1], values)
    torch.testing.assert_close(sums[0], sums[1])
    torch.testing.assert_close(sums[0], stream + plain(values))


@pytest.mark.parametrize("packs", [True, False])
def test_weights_may_go_or_change_afterwards(packs: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not packs:
        monkeypatch.setattr(linear, "can_pack", lambda _kind: False)
    weight, _ = make(biased=False)
    product, values = make_linear(weight, None, FULL), torch.randn(2, 32)
    before = product(values)
    weight.zero_()
    assert torch.equal(product(values), before)


def test_a_processor_that_knows_no_half_precision_computes_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear, "find_half_precision", lambda _device: None)
    assert not Numerics.of("cpu", half=True).is_half


def test_a_gpu_computes_all_of_it_in_half_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear, "find_half_precision", lambda _device: torch.float16)
    place = Numerics.of("cuda:0", half=True)
    assert (place.weights, place.stream, place.attention) == (torch.float16,) * 3


def test_a_processor_adds_and_attends_in_full_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear, "find_half_precision", lambda _device: torch.bfloat16)
    place = Numerics.of("cpu", half=True)
    assert (place.weights, place.stream, place.attention) == (torch.bfloat16, torch.float32, torch.float32)


def test_a_torch_without_onednn_is_detected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    assert not can_pack.__wrapped__(torch.float32)
