"""How the api bench turns measured times into rows."""

from tests.optional import require

require("fastapi", "sqlalchemy", "websockets")

from musearoo.tools.bench.api.alone import Alone
from musearoo.tools.bench.api.inside import Inside
from musearoo.tools.bench.api.live import press_rows
from musearoo.tools.bench.api.overhead import Times, breakdown_rows, overhead_rows
from musearoo.tools.bench.api.starts import memory_rows
from musearoo.tools.bench.processes import Usage

ALONE = Alone(engine=2.0, composed=3.0, answered=3.5, notes=b"")
INSIDE = Inside(total=5.0, pool=4.0, store=0.6, composed=3.0)


def some_times(rest: float, socket: float) -> Times:
    """Two runs of two requests each that all took the same."""
    return Times(
        rest=[rest] * 4,
        socket=[socket] * 4,
        ping=[0.1] * 4,
        health=[0.3] * 4,
        alone=[ALONE] * 4,
        inside=[INSIDE] * 4,
        run_of=[0, 0, 1, 1],
    )


def test_what_is_over_the_engine_alone_is_judged_at_the_median() -> None:
    for rest, socket, met in ((3.9, 2.9, (True, True)), (4.1, 3.1, (False, False)), (3.9, 3.1, (True, False))):
        rows = {row.name: row for row in overhead_rows(some_times(rest, socket))}
        judged = tuple(rows[f"{name} over generate alone, p50"].met for name in ("REST", "WebSocket"))
        assert judged == met, (rest, socket)
    assert rows["WebSocket over generate alone, p50"].note.endswith("runs: 1.10, 1.10")
    assert round(rows["REST over composing alone, p50"].ours or 0.0, 3) == 0.9
    assert rows["REST over composing alone, p50"].met is None
    assert (rows["REST, p50"].ours, rows["REST, p50"].peer) == (3.9, 2.0)


def test_the_steps_add_up_to_the_whole() -> None:
    steps = {row.name: row.ours or 0.0 for row in breakdown_rows(some_times(5.9, 5.2)) if not row.name.startswith("(")}
    assert round(sum(value for name, value in steps.items() if not name.startswith("REST")), 6) == 5.2
    assert round(sum(value for name, value in steps.items() if not name.startswith("WebSocket")), 6) == 5.9


def test_presses_are_judged_by_what_they_take_more_than_the_device() -> None:
    for more, met in ((2.9, True), (3.1, False)):
        rows = {row.name: row for row in press_rows([10.0] * 9, [10.0 + more] * 9, [10.0] * 9)}
        assert rows["by WebSocket more at the median"].met is met, more
    for more, met in ((-0.5, True), (0.4, True), (0.6, False)):
        alone = [9.0, 11.0] * 50
        rows = {row.name: row for row in press_rows([each + more for each in alone], [10.0] * 100, alone)}
        assert rows["the device's more at the median"].met is met, more


def test_only_the_server_itself_is_bound_in_memory() -> None:
    usage = {"server": Usage(1, 0.0, 95.0, 70.0), "composer 1": Usage(2, 0.0, 120.0, 100.0)}
    rows = memory_rows("idle", usage)
    judged = [("server", False), ("composer 1", None), ("all together, by their shares", None)]
    assert [(row.name, row.met) for row in rows] == judged
    assert (rows[-1].ours, rows[-1].note) == (170.0, "server, composer 1")
