"""Arrivals are drawn before a run: in order, as many as were meant, the same for the same seed."""

from itertools import pairwise
from statistics import fmean, pstdev

from musearoo.tools.bench.load.arrivals import draw_connects, draw_people, draw_rate


def test_people_pause_exponentially_and_independently_of_each_other() -> None:
    arrivals = draw_people(users=100, pause=5.0, seconds=400.0, seed=1)
    assert abs(len(arrivals) / (100 * 400.0 / 5.0) - 1) < 0.05
    assert [arrival.at for arrival in arrivals] == sorted(arrival.at for arrival in arrivals)
    for user in (0, 57):
        own = [arrival.at for arrival in arrivals if arrival.user == user]
        pauses = [after - before for before, after in pairwise(own)]
        # An exponential's deviation is its mean.
        assert 0.7 < pstdev(pauses) / fmean(pauses) < 1.35, user
    assert arrivals == draw_people(users=100, pause=5.0, seconds=400.0, seed=1)
    assert arrivals != draw_people(users=100, pause=5.0, seconds=400.0, seed=2)


def test_a_rate_is_kept_over_all_users_in_turn() -> None:
    arrivals = draw_rate(rate=200.0, users=7, seconds=50.0, seed=3)
    assert abs(len(arrivals) / 10_000 - 1) < 0.05
    assert arrivals[-1].at < 50.0
    assert [arrival.user for arrival in arrivals[:9]] == [0, 1, 2, 3, 4, 5, 6, 0, 1]


def test_connections_are_ramped_with_jitter() -> None:
    times = draw_connects(300, per_second=100.0, seed=4)
    assert list(times) == sorted(times)
    assert 2.9 < times[-1] < 3.0
    assert all(abs(at - number / 100.0) < 0.02 for number, at in enumerate(times))
