"""What a real server counts of its requests: by the path of their route, and not as faults what clients do."""

from __future__ import annotations

import re
import socket

from tests.optional import require

require("fastapi", "sqlalchemy")

from tests.bridge.api.running import RunningServer
from tests.bridge.jobs.contract import wait_until


def counted(running: RunningServer) -> dict[tuple[str, str, str], float]:
    """The requests so far by route, method and status."""
    with running.client() as client:
        text = client.get(f"{running.url}/metrics").text
    found: dict[tuple[str, str, str], float] = {}
    for labels, count in re.findall(r"^musearoo_api_requests_total{(.*)} (\S+)$", text, re.M):
        named = dict(re.findall(r'(\w+)="([^"]*)"', labels))
        found[named["route"], named["method"], named["status"]] = float(count)
    return found


def test_requests_are_counted_by_the_path_of_their_route(running: RunningServer) -> None:
    before = counted(running)
    with running.client() as client:
        session = client.post("/sessions", json={}).json()["id"]
        client.get(f"/sessions/{session}/set")
        client.head(f"/sessions/{session}")
        client.get(f"{running.url}/api/ai/status/none")
        client.get("/nothing")
    after = counted(running)
    more = {key: after[key] - before.get(key, 0.0) for key in after if after[key] != before.get(key)}
    for key in (
        ("/api/v3/sessions", "POST", "2xx"),
        ("/api/v3/sessions/{session}/set", "GET", "2xx"),
        ("/api/v3/sessions/{session}", "HEAD", "2xx"),
        ("/api/ai/status/{task}", "GET", "4xx"),
        ("other", "GET", "4xx"),
    ):
        assert more.get(key) == 1.0, (key, more)


def test_whoever_hangs_up_in_a_body_is_no_fault_of_ours(running: RunningServer) -> None:
    def hung_up(status: str) -> float:
        return sum(
            count for (route, _, each), count in counted(running).items() if route.endswith("/band") and each == status
        )

    with running.client() as client:
        session = client.post("/sessions", json={}).json()["id"]
    before = {status: hung_up(status) for status in ("4xx", "5xx")}
    with socket.create_connection(("127.0.0.1", running.port)) as line:
        line.sendall(
            f"POST /api/v3/sessions/{session}/band HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n"
            f"Authorization: Bearer {running.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: 100\r\n\r\n{{".encode()
        )
    wait_until(lambda: hung_up("4xx") == before["4xx"] + 1, "counted")
    assert hung_up("5xx") == before["5xx"]
    assert "fault of ours" not in running.log_text
