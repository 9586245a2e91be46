"""What stands in names, files and sentences is only ever shown: in the log, and in the terminal by every way there."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from musearoo.bridge.cli import main
from musearoo.bridge.commands import catalogue
from musearoo.bridge.commands.doctor import command as doctor
from musearoo.bridge.commands.doctor.finding import Finding
from musearoo.bridge.commands.shared.status_line import StatusLine
from musearoo.bridge.commands.shared.terminal import Terminal, escape
from musearoo.bridge.core.events.effects import Report
from musearoo.bridge.settings.config_files import HOME_VARIABLE
from musearoo.bridge.text.escaping import escape_line, escape_lines
from tests.bridge.commands.command_line import Output, home
from tests.each_case import each_case
from tests.engines.presets_on_disk import STYLES

__all__ = ["home"]

ATTACK = "a\x1b]0;owned\x07\x1b[2J\rb\x9b31mc\u202ed\u2066e\x08f"
SHOWN = r"a\x1b]0;owned\x07\x1b[2J\rb\x9b31mc\u202ed\u2066e\x08f"
FORGED = f"{ATTACK}\n09:00:00 forged"


def unsafe(text: str) -> list[str]:
    """What of a text a terminal would act upon, but for line ends."""
    return [letter for letter in text if not letter.isprintable() and letter != "\n"]


def test_every_letter_that_is_not_shown_as_it_is_becomes_an_escape() -> None:
    assert escape_line(ATTACK) == SHOWN
    assert escape_line("\ud800 \u2028 \x00") == r"\ud800 \u2028 \x00"
    assert escape_lines("a\nb\r") == "a\nb\\r"
    for plain in ("Größe [v2] 雨 🥁 👩\u200d🎤 é “so”", "C:\\Users\\n"):
        assert escape_line(plain) == plain


@each_case("is_terminal", [False, True])
def test_the_daemons_reports_are_one_line_each(is_terminal: bool) -> None:
    shown = io.StringIO()
    console = Terminal(file=shown, width=400, force_terminal=is_terminal, color_system=None)
    StatusLine(console, quiet=False).show_report(Report(f"“{FORGED}” was split."))
    assert unsafe(shown.getvalue()) == []
    assert shown.getvalue().count("\n") == 1


def test_messages_that_quote_the_user_go_to_a_terminal_and_to_no_file() -> None:
    said = {}
    for is_terminal in (False, True):
        shown = io.StringIO()
        console = Terminal(file=shown, width=400, force_terminal=is_terminal, color_system=None)
        StatusLine(console, quiet=False).show_report(Report("“love me”: done.", logged="Sentence 1 was answered."))
        StatusLine(console, quiet=False).show_report(Report("“love me”: done.", logged=""))
        said[is_terminal] = shown.getvalue()
    assert said[True].count("love me") == 2
    assert "love me" not in said[False]
    assert said[False].endswith("Sentence 1 was answered.\n")


def test_rich_prints_names_by_no_way_as_they_are() -> None:
    from rich.table import Table
    from rich.text import Text

    shown = io.StringIO()
    console = Terminal(file=shown, width=400, force_terminal=True, color_system="truecolor")
    table = Table("name")
    table.add_row(ATTACK)
    for each in (table, Text(ATTACK), f"[bold]{escape(ATTACK)}[/]", ATTACK):
        console.print(each, highlight=False)
    # What is left are the codes of rich's own styles.
    left = shown.getvalue().replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert "\x1b" not in left
    assert unsafe(left) == []


@pytest.mark.parametrize("command", ["styles", "doctor"])
def test_names_of_styles_and_devices_are_only_shown(
    capsys: Output, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(catalogue, "read_styles", lambda _folder: {ATTACK: replace(STYLES["funk"], name=FORGED)})
    monkeypatch.setattr(doctor, "examine", lambda *_: [Finding("Microphone", "note", FORGED, FORGED)])
    assert main([command]) == 0
    assert unsafe(capsys.readouterr().out) == []


@pytest.mark.parametrize("wanted", [["analyze"], ["generate", "bass", "--context"], ["split", "--out=x"], ["listen"]])
def test_names_of_files_are_only_shown_in_one_line(
    capsys: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / f"{FORGED}.mid"
    path.write_bytes(b"no MIDI")
    assert main([*wanted, str(path)]) == 1
    told = capsys.readouterr()
    assert unsafe(told.out + told.err) == []
    assert told.err.count("\n") == 1, told.err


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_sentences_are_only_shown(capsys: Output, options: list[str]) -> None:
    main(["say", *options, f"give me a {ATTACK} bass"])
    told = capsys.readouterr()
    assert unsafe(told.out + told.err) == []


def test_arguments_are_only_shown(capsys: Output) -> None:
    with pytest.raises(SystemExit):
        main(["styles", ATTACK])
    assert unsafe(capsys.readouterr().err) == []


def test_a_style_that_is_left_out_is_named_as_it_is(home: Path) -> None:
    (home / "styles").mkdir(parents=True)
    (home / "styles" / f"{ATTACK}.yaml").write_text(f'name: ["{ATTACK!r}')
    environment = {**os.environ, HOME_VARIABLE: str(home)}
    command = [sys.executable, "-m", "musearoo", "styles"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert "left out" in done.stderr
    assert unsafe(done.stdout + done.stderr) == []
