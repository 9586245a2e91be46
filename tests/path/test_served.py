"""The server beside a daemon and Live: what programs ask for lands in Live's grid, and what devices do is seen."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from musearoo.bridge.protocol import Done
from musearoo.bridge.settings.config_files import ConfigFolder, ServerEndpoint
from musearoo.tools.studio.processes import DaemonProcess, Studio
from tests.optional import require

require("fastapi", "sqlalchemy")

import httpx2 as httpx
import psutil

from tests.bridge.api.running import RunningServer
from tests.bridge.api.websocket.live_line import LiveLine

WITHIN = 20.0


@pytest.fixture(scope="module")
def server(studio: Studio) -> Iterator[RunningServer]:
    """A server of the studio's daemon."""
    with RunningServer(studio.home, "--composers", "1") as running:
        yield running


def until(look: Callable[[], Any]) -> Any:
    """What a look finds, once it finds something."""
    ends = time.monotonic() + WITHIN
    while not (found := look()):
        assert time.monotonic() < ends
        time.sleep(0.05)
    return found


@pytest.fixture
def client(server: RunningServer) -> Iterator[httpx.Client]:
    """A client of the server."""
    with server.client() as client:
        yield client


@pytest.fixture
def session(client: httpx.Client) -> str:
    """A session on the studio's Live, once the server has its set."""
    made: httpx.Response = until(lambda: _made(client.post("/sessions", json={"set": "live"})))
    found: str = made.json()["id"]
    return found


def _made(answer: httpx.Response) -> httpx.Response | None:
    return answer if answer.status_code == 201 else None


def test_a_band_asked_for_by_rest_lies_in_live_and_undo_takes_it_back(client: httpx.Client, session: str) -> None:
    before = client.get(f"/sessions/{session}/set").json()
    outcome = client.post(f"/sessions/{session}/band", json={"style": "funk", "bars": 2, "seed": 5}).json()
    after = client.get(f"/sessions/{session}/set").json()
    made = {clip["id"]: clip for clip in after["clips"]} if after["clips"] else {}
    assert len(after["clips"]) == len(before["clips"]) + len(outcome["takes"])
    for take in outcome["takes"]:
        assert made[take["clip"]]["notes"] == len(take["notes"]) > 0
        assert len(take["context_hash"]) == 32
    kept = until(lambda: client.get(f"/sessions/{session}/takes").json()["items"])
    assert {take["id"] for take in kept} >= {take["id"] for take in outcome["takes"]}
    adjusted = client.post(f"/sessions/{session}/actions", json={"intent": "tempo", "bpm": 97}).json()
    assert adjusted["sentence"] == "Tempo 97 BPM"
    assert client.get(f"/sessions/{session}/set").json()["song"]["bpm"] == 97.0
    for _ in range(2):
        assert client.post(f"/sessions/{session}/undo").status_code == 200
    again = client.get(f"/sessions/{session}/set").json()
    assert {name: again[name] for name in ("song", "tracks", "scenes", "clips")} == {
        name: before[name] for name in ("song", "tracks", "scenes", "clips")
    }


def test_what_live_refuses_is_the_devices_own_sentence(client: httpx.Client, session: str) -> None:
    for path, body, status, said in (
        ("generate/drums", {"track": 77}, 409, "Track 78 is not in the set"),
        ("refine", {"track": 1, "scene": 1}, 409, "There is no clip in that slot"),
        ("undo", {}, 409, ""),
        ("redo", {}, 422, "Redo in Live itself"),
        ("generate/drums", {"version": 999}, 409, "The set is at version"),
    ):
        answer = client.post(f"/sessions/{session}/{path}", json=body)
        assert answer.status_code == status, answer.text
        assert said.replace("78", "77") in answer.json()["detail"] or said in answer.json()["detail"]


