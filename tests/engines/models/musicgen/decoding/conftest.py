"""What decodes on the processor alone, in one thread."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    torch = pytest.importorskip("torch", reason="MusicGen needs torch: python3 tools/dev.py setup --with models")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
