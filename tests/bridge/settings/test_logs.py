"""The log: written in order by a thread of its own, rotated, and never a reason to stop."""

import json
import logging
import os
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from unittest.mock import patch

import pytest

from musearoo.bridge.settings import logs
from musearoo.bridge.settings.logs import (
    DETAILS,
    FORMAT_VARIABLE,
    LOG,
    FileName,
    Format,
    about_request,
    open_log,
    print_fault,
)


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """Gives the logger back as it was."""
    before = (LOG.handlers, LOG.level, LOG.propagate)
    with patch.dict(os.environ):
        yield
    LOG.handlers, LOG.propagate = before[0], before[2]
    LOG.setLevel(before[1])


def test_records_are_in_the_file_in_order(tmp_path: Path) -> None:
    listener = open_log(tmp_path / "musearoo.log", "info")
    for number in range(200):
        LOG.info("line %d", number)
    listener.stop()
    lines = (tmp_path / "musearoo.log").read_text(encoding="utf-8").splitlines()
    assert [line.rsplit(" ", 2)[-2:] for line in lines] == [["line", str(number)] for number in range(200)]


def test_a_stalled_disk_costs_log_lines_and_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MOST_WAITING", 20)
    listener = open_log(tmp_path / "musearoo.log", "info")
    handler, gate = listener.handlers[0], threading.Event()
    monkeypatch.setattr(handler, "acquire", lambda: gate.wait(5.0))
    monkeypatch.setattr(handler, "release", lambda: None)
    for number in range(1000):
        LOG.info("line %d", number)
    waiting = listener.queue
    assert isinstance(waiting, SimpleQueue)
    assert waiting.qsize() <= 20
    gate.set()
    listener.stop()
    lines = (tmp_path / "musearoo.log").read_text(encoding="utf-8").splitlines()
    assert 20 <= len(lines) <= 22
    assert lines[0].endswith("line 0")


def test_a_line_says_when_and_how_grave(tmp_path: Path) -> None:
    listener = open_log(tmp_path / "musearoo.log", "info")
    LOG.warning("Größe: %s", "ü")
    listener.stop()
    (line,) = (tmp_path / "musearoo.log").read_text(encoding="utf-8").splitlines()
    assert line[4] == line[7] == "-"
    assert line.endswith("WARNING Größe: ü")


@pytest.mark.parametrize(("level", "words"), [("debug", ["d", "i", "w"]), ("info", ["i", "w"]), ("warning", ["w"])])
def test_only_what_the_level_lets_through_is_written(tmp_path: Path, level: str, words: list[str]) -> None:
    listener = open_log(tmp_path / "musearoo.log", level)
    LOG.debug("d")
    LOG.info("i")
    LOG.warning("w")
    listener.stop()
    assert [line[-1] for line in (tmp_path / "musearoo.log").read_text().splitlines()] == words


def test_a_traceback_is_written_with_its_error(tmp_path: Path) -> None:
    listener = open_log(tmp_path / "musearoo.log", "info")
    try:
        raise RuntimeError("the reason")
    except RuntimeError:
        LOG.exception("it failed")
    listener.stop()
    text = (tmp_path / "musearoo.log").read_text(encoding="utf-8")
    assert "Traceback" in text
    assert "RuntimeError: the reason" in text


def test_the_log_does_not_grow_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "LARGEST_FILE", 2000)
    listener = open_log(tmp_path / "musearoo.log", "info")
    for _ in range(500):
        LOG.info("x" * 100)
    listener.stop()
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["musearoo.log", "musearoo.log.1", "musearoo.log.2", "musearoo.log.3"]
    assert all(path.stat().st_size <= 2000 for path in tmp_path.iterdir())


def test_a_log_that_cannot_be_written_is_reported_once_and_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "musearoo.log").mkdir()
    listener = open_log(tmp_path / "musearoo.log", "info")
    for _ in range(20):
        LOG.info("unheard")
    listener.stop()
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "musearoo.log cannot be written" in told


def test_a_message_that_does_not_format_stops_nothing(tmp_path: Path) -> None:
    listener = open_log(tmp_path / "musearoo.log", "info")
    LOG.info("%d", "no number")
    LOG.info("the next")
    listener.stop()
    assert "the next" in (tmp_path / "musearoo.log").read_text(encoding="utf-8")


def test_the_file_is_closed_when_the_log_is_stopped(tmp_path: Path) -> None:
    """An open file cannot be deleted on Windows."""
    listener = open_log(tmp_path / "musearoo.log", "info")
    LOG.info("one")
    listener.stop()
    assert [getattr(handler, "stream", None) for handler in listener.handlers] == [None]


def test_nothing_of_ours_reaches_the_root_logger(tmp_path: Path) -> None:
    heard: list[logging.LogRecord] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record)

    ear = Ear()
    logging.getLogger().addHandler(ear)
    listener = open_log(tmp_path / "musearoo.log", "info")
    LOG.warning("ours")
    listener.stop()
    logging.getLogger().removeHandler(ear)
    assert heard == []


@pytest.mark.parametrize("umask", [0o000, 0o022])
@pytest.mark.skipif(os.name != "posix", reason="rights of owner and others are a matter of POSIX")
def test_it_is_its_owners_alone_after_it_was_rotated_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, umask: int
) -> None:
    monkeypatch.setattr(logs, "LARGEST_FILE", 2000)
    before = os.umask(umask)
    try:
        listener = open_log(tmp_path / "musearoo.log", "info")
        for _ in range(100):
            LOG.info("x" * 100)
        listener.stop()
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    assert len(list(tmp_path.iterdir())) == 4


