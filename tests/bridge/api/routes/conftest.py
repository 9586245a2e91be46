"""People on a real server: Ada, Bob and Eve, each with a token, and the owner of the machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx2 as httpx

    from tests.bridge.api.running import RunningServer


@pytest.fixture(scope="module")
def known(running: RunningServer, request: pytest.FixtureRequest) -> Iterator[dict[str, httpx.Client]]:
    """Clients of three users of this module, and of `local`, by name."""
    from tests.bridge.api.running import people

    module = request.module.__name__.rpartition("_")[2]
    with people(running, *(f"{name}-{module}" for name in ("ada", "bob", "eve"))) as clients:
        yield {name.partition("-")[0]: client for name, client in clients.items()}


@pytest.fixture
def ada(known: dict[str, httpx.Client]) -> httpx.Client:
    """Ada, who makes sessions."""
    return known["ada"]


@pytest.fixture
def make(ada: httpx.Client) -> Callable[..., str]:
    """Make a session of Ada's, and return its id."""

    def make(**fields: Any) -> str:
        made = ada.post("/sessions", json=fields)
        assert made.status_code == 201, made.text
        return str(made.json()["id"])

    return make
