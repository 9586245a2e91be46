"""What all tests share: marks that are left out unless asked for."""

from collections.abc import Iterable

import pytest

from bridge.algebra_threads import use_one_algebra_thread

use_one_algebra_thread()

LEFT_OUT = {
    "live": "needs a real Ableton Live",
    "gpu": "needs a GPU",
    "weights": "needs model weights",
    "network": "needs the internet",
    "long": "takes many minutes",
}


def pytest_collection_modifyitems(config: pytest.Config, items: Iterable[pytest.Item]) -> None:
    """Skips what is marked, unless `-m` names the mark."""
    asked = str(config.option.markexpr)
    for item in items:
        for mark, reason in LEFT_OUT.items():
            if mark in item.keywords and mark not in asked:
                item.add_marker(pytest.mark.skip(reason=f"{reason}: run it with -m {mark}"))
