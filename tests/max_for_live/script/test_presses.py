"""Presses: what is shown at once, what is repeated, and what comes of the answers."""

import itertools

import pytest

from musearoo.bridge.protocol import (
    Cancel,
    DeviceGot,
    Done,
    Failed,
    Generate,
    Got,
    Heard,
    Hello,
    Progress,
    Refine,
    Refusal,
    Told,
)
from musearoo.bridge.protocol.types import Message
from tests.max_for_live.script.conftest import SESSION, Load, leave_unanswered, welcome
from tests.max_for_live.script.stage import Place, Stage, orders


def done(press: int, number: int = 1, name: str = "funk drums", track: int = 4, scene: int = 3) -> Done:
    return Done(number, press, 23.4, 20.0, 3.4, 32, track, scene, name)


def failed(press: int, sentence: str = "There is no MIDI track.") -> Failed:
    return Failed(1, press, Refusal.WRONG_TRACK, sentence)


def alive(stage: Stage, seconds: float) -> list[Message]:
    """Time passes while the daemon gives signs of life, but acknowledges nothing; what it was told meanwhile."""
    told = []
    for _ in range(round(seconds * 10)):
        told += orders(stage.wait(0.1))
        stage.say("/roo/beat", SESSION, 1)
    return told


def test_it_is_seen_before_it_is_sent(stage: Stage) -> None:
    sent = stage.say("drums", "bang")
    kinds = [each.atoms[0] for each in sent]
    assert kinds == ["status", "progress", "lamp", "/roo/generate"]
    assert stage.status == "Drums …"
    assert stage.bar > 0


@pytest.mark.parametrize("args", [("bang",), (1,), (127,), ()])
def test_a_button_is_pressed_by_a_bang_or_a_number(stage: Stage, args: tuple[object, ...]) -> None:
    assert len(orders(stage.say("drums", *args))) == 1


def test_a_zero_is_no_press(stage: Stage) -> None:
    assert stage.say("drums", 0) == []


def test_the_answer_is_shown_and_acknowledged(stage: Stage) -> None:
    stage.say("drums", "bang")
    stage.hear(Got(1))
    assert orders(stage.hear(done(1, number=7))) == [DeviceGot(SESSION, 7)]
    assert stage.status == "Drums: funk drums, 23 ms"
    assert stage.bar == 0


def test_a_repeated_answer_is_acknowledged_and_shown_once(stage: Stage) -> None:
    stage.say("drums", "bang")
    stage.hear(done(1))
    stage.say("bass", "bang")
    again = stage.hear(done(1))
    assert orders(again) == [DeviceGot(SESSION, 1)]
    assert len(again) == 1
    assert stage.status == "Bass …"


def test_a_failure_says_why(stage: Stage) -> None:
    stage.say("drums", "bang")
    assert orders(stage.hear(failed(1))) == [DeviceGot(SESSION, 1)]
    assert stage.status == "There is no MIDI track."
    assert stage.bar == 0


def test_a_long_sentence_is_shown_page_by_page(stage: Stage) -> None:
    sentence = " ".join(f"word{number}" for number in range(60))
    stage.say("imagine", "bang")
    stage.hear(failed(1, sentence))
    pages = [stage.status]
    for _ in range(5):
        for _ in range(4):
            shown = stage.wait(1)
            assert len([each for each in shown if each.atoms[0] == "status"]) <= 1
            stage.say("/roo/beat", SESSION, 1)
        pages.append(stage.status)
    assert all(len(page) <= 120 for page in pages)
    count = next(n for n, page in enumerate(pages) if not page.endswith(" …")) + 1
    text = " ".join(page.removeprefix("… ").removesuffix(" …") for page in pages[:count])
    assert text == sentence
    assert pages[count] == pages[0], "and from the beginning again"
    stage.say("drums", "bang")
    assert stage.status == "Drums …"


@pytest.mark.parametrize("length", [120, 121, 600])
def test_a_word_without_end_is_cut(stage: Stage, length: int) -> None:
    stage.say("imagine", "bang")
    stage.hear(failed(1, "x" * length))
    assert stage.status == ("x" * 120 if length == 120 else "x" * 118 + " …")


def test_what_was_heard_is_shown(stage: Stage) -> None:
    stage.say("analyse", "bang")
    heard = Heard(3, 1, 0, 400.0, 97.0, 0.9, 4, 4, 0.8, "A minor", 0.7, 0, "97 BPM, A minor.")
    assert orders(stage.hear(heard)) == [DeviceGot(SESSION, 3)]
    assert stage.status == "97 BPM, A minor."


def test_what_was_told_on_the_way_stands_beside_the_answer(stage: Stage) -> None:
    stage.say("band", "bang")
    stage.hear(Told(1, 0, "No melody fits here."))
    assert stage.status == "No melody fits here."
    stage.hear(done(1, name="funk band"))
    assert stage.status == "Band: funk band, 23 ms. No melody fits here."


