"""How a server starts and ends: by signals in the middle of requests, and where it cannot start, by one sentence."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.bridge.api.running import ROOT, RunningServer
from tests.optional import require

require("fastapi", "sqlalchemy")

from musearoo.bridge.settings.config_files import HOME_VARIABLE
from tests.bridge.api.resilience.load import Load, make_sessions, require_all_kept


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long)])
def test_a_signal_ends_it_when_what_is_under_way_is_done(tmp_path: Path, number: signal.Signals) -> None:
    home = tmp_path / "home"
    with RunningServer(home, "--composers", "1") as server:
        with server.client() as client:
            sessions = make_sessions(client, 2)
        with Load(server, sessions) as load:
            load.wait_for(10)
            assert server.stop(number) == 0
        # Those under way were answered; new ones find nobody, or are told so.
        assert all(answer.status_code == 503 for answer in load.told.refused), load.told.refused
        assert "Traceback" not in server.log_text
        assert not list(home.glob("musearoo.db-wal")) or os.path.getsize(home / "musearoo.db-wal") == 0
    with RunningServer(home, "--composers", "1") as server, server.client() as client:
        require_all_kept(client, load.told)


@pytest.mark.long
def test_a_second_signal_and_open_connections_do_not_keep_it(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "home", "--composers", "1") as server:
        half = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(50)]
        for connection in half[:25]:
            connection.sendall(b"POST /api/v3/sessions HTTP/1.1\r\nhost: 127")
        server.process.send_signal(signal.SIGTERM)
        assert server.stop(signal.SIGTERM) == 0
        for connection in half:
            connection.close()


def _failure_of(home: Path, *options: str, environment: Mapping[str, str] | None = None) -> str:
    """The one line of a server that cannot start."""
    words = [sys.executable, "-m", "musearoo", "serve", *options]
    variables = {**os.environ, HOME_VARIABLE: str(home), **(environment or {})}
    done = subprocess.run(words, env=variables, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, ""), done
    assert done.stderr.startswith("musearoo: "), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


@pytest.mark.long
def test_what_keeps_it_from_starting_is_one_sentence(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = _failure_of(home, "--port", str(port))
        assert f"cannot listen on 127.0.0.1:{port}" in said
        assert "choose another with --port" in said
    assert "cannot make" in _failure_of(Path("/proc/nowhere"), "--port", "0")
    (tmp_path / "file").write_text("no folder")
    assert str(tmp_path / "file") in _failure_of(tmp_path / "file", "--port", "0")
    assert "PEM" in _failure_of(home, "--port", "0", "--certificate", "nowhere.pem", "--certificate-key", "nowhere.pem")
    assert "does not know mysql" in _failure_of(home, "--port", "0", "--database", "mysql://x/y")


def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"cannot listen on 127.0.0.1:{port}" in _failure_of(tmp_path / "home", "--port", str(port))


@pytest.mark.long
def test_a_store_that_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with RunningServer(home, "--composers", "1") as server:
        assert server.stop() == 0
    path = home / "musearoo.db"
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        assert "is locked by another program" in _failure_of(home, "--port", "0")
        other.execute("ROLLBACK")
    other.close()
    for suffix in ("-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    whole = path.read_bytes()
    for broken in (b"no database" * 1_000, whole[:1_000], whole[:4_096] + bytes(4_096) + whole[8_192:]):
        path.write_bytes(broken)
        assert "damaged" in _failure_of(home, "--port", "0")
    path.unlink()
    path.mkdir()
    assert "is no file" in _failure_of(home, "--port", "0")
    assert "cannot be used" in _failure_of(home, "--port", "0", "--database", f"postgresql://x@/y?host={tmp_path}")
