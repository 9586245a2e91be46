"""A real Prometheus scrapes the daemon's and the server's metrics, and answers what every panel asks.

Once what a daemon and a server count in a busy second, and once a `musearoo serve` that is asked for takes.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.bridge.metrics.traffic import TOKEN, Traffic, serving
from tests.optional import require
from tests.tools.deploy.monitoring.test_files import FOLDER, read_panels, read_rules

PROMETHEUS: Final = shutil.which("prometheus")
SCRAPED_EVERY: Final = "250ms"
WINDOW: Final = "3s"
"""What the panels' rates look back on: Grafana takes at least four scrapes."""
PATIENCE: Final = 30.0
"""Seconds until all must be answered: Prometheus looks for its targets 5 s after its start, and the rest takes one."""

pytestmark = pytest.mark.skipif(PROMETHEUS is None, reason="needs prometheus: apt install prometheus")


@contextlib.contextmanager
def prometheus(folder: Path, target: int, token: str = TOKEN) -> Iterator[Callable[..., Any]]:
    """Run Prometheus with our configuration, faster; gives a function that asks its API."""
    shutil.copy(FOLDER / "alerts.yml", folder)
    (folder / "token").write_text(token, encoding="utf-8")
    config = yaml.safe_load((FOLDER / "prometheus.yml").read_text(encoding="utf-8"))
    config["global"] = {"scrape_interval": SCRAPED_EVERY, "evaluation_interval": SCRAPED_EVERY}
    (scrape,) = config["scrape_configs"]
    scrape["static_configs"] = [{"targets": [f"127.0.0.1:{target}"]}]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=warn",
    ]
    assert PROMETHEUS is not None
    with open(folder / "log.txt", "wb") as log:
        process = subprocess.Popen([PROMETHEUS, *words], stdout=log, stderr=log, cwd=folder)

    def ask(path: str, **given: str) -> Any:
        url = f"http://127.0.0.1:{port}/api/v1/{path}?{urllib.parse.urlencode(given)}"
        try:
            with urllib.request.urlopen(url, timeout=5.0) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{given}: {error.read().decode()}") from error

    try:
        until = time.monotonic() + 10.0
        while not _is_ready(port):
            assert process.poll() is None, (folder / "log.txt").read_text(encoding="utf-8")
            assert time.monotonic() < until, "it does not answer"
            time.sleep(0.05)
        yield ask
    finally:
        process.terminate()
        process.wait(10.0)


def _is_ready(port: int) -> bool:
    """Whether Prometheus answers; while it starts, it refuses connections, then says 503."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=5.0):
            return True
    except OSError:
        return False


def test_every_panel_has_an_answer_and_every_rule_is_evaluated(tmp_path: Path) -> None:
    traffic = Traffic()
    with serving(traffic) as port, prometheus(tmp_path, port) as ask:
        unanswered = asked_by_panels()
        # Ours and the store's faults are to be heard of at once.
        unheard, firing = {"EnginesFail", "StoreErrors"}, set[str]()
        until = time.monotonic() + PATIENCE
        while (unanswered or unheard - firing) and time.monotonic() < until:
            time.sleep(0.25)
            unanswered = _still_unanswered(unanswered, ask)
            alerts = ask("alerts")["alerts"]
            firing = {alert["labels"]["alertname"] for alert in alerts if alert["state"] == "firing"}
        assert unanswered == {}
        assert unheard <= firing
        assert firing.isdisjoint({"MuseArooGone", "DaemonGone", "LiveFlaps", "PressSlow"})
        (scraped,) = ask("targets")["activeTargets"]
        assert (scraped["health"], scraped["lastError"]) == ("up", "")
        assert scraped["labels"]["instance"] == f"127.0.0.1:{port}"
        rules = [rule for group in ask("rules")["groups"] for rule in group["rules"]]
        assert len(rules) == len(read_rules())
        assert [rule["name"] for rule in rules if rule["health"] != "ok"] == []


def test_a_real_server_answers_what_its_panels_ask(tmp_path: Path) -> None:
    require("fastapi", "sqlalchemy", "websockets")
    from tests.bridge.api.running import RunningServer
    from tests.bridge.api.websocket.live_line import LiveLine

    # The measures of takes are tested above, and a number of jobs is there only while one waits.
    asked = {
        expression.removesuffix(" > 0"): title
        for expression, title in asked_by_panels().items()
        if "musearoo_daemon_" not in expression and "musearoo_take_" not in expression
    }
    assert len(asked) > 15
    home = tmp_path / "home"
    with RunningServer(home, "--composers", "1") as server, server.client() as client:
        session = client.post("/sessions", json={}).json()["id"]
        with prometheus(tmp_path, server.port, server.token) as ask, LiveLine(server, session) as line:
            unanswered = asked
            until = time.monotonic() + PATIENCE
            while unanswered and time.monotonic() < until:
                assert client.post(f"/sessions/{session}/generate/drums", json={"bars": 1}).status_code == 200
                assert client.get("/sessions/nowhere").status_code == 404
                assert line.ask("do", {"do": "generate", "engine": "bass", "bars": 1})[0] == "done"
                time.sleep(0.1)
                unanswered = _still_unanswered(unanswered, ask)
            assert unanswered == {}
            for expression, least in (
                ('musearoo_api_requests_total{route="/api/v3/sessions", method="POST", status="2xx"}', 1.0),
                ('sum(musearoo_api_requests_total{route=~".*generate.*", method="POST", status="2xx"})', 2.0),
                ('sum(musearoo_api_requests_total{status="4xx"})', 2.0),
                ('musearoo_api_frames_total{direction="in"}', 3.0),
                ("musearoo_api_websockets", 1.0),
                ('musearoo_takes_total{engine="drummaroo"}', 2.0),
                ('musearoo_takes_total{engine="bassaroo"}', 2.0),
                ("musearoo_sessions_open", 1.0),
                ('musearoo_store_seconds_count{operation="write"}', 4.0),
            ):
                assert _numbers(ask("query", query=expression))[0] >= least, expression
            faults = "sum(musearoo_api_faults_total) + sum(musearoo_api_shed_total)"
            assert _numbers(ask("query", query=faults)) == [0.0]


def asked_by_panels() -> dict[str, str]:
    """The expressions of the dashboard, and the titles of their panels."""
    return {
        target["expr"].replace("$__rate_interval", WINDOW): panel["title"]
        for panel in read_panels()
        for target in panel.get("targets", ())
    }


def _still_unanswered(asked: dict[str, str], ask: Callable[..., Any]) -> dict[str, str]:
    return {each: of for each, of in asked.items() if not _numbers(ask("query", query=each))}


def _numbers(answer: Any) -> list[float]:
    """The numbers of an answer, without those that are none: a rate of nothing by nothing."""
    values = [float(each["value"][1]) for each in answer["result"]]
    return [value for value in values if value == value]
