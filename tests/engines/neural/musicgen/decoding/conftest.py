"""Run decoding on the CPU in one thread."""

from collections.abc import Iterator

import pytest

from tests.optional import require


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    torch = require("torch")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
