"""What all tests share: marks that are left out unless asked for, and packages that may be missing."""

import gc
import signal
from pathlib import Path

import pytest

from musearoo.bridge.settings.library_environment import prepare_libraries
from tests.optional import GROUPS, groups_of, is_missing, reason

# What is imported and collected stays: looking through it for garbage would take half of the time of the collection.
gc.disable()

# Caches stay from run to run where pytest's own do, never in the user's folder.
prepare_libraries(Path(__file__).parent.parent / ".pytest_cache")

# What a shell's background job ignores, or nohup, every process that the tests start would ignore too.
for _signal, _usual in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
    if (_number := getattr(signal, _signal, None)) and signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _usual)

LEFT_OUT = {
    "live": "needs a real Ableton Live",
    "gpu": "needs a GPU",
    "weights": "needs model weights",
    "network": "needs the internet",
    "long": "takes many minutes",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds --needing."""
    parser.addoption(
        "--needing", default="", metavar="GROUPS", help="only tests that need a package of these: models,audiocraft"
    )


def pytest_collection_finish() -> None:
    """Collects garbage again, among what the tests make."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skips what is marked, unless `-m` names the mark, and what needs a package that is missing."""
    asked = str(config.option.markexpr)
    for item in items:
        for mark, why in LEFT_OUT.items():
            if mark in item.keywords and mark not in asked:
                item.add_marker(pytest.mark.skip(reason=f"{why}: run it with -m {mark}"))
        missing = (package for mark in item.iter_markers("needs") for package in mark.args if is_missing(package))
        for package in missing:
            item.add_marker(pytest.mark.skip(reason=reason(package)))
    groups = {group.strip() for group in str(config.option.needing).split(",") if group.strip()}
    if unknown := groups - set(GROUPS):
        raise pytest.UsageError(f"no group is called {sorted(unknown)[0]!r}; there are {', '.join(GROUPS)}")
    if groups:
        config.hook.pytest_deselected(items=[item for item in items if not groups & groups_of(item.path)])
        items[:] = [item for item in items if groups & groups_of(item.path)]
