"""The conductor with splits: pressed, or begun by a clip that came onto a marked track; told, cancelled, written."""

from dataclasses import replace
from typing import Any

from musearoo.bridge.core.events.effects import Effect, Separate, StopWork
from musearoo.bridge.core.events.incoming import ClipArrived, ClipWritten, Composed, NotComposed, Progressed
from musearoo.bridge.core.presses import ANSWER_WITHIN, GRACE
from musearoo.bridge.protocol import AutoSplit, Done, Failed, MuteClip, Progress, Refusal, Split, Told, Transaction
from tests.bridge.stage import REQUEST, Stage, kinds, ready_stage, sent, those, told

NAME = "Break split into drums, bass, vocals, other (DSP)"


def press(stage: Stage, session: int, number: int = 1, **changed: Any) -> list[Effect]:
    return stage.device(replace(Split(session, number, 0, 0, "", 4, 1), **changed))


def mark(stage: Stage, session: int, on: int = 1) -> list[Effect]:
    return stage.device(AutoSplit(session, 2, on, "", 4, 1))


def arrive(stage: Stage, session: int, clip: int = 7, link: int = 1) -> list[Effect]:
    return stage.play(ClipArrived(stage.now, link, clip, AutoSplit(session, 2, 1, "dsp", 4, 1)))


def stems_of(stage: Stage, key: tuple[int, int], request: str) -> list[Effect]:
    """The stems are there."""
    return stage.play(
        Composed(stage.now, key, (Transaction(request, 0.0), MuteClip(7, 1)), NAME, ("By the fallback.",))
    )


def test_a_split_is_acknowledged_at_once_and_its_clip_taken_apart() -> None:
    stage, session = ready_stage()
    effects = press(stage, session)
    assert kinds(effects) == ["Got", "Separate"]
    (separate,) = those(effects, Separate)
    assert (separate.request_id, separate.clip) == (REQUEST, 0)
    assert kinds(press(stage, session)) == ["Got"]


def test_the_stems_are_written_and_the_device_told() -> None:
    stage, session = ready_stage()
    press(stage, session)
    progress = stage.play(Progressed(stage.now, (session, 1), 0.5, "12 s of 24"))
    assert told(progress, Progress) == [Progress(1, 0.5, "12 s of 24")]
    stage.wait(3 * ANSWER_WITHIN, alive=(1,))
    effects = stems_of(stage, (session, 1), REQUEST)
    assert sent(effects, MuteClip) == [MuteClip(7, 1)]
    assert told(effects, Told) == [Told(1, 0, "By the fallback.")]
    (done,) = told(stage.play(ClipWritten(stage.now, REQUEST, 0, 3, 0, "Break · Other")), Done)
    assert (done.name, done.notes, done.track) == (NAME, 0, 3)


def test_live_has_its_usual_time_to_write_stems() -> None:
    stage, session = ready_stage()
    press(stage, session)
    stage.wait(2 * ANSWER_WITHIN, alive=(1,))
    stems_of(stage, (session, 1), REQUEST)
    assert told(stage.wait(ANSWER_WITHIN + GRACE - 0.2, alive=(1,)), Failed) == []
    assert [failed.code for failed in told(stage.wait(0.4, alive=(1,)), Failed)] == [Refusal.LIVE_BUSY]


def test_a_cancelled_split_is_stopped_and_nothing_written() -> None:
    stage, session = ready_stage()
    press(stage, session)
    effects = stage.cancel(session)
    assert those(effects, StopWork) == [StopWork((session, 1))]
    assert [failed.code for failed in told(effects, Failed)] == [Refusal.CANCELLED]
    assert stems_of(stage, (session, 1), REQUEST) == []


def test_a_mark_stands_as_long_as_its_device_says() -> None:
    stage, session = ready_stage()
    assert stage.state.marks_for(1) == []
    mark(stage, session)
    assert [each.track for each in stage.state.marks_for(1)] == [2]
    assert stage.state.marks_for(9) == []
    mark(stage, session, on=0)
    assert stage.state.marks_for(1) == []
    mark(stage, session)
    stage.bye(session)
    assert stage.state.marks_for(1) == []


def test_what_comes_onto_a_marked_track_is_split_and_all_devices_of_its_live_are_told() -> None:
    stage, session = ready_stage()
    other = stage.hello("device-2", 25_001)
    (separate,) = those(arrive(stage, session), Separate)
    assert (separate.clip, separate.split.backend, separate.split.mute) == (7, "dsp", 1)
    effects = stage.play(Progressed(stage.now, separate.key, 0.25, "6 s of 24"))
    assert told(effects, Progress) == [Progress(0, 0.25, "6 s of 24")] * 2
    assert sent(stems_of(stage, separate.key, separate.request_id), MuteClip)
    stage.now += 1.5
    effects = stage.play(ClipWritten(stage.now, separate.request_id, 0, 3, 0, ""))
    assert told(effects, Told) == [Told(0, 0, f"{NAME} in 1.5 s.")] * 2
    assert told(effects, Done) == []
    assert session != other


def test_each_arrival_is_a_request_of_its_own() -> None:
    stage, session = ready_stage()
    first, second = (those(arrive(stage, session, clip), Separate)[0] for clip in (7, 8))
    assert (first.key, second.key) == ((0, 1), (0, 2))
    assert first.request_id != second.request_id
    assert arrive(stage, session, link=9) == []


def test_an_arrival_that_cannot_be_split_is_told_in_its_sentence() -> None:
    stage, session = ready_stage()
    (separate,) = those(arrive(stage, session), Separate)
    effects = stage.play(NotComposed(stage.now, separate.key, Refusal.ENGINE_FAILED, "The disk is full."))
    assert told(effects, Told) == [Told(0, Refusal.ENGINE_FAILED, "The disk is full.")]


def test_cancel_without_a_press_ends_all_that_began_by_itself_and_nothing_else() -> None:
    stage, session = ready_stage()
    press(stage, session)
    keys = [those(arrive(stage, session, clip), Separate)[0].key for clip in (7, 8)]
    effects = stage.cancel(session, 0)
    assert [stop.key for stop in those(effects, StopWork)] == keys
    assert {each.code for each in told(effects, Told)} == {Refusal.CANCELLED}
    assert list(stage.state.presses) == [(session, 1)]


def test_stems_for_a_live_that_has_gone_are_not_sent() -> None:
    stage, session = ready_stage()
    press(stage, session)
    stage.lose()
    effects = stems_of(stage, (session, 1), REQUEST)
    assert [failed.code for failed in told(effects, Failed)] == [Refusal.LIVE_LOST]
