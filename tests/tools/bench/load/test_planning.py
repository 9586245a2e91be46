"""The formulae of the plan, against textbook values, and the plan itself against its own law."""

import math

import pytest

from musearoo.tools.bench.load.planning import BUSY, Facts, erlang_c, explain, mean_wait, plan, wait_within

FACTS = Facts(composer_ms=5.0, server_ms=1.0, light_ms=8.0, server_mb=80.0, connection_kb=50.0, composer_mb=100.0)


def test_erlang_c_is_that_of_the_tables() -> None:
    # L. Kleinrock, Queueing Systems I, 1975: one server waits as often as it is busy; tables of formula C.
    for servers, load, waits in (
        (1, 0.25, 0.25),
        (2, 1.0, 1 / 3),
        (3, 2.0, 4 / 9),
        (5, 4.0, 0.5541),
        (10, 8.0, 0.4092),
    ):
        assert erlang_c(servers, load) == pytest.approx(waits, abs=5e-5), (servers, load)
    assert erlang_c(200, 170.0) < 0.2
    assert erlang_c(2, 2.0) == 1.0


def test_waiting_for_one_server_is_that_of_a_single_queue() -> None:
    # M/M/1: ρ / (μ − λ), and exponential beyond the first who do not wait.
    assert mean_wait(1, 100.0, 0.005) == pytest.approx(0.5 / (200.0 - 100.0))
    assert mean_wait(1, 200.0, 0.005) == math.inf
    assert wait_within(1, 100.0, 0.005, 0.95) == pytest.approx(math.log(0.5 / 0.05) / 100.0)
    assert wait_within(8, 1.0, 0.005, 0.95) == 0.0


def test_a_plan_keeps_the_interactive_law_and_the_bound_of_utilisation() -> None:
    for sessions, pause in ((10_000, 60.0), (10_000, 5.0), (10, 5.0)):
        each = plan(FACTS, sessions, pause)
        case = (sessions, pause)
        assert each.rate * (each.response_ms / 1000 + pause) == pytest.approx(sessions, rel=1e-6), case
        assert each.composers_busy <= BUSY, case
        assert each.servers_busy <= BUSY, case
        if each.composers > 1:
            assert each.rate * 0.005 / (each.composers - 1) > BUSY, case
    assert plan(FACTS, 10_000, 5.0).memory_mb == pytest.approx(3 * 80 + 500 + plan(FACTS, 10_000, 5.0).composers * 100)


def test_the_plan_is_explained_with_its_numbers() -> None:
    lines = explain(FACTS, [plan(FACTS, 10_000, 60.0)])
    assert "S = 5.00 ms" in lines[0]
    assert "N / (R + Z)" in lines[1]
    assert "10,000 sessions, a request 60 s after each answer: X = 167/s; c = 2 composers, 42 % busy" in lines[2]
