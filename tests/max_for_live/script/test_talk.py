"""Talk: held by the mouse or latched, with signs of life, what is heard shown, and never left on."""

import pytest

from musearoo.bridge.protocol import (
    Answer,
    BeatBack,
    Cancel,
    DeviceGot,
    Done,
    Failed,
    Got,
    Heard,
    Level,
    LiveState,
    Progress,
    Refine,
    Refusal,
    Talk,
    Told,
)
from musearoo.bridge.protocol.types import Message
from musearoo.engines.language.requests.replies import QUESTION_SECONDS
from tests.max_for_live.script.conftest import SESSION, Load, leave_unanswered, welcome
from tests.max_for_live.script.stage import Place, Sent, Stage, orders

LISTENING = "Talk: listening … let go when you have said it."
SAID = "give me a funk bass"


def talks(sent: list[Sent]) -> list[int]:
    """What Talk says in what was sent: 1 pressed, 2 held, 0 let go."""
    return [message.held for message in orders(sent) if isinstance(message, Talk)]


def is_lit(stage: Stage) -> bool:
    return bool(stage.shown["talk_face"][1])


def test_it_is_lit_before_it_is_sent_and_gives_signs_while_it_is_held(stage: Stage) -> None:
    sent = stage.say("talk", 1)
    assert [each.atoms[0] for each in sent] == ["talk_face", "status", "progress", "lamp", "/roo/talk"]
    assert orders(sent) == [Talk(SESSION, 1, 1)]
    assert stage.status == LISTENING
    stage.hear(Got(1))
    assert talks(stage.wait(2.05)) == [2, 2, 2, 2]
    stage.hear(BeatBack(SESSION, LiveState.READY))
    assert talks(stage.say("talk", 0)) == [0]
    assert not is_lit(stage)
    assert stage.status == "Talk: understanding …"
    assert talks(stage.wait(1)) == []
    stage.hear(Done(1, 1, 900.0, 880.0, 20.0, 16, -1, -1, "funk drums"))
    assert stage.status == "Talk: funk drums, 900 ms"


def test_an_answer_while_it_is_held_ends_it(stage: Stage) -> None:
    stage.say("talk", 1)
    stage.hear(Got(1))
    stage.hear(Failed(1, 1, Refusal.NOT_HEARD, "There is no microphone."))
    assert stage.status == "There is no microphone."
    assert talks(stage.wait(2)) == []
    assert not is_lit(stage)
    assert talks(stage.say("talk", 0)) == []
    assert orders(stage.say("talk", 1)) == [Talk(SESSION, 2, 1)]


def test_the_latch_holds_and_lets_go(stage: Stage) -> None:
    assert talks(stage.say("talk_latch", 1)) == [1]
    stage.hear(Got(1))
    assert talks(stage.say("talk_latch", 1)) == []
    assert talks(stage.say("talk", 1)) == [], "it is held already"
    assert talks(stage.say("talk_latch", 0)) == [], "the mouse still holds it"
    assert talks(stage.say("talk", 0)) == [0]


def test_a_latch_that_comes_back_with_the_set_does_not_listen(source: str) -> None:
    stage = Stage(source)
    stage.say("talk_latch", 1)
    stage.say("loaded")
    stage.hear(welcome())
    assert talks(stage.wait(2)) == []
    assert not is_lit(stage)
    assert talks(stage.say("talk_latch", 0)) == []
    assert talks(stage.say("talk_latch", 1)) == [1]


def test_a_latch_that_nobody_heeds_goes_out(stage: Stage) -> None:
    stage.say("talk_latch", 1)
    stage.hear(Got(1))
    stage.hear(Failed(1, 1, Refusal.NOT_HEARD, "There is no microphone."))
    stage.wait(0.1)
    assert stage.shown["talk_latch"] == ["set", 0]
    assert not is_lit(stage)
    assert talks(stage.say("talk_latch", 1)) == [1], "one turn of it is enough to talk again"


