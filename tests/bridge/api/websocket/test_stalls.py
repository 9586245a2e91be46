"""Clients of the WebSocket that read nothing any more, or have gone without a word, are cut off."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator

import pytest

from tests.optional import require

require("fastapi", "sqlalchemy")

from websockets.client import ClientProtocol
from websockets.uri import parse_uri

from musearoo.bridge.api.types.frames import JSON_PROTOCOL
from tests.bridge.api.running import RunningServer
from tests.bridge.jobs.contract import wait_until


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that waits half a second for what a client must do."""
    home = tmp_path_factory.mktemp("strict") / "home"
    with RunningServer(home, "--composers", "1", impatient=True) as server:
        yield server


def frames(*texts: object) -> tuple[ClientProtocol, bytes]:
    """A protocol that has greeted, and the bytes of frames."""
    protocol = ClientProtocol(parse_uri("ws://127.0.0.1/"))
    protocol.state = protocol.state.OPEN
    for text in texts:
        protocol.send_text(json.dumps(text).encode())
    return protocol, b"".join(protocol.data_to_send())


def connect(server: RunningServer, session: str) -> socket.socket:
    """Open a WebSocket whose frames nobody reads, and say hello."""
    line = socket.create_connection(("127.0.0.1", server.port))
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.sendall(
        f"GET /ws/{session} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Protocol: {JSON_PROTOCOL}\r\n\r\n".encode()
    )
    assert line.recv(12) == b"HTTP/1.1 101"
    line.sendall(frames(["hello", 1, {"token": server.token}])[1])
    return line


def read_metric(server: RunningServer, name: str) -> float:
    with server.client() as client:
        text = client.get(f"{server.url}/metrics").text
    return float(re.findall(rf"^musearoo_api_{name} (\S+)$", text, re.M)[0])


def test_a_client_that_reads_nothing_is_cut_off(strict: RunningServer) -> None:
    with strict.client() as client:
        session = client.post("/sessions", json={}).json()["id"]
    slow = read_metric(strict, "slow_clients_total")
    with connect(strict, session) as line:
        wait_until(lambda: read_metric(strict, "websockets") == 1, "connected")
        # More than the buffers of both sides take.
        asked = [["rest", number, {"path": "/openapi.json"}] for number in range(2, 32)]
        line.sendall(frames(*asked)[1])
        wait_until(lambda: read_metric(strict, "websockets") == 0, "cut off")
    assert read_metric(strict, "slow_clients_total") == slow + 1
    assert "fault of ours" not in strict.log_text


def test_a_client_that_answers_no_ping_is_let_go(strict: RunningServer) -> None:
    with strict.client() as client:
        session = client.post("/sessions", json={}).json()["id"]
    with connect(strict, session) as line:
        wait_until(lambda: read_metric(strict, "websockets") == 1, "connected")
        line.settimeout(20.0)
        while line.recv(65_536):
            pass
    wait_until(lambda: read_metric(strict, "websockets") == 0, "cut off")
    assert "fault of ours" not in strict.log_text
