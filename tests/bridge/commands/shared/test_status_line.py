"""What the daemon shows: all of it in a terminal, in a log nothing that quotes the user, and only warnings if quiet."""

import re

import pytest

from musearoo.bridge.commands.shared.status_line import StatusLine
from musearoo.bridge.commands.shared.terminal import Terminal
from musearoo.bridge.core.events.effects import Report

REPORTS = (
    Report("Said “a [bold] bass”.", logged="A sentence was said."),
    Report("Live refused “My\x1b[31m Track”.", warning=True, logged="Live refused a request."),
    Report("Live is connected."),
)


def show(capsys: pytest.CaptureFixture[str], *, quiet: bool) -> list[str]:
    """The lines on stderr, each without its time."""
    with StatusLine(Terminal(stderr=True), quiet=quiet) as line:
        line.show_ready("" if quiet else "MuseAroo is ready.")
        for number in range(3):
            line.show_status(f"{number} devices")
        for report in REPORTS:
            line.show_report(report)
    shown = capsys.readouterr()
    assert shown.out == ""
    return [each[9:] if each[2:3] == ":" else each for each in shown.err.splitlines()]


def test_a_log_gets_the_reports_without_what_the_user_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert show(capsys, quiet=False) == [
        "MuseAroo is ready.",
        "A sentence was said.",
        "Live refused a request.",
        "Live is connected.",
    ]


def test_quiet_leaves_the_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    assert show(capsys, quiet=True) == ["Live refused a request."]


def test_a_terminal_shows_what_was_said_literally_above_the_status(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    raw = "\n".join(show(capsys, quiet=False))
    assert "\x1b[31m Track" not in raw
    # Without rich's own colours.
    shown = re.sub(r"\x1b\[[0-9;]*m", "", raw)
    assert "Said “a [bold] bass”." in shown
    assert "2 devices" in shown
    assert "My\\x1b[31m Track" in shown
