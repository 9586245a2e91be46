"""The log: written in order by a thread of its own, rotated, and never a reason to stop."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge import logs
from bridge.logs import LOG, open_log


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """Gives the logger back as it was."""
    before = (LOG.handlers, LOG.level, LOG.propagate)
    yield
    LOG.handlers, LOG.propagate = before[0], before[2]
    LOG.setLevel(before[1])


def test_what_is_logged_stands_in_the_file_in_order(tmp_path: Path) -> None:
    listener = open_log(tmp_path / "musearoo.log", "info")
    for number in range(200):
        LOG.info("line %d", number)
    listener.stop()
    lines = (tmp_path / "musearoo.log").read_text(encoding="utf-8").splitlines()
    assert [line.rsplit(" ", 2)[-2:] for line in lines] == [["line", str(number)] for number in range(200)]


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


def test_a_log_that_cannot_be_written_is_told_once_and_stops_nothing(
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