def test_talk_is_not_lit_where_too_many_presses_are_under_way(stage: Stage) -> None:
    for _ in range(16):
        stage.say("drums", "bang")
    assert talks(stage.say("talk_latch", 1)) == []
    assert not is_lit(stage)
    assert stage.shown["talk_latch"] == ["set", 0]


def test_without_a_daemon_nobody_listens(load: Load) -> None:
    stage = load()
    assert talks(stage.say("talk", 1)) == []
    assert not is_lit(stage)
    assert stage.status.startswith("Talk: nobody listens")
    stage.hear(welcome())
    assert talks(stage.wait(1)) == talks(stage.say("talk", 0)) == []


def test_a_restarted_daemon_is_not_told_what_it_did_not_hear(stage: Stage) -> None:
    stage.say("talk", 1)
    stage.hear(Got(1))
    leave_unanswered(stage)
    assert talks(stage.hear(welcome(session=9))) == []
    assert stage.status == "Talk was cut off, the daemon went away: hold Talk and say it again."
    assert talks(stage.wait(1)) == []
    assert not is_lit(stage)


def test_a_daemon_that_goes_silent_cuts_it_off(stage: Stage) -> None:
    stage.say("talk", 1)
    stage.hear(Got(1))
    stage.wait(2.8)
    assert not is_lit(stage)
    assert stage.status.startswith("Talk was cut off")


def test_a_tap_is_let_go_once_the_daemon_knows_of_it(stage: Stage) -> None:
    stage.say("talk", 1)
    assert talks(stage.say("talk", 0)) == []
    assert stage.status == "Talk: understanding …"
    assert not is_lit(stage)
    assert talks(stage.hear(Got(1))) == [0]
    assert talks(stage.wait(1)) == []
    stage.hear(Failed(1, 1, Refusal.NOT_HEARD, "Nothing was said."))
    assert stage.status == "Nothing was said."


def test_cancel_while_it_is_held(stage: Stage) -> None:
    stage.say("talk", 1)
    stage.hear(Got(1))
    assert orders(stage.say("cancel", 1)) == [Cancel(SESSION, 1)]
    stage.hear(Failed(1, 1, Refusal.CANCELLED, "Cancelled."))
    stage.wait(0.2)
    assert not is_lit(stage)
    assert stage.status == "Cancelled."


def name_of_talk(stage: Stage) -> str:
    """What stands on Talk."""
    names = [each.atoms[2] for each in stage.sent if each.atoms[:2] == ["talk_face", "text"]]
    return str(names[-1]) if names else "Talk"


def talking(stage: Stage) -> Stage:
    """The device with Talk held, which the daemon knows."""
    stage.say("talk", 1)
    stage.hear(Got(1))
    return stage


def test_the_bar_shows_how_loud_the_voice_is(stage: Stage) -> None:
    talking(stage)
    bars = []
    for level in (0.0, 0.4, 0.7, 1.0, 0.2):
        stage.hear(Level(1, level, ""))
        stage.wait(0.1)
        bars.append(stage.bar)
    assert bars == [30, 400, 700, 1000, 200]
    assert stage.status == LISTENING
    stage.say("talk", 0)
    stage.wait(0.1)
    assert stage.bar == 30, "what is understood has no loudness"
    stage.hear(Level(1, 0.9, ""))
    stage.wait(0.2)
    assert stage.bar == 30


def test_the_bar_is_moved_ten_times_a_second_at_most(stage: Stage) -> None:
    talking(stage)
    shown = []
    for step in range(50):
        shown += stage.hear(Level(1, 0.1 + 0.01 * step, ""))
        shown += stage.wait(0.02)
    bars = [each for each in shown if each.atoms[0] == "progress"]
    assert 9 <= len(bars) <= 11
    assert {each.atoms[0] for each in shown if each.outlet == 0} == {"progress"}


