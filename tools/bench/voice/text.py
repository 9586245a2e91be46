"""Written sentences to commands: accuracy and speed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.bridge.settings.voice_table import read_understander
from musearoo.engines.language.copilot.respond import ACT
from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.rows import Row
from musearoo.tools.bench.voice.sentences import OUTSIDE, WRITTEN, Sentence, is_exact, read_table

PART: Final = "Text to intent"
SLOWEST: Final = 1000.0
"""The limit per sentence in microseconds."""

TIMES: Final = 5
"""How often each sentence is parsed; the fastest counts, because the others waited for the machine."""


def judge_text(tell: Callable[[str, int, int], None]) -> Iterator[Row]:
    """Yield the rows of the written tables."""
    understander = read_understander(read_styles())
    took: list[float] = []
    for place, name in enumerate(WRITTEN):
        tell(f"the table {name}", place, len(WRITTEN))
        table = read_table(name)
        exact = 0
        for sentence in table.all:
            command = understander.understand(sentence.text, table.names)
            exact += is_exact(command, sentence)
        share = 100.0 * exact / len(table.all)
        took += _time(table.all, partial(understander.understand, names=table.names))
        yield Row(PART, f"{name}: exact", "%", share, None, exact == len(table.all), f"of {len(table.all)} sentences")
    outside = read_table(OUTSIDE)
    acted = sum(understander.understand(one.text, outside.names).confidence >= ACT for one in outside.all)
    share = 100.0 * acted / len(outside.all)
    yield Row(PART, f"{OUTSIDE}: acted upon", "%", share, None, None, f"of {len(outside.all)} sentences, in writing")
    for percent in (50, 95, 100):
        value = percentile(took, percent)
        name = "slowest sentence" if percent == 100 else f"p{percent}"
        yield Row(PART, name, "µs", value, None, value < SLOWEST, f"under {SLOWEST:g}")


def _time(sentences: Sequence[Sentence], understand: Callable[[str], object]) -> Iterator[float]:
    """Yield the microseconds of each sentence."""
    for sentence in sentences:
        times = []
        for _ in range(TIMES):
            started = time.perf_counter()
            understand(sentence.text)
            times.append(time.perf_counter() - started)
        yield min(times) * 1e6
