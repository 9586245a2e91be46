"""`musearoo page`: with the server that runs or with one of its own, in the browser, by a link, or for a phone."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil
import pytest

from tests.optional import require

require("fastapi", "segno", "sqlalchemy")

import httpx2 as httpx

from musearoo.bridge.commands.serving.page import draw
from musearoo.bridge.settings.config_files import HOME_VARIABLE, ConfigFolder, ServerEndpoint
from musearoo.bridge.store.address import DATABASE_VARIABLE
from tests.bridge.api import running
from tests.bridge.api.running import ENDS_WITHIN, ROOT, STARTS_WITHIN, RunningServer
from tests.bridge.page.test_lan import own_address

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="programs are stopped by signals here")

Command = subprocess.Popen[str]
ALONE: Final = """
import sys
from musearoo.bridge.api.access import lan
def find_address():
    raise lan.ApiError(409, "no_network", "This machine is in no network.")
lan.find_address = find_address
from musearoo.bridge.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@contextmanager
def page(home: Path, *options: str, browser: str = "") -> Iterator[Command]:
    """The command while it runs; `browser` is a program that gets the link."""
    variables = {**os.environ, HOME_VARIABLE: str(home), "BROWSER": browser or "false"}
    variables.pop(DATABASE_VARIABLE, None)
    words = [sys.executable, "-m", "musearoo", "page", *options]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, env=variables, cwd=ROOT, text=True, stdout=pipe, stderr=pipe) as process:
        try:
            yield process
        finally:
            process.kill()


def read_line(process: Command) -> str:
    """The next line that it prints, "" at the end."""
    assert process.stdout is not None
    too_long = threading.Timer(STARTS_WITHIN, process.kill)
    too_long.start()
    try:
        return process.stdout.readline()
    finally:
        too_long.cancel()


def done(home: Path, *options: str, browser: str = "") -> tuple[int, str, str]:
    """The exit status, and what it says on both outputs."""
    with page(home, *options, browser=browser) as process:
        output, errors = process.communicate(timeout=STARTS_WITHIN)
        return process.returncode, output, errors


def enter(link: str) -> httpx.Response:
    """Open a link as the page does."""
    url, _, code = link.partition("/#open=")
    return httpx.post(f"{url}/api/v3/links/open", json={"code": code}, headers={"origin": url}, timeout=10.0)


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    ends = time.monotonic() + ENDS_WITHIN
    while not is_so():
        assert time.monotonic() < ends, what
        time.sleep(0.05)


def test_it_gives_a_link_to_the_server_that_runs(home: Path) -> None:
    with RunningServer(home, "--composers", "1") as server:
        status, output, errors = done(home, "--json")
        assert (status, errors) == (0, "")
        told = json.loads(output)
        assert (told["url"], told["lan"]) == (server.url, None)
        made = enter(told["link"])
        assert made.status_code == 201
        assert made.json()["scopes"] == ["make", "metrics"]
        assert enter(told["link"]).status_code == 401
        status, output, errors = done(home, "--no-browser")
        assert (status, errors) == (0, "")
        assert "within two minutes; it works once: " in output
        assert enter(output.split()[-1]).status_code == 201
        assert server.process.poll() is None


def test_it_opens_the_browser(home: Path, tmp_path: Path) -> None:
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\nprintf %s "$1" > {tmp_path / "opened"}\n')
    script.chmod(0o700)
    with RunningServer(home, "--composers", "1") as server:
        status, output, errors = done(home, browser=str(script))
        assert (status, errors) == (0, "")
        assert f"opens in your browser: {server.url}/" in output
        link = (tmp_path / "opened").read_text()
        assert "#open=" not in output
        assert enter(link).status_code == 201
        # Without one it prints what to open.
        status, output, _ = done(home, browser="false")
        assert status == 0
        assert enter(output.split()[-1]).status_code == 201


def test_it_serves_until_ctrl_c_where_no_server_runs(home: Path) -> None:
    with page(home, "--json", "--port", "0") as process:
        told = json.loads(read_line(process))
        assert httpx.get(f"{told['url']}/healthz", timeout=10.0).status_code == 200
        assert httpx.get(f"{told['url']}/", timeout=10.0).headers["content-type"].startswith("text/html")
        assert enter(told["link"]).status_code == 201
        endpoint = ConfigFolder(home).read_server()
        assert endpoint is not None
        assert os.getpgid(endpoint.pid) == endpoint.pid, "Ctrl-C is for the command"
        # A second one uses the server of the first.
        assert json.loads(done(home, "--json")[1])["url"] == told["url"]
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=ENDS_WITHIN)
        assert (process.returncode, output, errors) == (0, "", "")
    assert not psutil.pid_exists(endpoint.pid)
    assert ConfigFolder(home).read_server() is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGHUP])