def test_while_one_talks_a_press_does_not_take_the_bar(stage: Stage) -> None:
    talking(stage)
    stage.say("drums", "bang")
    stage.hear(Level(1, 0.5, ""))
    stage.wait(0.1)
    assert stage.bar == 500
    stage.say("talk", 0)
    stage.hear(Progress(2, 0.8, ""))
    stage.wait(0.1)
    assert stage.bar == 800


def test_the_words_are_shown_as_they_are_understood(stage: Stage) -> None:
    talking(stage)
    stage.hear(Level(1, 0.5, "give me"))
    assert stage.status == "Listening: give me …"
    again = stage.hear(Level(1, 0.6, "give me"))
    assert "status" not in [each.atoms[0] for each in again], "no text is drawn twice"
    stage.hear(Level(1, 0.5, SAID))
    stage.hear(Level(1, 0.5, ""))
    assert stage.status == f"Listening: {SAID} …"
    stage.say("talk", 0)
    assert stage.status == f"Talk: understanding “{SAID}” …"
    stage.hear(Level(1, 0.0, f"{SAID} line"))
    assert stage.status == f"Talk: understanding “{SAID} line” …", "the whole of it comes after the end"


def test_of_a_long_sentence_the_last_words_are_shown(stage: Stage) -> None:
    talking(stage)
    stage.hear(Level(1, 0.5, " ".join(f"word{number}" for number in range(40))))
    assert len(stage.status) <= 120
    assert stage.status.startswith("Listening: … word")
    assert stage.status.endswith(" word38 word39 …")
    stage.hear(Level(1, 0.5, "x" * 300))
    assert len(stage.status) <= 120
    stage.say("talk", 0)
    assert len(stage.status) <= 120


def test_a_daemon_that_has_listened_enough_puts_talk_out(stage: Stage) -> None:
    talking(stage)
    stage.say("talk_latch", 1)
    stage.hear(Level(1, 0.0, SAID))
    stage.hear(Progress(1, 0.0, ""))
    assert not is_lit(stage)
    assert stage.shown["talk_latch"] == ["set", 0]
    assert stage.status == f"Talk: understanding “{SAID}” …"
    assert talks(stage.wait(2)) == [], "no signs any more"
    assert talks(stage.say("talk", 0)) == [], "it knows that it is over"
    stage.hear(Progress(1, 0.4, "Imagining a funk bass"))
    assert stage.status == "Imagining a funk bass"
    stage.wait(0.1)
    assert stage.bar == 400


def test_a_clip_that_was_spoken_for_is_named_behind_the_words(stage: Stage) -> None:
    talking(stage)
    stage.hear(Level(1, 0.4, SAID))
    stage.say("talk", 0)
    stage.hear(Done(1, 1, 180.0, 160.0, 20.0, 16, 1, 3, "funk bass"))
    assert stage.status == f"“{SAID}”: funk bass, 180 ms"
    assert stage.bar == 0


def test_the_buttons_change_the_clip_that_was_spoken_for(stage: Stage) -> None:
    stage.put(Place(clips={(1, 3): "funk bass", (0, 0): "a loop"}))
    talking(stage)
    stage.say("talk", 0)
    stage.hear(Done(1, 1, 180.0, 160.0, 20.0, 16, 1, 3, "funk bass"))
    (order,) = [each for each in orders(stage.say("busier", 1)) if isinstance(each, Refine)]
    assert (order.track, order.scene) == (1, 3)
    stage.hear(Done(2, 2, 20.0, 10.0, 10.0, 16, 1, 3, "funk bass"))
    talking(stage)
    stage.hear(Done(3, 3, 900.0, 800.0, 20.0, 0, 0, 0, "a loop"))
    (order,) = [each for each in orders(stage.say("busier", 1)) if isinstance(each, Refine)]
    assert (order.track, order.scene) == (1, 3), "what has no notes cannot be changed"


