"""What was learnt is shown, and erased: of a part, of the habits, or all of it."""

from __future__ import annotations

from pathlib import Path

from musearoo.bridge.cli import main
from musearoo.bridge.copilot.habits_file import HABITS_FILE
from musearoo.bridge.copilot.preferences_file import read_preferences, write_preferences
from musearoo.bridge.prediction.habits import NO_HABITS, learn_move
from musearoo.bridge.prediction.moves import Situation
from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.state.preferences import NO_PREFERENCES, learn
from tests.bridge.commands.command_line import Output, home, report_of

__all__ = ["home"]

TASTES = learn(NO_PREFERENCES, SetAction(intent=Intent.PLAY, parts=("bass",), style="funk"), liked=True)
HABITS = learn_move(NO_HABITS, Situation(), "play drummaroo")


def test_both_are_shown(home: Path, capsys: Output) -> None:
    write_preferences(home, TASTES)
    HABITS_FILE.write(home, HABITS)
    assert main(["preferences"]) == 0
    said = capsys.readouterr().out
    assert "Bass: " in said
    assert "Next presses: play drummaroo (100 %)" in said
    assert report_of(capsys, "preferences")["habits"][""] == {"play drummaroo": 1.0}


def test_habits_are_erased_alone_and_with_everything(home: Path, capsys: Output) -> None:
    write_preferences(home, TASTES)
    HABITS_FILE.path(home).write_text("{")
    assert main(["preferences"]) == 1
    assert "musearoo preferences --forget habits" in " ".join(capsys.readouterr().err.split())
    assert main(["preferences", "--forget", "habits"]) == 0
    assert (HABITS_FILE.read(home), read_preferences(home)) == (NO_HABITS, TASTES)
    HABITS_FILE.write(home, HABITS)
    assert main(["preferences", "--forget", "bass"]) == 0
    assert (HABITS_FILE.read(home), read_preferences(home)) == (HABITS, NO_PREFERENCES)
    assert main(["preferences", "--forget"]) == 0
    assert HABITS_FILE.read(home) == NO_HABITS
