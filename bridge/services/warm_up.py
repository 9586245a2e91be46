"""Warm up after the start, in a thread of its own: no request pays for first calls, and none waits for this."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Final

from musearoo.bridge.process.gc_control import calm_collector
from musearoo.bridge.settings.logs import LOG
from musearoo.engines.analysis.scene.merging import ScenePart, merge_context
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.players.band.catalogue import EngineRecord
from musearoo.engines.styles.schema import Style

WARM_UP_REST: Final = 0.002
"""Seconds between two steps of the warm-up, in which requests have the machine to themselves."""
LONGEST_WAIT: Final = 0.1
"""Seconds at most that a step waits while requests are under way: some take minutes."""
SWITCH_MEANWHILE: Final = 0.0002
"""Seconds after which a step lets another thread run. A press passes from thread to thread some ten times."""
READ_BARS: Final = 4
"""Bars of each part in the scene that is read: too few strokes of the drums have no groove."""


class WarmUp:
    """Steps of a warm-up, one after the other. For the event loop's thread only.

    `is_busy`, which any thread may call, says whether requests are under way: steps wait for those. `switch_after`:
    the process's switch interval, which comes back after the steps.
    """

    def __init__(self, is_busy: Callable[[], object], switch_after: float) -> None:
        self._is_busy = is_busy
        self._switch_after = switch_after
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="warm-up")
        self._last: Future[None] | None = None

    def start(self, steps: Iterable[Callable[[], object]]) -> None:
        """Begin the steps, after those of earlier calls; one that fails is logged."""
        hurry, calm = (partial(sys.setswitchinterval, each) for each in (SWITCH_MEANWHILE, self._switch_after))
        every: tuple[Callable[[], object], ...] = (hurry, *steps, calm_collector, calm)
        for step in every:
            self._last = self._thread.submit(self._perform, step)

    @property
    def is_done(self) -> bool:
        """Whether no step runs or waits."""
        return self._last is None or self._last.done()

    def close(self) -> None:
        """Leave out the steps that have not begun."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _perform(self, step: Callable[[], object]) -> None:
        until = time.monotonic() + LONGEST_WAIT
        while self._is_busy() and time.monotonic() < until:
            time.sleep(WARM_UP_REST)
        try:
            step()
        except Exception:
            LOG.exception("A step of the warm-up fails: %s", step)
        time.sleep(WARM_UP_REST)


def engine_steps(engines: Sequence[EngineRecord], styles: Mapping[str, Style]) -> Iterator[Callable[[], object]]:
    """Return steps that run every engine in every style, for one bar each, and one that reads a scene.

    The first press may come during the first steps: after those of one style each engine has been run once.
    """
    for number, style in enumerate(styles.values()):
        for engine in engines:
            yield partial(_play, engine, style, bars=1)
        if not number:
            yield partial(_read_scene, engines, style, styles)


def _play(engine: EngineRecord, style: Style, bars: int) -> Clip:
    return engine.generate(engine.params(style=style, bars=bars), MusicalContext.plain(), 0)


def _read_scene(engines: Sequence[EngineRecord], style: Style, styles: Mapping[str, Style]) -> None:
    """Read a scene in which all engines play: what styles and swings look like is worked out at the first reading."""
    parts = [ScenePart(engine.title, _play(engine, style, READ_BARS)) for engine in engines]
    merge_context(parts, styles=styles)
