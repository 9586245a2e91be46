"""What the daemon's services share: its settings, its state and its threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from musearoo.bridge.analysis.queue import AnalysisQueue
from musearoo.bridge.core.events.incoming import Event
from musearoo.bridge.core.state import State
from musearoo.bridge.live_set.listening import Passage
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.live_set.sounds import Sounds
from musearoo.bridge.settings.user_settings import Settings
from musearoo.engines.music.knowledge.analysis import Analysis
from musearoo.engines.players.band.catalogue import EngineRecord
from musearoo.engines.styles.schema import Style


@dataclass(slots=True)
class DaemonServices:
    """What the daemon's services share. The daemon replaces `state` and `styles`; only its event loop's thread may.

    `mirrors` are the open Live sets by connection, `threads` run engines, and `handle` takes each event. Without
    `sounds` nothing is loaded onto silent tracks.
    """

    settings: Settings
    home: Path
    engines: tuple[EngineRecord, ...]
    styles: Mapping[str, Style]
    state: State
    mirrors: dict[int, SetMirror]
    analyses: AnalysisQueue
    threads: Executor
    handle: Callable[[Event], None]
    sounds: Sounds | None = None

    def recall(self, passage: Passage) -> Analysis | None:
        """Return the analysis of a passage, or None while there is none."""
        return self.analyses.known(passage)
