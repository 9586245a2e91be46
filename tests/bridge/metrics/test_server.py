"""What the server counts is in its text, and what it does not know is counted as other."""

import pytest

from musearoo.bridge.metrics import daemon
from musearoo.bridge.metrics.reading import join_texts, read_text
from musearoo.bridge.metrics.server import API, FAMILIES, ServerMetrics
from tests.bridge.metrics.promtool import judge, needs_promtool

ROUTE = "/api/v3/sessions/{session}"


@pytest.fixture
def metrics() -> ServerMetrics:
    metrics = ServerMetrics([ROUTE, "/api/v3/health"], ["drummaroo", "band"], ["split"])
    metrics.count_request(ROUTE, "GET", 200, 0.002)
    metrics.count_request(ROUTE, "POST", 503, 0.001)
    metrics.count_request("/etc/passwd", "BREW", 404, 0.001)
    metrics.count_request(ROUTE, "GET", 429, 0.001)
    for code in ("overloaded", "too_many_requests", "too_many_requests", "no_live", "fault", "not_found"):
        metrics.count_problem(code)
    metrics.count_take("drummaroo", 0.004, {"notes": 12.0, "onsets_per_beat": 2.0})
    metrics.count_take("somebody's own", 0.004)
    metrics.count_job("split", "done")
    metrics.count_job("scrub", "failed")
    metrics.count_store("write", 0.0002)
    metrics.count_store("read", 0.3, failed=True)
    metrics.websockets.add(2)
    metrics.frames_in.add(7)
    metrics.read("composers_waiting", lambda: 4)
    metrics.read("jobs", lambda: 1, "split", "running")
    return metrics


def samples(metrics: ServerMetrics) -> dict[str, float]:
    return {
        f"{sample.name.removeprefix('musearoo_')} {' '.join(value for _, value in sample.labels)}".strip(): sample.value
        for sample in read_text(metrics.text())
        if sample.value and "process" not in sample.name and "_bucket" not in sample.name
    }


def test_what_was_counted_is_in_the_text(metrics: ServerMetrics) -> None:
    counted = samples(metrics)
    for name, value in {
        f"api_requests_total {ROUTE} GET 2xx": 1.0,
        f"api_requests_total {ROUTE} POST 5xx": 1.0,
        f"api_requests_total {ROUTE} GET 4xx": 1.0,
        "api_requests_total other other 4xx": 1.0,
        f"api_request_seconds_count {ROUTE}": 3.0,
        "api_shed_total too_many_requests": 2.0,
        "api_shed_total overloaded": 1.0,
        "api_faults_total fault": 1.0,
        "takes_total drummaroo": 1.0,
        "takes_total other": 1.0,
        "compose_seconds_sum drummaroo": 0.004,
        "take_notes_sum drummaroo": 12.0,
        "take_notes_count drummaroo": 1.0,
        "take_onsets_per_beat_sum drummaroo": 2.0,
        "jobs_ended_total split done": 1.0,
        "jobs_ended_total other failed": 1.0,
        "store_seconds_count read": 1.0,
        "store_errors_total read": 1.0,
        "api_websockets": 2.0,
        "api_frames_total in": 7.0,
        "composers_waiting": 4.0,
        "jobs split running": 1.0,
    }.items():
        assert counted.pop(name) == value, name
    assert not [name for name in counted if name.startswith(("api_requests", "api_shed", "api_faults"))]


def test_what_clients_send_is_never_a_label(metrics: ServerMetrics) -> None:
    for word in ("passwd", "BREW", "somebody", "scrub"):
        assert word not in metrics.text()


def test_wrong_words_of_ours_are_a_fault(metrics: ServerMetrics) -> None:
    with pytest.raises(KeyError):
        metrics.count_job("split", "lost")
    with pytest.raises(KeyError):
        metrics.count_store("delete", 0.1)
    with pytest.raises(KeyError):
        metrics.count_take("drummaroo", 0.1, {"beauty": 1.0})


@needs_promtool
def test_prometheus_reads_the_text_without_a_remark(metrics: ServerMetrics) -> None:
    assert judge("check", "metrics", text=metrics.text()) == ""


def test_the_daemons_families_and_the_servers_can_stand_in_one_text() -> None:
    names = [family.name for family in (*FAMILIES, *daemon.FAMILIES)]
    assert len(set(names)) == len(names)
    assert not any(family.name.startswith(daemon.PREFIX) for family in FAMILIES)
    assert join_texts(f"# TYPE {API}websockets gauge\n", f"# TYPE {daemon.PREFIX}sessions gauge\n").count("\n") == 2
