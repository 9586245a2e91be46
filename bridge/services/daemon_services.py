"""What the daemon lends to those who work for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from musearoo.bridge.analysis.queue import AnalysisQueue
from musearoo.bridge.core.events import Event
from musearoo.bridge.core.state import State
from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.settings.user_settings import Settings
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.players.band.catalogue import EngineRecord
from musearoo.engines.styles.schema import Style


@dataclass(frozen=True, slots=True)
class DaemonServices:
    """What the daemon knows, the threads that work for it, and `tell`, which takes what has happened.

    What changes is asked for each time: the state, the styles, and the listener, which comes with the event loop.
    """

    settings: Settings
    home: Path
    mirrors: Mapping[int, SetMirror]
    engines: tuple[EngineRecord, ...]
    ask_state: Callable[[], State]
    ask_styles: Callable[[], Mapping[str, Style]]
    ask_analyses: Callable[[], AnalysisQueue]
    threads: Executor
    tell: Callable[[Event], None]

    def recall(self, passage: Passage) -> Analysis | None:
        """What was heard of a passage, None where it was not."""
        return self.ask_analyses().known(passage)