def test_an_answer_in_words_is_shown_and_acknowledged_each_time(stage: Stage) -> None:
    talking(stage)
    stage.say("talk", 0)
    answer = Answer(7, 1, 90.0, 0, "what is next", "No bass yet: a walking one would suit the swing.")
    assert orders(stage.hear(answer)) == [DeviceGot(SESSION, 7)]
    assert stage.status == "“what is next”: No bass yet: a walking one would suit the swing."
    assert stage.bar == 0
    stage.say("drums", 1)
    again = stage.hear(answer)
    assert orders(again) == [DeviceGot(SESSION, 7)]
    assert len(again) == 1, "nothing of it is shown a second time"
    assert stage.status == "Drums …"
    assert name_of_talk(stage) == "Talk"


def test_a_question_is_seen_to_wait_for_its_answer(stage: Stage) -> None:
    talking(stage)
    stage.hear(Answer(7, 1, 90.0, 1, "make it busier", "Which one, the drums or the bass?"))
    stage.wait(0.1)
    assert not is_lit(stage)
    assert stage.status == "“make it busier”: Which one, the drums or the bass? Answer with Talk."
    assert name_of_talk(stage) == "Answer"
    stage.say("talk", 0), stage.say("talk", 1)
    assert name_of_talk(stage) == "Talk"


@pytest.mark.parametrize("way", ["another daemon", "a minute"])
def test_a_question_does_not_wait_for_ever(stage: Stage, way: str) -> None:
    talking(stage)
    stage.say("talk", 0)
    stage.hear(Answer(7, 1, 90.0, 1, "", "Which one?"))
    assert stage.status == "Which one? Answer with Talk."
    stage.say("undo", 1)
    for _ in range(int(QUESTION_SECONDS) - 1):
        stage.hear(BeatBack(SESSION, LiveState.READY))
        stage.wait(1)
    assert name_of_talk(stage) == "Answer", "RooAroo still waits, whatever is pressed"
    if way == "another daemon":
        leave_unanswered(stage)
        stage.hear(welcome(session=9))
    else:
        stage.wait(1.2)
    assert name_of_talk(stage) == "Talk"


def test_one_can_talk_again_while_the_last_sentence_is_understood(stage: Stage) -> None:
    talking(stage)
    stage.hear(Level(1, 0.4, SAID))
    stage.say("talk", 0)
    assert orders(stage.say("talk", 1)) == [Talk(SESSION, 2, 1)]
    assert is_lit(stage)
    stage.hear(Got(2))
    stage.hear(Done(1, 1, 180.0, 160.0, 20.0, 16, 1, 3, "funk bass"))
    stage.wait(0.2)
    assert is_lit(stage), "the answer to the first ends nothing of the second"
    stage.hear(Level(2, 0.4, "and drums"))
    assert stage.status == "Listening: and drums …"
    assert talks(stage.wait(0.6)) == [2]
    assert orders(stage.say("talk", 0)) == [Talk(SESSION, 2, 0)]


def test_two_taps_are_both_let_go(stage: Stage) -> None:
    for _ in range(2):
        stage.say("talk", 1), stage.say("talk", 0)
    assert orders(stage.hear(Got(2))) == [Talk(SESSION, 2, 0)]
    assert orders(stage.hear(Got(1))) == [Talk(SESSION, 1, 0)]


def test_a_sentence_that_nobody_acknowledges_is_not_let_go_later(stage: Stage) -> None:
    stage.say("talk", 1), stage.say("talk", 0)
    stage.say("cancel", 1)
    assert talks(stage.hear(Got(1))) == talks(stage.wait(1)) == []