def test_what_a_press_waited_for_is_past_when_it_is_done(stage: Stage) -> None:
    stage.say("drums", "bang")
    stage.hear(Told(1, Refusal.LIVE_BUSY, "Live is busy: it follows as soon as Live is free."))
    assert stage.status.startswith("Live is busy")
    stage.hear(done(1))
    assert stage.status == "Drums: funk drums, 23 ms"


def test_undo_names_what_is_gone(stage: Stage) -> None:
    stage.say("undo", "bang")
    stage.hear(done(1, name="Undone: funk drums", track=-1, scene=-1))
    assert stage.status == "Undone: funk drums"


def test_progress_moves_the_bar_ten_times_a_second_and_makes_no_texts(stage: Stage) -> None:
    stage.say("split", "bang")
    stage.hear(Got(1))
    shown = []
    for step in range(1, 101):
        shown += stage.hear(Progress(1, step / 101, "Splitting"))
        shown += stage.wait(0.02)
    bars = [each for each in shown if each.atoms[0] == "progress"]
    assert all(isinstance(each.atoms[1], int) for each in bars)
    assert all(later.at - earlier.at >= 100 for earlier, later in itertools.pairwise(bars))
    assert 18 <= len(bars) <= 21
    assert stage.bar >= 970
    assert [each.atoms for each in shown if each.atoms[0] == "status"] == [["status", "set", "Splitting"]]


def test_what_is_not_acknowledged_is_repeated_under_its_number_after_a_hello(stage: Stage) -> None:
    (first,) = orders(stage.say("drums", "bang"))
    assert not [m for m in alive(stage, 0.4) if isinstance(m, Generate)]
    later = [message for message in alive(stage, 0.2) if isinstance(message, Hello | Generate)]
    assert [type(message) for message in later] == [Hello, Generate]
    assert later[1] == first
    assert stage.status == "Drums: offline, the MuseAroo daemon does not answer. Trying again …"
    stage.hear(welcome())
    stage.hear(Got(1))
    assert stage.status == "Drums …"
    assert not [m for m in alive(stage, 5) if isinstance(m, Generate)], "what is acknowledged is not repeated"


def test_several_that_are_late_are_repeated_after_one_hello(stage: Stage) -> None:
    for _ in range(3):
        stage.say("drums", "bang")
    kinds = [type(message).__name__ for message in alive(stage, 0.7)]
    assert kinds == ["Hello", "Generate", "Generate", "Generate"]


def test_what_nobody_acknowledges_is_given_up(stage: Stage) -> None:
    stage.say("drums", "bang")
    sent = [message for message in alive(stage, 11) if isinstance(message, Generate)]
    assert 15 <= len(sent) <= 20
    assert stage.status.startswith("Drums: given up. No MuseAroo daemon")
    assert stage.bar == 0


def test_a_press_without_a_daemon_is_sent_when_there_is_one(load: Load) -> None:
    stage = load()
    stage.wait(30.7)
    sent = stage.say("drums", "bang")
    assert stage.status.startswith("Drums: offline")
    assert [type(m) for m in orders(sent)] == [Hello]
    (order,) = orders(stage.hear(welcome()))
    assert isinstance(order, Generate)
    assert order.press == 1
    stage.hear(Got(1))
    assert stage.status == "Drums …"


def test_a_press_without_a_daemon_is_given_up_after_ten_seconds(load: Load) -> None:
    stage = load()
    stage.say("drums", "bang")
    stage.wait(10.2)
    assert stage.status.startswith("Drums: given up")
    assert stage.bar == 0
    assert orders(stage.hear(welcome())) == []


def test_another_run_of_the_daemon_is_asked_again(stage: Stage) -> None:
    (first,) = orders(stage.say("drums", "bang"))
    stage.hear(Got(1))
    stage.say("bass", "bang")
    stage.hear(done(2))
    leave_unanswered(stage)
    again = orders(stage.hear(welcome(session=9)))
    assert isinstance(first, Generate)
    assert [(m.session, m.press, m.engine) for m in again if isinstance(m, Generate)] == [(9, 1, "drummaroo")]
    assert orders(stage.hear(done(1))) == [DeviceGot(9, 1)]


def test_another_run_of_the_daemon_that_answers_a_repeat_is_asked_at_once(stage: Stage) -> None:
    stage.say("drums", "bang")
    alive(stage, 0.6)
    (again,) = orders(stage.hear(welcome(session=9)))
    assert isinstance(again, Generate)
    assert (again.session, again.press) == (9, 1)


def test_a_daemon_that_comes_back_is_asked_again_for_what_it_had_acknowledged(stage: Stage) -> None:
    stage.say("song", "bang")
    stage.hear(Got(1))
    stage.wait(3)
    assert stage.status.startswith("Offline")
    assert [type(m).__name__ for m in orders(stage.hear(welcome()))] == ["WriteSong", "AskMidi"]
    stage.hear(Got(1))
    assert stage.status == "Song …"


