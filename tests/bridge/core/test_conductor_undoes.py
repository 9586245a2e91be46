"""Undo on the device: which of the transactions of a Live is taken back, and what the device is told."""

from musearoo.bridge.core.events.effects import SendToScript
from musearoo.bridge.core.events.incoming import ClipWritten
from musearoo.bridge.core.presses import ANSWER_WITHIN, GRACE
from musearoo.bridge.core.undo import MOST_LIVES, MOST_STEPS, Step, Steps, with_step
from musearoo.bridge.protocol import Done, Failed, Got, Refusal, TakeBack, Told, Undo
from tests.bridge.stage import REQUEST, Stage, ready_stage, sent, told, written_stage


def done_stage() -> tuple[Stage, int]:
    """A press that stands in the set."""
    stage, session = written_stage()
    stage.written(REQUEST)
    return stage, session


def undone(stage: Stage, request: str) -> list[Done]:
    """What the devices are told when Live has taken back."""
    return told(stage.play(ClipWritten(stage.now, request, 0, -1, -1, "")), Done)


def test_what_was_written_last_is_taken_back_and_named() -> None:
    stage, session = done_stage()
    effects = stage.device(Undo(session, 2))
    assert told(effects, Got) == [Got(2)]
    assert sent(effects, TakeBack) == [TakeBack("device-1:2", REQUEST)]
    (done,) = undone(stage, "device-1:2")
    assert (done.press, done.name, done.notes) == (2, "Undone: Funk drums", 0)


def test_each_press_takes_back_one_more_even_before_the_first_is_answered() -> None:
    stage, session = done_stage()
    stage.press(session, 2)
    stage.composed(session, 2)
    stage.written("device-1:2")
    assert sent(stage.device(Undo(session, 3)), TakeBack) == [TakeBack("device-1:3", "device-1:2")]
    assert sent(stage.device(Undo(session, 4)), TakeBack) == [TakeBack("device-1:4", REQUEST)]


def test_any_device_of_a_live_takes_back_what_another_wrote() -> None:
    stage, _ = done_stage()
    other = stage.hello("device-2", 25_001)
    assert sent(stage.device(Undo(other, 1)), TakeBack) == [TakeBack("device-2:1", REQUEST)]


def test_after_a_restart_the_script_knows_what_was_last() -> None:
    stage, session = ready_stage()
    assert sent(stage.device(Undo(session, 1)), TakeBack) == [TakeBack("device-1:1", "")]
    (done,) = undone(stage, "device-1:1")
    assert done.name == "Undone: what MuseAroo wrote last"


def test_a_refusal_is_told_and_what_is_gone_is_not_tried_again() -> None:
    stage, session = done_stage()
    stage.device(Undo(session, 2))
    (failed,) = told(stage.refuse("device-1:2", Refusal.NOT_MINE), Failed)
    assert (failed.press, failed.code) == (2, Refusal.NOT_MINE)
    assert sent(stage.device(Undo(session, 3)), TakeBack) == [TakeBack("device-1:3", REQUEST)]
    stage.refuse("device-1:3", Refusal.GONE)
    assert sent(stage.device(Undo(session, 4)), TakeBack) == [TakeBack("device-1:4", "")]


def test_a_repeat_of_the_press_undoes_nothing_twice() -> None:
    stage, session = done_stage()
    stage.device(Undo(session, 2))
    assert not [effect for effect in stage.device(Undo(session, 2)) if isinstance(effect, SendToScript)]
    undone(stage, "device-1:2")
    again = stage.device(Undo(session, 2))
    assert [done.press for done in told(again, Done)] == [2]
    assert not sent(again, TakeBack)


def test_without_live_undo_says_so() -> None:
    stage = Stage()
    session = stage.hello()
    (failed,) = told(stage.device(Undo(session, 1)), Failed)
    assert failed.code == Refusal.NO_LIVE


def test_a_frozen_live_is_waited_for_so_that_no_undo_comes_as_a_surprise() -> None:
    stage, session = done_stage()
    stage.device(Undo(session, 2))
    effects = stage.wait(2 * (ANSWER_WITHIN + GRACE))
    assert told(effects, Failed) == []
    assert [each.press for each in told(effects, Told)] == [2]
    assert [done.press for done in undone(stage, "device-1:2")] == [2]


def test_an_undo_whose_live_has_gone_is_given_up() -> None:
    stage, session = done_stage()
    stage.device(Undo(session, 2))
    stage.lose()
    (failed,) = told(stage.wait(ANSWER_WITHIN + GRACE + 1), Failed)[:1]
    assert (failed.press, failed.code) == (2, Refusal.LIVE_LOST)


def test_what_was_written_is_remembered_of_a_few_lives_and_so_many_steps() -> None:
    steps: Steps = {}
    for number in range(2 * MOST_LIVES):
        for step in range(MOST_STEPS + 3):
            steps = with_step(steps, f"live {number}", Step(f"{step}", ""))
    assert list(steps) == [f"live {number}" for number in range(MOST_LIVES, 2 * MOST_LIVES)]
    assert {len(written) for written in steps.values()} == {MOST_STEPS}
