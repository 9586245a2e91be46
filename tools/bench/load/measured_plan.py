"""The plan for 10,000 sessions: its facts are measured, and its formulae are held against a run."""

from __future__ import annotations

from collections.abc import Callable
from statistics import fmean
from typing import Final

from musearoo.engines.errors import EngineError
from musearoo.tools.bench.load.planning import Facts, explain, mean_wait, plan
from musearoo.tools.bench.load.stage import Stage
from musearoo.tools.bench.load.users import IDLE_PAUSE, PAUSE
from musearoo.tools.bench.rows import Row

SESSIONS: Final = 10_000
FEW, MANY = 20, 320
"""Connections at which the server's memory is compared."""
LIGHT: Final = 0.2
HEAVY: Final = 0.7
"""Shares of what a composer can do: where the facts are measured, and where the formulae are checked."""

Progress = Callable[[str, int, int], None]


def measure_plan(seconds: float, progress: Progress) -> tuple[list[Row], list[str]]:
    """Return the rows, and the plan as sentences. Raises EngineError without /proc."""
    progress("plan", 0, 3)
    with Stage(MANY, composers=1) as stage:
        stage.connect(FEW)
        most = stage.run_closed(4, 1.0).rate
        few = stage.server.usage()
        stage.connect(MANY)
        many = stage.server.usage()
        if "server" not in few or "composer 1" not in many:
            raise EngineError("The plan needs /proc, which tells what processes use: run it on Linux.")
        # Each set is opened once, so that none is opened in what is measured.
        stage.run_rate(0.5 * most, MANY / (0.5 * most))
        progress("plan", 1, 3)
        light = stage.run_rate(LIGHT * most, seconds)
        progress("plan", 2, 3)
        heavy = stage.run_rate(HEAVY * most, seconds)
    requests = len(light.ran.milliseconds)
    facts = Facts(
        composer_ms=1000 * light.busy("composer") * light.seconds / requests,
        server_ms=1000 * light.busy("server") * light.seconds / requests,
        light_ms=fmean(light.ran.milliseconds),
        server_mb=few["server"].pss_mb,
        connection_kb=1000 * (many["server"].pss_mb - few["server"].pss_mb) / (MANY - FEW),
        composer_mb=heavy.usage["composer 1"].pss_mb,
    )
    plans = [plan(facts, SESSIONS, pause) for pause in (IDLE_PAUSE, PAUSE)]
    service = facts.composer_ms / 1000
    expected = facts.light_ms + 1000 * (mean_wait(1, heavy.rate, service) - mean_wait(1, light.rate, service))
    part = f"Plan for {SESSIONS:,} sessions"
    rows = [
        Row(
            part,
            f"mean response at {heavy.rate:.0f}/s, measured",
            "ms",
            fmean(heavy.ran.milliseconds),
            expected,
            note="beside the formulae's",
        ),
        *(
            Row(
                part,
                f"composers, a request every {each.pause:g} s",
                "",
                each.composers,
                note=f"{each.rate:.0f}/s, {each.servers} event loops, {each.memory_mb / 1000:.1f} GB",
            )
            for each in plans
        ),
    ]
    return rows, explain(facts, plans)