def test_a_long_press_has_its_time_again_when_the_daemon_goes(stage: Stage) -> None:
    stage.say("split", "bang")
    stage.hear(Got(1))
    alive(stage, 15)
    stage.wait(8)
    assert stage.bar > 0
    assert stage.status.startswith("Offline")
    stage.wait(5)
    assert stage.bar == 0
    assert stage.status.startswith("Split: given up.")


def test_sixteen_may_be_under_way(stage: Stage) -> None:
    for _ in range(16):
        assert orders(stage.say("drums", "bang"))
    assert orders(stage.say("drums", "bang")) == []
    assert stage.status == "16 presses are under way: wait for one to end, or cancel it."
    stage.hear(done(3))
    assert orders(stage.say("drums", "bang"))


def test_cancel_takes_back_the_newest(stage: Stage) -> None:
    stage.say("drums", "bang"), stage.say("song", "bang")
    stage.hear(Got(1)), stage.hear(Got(2))
    assert orders(stage.say("cancel", "bang")) == [Cancel(SESSION, 2)]
    assert stage.status == "Song: cancelling …"
    stage.hear(Failed(1, 2, Refusal.CANCELLED, "Cancelled; nothing was written."))
    assert stage.status == "Cancelled; nothing was written."
    assert stage.bar > 0, "the other is still under way"
    assert orders(stage.say("cancel", "bang")) == [Cancel(SESSION, 1)]


def test_cancel_forgets_what_was_not_acknowledged(stage: Stage) -> None:
    stage.say("drums", "bang")
    assert orders(stage.say("cancel", "bang")) == [Cancel(SESSION, 1)], "it may have arrived"
    assert stage.status == "Drums: cancelled."
    assert stage.bar == 0
    assert not [m for m in alive(stage, 3) if isinstance(m, Generate)]


def test_cancel_ends_what_began_by_itself(stage: Stage) -> None:
    assert orders(stage.say("cancel", "bang")) == [Cancel(SESSION, 0)]
    assert stage.status == "Nothing is under way."
    stage.hear(Progress(0, 0.3, "Splitting a new clip"))
    assert stage.status == "Splitting a new clip"
    assert stage.bar == 300
    assert orders(stage.say("cancel", "bang")) == [Cancel(SESSION, 0)]
    stage.hear(Told(0, Refusal.CANCELLED, "Cancelled; nothing was written."))
    assert stage.bar == 0


def test_cancel_without_a_daemon(load: Load) -> None:
    stage = load()
    stage.say("cancel", "bang")
    assert stage.status == "Nothing is under way."
    stage.say("drums", "bang")
    assert orders(stage.say("cancel", "bang")) == []
    assert stage.status == "Drums: cancelled."


@pytest.mark.parametrize("change", ["again", "simpler", "busier"])
def test_the_clip_made_last_is_changed(stage: Stage, change: str) -> None:
    stage.put(Place(clips={(1, 3): "funk drums"}))
    stage.say("band", "bang")
    stage.hear(done(1, name="funk band", track=1, scene=3))
    (order,) = orders(stage.say(change, "bang"))
    assert isinstance(order, Refine)
    assert (order.changes, order.track, order.scene, order.replace) == (change, 1, 3, 0)


@pytest.mark.parametrize("clips", [{}, {(1, 3): "my own tune"}])
def test_a_clip_that_is_not_there_any_more_is_not_guessed(stage: Stage, clips: dict[tuple[int, int], str]) -> None:
    stage.put(Place(clips={(1, 3): "funk drums"}))
    stage.say("drums", "bang")
    stage.hear(done(1, track=1, scene=3))
    stage.put(Place(clips=clips))
    (order,) = orders(stage.say("again", "bang"))
    assert isinstance(order, Refine)
    assert (order.track, order.scene) == (-1, -1)


def test_garbled_messages_are_ignored(stage: Stage) -> None:
    for name, args in [
        ("/roo/done", ()),
        ("/roo/done", (1, 2, 3)),
        ("/roo/done", ("a", 1, 1.0, 1.0, 1.0, 1, 1, 1, "x")),
        ("/roo/done", (0, 1, 1.0, 1.0, 1.0, 1, 1, 1, "x")),
        ("/roo/got", (1.5,)),
        ("/roo/welcome", (-1, 6, "0.1.0", 1, "")),
        ("/roo/nonsense", (1,)),
        ("/hasOwnProperty", ()),
        ("toString", (1,)),
        ("__proto__", (1,)),
        ("constructor", ()),
    ]:
        assert stage.say(name, *args) == []
    assert stage.complaints == []
    assert stage.status == "Ready."
