"""The knee is the highest rate at which takes are on time and none is refused."""

from tests.optional import require

require("fastapi", "sqlalchemy", "websockets")

from musearoo.tools.bench.load.knee import knee_of, knee_rows
from musearoo.tools.bench.load.users import run_rows
from tests.tools.bench.load.some_runs import some_offers, some_run


def test_late_and_refused_rates_are_beyond_the_knee() -> None:
    offered = some_offers()
    assert [each.is_good for each in offered] == [True, True, False, False]
    assert knee_of(offered).rate == 100.0
    rows = {row.name: row for row in knee_rows(offered, 1)}
    assert rows["users at a human pace"].ours == 500.0
    assert "150/s is beyond it" in rows["requests a second"].note


def test_lost_and_refused_requests_are_no_takes_but_errors() -> None:
    measured = some_run(10.0, takes=90, refused=6, lost=4)
    assert (measured.shed, measured.errors, measured.rate) == (6, 4, 9.0)
    rows = {row.name: row for row in run_rows("some users", measured)}
    assert (rows["errors, shed and lost"].ours, rows["errors, shed and lost"].met) == (10, False)
    assert rows["CPU of composer 1"].ours == 50.0
    assert some_run(0.0, takes=0).latency(99) == float("inf")