FORGED = "Bass\n2026-01-01 00:00:00.000 WARNING forged\r\x1b[2J\x9b \u202egnihtyna\u2028\udcff"


def test_no_value_forges_a_line_or_reaches_the_terminal_that_shows_it(tmp_path: Path) -> None:
    listener = open_log(tmp_path / "musearoo.log", "debug")
    LOG.info("A track: %s", FORGED)
    try:
        raise RuntimeError(FORGED)
    except RuntimeError:
        LOG.exception("%s", FORGED)
    LOG.error("A job failed", extra={DETAILS: f"Traceback:\n  File\nRuntimeError: {FORGED}"})
    listener.stop()
    text = (tmp_path / "musearoo.log").read_text(encoding="utf-8")
    assert not [letter for letter in text if not letter.isprintable() and letter != "\n"]
    lines = text.split("\n")[:-1]
    heads = [line for line in lines if not line.startswith("    ")]
    assert [line[24:31].strip() for line in heads] == ["INFO", "ERROR", "ERROR"]
    assert r"A track: Bass\n2026-01-01 00:00:00.000 WARNING forged\r\x1b[2J\x9b \u202egnihtyna\u2028\udcff" in heads[0]


SECRET = "love me tender"


class _OwnError(RuntimeError):
    """What our own code raises, with a value in its sentence."""


@pytest.mark.parametrize(
    "raised",
    [
        ValueError(f"bad prompt {SECRET}"),
        KeyError(SECRET),
        _OwnError(f"{SECRET} is no style"),
        OSError(36, "File name too long", f"/home/u/{SECRET}.wav"),
        UnicodeDecodeError("utf-8", SECRET.encode(), 0, 1, "bad"),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("log_format", ["text", "json"])
def test_what_an_error_may_quote_is_not_logged(tmp_path: Path, raised: Exception, log_format: Format) -> None:
    listener = open_log(tmp_path / "musearoo.log", "debug", log_format)
    try:
        try:
            raise raised
        except Exception as error:
            raise RuntimeError("the outer") from error
    except RuntimeError:
        LOG.exception("It failed")
    listener.stop()
    text = (tmp_path / "musearoo.log").read_text(encoding="utf-8")
    assert type(raised).__name__ in text
    assert "RuntimeError: the outer" in text
    # The line of this test's source that Python shows names the variable alone.
    assert "love me" not in text
    if isinstance(raised, OSError):
        assert "File name too long" in text


def test_the_name_of_a_users_file_is_for_the_terminal_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ("%s: %s; what is there is used.", FileName("/sets/Love me\n.wav"), "it breaks off")
    listener = open_log(tmp_path / "musearoo.log", "info")
    LOG.warning(*told)
    listener.stop()
    assert (tmp_path / "musearoo.log").read_text().endswith(" A .wav file: it breaks off; what is there is used.\n")
    monkeypatch.setattr(LOG, "handlers", [])
    LOG.warning(*told)
    assert capsys.readouterr().err == r"/sets/Love me\n.wav: it breaks off; what is there is used." + "\n"


def test_lines_about_a_request_end_with_its_id(tmp_path: Path) -> None:
    listener = open_log(tmp_path / "musearoo.log", "info")
    LOG.info("before")
    with about_request("device-1:3"):
        LOG.info("within")
        with about_request(""):
            LOG.info("still within")
        with about_request("forged\n2026"):
            LOG.info("deeper")
    LOG.info("after")
    listener.stop()
    lines = (tmp_path / "musearoo.log").read_text(encoding="utf-8").splitlines()
    ends = ["before", "within [device-1:3]", "still within [device-1:3]", r"deeper [forged\n2026]", "after"]
    assert [line.partition("INFO    ")[2] for line in lines] == ends


def test_as_json_each_record_is_an_object_on_a_line_of_its_own(tmp_path: Path) -> None:
    listener = open_log(tmp_path / "musearoo.log", "debug", "json")
    LOG.info("100 %% of %s", FORGED)
    with about_request("device-1:3"):
        try:
            raise RuntimeError(FORGED)
        except RuntimeError:
            LOG.exception("It failed")
    LOG.warning("%s breaks off", FileName("/sets/Love me.wav"))
    listener.stop()
    text = (tmp_path / "musearoo.log").read_text(encoding="utf-8")
    assert not [letter for letter in text if not letter.isprintable() and letter != "\n"]
    plain, failed, named = (json.loads(line) for line in text.split("\n")[:-1])
    assert plain.keys() == {"time", "level", "message"}
    assert plain["message"].startswith(r"100 % of Bass\n2026")
    assert abs(datetime.fromisoformat(plain["time"]) - datetime.now(UTC)) < timedelta(minutes=1)
    assert (failed["level"], failed["message"], failed["request"]) == ("error", "It failed", "device-1:3")
    first, *_, last, forged = failed["traceback"].split("\n")
    assert first == "Traceback (most recent call last):"
    assert last == "RuntimeError: Bass"
    assert forged.startswith("2026")
    assert (named["level"], named["message"]) == ("warning", "A .wav file breaks off")


def test_a_childs_fault_is_a_line_of_the_daemons_format(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(FORMAT_VARIABLE, "json")
    error = ValueError(SECRET)
    print_fault(error)
    fault = json.loads(capsys.readouterr().err)
    assert (fault["level"], fault["message"]) == ("error", "A fault")
    assert fault["traceback"].endswith("ValueError (its text is not logged)")
    monkeypatch.setenv(FORMAT_VARIABLE, "text")
    print_fault(error)
    assert capsys.readouterr().err.startswith("Traceback (most recent call last):\nValueError")
