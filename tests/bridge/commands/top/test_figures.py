"""Figures are those that were counted between two readings, and quantiles those that Prometheus gives."""

import pytest

from musearoo.bridge.commands.top.figures import report
from musearoo.bridge.metrics.reading import read_text
from musearoo.bridge.metrics.spans import Scrape, Span
from tests.bridge.metrics.traffic import Traffic
from tests.each_case import each_case

BEFORE = """
cups_total{kind="tea",who="me"} 3
cups_total{kind="tea",who="you"} 10
warmth 50
sip_seconds_bucket{kind="tea",le="0.1"} 1
sip_seconds_bucket{kind="tea",le="1.0"} 1
sip_seconds_bucket{kind="tea",le="+Inf"} 1
sip_seconds_sum{kind="tea"} 0.05
sip_seconds_count{kind="tea"} 1
"""
NOW = """
cups_total{kind="tea",who="me"} 5
cups_total{kind="tea",who="you"} 2
cups_total{kind="milk",who="me"} 1
warmth 40
sip_seconds_bucket{kind="tea",le="0.1"} 3
sip_seconds_bucket{kind="tea",le="1.0"} 9
sip_seconds_bucket{kind="tea",le="+Inf"} 11
sip_seconds_sum{kind="tea"} 30.05
sip_seconds_count{kind="tea"} 11
sip_seconds_bucket{kind="milk",le="0.1"} 0
sip_seconds_bucket{kind="milk",le="1.0"} 0
sip_seconds_bucket{kind="milk",le="+Inf"} 0
"""


@pytest.fixture
def span() -> Span:
    return Span(Scrape(read_text(BEFORE), 100.0), Scrape(read_text(NOW), 160.0))


def test_what_was_counted_between_is_the_difference_and_after_a_restart_what_is_new(span: Span) -> None:
    assert span.seconds == 60.0
    assert span.count("cups_total", who="me") == 2 + 1
    # It fell from 10 to 2: its process began anew.
    assert span.count("cups_total", kind="tea") == 2 + 2
    assert span.count("saucers_total") == 0
    assert Span(None, span.now).count("cups_total") == 8
    assert Span(None, span.now).seconds is None


def test_gauges_are_as_they_are_now(span: Span) -> None:
    assert span.gauge("warmth") == 40
    assert span.gauge("cups_total", kind="tea") == 7
    assert span.gauge("cold") is None
    assert span.gauge("warmth", kind="tea") is None


@each_case(
    "share, value",
    # Two of ten within 0.1 s, six more within 1 s, two above.
    [(0.1, 0.05), (0.2, 0.1), (0.5, 0.1 + 0.9 * 3 / 6), (0.8, 1.0), (0.95, 1.0), (1.0, 1.0)],
)
def test_quantiles_are_straight_between_the_bounds(share: float, value: float) -> None:
    span = Span(Scrape(read_text(BEFORE), 100.0), Scrape(read_text(NOW), 160.0))
    assert span.quantile(share, "sip_seconds", kind="tea") == pytest.approx(value)


def test_where_nothing_was_seen_there_is_no_quantile_and_no_mean(span: Span) -> None:
    assert span.quantile(0.5, "sip_seconds", kind="milk") is None
    assert span.quantile(0.5, "gulp_seconds") is None
    assert span.mean("sip_seconds", kind="milk") is None
    assert span.mean("sip_seconds", kind="tea") == pytest.approx(3.0)


def test_the_report_has_what_happened() -> None:
    traffic = Traffic()
    traffic.happen()
    before = Scrape(read_text(traffic.text()), 0.0)
    for _ in range(4):
        traffic.happen()
    figures = report(Span(before, Scrape(read_text(traffic.text()), 10.0)))
    assert figures["seconds"] == 10.0
    assert (figures["devices"], figures["under_way"]) == (1, 0)
    (row,) = figures["presses"]
    assert (row["engine"], row["done"], row["failed"], row["cancelled"]) == ("drummaroo", 4, 4, 0)
    assert 10.0 <= row["total_ms"]["p50"] <= 15.0
    assert figures["refusals"] == {"engine_failed": 4}
    assert figures["live"]["lives"] == {"ready": 1, "busy": 0, "away": 0}
    assert figures["queues"] == {"engines": 0, "jobs": 3}
    assert figures["cache"] == {"hit": 4, "miss": 0}
    assert {row["part"]: row["notes"] for row in figures["parts"]} == {"drums": 1.0, "bass": 3.0}
    assert figures["daemon"]["version"] == figures["server"]["version"] != ""
    api = figures["api"]
    assert api["routes"][0]["statuses"] == {"2xx": 4, "5xx": 4}
    assert (api["websockets"], api["sessions"], api["takes"]) == (3, 2, {"drummaroo": 4})
    assert api["composers"] == {"busy": 1, "all": 4, "waiting": 0}
    assert (api["jobs"], api["jobs_ended"]) == ({"waiting": 0, "running": 1}, {"done": 4})
    assert (api["shed"], api["faults"], api["store_errors"]) == ({"overloaded": 4}, {}, {"read": 4})
    assert api["daemon_connected"] is True


def test_a_daemon_alone_and_an_empty_text_have_a_report_too() -> None:
    alone = report(Span(None, Scrape(read_text(Traffic().daemon.metrics.text()), 0.0)))
    assert alone["api"] is None
    assert alone["server"] is None
    assert alone["presses"] == alone["parts"] == []
    assert report(Span(None, Scrape((), 0.0)))["daemon"] is None
