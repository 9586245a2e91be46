"""`musearoo say` and `musearoo preferences`: what is understood and answered, shown, and erased, without Live."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from musearoo.bridge.cli import main
from musearoo.bridge.commands import say
from musearoo.bridge.copilot.preferences_file import preferences_file, read_preferences, write_preferences
from musearoo.bridge.links.press_client import PressOutcome
from musearoo.bridge.settings.config_files import ConfigFolder
from musearoo.bridge.settings.voice_table import read_understander
from musearoo.engines.language.requests.actions import SetAction
from musearoo.engines.language.requests.commands import Intent
from musearoo.engines.language.state.preferences import NO_PREFERENCES, learn
from tests.bridge.commands.command_line import Output, failure_of, home, report_of, usage_of
from tests.bridge.copilot.test_language_model import ModelServer, serving
from tests.engines.presets_on_disk import STYLES

__all__ = ["home"]

UNDERSTANDER = cache(lambda: read_understander(STYLES))


@pytest.fixture(autouse=True)
def table_read_once(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """The styles and the table as they come with MuseAroo, read once for all tests but one: that takes a second."""
    if request.node.name != "test_words_need_no_quotes":
        monkeypatch.setattr(say, "read_styles", lambda _folder: STYLES)
        monkeypatch.setattr(say, "read_understander", lambda _styles: UNDERSTANDER())


def kept_three_times(folder: Path) -> None:
    """What is in the folder of somebody who likes short, sparse basses."""
    preferences = NO_PREFERENCES
    for _ in range(3):
        action = SetAction(intent=Intent.PLAY, parts=("bass",), density=0.3, bars=4)
        preferences = learn(preferences, action, liked=True)
    write_preferences(folder, preferences)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("give me a funk bass line, eight bars in D minor", "Funk bass, 8 bars, D minor."),
        ("mute the drums", "Muting the drums."),
        ("delete the bass", "Delete the bass? Yes or no?"),
        ("undo", "Undoing what was written last."),
    ],
)
def test_the_answer_is_what_talk_would_say(capsys: Output, text: str, answer: str) -> None:
    assert main(["say", text]) == 0
    said = capsys.readouterr()
    assert said.out == f"{answer}\n"
    assert said.err == ""


def test_words_need_no_quotes(capsys: Output) -> None:
    assert main(["say", "mute", "the", "drums"]) == 0
    assert capsys.readouterr().out == "Muting the drums.\n"


def test_the_report_has_the_sentence_and_what_it_asks_for(capsys: Output) -> None:
    report = report_of(capsys, "say", "give me a funk bass line, a bit busier than the drums")
    assert report.pop("ms") < 1000.0
    assert report == {
        "text": "give me a funk bass line, a bit busier than the drums",
        "intent": "play",
        "slots": {"parts": ["bass"], "style": "funk", "changes": ["a bit busier"], "than": "drums"},
        "confidence": 1.0,
        "answer": "Funk bass, 8 bars, a bit busier than the drums.",
        "reply": "act",
    }


def test_what_is_not_understood_is_a_failure_and_in_a_report_an_intent(capsys: Output) -> None:
    assert "I did not understand that" in failure_of(capsys, "say", "the weather is nice today")
    report = report_of(capsys, "say", "the weather is nice today")
    assert (report["intent"], report["slots"], report["reply"]) == ("none", {}, "tell")
    assert "nothing to understand" in failure_of(capsys, "say", "  ")
    assert "TEXT" in usage_of(capsys, "say")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("drums 500 bars", "A clip has up to 64 bars. Shall it have 64?"),
        ("drums twelve hundred bars", "A clip has up to 64 bars. Shall it have 64?"),
        ("drums at 5000 bpm", "Live goes from 20 to 999 BPM. Shall it be 999?"),
        ("give me 99 takes of a bass", "I make up to 8 takes at once. Shall it be 8?"),
        ("song of 90 minutes", "A song lasts 15 to 600 seconds. Shall it be 600?"),
        ("keep the last 500 bars", "I remember the last 64 bars. Shall it be 64?"),
        ("imagine dub 500 bars", "A loop has up to 32 bars. Shall it have 32?"),
        ("jam 99 bars", "A turn has up to 16 bars. Shall it have 16?"),
    ],
)
def test_what_is_more_than_can_be_had_is_said_and_the_most_offered(capsys: Output, text: str, answer: str) -> None:
    report = report_of(capsys, "say", text)
    assert (report["answer"], report["reply"]) == (answer, "ask")


def test_a_time_signature_is_the_whole_sets(capsys: Output) -> None:
    assert "I cannot play in 40/7: the time signature is the set's" in failure_of(capsys, "say", "drums in 40/7")


def test_what_was_learnt_is_used(capsys: Output, home: Path) -> None:
    kept_three_times(home)
    assert main(["say", "give me a bass line"]) == 0
    assert capsys.readouterr().out == "Bass, 4 bars; sparser and 4 bars, as you usually keep it.\n"


def test_a_language_model_is_asked_where_the_rules_do_not_understand(capsys: Output, home: Path) -> None:
    home.mkdir()
    with serving(ModelServer(content='{"intent": "mute", "slots": {"target": "bass"}}')) as model:
        (home / "settings.yaml").write_text(f"language_model_url: {model.url}\nlanguage_model: small\n")
        assert main(["say", "could somebody silence that rumbling thing"]) == 0
        assert capsys.readouterr().out == "Muting the bass.\n"
        assert main(["say", "mute the drums"]) == 0
    assert len(model.asked) == 1


def test_a_model_elsewhere_is_refused(capsys: Output, home: Path) -> None:
    home.mkdir()
    (home / "settings.yaml").write_text("language_model_url: https://example.com/v1\n")
    assert "on this machine" in failure_of(capsys, "say", "could somebody silence that rumbling thing")


def test_without_a_daemon_nothing_is_done(capsys: Output) -> None:
    assert "musearoo run" in failure_of(capsys, "say", "--do", "mute the drums")


@pytest.mark.parametrize(("ok", "asks"), [(True, False), (True, True), (False, False)])
def test_the_daemons_answer_is_printed(
    capsys: Output, monkeypatch: pytest.MonkeyPatch, home: Path, ok: bool, asks: bool
) -> None:
    asked = []

    def answer(text: str, folder: ConfigFolder) -> PressOutcome:
        asked.append((text, folder.folder))
        return PressOutcome(ok, asks, "It is so.")

    monkeypatch.setattr("musearoo.bridge.links.press_client.say_to_daemon", answer)
    assert main(["say", "--do", "mute the drums"]) == (0 if ok and not asks else 1)
    said = capsys.readouterr()
    assert (said.out, said.err) == (("It is so.\n", "") if ok and not asks else ("", "musearoo: It is so.\n"))
    assert main(["say", "--do", "--json", "mute the drums"]) == (0 if ok and not asks else 1)
    assert '"answer": "It is so."' in capsys.readouterr().out
    assert asked == [("mute the drums", home)] * 2


def test_preferences_are_shown_and_erased_part_by_part(capsys: Output, home: Path) -> None:
    assert main(["preferences"]) == 0
    assert capsys.readouterr().out.startswith("Nothing is learnt yet")
    kept_three_times(home)
    assert main(["preferences"]) == 0
    shown = capsys.readouterr().out
    assert "Bass: sparser, 4 bars (kept 3 times, never undone)" in shown
    assert str(preferences_file(home)) in shown
    report = report_of(capsys, "preferences")
    assert [preferred["value"] for preferred in report["preferred"]] == ["0.3", "4"]
    assert report["parts"]["bass"]["kept"] == 3
    assert main(["preferences", "--forget", "drums"]) == 0
    assert read_preferences(home) != NO_PREFERENCES
    assert main(["preferences", "--forget", "bass"]) == 0
    assert read_preferences(home) == NO_PREFERENCES
    assert capsys.readouterr().out == "Forgotten: drums.\nForgotten: bass.\n"
    assert "zither" in usage_of(capsys, "preferences", "--forget", "zither")


def test_a_broken_file_is_reported_by_both_and_erased_by_forgetting(capsys: Output, home: Path) -> None:
    home.mkdir()
    preferences_file(home).write_text("broken")
    assert "is not JSON" in failure_of(capsys, "preferences")
    assert "is not JSON" in failure_of(capsys, "say", "give me a bass line")
    assert main(["preferences", "--forget"]) == 0
    assert capsys.readouterr().out == "Forgotten.\n"
    assert not preferences_file(home).exists()
    assert report_of(capsys, "preferences", "--forget")["parts"] == {}
