"""The device's test of itself, which is answered without Live, and only once its report is kept."""

from musearoo.bridge.core.events.effects import Effect, KeepSelfTest
from musearoo.bridge.core.events.incoming import SelfTestKept
from musearoo.bridge.protocol import Bye, Done, Failed, Got, Refusal, SelfTest
from musearoo.bridge.requests.self_test import Check
from tests.bridge.stage import Stage, answers, ready_stage, those, told


def report(stage: Stage, session: int, results: str, fault: str = "") -> list[Effect]:
    """What follows when a device has tested itself and its report was kept, or was not for a fault."""
    (request,) = those(stage.device(SelfTest(session, 1, results)), KeepSelfTest)
    return stage.play(SelfTestKept(stage.now, request.key, fault))


def test_a_device_that_works_is_told_so_once_the_report_is_kept() -> None:
    stage, session = ready_stage()
    effects = stage.device(SelfTest(session, 1, "Track=ok;Ring=ok"))
    assert told(effects, Got) == [Got(1)]
    assert answers(effects) == []
    checks = (Check("Track", "ok"), Check("Ring", "ok"), Check("Remote Script", "ok"))
    assert those(effects, KeepSelfTest) == [KeepSelfTest((session, 1), "12.3.6", checks)]
    (done,) = told(stage.play(SelfTestKept(stage.now, (session, 1), "")), Done)
    assert done.name == "Self-test: all 3 checks work."


def test_a_report_that_could_not_be_kept_is_no_success() -> None:
    stage, session = ready_stage()
    effects = report(stage, session, "Track=ok", "MuseAroo cannot write self_test.json: No space left on device.")
    (failed,) = answers(effects)
    assert isinstance(failed, Failed)
    assert failed.code == Refusal.ENGINE_FAILED
    assert failed.sentence == (
        "The report could not be kept: MuseAroo cannot write self_test.json: No space left on device. "
        "Self-test: all 2 checks work."
    )


def test_what_does_not_work_is_named_the_daemons_own_check_too() -> None:
    stage = Stage()
    session = stage.hello()
    (failed,) = told(report(stage, session, "Track=ok;Ring=no sound has come yet"), Failed)
    assert failed.sentence.startswith("Self-test: 2 of 3 fail. Ring: no sound has come yet. Remote Script: not conn")


def test_a_repeated_report_is_kept_and_answered_once() -> None:
    stage, session = ready_stage()
    assert len(those(stage.device(SelfTest(session, 1, "Track=ok")), KeepSelfTest)) == 1
    again = stage.device(SelfTest(session, 1, "Track=ok"))
    assert (told(again, Got), those(again, KeepSelfTest), answers(again)) == ([Got(1)], [], [])
    (first,) = told(stage.play(SelfTestKept(stage.now, (session, 1), "")), Done)
    late = stage.device(SelfTest(session, 1, "Track=ok"))
    assert (told(late, Done), those(late, KeepSelfTest)) == ([first], [])
    assert stage.play(SelfTestKept(stage.now, (session, 1), "")) == []


def test_a_device_that_has_gone_meanwhile_is_told_nothing() -> None:
    stage, session = ready_stage()
    stage.device(SelfTest(session, 1, "Track=ok"))
    stage.device(Bye(session))
    assert stage.play(SelfTestKept(stage.now, (session, 1), "")) == []
    assert not stage.state.self_tests


def test_a_report_without_checks_is_no_success() -> None:
    stage, session = ready_stage()
    (failed,) = told(report(stage, session, "gibberish"), Failed)
    assert "gibberish: said nothing" in failed.sentence