def test_what_rooaroo_took_it_for_stands_before_what_came_of_it(stage: Stage) -> None:
    talking(stage)
    stage.hear(Level(1, 0.4, "delete this clip"))
    stage.say("talk", 0)
    stage.hear(Told(1, 0, "Deleting BassaRoo in scene 2."))
    assert stage.status == "Deleting BassaRoo in scene 2."
    stage.hear(Done(1, 1, 52.0, 30.0, 22.0, 0, -1, -1, "funk bass deleted"))
    assert stage.status == "“delete this clip”: Deleting BassaRoo in scene 2. – funk bass deleted, 52 ms"


@pytest.mark.parametrize(
    "answer",
    [
        Failed(1, 1, Refusal.GONE, "97 BPM, A minor."),
        Heard(1, 1, 0, 400.0, 97.0, 0.9, 4, 4, 0.8, "A minor", 0.7, 0, "97 BPM, A minor."),
    ],
)
def test_what_was_said_stands_before_every_answer(stage: Stage, answer: Message) -> None:
    talking(stage)
    stage.hear(Level(1, 0.4, "what key is this"))
    stage.say("talk", 0)
    stage.hear(answer)
    assert stage.status == "“what key is this”: 97 BPM, A minor."


@pytest.mark.parametrize(("name", "stop"), [("funk bass", ", 180 ms. "), ("", "180 ms. ")])
def test_what_was_told_of_it_stands_behind_its_name(stage: Stage, name: str, stop: str) -> None:
    talking(stage)
    stage.say("talk", 0)
    stage.hear(Told(1, 0, "")), stage.hear(Told(1, 0, "As busy as the drums."))
    stage.hear(Done(1, 1, 180.0, 160.0, 20.0, 16, 1, 3, name))
    assert stage.status == f"Talk: {name}{stop}As busy as the drums."


def test_words_that_come_late_do_not_hide_what_is_done_with_them(stage: Stage) -> None:
    talking(stage)
    stage.say("talk", 0)
    stage.hear(Progress(1, 0.2, "Imagining a funk bass"))
    stage.hear(Level(1, 0.0, SAID))
    assert stage.status == "Imagining a funk bass"
    stage.hear(Done(1, 1, 180.0, 160.0, 20.0, 0, 1, 3, "funk bass"))
    assert stage.status == f"“{SAID}”: funk bass, 180 ms"


def test_of_a_long_sentence_the_first_words_stand_before_what_was_done(stage: Stage) -> None:
    talking(stage)
    stage.say("talk", 0)
    stage.hear(Level(1, 0.0, " ".join(f"word{number}" for number in range(40))))
    stage.hear(Done(1, 1, 180.0, 160.0, 20.0, 0, 1, 3, "funk bass"))
    assert len(stage.status) < 90
    assert stage.status.startswith("“word0 word1 ")
    assert stage.status.endswith(" …”: funk bass, 180 ms")


def test_a_daemon_that_does_not_answer_is_seen_though_talk_is_let_go(stage: Stage) -> None:
    stage.say("talk", 1)
    for _ in range(6):
        stage.wait(0.1)
        stage.hear(BeatBack(SESSION, LiveState.READY))
    assert stage.status.startswith("Talk: offline")
    stage.say("talk", 0)
    assert stage.status.startswith("Talk: offline")
    stage.hear(Got(1))
    assert stage.status == "Talk: understanding …"


@pytest.mark.parametrize(
    ("cut", "shown"),
    [
        ("head('aa bb cc', 8)", "aa bb cc"),
        ("head('aa bb cc', 7)", "aa bb …"),
        ("head('aa bb cc', 6)", "aa …"),
        ("head('aabbcc', 5)", "aab …"),
        ("tail('aa bb cc', 8)", "aa bb cc"),
        ("tail('aa bb cc', 7)", "… bb cc"),
        ("tail('aa bb cc', 6)", "… cc"),
        ("tail('aabbcc', 5)", "… bcc"),
        ("tail('', 5)", ""),
    ],
)
def test_words_are_cut_between_them(stage: Stage, cut: str, shown: str) -> None:
    assert stage.evaluate(f"Words.{cut}") == shown
