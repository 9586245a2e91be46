"""Jobs whose server or whose process is killed, and uploads of a server that stops."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from pathlib import Path

from tests.optional import require

require("fastapi", "sqlalchemy", "soxr")

import psutil

from musearoo.bridge.api.jobs.uploads import PIECE
from tests.bridge.api.jobs.some_sounds import begin, clips, finish, long_noise, new_session, place, wait_until
from tests.bridge.api.running import Answer, RunningServer


def test_a_killed_server_ends_its_jobs_at_the_next_start(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with RunningServer(home, "--composers", "1") as server, server.client() as client:
        session = new_session(client)
        place(client, session, long_noise())
        job = begin(client, f"/sessions/{session}/split", backend="dsp", track=1, scene=1)
        waiting = begin(client, f"/sessions/{session}/imagine", prompt="dub", backend="sketch")
        upload = client.post("/uploads", json={"bytes": 10}).json()["id"]
        wait_until(client, job, "working")
        server.kill()
    with RunningServer(home, "--composers", "1") as server, server.client() as client:
        for each in (job, waiting):
            ended = client.get(f"/jobs/{each['id']}").json()
            assert (ended["state"], ended["fault"]["code"]) == ("failed", "stopped")
            assert "nothing was written" in ended["fault"]["detail"]
        assert not (home / "made" / session / job["id"]).exists()
        assert len(clips(client, session)) == 1
        assert client.head(f"/uploads/{upload}").headers["upload-offset"] == "0", "an unfinished upload goes on"


def test_a_server_leaves_the_jobs_of_its_neighbours_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with RunningServer(home, "--composers", "1") as server, server.client() as client:
        session = new_session(client)
        place(client, session, long_noise())
        job = begin(client, f"/sessions/{session}/split", backend="dsp", track=1, scene=1)
        wait_until(client, job, "working")
        with RunningServer(home, "--composers", "1") as other, other.client() as neighbour:
            assert neighbour.get(f"/jobs/{job['id']}").json()["state"] == "running"
        assert finish(client, job)["state"] == "done"
        assert len(clips(client, session)) == 5


def test_a_job_survives_the_death_of_its_process_once(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "home", "--composers", "1") as server, server.client() as client:
        session = new_session(client)
        place(client, session, long_noise())
        before = _processes(server)
        job = begin(client, f"/sessions/{session}/split", backend="dsp", track=1, scene=1)
        wait_until(client, job, "working")
        (runner,) = _processes(server) - before
        os.kill(runner, signal.SIGKILL)
        assert finish(client, job)["state"] == "done"
        assert len(clips(client, session)) == 5
        again = begin(client, f"/sessions/{session}/split", backend="dsp", track=1, scene=1)
        killed: set[int] = {runner}
        until = time.monotonic() + 20
        while len(killed) < 3 and time.monotonic() < until:
            state = client.get(f"/jobs/{again['id']}").json()
            for pid in _processes(server) - before - killed if state["ended"] is None else ():
                os.kill(pid, signal.SIGKILL)
                killed.add(pid)
            if state["ended"] is not None:
                break
        ended = finish(client, again)
        assert ended["state"] == "failed"
        assert ended["fault"]["detail"].startswith("This ended its process twice")


def test_a_stop_waits_for_no_upload_that_sends_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with RunningServer(home, "--composers", "1") as server, server.client() as client:
        upload = client.post("/uploads", json={"bytes": PIECE + 6}).json()["id"]
        head = (
            f"PATCH /api/v3/uploads/{upload} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            f"Authorization: Bearer {server.token}\r\nContent-Type: application/offset+octet-stream\r\n"
            f"Upload-Offset: 0\r\nContent-Length: {PIECE + 6}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
            connection.sendall(head.encode() + bytes(PIECE))
            until = time.monotonic() + 20
            while client.head(f"/uploads/{upload}").headers["upload-offset"] == "0":
                assert time.monotonic() < until
                time.sleep(0.02)
            assert server.stop() == 0
            answer = Answer.of(connection.recv(65_536))
        assert (answer.status, answer.problem["code"]) == (503, "stopping")
        # uvicorn logs that it ran out of patience.
        assert "graceful shutdown exceeded" not in server.log_text
    with RunningServer(home, "--composers", "1") as server, server.client() as client:
        assert client.head(f"/uploads/{upload}").headers["upload-offset"] == str(PIECE)
        headers = {"content-type": "application/offset+octet-stream", "upload-offset": str(PIECE)}
        rest = client.patch(f"/uploads/{upload}", content=bytes(6), headers=headers)
        assert rest.headers["upload-offset"] == str(PIECE + 6)


def _processes(server: RunningServer) -> set[int]:
    """The server's child processes that work for it, without those that have just died."""
    found = set()
    for child in psutil.Process(server.process.pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if any("spawn_main" in word for word in child.cmdline()):
                found.add(child.pid)
    return found
