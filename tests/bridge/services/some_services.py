"""DaemonServices for tests without a daemon: given mirrors in place of Live, and no analyses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import cast

from musearoo.bridge.analysis.queue import AnalysisQueue
from musearoo.bridge.core.events.incoming import Event
from musearoo.bridge.core.state import State
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.services.daemon_services import DaemonServices
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.user_settings import Settings
from musearoo.engines.players.band.catalogue import ENGINES
from tests.bridge.stage import SECRET, TOKEN


class NothingAnalyzed:
    """An analysis queue without analyses."""

    def known(self, _passage: object) -> None:
        return None


def some_services(
    handle: Callable[[Event], None],
    mirrors: Mapping[int, SetMirror],
    home: Path = Path("nowhere"),
    settings: Settings | None = None,
    state: State | None = None,
    listener: object = None,
    threads: Executor | None = None,
) -> DaemonServices:
    """Return DaemonServices; values that are not given are those of a daemon that has just started."""
    fresh = State(TOKEN, "0.1.0", 48_000, SECRET)
    heard = cast(AnalysisQueue, listener or NothingAnalyzed())
    return DaemonServices(
        settings=settings or Settings(),
        home=home,
        mirrors=mirrors if isinstance(mirrors, dict) else dict(mirrors),
        engines=ENGINES,
        styles=read_styles(),
        state=state or fresh,
        analyses=heard,
        threads=threads or ThreadPoolExecutor(1),
        handle=handle,
    )
