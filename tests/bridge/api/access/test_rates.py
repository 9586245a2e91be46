"""Token buckets, by a clock that the tests turn."""

from __future__ import annotations

import pytest

from musearoo.bridge.api.access import rates
from musearoo.bridge.api.access.rates import Buckets, Rates
from musearoo.bridge.api.problems.errors import ApiError


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills() -> None:
    clock = Clock()
    buckets = Buckets(per_second=2.0, most=3.0, clock=clock)
    assert [buckets.take("a") for _ in range(4)] == [0.0, 0.0, 0.0, 0.5]
    assert buckets.take("b") == 0.0
    clock.now += 0.25
    assert buckets.take("a") == pytest.approx(0.25)
    clock.now += 0.25
    assert buckets.take("a") == 0.0
    clock.now += 3_600.0
    assert buckets.level("a") == 3.0


def test_a_clock_that_goes_back_takes_nothing_away() -> None:
    clock = Clock()
    buckets = Buckets(per_second=1.0, most=5.0, clock=clock)
    buckets.take("a")
    clock.now -= 500.0
    assert buckets.level("a") == 4.0


def test_those_who_were_there_longest_ago_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rates, "MOST_BUCKETS", 100)
    buckets = Buckets(per_second=0.001, most=1.0, clock=Clock())
    for number in range(1_000):
        buckets.take(str(number))
    assert len(buckets._levels) == 100
    assert buckets.take("999") > 0.0
    assert buckets.take("0") == 0.0


def test_users_are_bounded_each_for_themselves() -> None:
    clock = Clock()
    limits = Rates(scale=0.1, clock=clock)
    for _ in range(20):
        limits.check_user("ada")
    with pytest.raises(ApiError, match="try again in 1 s") as error:
        limits.check_user("ada")
    assert (error.value.status, error.value.retry_after) == (429, 1)
    limits.check_user("bob")
    clock.now += 1.0
    for _ in range(5):
        limits.check_user("ada")


def test_wrong_tokens_are_bounded_by_address() -> None:
    clock = Clock()
    limits = Rates(clock=clock)
    for _ in range(20):
        limits.count_failure("10.0.0.1")
    with pytest.raises(ApiError) as error:
        limits.count_failure("10.0.0.1")
    assert (error.value.status, error.value.retry_after) == (429, 5)
    limits.count_failure("10.0.0.2")
    clock.now += 5.0
    limits.count_failure("10.0.0.1")


def test_wrong_passwords_are_bounded_by_name() -> None:
    clock = Clock()
    limits = Rates(clock=clock)
    for _ in range(10):
        limits.check_login("ada")
    with pytest.raises(ApiError) as error:
        limits.check_login("ada")
    assert (error.value.status, error.value.retry_after) == (429, 20)
    limits.check_login("bob")
    clock.now += 20.0
    limits.check_login("ada")


def test_a_right_password_costs_nothing() -> None:
    limits = Rates(clock=Clock())
    for _ in range(1_000):
        limits.check_login("ada")
        limits.forgive_login("ada")
    limits.forgive_login("nobody")
    for _ in range(10):
        limits.check_login("ada")
    with pytest.raises(ApiError):
        limits.check_login("ada")


def test_what_needs_no_token_is_bounded_by_address() -> None:
    limits = Rates(scale=0.01, clock=Clock())
    for _ in range(200):
        limits.check_client("10.0.0.1")
    with pytest.raises(ApiError):
        limits.check_client("10.0.0.1")
