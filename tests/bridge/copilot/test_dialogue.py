"""The copilot in the daemon: a sentence and its set become a request or an answer; what was learnt outlives it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from musearoo.bridge.copilot.dialogue import Copilot, SentenceContext
from musearoo.bridge.copilot.preferences_file import delete_preferences, preferences_file, read_preferences
from musearoo.bridge.core.events.effects import NoteDone, NoteUndone, Understand
from musearoo.bridge.core.events.incoming import ByDevice, CancelAll, Reply, Understood
from musearoo.bridge.core.state import Live
from musearoo.bridge.protocol import Generate
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.language.requests.commands import Command, Intent, Slots
from musearoo.engines.language.state.memory import Turn
from musearoo.engines.language.state.view import SetView
from tests.bridge.requests.test_generate import a_set
from tests.bridge.stage import a_script_hello

KEY = (7, 3)
STYLES = read_styles()


def a_place() -> SentenceContext:
    return SentenceContext(Live(1, a_script_hello(), 0.0, ready=True), a_set())


class Model:
    """A language model that takes everything for one thing."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, SetView, Sequence[Turn]]] = []

    def interpret(self, text: str, view: SetView, turns: Sequence[Turn] = ()) -> Command | None:
        self.asked.append((text, view, turns))
        return Command(text=text, intent=Intent.PLAY, slots=Slots(parts=("drums",)), confidence=0.5)


def a_copilot(folder: Path, model: Model | None = None) -> Copilot:
    return Copilot(folder, STYLES, lambda _: None, model)


def say(copilot: Copilot, text: str, confidence: float = 1.0) -> Understood:
    place = a_place()
    request = Understand(KEY, 1, place.live.hello.instance, text, confidence)
    said = copilot.answer(request, copilot.read(request, place.mirror), place)
    write(copilot)
    return said


def write(copilot: Copilot) -> str:
    learnt = copilot.learnt()
    return "" if learnt is None else copilot.note_written(learnt, copilot.write(learnt))


def make_bass(copilot: Copilot, request_id: str = "device:1") -> str:
    request = Generate(*KEY, "bassaroo", "funk", 8, 7, 0.8, 0.5, 0.5, 0.0, "", "", -1, -1, 0)
    place = a_place()
    return copilot.note_done(NoteDone(place.live.hello.instance, 7, request, request_id, "funk bass", 1, 1), place)


def test_an_order_carries_the_number_of_its_talk(tmp_path: Path) -> None:
    said = say(a_copilot(tmp_path), "give me a funk bass, four bars in D minor")
    assert isinstance(said.verdict, Generate)
    asked = said.verdict
    assert (asked.session, asked.press, asked.engine, asked.style, asked.bars, asked.key) == (
        *(7, 3, "bassaroo", "funk", 4, "D minor"),
    )


def test_what_only_the_device_or_the_conductor_can_do_is_left_to_them(tmp_path: Path) -> None:
    copilot = a_copilot(tmp_path)
    listen = say(copilot, "listen to the last four bars").verdict
    assert isinstance(listen, ByDevice)
    assert (listen.control, listen.value) == ("listen", 40)
    assert say(copilot, "cancel that").verdict == CancelAll()


def test_what_was_hardly_heard_is_asked_for_and_done_after_a_yes(tmp_path: Path) -> None:
    copilot = a_copilot(tmp_path)
    asked = say(copilot, "give me funk drums", confidence=0.4).verdict
    assert isinstance(asked, Reply)
    assert asked.asks
    assert "funk drums" in asked.sentence
    assert isinstance(say(copilot, "yes").verdict, Generate)


def test_what_a_button_made_is_it_for_the_next_sentence(tmp_path: Path) -> None:
    copilot = a_copilot(tmp_path)
    make_bass(copilot)
    again = say(copilot, "like the last one but in E minor").verdict
    assert isinstance(again, Generate)
    assert (again.engine, again.style, again.complexity, again.key) == ("bassaroo", "funk", 0.8, "E minor")


def test_kept_and_undone_takes_are_learnt_across_restarts(tmp_path: Path) -> None:
    copilot = a_copilot(tmp_path)
    make_bass(copilot)
    say(copilot, "keep that")
    make_bass(copilot, "device:2")
    copilot.note_undone(NoteUndone(a_place().live.hello.instance, "device:2"))
    assert write(copilot) == ""
    kept = read_preferences(tmp_path)
    assert set(kept.parts) == {"bass"}
    heard = say(a_copilot(tmp_path), "what do you know about me").verdict
    assert isinstance(heard, Reply)
    assert "kept once, undone once" in heard.sentence


def test_what_was_erased_beside_the_daemon_is_forgotten_by_it(tmp_path: Path) -> None:
    copilot = a_copilot(tmp_path)
    make_bass(copilot)
    say(copilot, "keep that")
    delete_preferences(tmp_path)
    heard = say(copilot, "what do you know about me").verdict
    assert isinstance(heard, Reply)
    assert "Bass" not in heard.sentence


def test_a_broken_file_of_preferences_is_left_as_it_is(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    preferences_file(tmp_path).write_text("{not ours", encoding="utf-8")
    copilot = a_copilot(tmp_path)
    make_bass(copilot)
    say(copilot, "keep that")
    assert preferences_file(tmp_path).read_text(encoding="utf-8") == "{not ours"
    assert "preferences.json" in caplog.text


def test_a_language_model_is_asked_about_nothing_but_what_the_rules_do_not_know(tmp_path: Path) -> None:
    model, place = Model(), a_place()
    copilot = a_copilot(tmp_path, model)
    instance = place.live.hello.instance
    known = copilot.read(Understand(KEY, 1, instance, "give me drums", 1.0), place.mirror)
    assert not copilot.may_interpret(known)
    request = Understand(KEY, 1, instance, "something to stomp my feet to", 1.0)
    unknown = copilot.read(request, place.mirror)
    assert copilot.may_interpret(unknown)
    found = copilot.interpret(unknown, copilot.view(place))
    assert [text for text, _, _ in model.asked] == ["something to stomp my feet to"]
    assert isinstance(copilot.answer(request, found, place).verdict, Generate)
    assert not a_copilot(tmp_path).may_interpret(unknown)
