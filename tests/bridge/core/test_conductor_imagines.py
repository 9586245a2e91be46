"""The conductor with presses that imagine: acknowledged, told how far, written when done, cancelled."""

from dataclasses import replace
from typing import Any

from musearoo.bridge.core.events.effects import Effect, ImagineLoops, Report, StopWork
from musearoo.bridge.core.events.incoming import ClipWritten, Composed, Progressed
from musearoo.bridge.core.presses import ANSWER_WITHIN
from musearoo.bridge.protocol import Done, Failed, Imagine, Progress, Refusal, SetLoop, Transaction
from tests.bridge.stage import REQUEST, Stage, kinds, ready_stage, sent, those, told

LOOP = SetLoop(7, 1, 0.0, 8.0, 0.0)


def press(stage: Stage, session: int, **changed: Any) -> list[Effect]:
    imagine = Imagine(session, 1, "warm dub bass", 2, 1, 7, "", "", "", "", 1, 0, -1, -1, -1, 0, 0)
    return stage.device(replace(imagine, **changed))


def loops_are_there(stage: Stage, session: int) -> list[Effect]:
    return stage.play(Composed(stage.now, (session, 1), (Transaction(REQUEST, 0.0), LOOP), "warm dub bass"))


def test_a_prompt_is_acknowledged_at_once_and_imagined_at_the_devices_rate() -> None:
    stage, session = ready_stage()
    effects = press(stage, session)
    assert kinds(effects) == ["Got", "ImagineLoops"]
    (request,) = those(effects, ImagineLoops)
    assert (request.request_id, request.imagine.prompt, request.sample_rate) == (REQUEST, "warm dub bass", 44_100)
    assert kinds(press(stage, session)) == ["Got"]


def test_the_loop_is_written_however_long_it_took_and_the_device_told() -> None:
    stage, session = ready_stage()
    press(stage, session)
    progress = stage.play(Progressed(stage.now, (session, 1), 0.5, "take 1 of 1: 4.0 of 8.0 s"))
    assert told(progress, Progress) == [Progress(1, 0.5, "take 1 of 1: 4.0 of 8.0 s")]
    stage.wait(3 * ANSWER_WITHIN, alive=(1,))
    assert sent(loops_are_there(stage, session), SetLoop) == [LOOP]
    effects = stage.play(ClipWritten(stage.now, REQUEST, 0, 3, 0, "warm dub bass"))
    (done,) = told(effects, Done)
    assert (done.name, done.track, done.scene) == ("warm dub bass", 3, 0)
    (report,) = those(effects, Report)
    assert report.sentence.startswith("warm dub bass in 90")


def test_a_cancelled_press_stops_the_work_and_nothing_is_written() -> None:
    stage, session = ready_stage()
    press(stage, session)
    effects = stage.cancel(session)
    assert those(effects, StopWork) == [StopWork((session, 1))]
    assert [failed.code for failed in told(effects, Failed)] == [Refusal.CANCELLED]
    assert loops_are_there(stage, session) == []
