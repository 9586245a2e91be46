"""The cache of loaded models: what stays, what is evicted, and what never fits."""

import pytest

from musearoo.engines.neural import model_cache as shelves
from musearoo.engines.neural.model_cache import LEAST_BUDGET, ModelCache, NoRoomError


def test_a_model_is_loaded_once() -> None:
    shelf = ModelCache(budget=100)
    loaded: list[str] = []

    def load() -> str:
        loaded.append("key")
        return "the key model"

    assert [shelf.take("key", load, 10) for _ in range(3)] == ["the key model"] * 3
    assert loaded == ["key"]
    assert shelf.bytes_on() == 10


def test_the_least_recently_used_is_evicted_first() -> None:
    shelf = ModelCache(budget=100)
    for name in ("a", "b", "c"):
        shelf.take(name, object, 30)
    shelf.take("a", object, 30)
    shelf.make_room(40, "a job")
    assert shelf.names == ("c", "a")
    shelf.make_room(100, "a larger job")
    assert shelf.bytes_on() == 0


def test_an_oversized_model_is_refused_without_evictions() -> None:
    shelf = ModelCache(budget=2_000_000_000)
    shelf.take("a", object, 30)
    with pytest.raises(NoRoomError, match=r"The job split needs 3\.2 GB of memory, and 2\.0 GB is what .* may take"):
        shelf.make_room(3_200_000_000, "The job split")
    assert shelf.names == ("a",)


def test_a_model_that_fails_to_load_is_not_kept() -> None:
    shelf = ModelCache()
    with pytest.raises(ZeroDivisionError):
        shelf.take("broken", lambda: 1 / 0, 10)
    assert shelf.names == ()


class _Gpu:
    """A GPU's memory as its driver reports it."""

    def __init__(self, free: int) -> None:
        self.free = free

    def load(self, size: int) -> object:
        self.free -= size
        return object()

    def ask_free(self, device: str) -> int | None:
        return {"cuda": self.free}.get(device)


def test_a_gpu_bounds_its_models_by_what_is_free_there() -> None:
    gpu = _Gpu(free=1000)
    shelf = ModelCache(budget=100, ask_free=gpu.ask_free, headroom=100)
    shelf.take("small", object, 60)
    shelf.take("large", lambda: gpu.load(700), 700, "cuda")
    assert (shelf.names, shelf.bytes_on(), shelf.bytes_on("cuda")) == (("small", "large"), 60, 700)
    shelf.make_room(200, "what fits beside it", "cuda")
    assert shelf.bytes_on("cuda") == 700
    # Another program takes the free memory: cached models on this device are evicted, those elsewhere stay.
    gpu.free -= 100
    shelf.make_room(200, "what does not any more", "cuda")
    assert (shelf.bytes_on(), shelf.bytes_on("cuda")) == (60, 0)


def test_a_gpu_is_never_filled_to_the_brim() -> None:
    shelf = ModelCache(ask_free=_Gpu(free=3_000_000_000).ask_free)
    shelf.take("a", object, 30, "cuda")
    with pytest.raises(
        NoRoomError, match=r"The model x needs 2\.1 GB of memory on the GPU \(cuda\), and 2\.0 GB of it"
    ):
        shelf.take("x", object, 2_100_000_000, "cuda")
    assert shelf.names == ("a",)


def test_a_device_that_cannot_be_asked_bounds_nothing() -> None:
    shelf = ModelCache(budget=100, ask_free=_Gpu(free=0).ask_free)
    shelf.take("a", object, 10**15, "mps")
    assert shelf.bytes_on("mps") == 10**15


def test_the_same_model_may_be_on_two_devices() -> None:
    shelf = ModelCache(ask_free=lambda _: None)
    assert shelf.take("a", object, 30) is not shelf.take("a", object, 30, "cuda")
    assert shelf.names == ("a", "a")


@pytest.mark.parametrize(
    ("memory", "budget"), [(None, LEAST_BUDGET), (6 * 10**9, LEAST_BUDGET), (64 * 10**9, 32 * 10**9)]
)
def test_half_of_the_machine_is_there_for_models(
    monkeypatch: pytest.MonkeyPatch, memory: int | None, budget: int
) -> None:
    monkeypatch.setattr(shelves, "machine_bytes", lambda: memory)
    shelf = ModelCache()
    shelf.make_room(budget, "a model")
    with pytest.raises(NoRoomError):
        shelf.make_room(budget + 1, "a larger model")
