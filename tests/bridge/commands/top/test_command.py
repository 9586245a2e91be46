"""`musearoo top` shows the figures, and says in one sentence what is in the way of them."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from musearoo.bridge.cli import main
from musearoo.bridge.commands.shared.terminal import Terminal
from musearoo.bridge.commands.top import command, fetching
from musearoo.bridge.commands.top.figures import report
from musearoo.bridge.commands.top.view import TWO_COLUMNS, draw
from musearoo.bridge.metrics.reading import read_text
from musearoo.bridge.metrics.spans import Scrape, Span
from tests.bridge.commands.command_line import Output, failure_of, report_of
from tests.bridge.commands.command_line import home as home
from tests.bridge.metrics.traffic import TOKEN, Traffic, serving


@pytest.fixture
def traffic() -> Traffic:
    traffic = Traffic()
    traffic.happen()
    return traffic


@pytest.fixture
def served(traffic: Traffic, tmp_path: Path) -> Iterator[list[str]]:
    """The arguments by which the command finds a server and its token."""
    token = tmp_path / "metrics.token"
    token.write_text(f"{TOKEN}\n", encoding="ascii")
    with serving(traffic) as port:
        yield ["--url", f"http://127.0.0.1:{port}/metrics", "--token-file", str(token)]


def test_the_figures_are_printed_as_json(served: list[str], capsys: Output) -> None:
    figures = report_of(capsys, "top", *served)
    assert figures["url"] == served[1]
    assert figures["seconds"] is None
    assert figures["presses"][0]["engine"] == "drummaroo"
    assert figures["api"]["routes"][0]["route"] == "/api/v3/sessions"


def test_the_figures_are_printed_once_for_people(served: list[str], capsys: Output) -> None:
    assert main(["top", *served, "--once"]) == 0
    shown = capsys.readouterr().out
    for words in ("MuseAroo ", "1 device ", "since the start", "drummaroo", "engine failed", "1 ready", "Processes"):
        assert words in shown


def test_the_token_of_this_machine_is_the_usual_one(
    traffic: Traffic, home: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir()
    (home / "token").write_text(TOKEN, encoding="ascii")
    with serving(traffic) as port:
        monkeypatch.setattr(command, "URL", f"http://127.0.0.1:{port}/metrics")
        assert report_of(capsys, "top")["devices"] == 1


def screen(figures: Traffic, width: int) -> list[str]:
    """What stands on a screen, line by line."""
    console = Terminal(file=io.StringIO(), width=width)
    scrape = Scrape(read_text(figures.text()), 0.0)
    console.print(draw(report(Span(None, scrape)), width))
    assert isinstance(console.file, io.StringIO)
    return [line.rstrip() for line in console.file.getvalue().splitlines()]


def test_tables_stand_side_by_side_where_there_is_room_and_fit_the_screen(traffic: Traffic) -> None:
    wide, narrow = screen(traffic, TWO_COLUMNS), screen(traffic, 80)
    assert len(wide) < len(narrow) * 0.75
    assert max(map(len, wide)) <= TWO_COLUMNS
    assert max(map(len, narrow)) <= 80
    assert "…" not in "".join(wide + narrow)
    (heads,) = [line for line in wide if line.startswith("Requests")]
    assert "Time by leg" in heads


def test_numbers_stand_under_their_heads(traffic: Traffic) -> None:
    lines = screen(traffic, 80)
    place = next(number for number, line in enumerate(lines) if line.startswith("Requests"))
    head, row = lines[place], lines[place + 2]
    for word in ("done", "failed", "cancelled", "p50 ms", "p95", "p99"):
        end = head.index(word) + len(word)
        assert row[end - 1].isdigit(), (word, row)
        assert row[end : end + 1] in ("", " "), (word, row)


def test_a_slow_press_a_fault_and_a_lost_daemon_are_seen() -> None:
    traffic = Traffic()
    traffic.server.daemon_connected.set(0)
    console = Terminal(file=io.StringIO(), width=140, force_terminal=True)
    console.print(draw(report(Span(None, Scrape(read_text(traffic.text()), 0.0))), 140))
    console.print(draw(report(Span(None, Scrape((), 0.0))), 140, "It is away [bold]."))
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    assert "The server does not reach the daemon." in shown
    assert "It is away [bold]." in shown


def test_it_looks_again_and_again_lives_through_an_absence_and_ends_with_ctrl_c(
    served: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Screen(Terminal):
        def __init__(self) -> None:
            super().__init__(file=io.StringIO(), width=140, height=50, force_terminal=True)
            screens.append(self)

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            monkeypatch.setattr(fetching, "LARGEST", 10)
        if len(slept) == 4:
            raise KeyboardInterrupt

    screens: list[Terminal] = []
    slept: list[float] = []
    monkeypatch.setattr(command, "Terminal", Screen)
    monkeypatch.setattr(time, "sleep", sleep)
    assert main(["top", *served, "--every", "0.5"]) == 0
    assert slept == [0.5] * 4
    (screen,) = screens
    assert isinstance(screen.file, io.StringIO)
    shown = screen.file.getvalue()
    assert "since the start" in shown
    assert "the last 0 s" in shown
    assert "which is no text of metrics" in shown


class Answers(BaseHTTPRequestHandler):
    """Answers as its path says."""

    seen: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.seen.append(self.path)
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
        elif self.path.startswith("/status/"):
            self.send_error(int(self.path.rpartition("/")[2]))
        else:
            body = {"/html": b"<html>", "/bytes": b"\xff\xfe", "/endless": b"# \n" * 100}[self.path]
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def answers() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    Answers.seen = []
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_is_in_the_way_is_one_sentence(
    answers: str, tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = tmp_path / "token"
    token.write_text("secret-token", encoding="ascii")
    monkeypatch.setattr(fetching, "LARGEST", 100)
    for place, said in {
        "/status/401": "refuses the token: name a --token-file with the scope metrics.",
        "/status/403": "refuses the token: name a --token-file with the scope metrics.",
        "/status/404": "answers with status 404: is it the address of `musearoo serve`?",
        "/away": "answers with status 302",
        "/html": "line 1 is no sample of Prometheus' text format: <html>",
        "/bytes": "line 1 is no sample",
        "/endless": "which is no text of metrics.",
    }.items():
        failure = failure_of(capsys, "top", "--url", answers + place, "--token-file", str(token))
        assert said in failure, failure
        assert "secret" not in failure
    # The token went nowhere that the user did not name.
    assert "/elsewhere" not in Answers.seen
    assert "gives no metrics (Connection refused): start `musearoo serve`" in failure_of(
        capsys, "top", "--url", "http://127.0.0.1:9/metrics", "--token-file", str(token)
    )
    for url in (
        "file:///etc/passwd", "127.0.0.1:24640", "http://", "http://[", "http://a:99999/", "ftp://127.0.0.1/",
        "http://127.0.0.1:1/ü", "http://ü..ü:1/",
    ):  # fmt: skip
        assert "--url must be an address such as" in failure_of(capsys, "top", "--url", url, "--token-file", str(token))


def test_a_proxy_of_the_environment_does_not_get_the_token(
    served: list[str], answers: str, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", answers)
    assert report_of(capsys, "top", *served)["devices"] == 1
    assert Answers.seen == []


def test_a_token_that_is_none_is_one_sentence(tmp_path: Path, capsys: Output) -> None:
    assert "token does not exist: start `musearoo run` once" in failure_of(capsys, "top")
    for content in (b"", b"two words", b"\xff\xfe", b"a\nb", b"x" * 5000):
        (tmp_path / "token").write_bytes(content)
        failure = failure_of(capsys, "top", "--token-file", str(tmp_path / "token"))
        assert "token" in failure
        assert "--token-file" in failure or "cannot be read as a token" in failure
    assert "cannot be read as a token" in failure_of(capsys, "top", "--token-file", str(tmp_path))
