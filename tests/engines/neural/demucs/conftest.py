"""Tiny models with random weights, and sounds in memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.optional import require


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield a folder with all three models, tiny; torch uses one thread meanwhile."""
    torch = require("torch", "demucs")
    from musearoo.tools.bench.stems.random_demucs import MODELS, write_random_demucs

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("tiny")
    for name in MODELS:
        write_random_demucs(folder, name, tiny=True)
    yield folder
    torch.set_num_threads(before)
