"""The runner of `musearoo bench predict`: scripted sessions in the simulated Live, and how often a take was ready.

Each half is replayed by one user, session after session in a new set each, so that habits are learnt as they would be.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from musearoo.engines.errors import EngineError
from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.predict.replay import Asked, Counted, Replay, read_counts
from musearoo.tools.bench.predict.scripts import HALVES, Script, read_scripts
from musearoo.tools.bench.rows import Results, Row
from musearoo.tools.studio.processes import STUDIO_FAILURES, Studio

Tell = Callable[[str, int, int], None]

SHARE: Final = 0.02
"""The share of a core that predictions may take in a session at its own pace."""
EASY: Final = ("again", "busier", "next player")
LEAST_HITS, LEAST_EASY_HITS, PREDICTED_MS = 0.60, 0.75, 9.0


def run(options: argparse.Namespace, tell: Tell) -> Results:
    """Return the rows of each half that is asked for. Raises EngineError if a process fails."""
    rows: list[Row] = []
    for half in options.half:
        scripts = read_scripts(half)[: options.sessions]
        try:
            rows += _judge(half, scripts, options.speed, tell)
        except STUDIO_FAILURES as error:
            raise EngineError(str(error)) from error
    pace = f"Replayed {options.speed:g} times as fast as they were written, which leaves the daemon less time for each."
    return Results(rows, [pace] if options.speed != 1 else [])


def _judge(half: str, scripts: Sequence[Script], speed: float, tell: Tell) -> Iterator[Row]:
    asked: list[Asked] = []
    totals, seconds = Counted(0, 0, 0, 0, 0), 0.0
    with tempfile.TemporaryDirectory(prefix="musearoo-predict-") as folder:
        for number, script in enumerate(scripts):
            tell(f"{half} {script.name}", number, len(scripts))
            # What passes in a second of the replay are `speed` seconds of the session.
            settings = f"warm_up: true\npredict: on\npredict_share: {min(1.0, SHARE * speed)}\n"
            with Studio(home=Path(folder), settings=settings) as studio:
                began = time.monotonic()
                asked += Replay(studio, speed).run(script)
                seconds += (time.monotonic() - began) * speed
                totals = Counted(*(sum(pair) for pair in zip(totals, read_counts(studio), strict=True)))
    yield from _rows(half, asked, totals, seconds)


def _rows(half: str, asked: Sequence[Asked], counted: Counted, seconds: float) -> Iterator[Row]:
    composed = [each for each in asked if each.was_ready is not None]
    judged = half == HALVES[1]
    yield Row(half, "requests that an engine plays", "count", float(len(composed)))
    yield _share(half, "take was ready", composed, LEAST_HITS if judged else None)
    easy = [each for each in composed if each.kind in EASY]
    yield _share(half, "again, busier, next player", easy, LEAST_EASY_HITS if judged else None)
    for kind in dict.fromkeys(each.kind for each in composed):
        yield _share(half, kind, [each for each in composed if each.kind == kind], None)
    ready = [each.total_ms for each in composed if each.was_ready]
    others = [each.total_ms for each in composed if not each.was_ready]
    if ready and others:
        note, p50 = f"predicted, at most {PREDICTED_MS:g}; beside those that were not", percentile(ready, 50)
        is_met = p50 <= PREDICTED_MS if judged else None
        yield Row(half, "press to clip, p50", "ms", p50, percentile(others, 50), is_met, note)
        yield Row(half, "press to clip, p99", "ms", percentile(ready, 99), percentile(others, 99))
    yield Row(half, "takes made for one that was used", "ratio", (counted.hits + counted.wasted) / max(1, counted.hits))
    yield Row(half, "mean age of a take that was used", "s", counted.age / max(1, counted.hits))
    yield Row(
        half, "share of a core", "share", counted.work / seconds, SHARE, counted.work / seconds <= SHARE, "the bound"
    )


def _share(half: str, name: str, asked: Sequence[Asked], least: float | None) -> Row:
    hits = sum(each.was_ready is True for each in asked) / max(1, len(asked))
    note = f"of {len(asked)}" + (f", at least {least:g}" if least is not None else "")
    return Row(half, name, "share", hits, None, None if least is None else hits >= least, note)