def test_its_server_ends_with_it_however_it_ends(home: Path, number: int) -> None:
    with page(home, "--json", "--port", "0") as process:
        assert read_line(process)
        endpoint = ConfigFolder(home).read_server()
        assert endpoint is not None
        process.send_signal(number)
        process.wait(ENDS_WITHIN)
    wait_until(lambda: not psutil.pid_exists(endpoint.pid), "the server goes on")


def test_it_says_so_when_its_server_ends(home: Path) -> None:
    with page(home, "--json", "--port", "0") as process:
        assert read_line(process)
        endpoint = ConfigFolder(home).read_server()
        assert endpoint is not None
        os.kill(endpoint.pid, signal.SIGTERM)
        _, errors = process.communicate(timeout=ENDS_WITHIN)
    assert process.returncode == 1
    assert errors == f"musearoo: The server has ended: {home / 'serve.log'} says why.\n"


def test_a_port_that_another_program_has_is_named(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        status, output, errors = done(home, "--no-browser", "--port", port)
    assert (status, output) == (1, "")
    first, second = errors.splitlines()
    assert f"127.0.0.1:{port}" in first
    assert "choose another with --port" in first
    assert second == "musearoo: The server did not start: the line above says why."
    assert done(home, "--port", "70000")[0] == 2


def test_a_server_that_died_is_not_taken_for_one_that_runs(home: Path) -> None:
    folder = ConfigFolder(home)
    folder.make()
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        stranger.settimeout(0.2)
        with subprocess.Popen([sys.executable, "-c", ""]) as dead:
            dead.wait()
        folder.write_server(ServerEndpoint(f"http://127.0.0.1:{stranger.getsockname()[1]}", dead.pid, "0"))
        with page(home, "--json", "--port", "0") as process:
            told = json.loads(read_line(process))
            assert enter(told["link"]).status_code == 201
        with pytest.raises(TimeoutError):
            stranger.accept()


@pytest.mark.skipif(not own_address(), reason="this machine is in no network")
def test_for_a_phone_it_shows_address_code_and_warning(home: Path) -> None:
    with page(home, "--lan", "--no-browser", "--port", "0") as process:
        lines = [read_line(process)]
        while "it works once" not in lines[-1]:
            lines.append(read_line(process))
            assert lines[-1], lines
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=ENDS_WITHIN)
    phone = next(line for line in lines if line.startswith("On a phone"))
    link = phone.split()[-1]
    assert "127.0.0.1" not in link
    assert "#open=" in link
    import segno

    rows = ["".join(str(int(dark > 0)) for dark in row) for row in segno.make(link, error="m", micro=False).matrix]
    assert "".join(lines[: lines.index(phone)]) == draw(rows) + "\n"
    assert errors.count("\n") == 1
    assert "not encrypted" in errors


def test_without_a_network_it_says_what_to_do(
    home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from musearoo.bridge.cli import main

    monkeypatch.setattr(running, "_IMPATIENT", ALONE)
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    with RunningServer(home, "--composers", "1", impatient=True):
        assert main(["page", "--lan", "--no-browser"]) == 1
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "musearoo: This machine is in no network.\n")


def test_what_is_missing_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from musearoo.bridge.cli import main
    from musearoo.bridge.commands.serving import page as command

    monkeypatch.setenv(HOME_VARIABLE, str(home))
    monkeypatch.setattr(command, "find_spec", lambda _name: None)
    assert main(["page", "--no-browser"]) == 1
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.startswith("musearoo: The page needs packages that are not installed: ")


def test_the_code_is_framed_and_of_whole_lines() -> None:
    for size in (21, 24):
        lines = draw(["1" * size] * size).split("\n")
        bare = [line.removeprefix("\x1b[30;107m").removesuffix("\x1b[0m") for line in lines]
        assert {len(line) for line in bare} == {size + 4}
        assert bare[0] == bare[-1] == " " * (size + 4)
        dark = sum({"█": 2, "▀": 1, "▄": 1, " ": 0}[sign] for line in bare for sign in line)
        assert dark == size * size
