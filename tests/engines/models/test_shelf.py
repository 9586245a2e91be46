"""The shelf of loaded models: what stays, what goes, and what never fits."""

import pytest

from engines.errors import EngineError
from engines.models.shelf import ModelShelf


def test_a_model_is_loaded_once() -> None:
    shelf = ModelShelf(budget=100)
    loaded: list[str] = []

    def load() -> str:
        loaded.append("key")
        return "the key model"

    assert [shelf.take("key", load, 10) for _ in range(3)] == ["the key model"] * 3
    assert loaded == ["key"]
    assert shelf.bytes == 10


def test_what_was_not_used_for_longest_goes_first() -> None:
    shelf = ModelShelf(budget=100)
    for name in ("a", "b", "c"):
        shelf.take(name, object, 30)
    shelf.take("a", object, 30)
    shelf.make_room(40, "a job")
    assert shelf.names == ("c", "a")
    shelf.make_room(100, "a larger job")
    assert shelf.bytes == 0


def test_what_never_fits_is_refused_and_nothing_goes() -> None:
    shelf = ModelShelf(budget=2_000_000_000)
    shelf.take("a", object, 30)
    with pytest.raises(EngineError, match=r"The job split needs 3\.2 GB of memory, and 2\.0 GB is what .* may take"):
        shelf.make_room(3_200_000_000, "The job split")
    assert shelf.names == ("a",)


def test_a_model_that_fails_to_load_is_not_kept() -> None:
    shelf = ModelShelf()
    with pytest.raises(ZeroDivisionError):
        shelf.take("broken", lambda: 1 / 0, 10)
    assert shelf.names == ()
