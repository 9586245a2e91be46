"""Warm up before the first request, so that none pays for first calls."""

import time
from collections.abc import Mapping, Sequence
from typing import Final

from musearoo.bridge.analysis.analyzer import AudioAnalyzer
from musearoo.bridge.process.gc_control import calm_collector
from musearoo.bridge.settings.logs import LOG
from musearoo.bridge.settings.pattern_library import PatternLibrary
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.players.band.catalogue import EngineRecord
from musearoo.engines.styles.schema import Style

WARM_UP_REST: Final = 0.002
"""Seconds between two steps of the warm-up, in which requests have the machine to themselves."""


def warm_up(
    engines: Sequence[EngineRecord], styles: Mapping[str, Style], analyzer: AudioAnalyzer, patterns: PatternLibrary
) -> None:
    """Run every engine for one bar and the analyzer once, so that no request pays for first calls."""
    for engine in engines:
        for style in styles.values():
            try:
                engine.generate(engine.params(style=style, bars=1), MusicalContext.plain(), 0)
            except Exception:
                LOG.exception("%s fails in the style %s", engine.title, style.name)
            time.sleep(WARM_UP_REST)
    try:
        analyzer.warm()
    except Exception:
        LOG.exception("The analyzer cannot be warmed up")
    if patterns.patterns is not None:
        LOG.debug("%d patterns stand by.", len(patterns.patterns))
    calm_collector()
