"""A taught tiny model, once for all tests."""

from pathlib import Path

import pytest

from tests.engines.models.moonshine.tiny import write_moonshine


@pytest.fixture(scope="session")
def moonshine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its folder; tests that break a file copy it first."""
    for package in ("torch", "transformers", "tokenizers"):
        pytest.importorskip(package, reason="the extra `models` is not installed")
    return write_moonshine(tmp_path_factory.mktemp("moonshine"))
