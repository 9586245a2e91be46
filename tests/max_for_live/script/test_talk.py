"""Talk: held by the mouse or latched, with signs of life, and never left on."""

from bridge.wire import BeatBack, Cancel, Done, Failed, Got, LiveState, Refusal, Stranger, Talk
from tests.max_for_live.script.conftest import SESSION, Load, welcome
from tests.max_for_live.script.stage import Sent, Stage, orders

LISTENING = "Talk: listening … let go when you have said it."


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
    stage.hear(Failed(1, 1, Refusal.UNSUPPORTED, "MuseAroo cannot hear speech yet."))
    assert stage.status == "MuseAroo cannot hear speech yet."
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
    stage.hear(Failed(1, 1, Refusal.UNSUPPORTED, "MuseAroo cannot hear speech yet."))
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
    stage.hear(Stranger(SESSION))
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
    stage.hear(Got(1))
    assert talks(stage.wait(1)) == [0]
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
