"""Families are refused when they are declared wrongly, and no count is lost."""

import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from musearoo.bridge.metrics.registry import Counter, Distribution, Family, Gauge, Histogram, Label, Registry
from tests.each_case import each_case

KIND = Label("kind", ("tea", "coffee"))


@each_case(
    "family, fault",
    [
        (("Cups_total", "counter", "C."), "lower-case"),
        (("cups", "counter", "C."), "must end with _total"),
        (("cups_total", "gauge", "C."), "only a counter"),
        (("cup_seconds", "histogram", "C."), "has buckets"),
        (("cups", "gauge", "C.", (), (1.0,)), "has buckets"),
        (("cup_seconds", "histogram", "C.", (), (2.0, 1.0)), "must ascend"),
        (("cup_seconds", "histogram", "C.", (), (1.0, 1.0)), "must ascend"),
        (("cups", "gauge", ""), "help"),
        (("cups", "gauge", "C.", (KIND, KIND)), "one name"),
        (("cups", "gauge", "C.", (Label("le", ("1",)),)), "not allowed"),
        (("cups", "gauge", "C.", (Label("kind", ("tea", "tea")),)), "twice"),
    ],
)
def test_a_family_that_is_declared_wrongly_is_refused(family: tuple[Any, ...], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        Family(*family)


def test_a_registry_needs_the_values_of_every_label() -> None:
    with pytest.raises(ValueError, match=r"cups_total has a label without values"):
        Registry([Family("cups_total", "counter", "Cups.", (Label("who"),))])
    with pytest.raises(ValueError, match=r"cups is declared twice"):
        Registry([Family("cups", "gauge", "Cups.")] * 2)


def test_labels_come_from_the_table_or_from_the_start_and_from_nowhere_else() -> None:
    registry = Registry([Family("cups_total", "counter", "Cups.", (KIND, Label("who")))], {"who": ("me", "you", "me")})
    assert [labels for labels, _ in registry.samples("cups_total")] == [
        ("tea", "me"),
        ("tea", "you"),
        ("coffee", "me"),
        ("coffee", "you"),
    ]
    for labels in (("tea",), ("tea", "them"), ("milk", "me"), ()):
        with pytest.raises(ValueError, match="was declared"):
            registry.counter("cups_total", *labels)
    with pytest.raises(ValueError, match="no gauge that can be counted"):
        registry.gauge("cups_total", "tea", "me")


def test_a_counter_only_rises_and_a_gauge_also_falls() -> None:
    counter, gauge = Counter(), Gauge()
    counter.add()
    counter.add(0.5)
    with pytest.raises(ValueError, match="only rises"):
        counter.add(-1)
    gauge.set(3.0)
    gauge.add(-5)
    assert (counter.value(), gauge.value()) == (1.5, -2.0)


def test_a_value_on_a_bound_belongs_to_its_bucket() -> None:
    histogram = Histogram((1.0, 2.0))
    for value in (0.5, 1.0, 1.5, 2.0, 2.5):
        histogram.observe(value)
    assert histogram.value() == Distribution((2, 2, 1), 7.5)


def test_a_reading_is_made_when_the_metrics_are_read_and_may_have_nothing_to_tell() -> None:
    registry = Registry(
        [Family("cups", "gauge", "Cups.", (KIND,)), Family("cup_seconds", "histogram", "C.", buckets=(1.0,))]
    )
    shelf = [1, 2, 3]
    registry.read("cups", lambda: len(shelf), "tea")
    registry.read("cups", lambda: None, "coffee")
    shelf.clear()
    assert list(registry.samples("cups")) == [(("tea",), 0)]
    with pytest.raises(ValueError, match="is a histogram"):
        registry.read("cup_seconds", lambda: 1.0)
    with pytest.raises(ValueError, match="no gauge that can be counted"):
        registry.gauge("cups", "tea")


def test_threads_that_count_at_once_lose_nothing() -> None:
    counter, gauge, histogram = Counter(), Gauge(), Histogram((0.5,))
    counts: list[Callable[[], None]] = [counter.add, lambda: gauge.add(1.0), lambda: histogram.observe(1.0)]
    each, threads = 4_000, 4
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        workers = [
            threading.Thread(target=lambda: [count() for _ in range(each) for count in counts]) for _ in range(threads)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    finally:
        sys.setswitchinterval(interval)
    assert counter.value() == gauge.value() == each * threads
    assert histogram.value() == Distribution((0, each * threads), float(each * threads))