def test_what_takes_longer_is_a_job_in_live_too(client: httpx.Client, session: str) -> None:
    def finished(path: str, body: dict[str, Any]) -> dict[str, Any]:
        job = client.post(f"/sessions/{session}/{path}", json=body).json()
        done: dict[str, Any] = client.get(f"/jobs/{job['id']}", params={"wait": WITHIN}).json()
        assert done["fault"] is None, done
        assert done["fraction"] == 1.0
        outcome: dict[str, Any] = done["result"]["outcome"]
        return outcome

    def look() -> tuple[dict[int, dict[str, Any]], dict[int, int]]:
        """The clips by their ids, and the numbers of tracks and scenes by theirs."""
        seen = client.get(f"/sessions/{session}/set").json()
        numbers = {each["id"]: each["number"] for each in (*seen["tracks"], *seen["scenes"])}
        return {clip["id"]: clip for clip in seen["clips"]}, numbers

    before, _ = look()
    finished("imagine", {"prompt": "slow bass", "bars": 1, "seed": 5, "backend": "sketch", "track": 2})
    after, numbers = look()
    (made,) = (clip for id, clip in after.items() if id not in before)
    assert made["kind"] == "audio"
    place = {"track": numbers[made["track"]], "scene": numbers[made["scene"]]}
    finished("split", {**place, "backend": "dsp"})
    assert len(look()[0]) >= len(after) + 2
    for _ in range(2):
        assert client.post(f"/sessions/{session}/undo").status_code == 200
    assert look()[0].keys() == before.keys()


def changes_of(frames: list[list[Any]]) -> list[dict[str, Any]]:
    """The changes of the set among frames."""
    return [frame[2]["changes"] for frame in frames if frame[0] == "event" and frame[2]["event"] == "set"]


def test_a_websocket_sees_a_device_and_is_seen(server: RunningServer, studio: Studio, session: str) -> None:
    with LiveLine(server, session) as line:
        assert line.welcome[2]["changes"]["whole"]
        done = line.ask("do", {"do": "generate", "engine": "bass", "bars": 1, "seed": 1})
        assert done[0] == "done"
        clip = done[2]["takes"][0]["clip"]
        assert clip in [each["id"] for change in changes_of(line.passed) for each in change["clips"]]
        said = line.ask("do", {"do": "say", "text": "undo"})
        assert said[0] == "done", said
        changes = changes_of(line.passed)
        assert clip in [id for change in changes for id in change["gone"]]
        version = max(change["version"] for change in changes)
        press = studio.device.press("drums", style="rock", bars=1)
        assert isinstance(studio.device.wait_for(press), Done)
        made = line.until(lambda frame: frame[0] == "event" and bool(frame[2].get("takes")))[2]
        assert made["takes"][0]["engine"] == "drummaroo", "what a device makes is seen"
        studio.device.wait_for(studio.device.undo())
    with LiveLine(server, session, since=version) as line:
        assert not line.welcome[2]["changes"]["whole"]


def test_metrics_join_server_and_daemon(server: RunningServer) -> None:
    with httpx.Client() as plain:
        text = plain.get(f"{server.url}/metrics", headers={"authorization": f"Bearer {server.token}"}).text
    assert "musearoo_api_daemon_connected 1" in text
    assert "musearoo_daemon_" in text


def test_the_daemon_starts_the_server_where_the_settings_say_so_and_stops_it(tmp_path: Path) -> None:
    port, script, device = (_free_port() for _ in range(3))
    settings = f"serve: true\nserve_port: {port}\nscript_port: {script}\ndevice_port: {device}\n"
    folder = ConfigFolder(tmp_path / "home")
    with DaemonProcess(folder.folder, settings=settings) as daemon:
        server = until(folder.read_server)
        assert server.url == f"http://127.0.0.1:{port}"
        assert httpx.get(f"{server.url}/healthz", timeout=WITHIN).json()["status"] == "ok"
        os.kill(server.pid, signal.SIGKILL)
        again = until(lambda: _another(folder, server.pid))
        assert httpx.get(f"{again.url}/healthz", timeout=WITHIN).status_code == 200
        # A daemon that is killed leaves no server behind, which would have the port of the next one's.
        daemon.kill()
        until(lambda: not psutil.pid_exists(again.pid))
        daemon.start()
        third = until(lambda: _another(folder, again.pid))
        assert httpx.get(f"{third.url}/healthz", timeout=WITHIN).status_code == 200
    assert folder.read_server() is None
    with pytest.raises(httpx.TransportError):
        httpx.get(f"{server.url}/healthz", timeout=WITHIN)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _another(folder: ConfigFolder, pid: int) -> ServerEndpoint | None:
    found = folder.read_server()
    return found if found is not None and found.pid != pid else None
