"""The device's test of itself, which is answered without Live."""

from bridge.events import KeepSelfTest
from bridge.self_test import Check
from bridge.wire import Done, Failed, Got, SelfTest
from tests.bridge.stage import Stage, ready_stage, those, told


def test_a_device_that_works_is_told_so_and_the_report_is_kept() -> None:
    stage, session = ready_stage()
    effects = stage.device(SelfTest(session, 1, "Track=ok;Ring=ok"))
    assert told(effects, Got) == [Got(1)]
    (done,) = told(effects, Done)
    assert done.name == "Self-test: all 3 checks work."
    (kept,) = those(effects, KeepSelfTest)
    assert kept == KeepSelfTest("12.3.6", (Check("Track", "ok"), Check("Ring", "ok"), Check("Remote Script", "ok")))


def test_what_does_not_work_is_named_the_daemons_own_check_too() -> None:
    stage = Stage()
    session = stage.hello()
    (failed,) = told(stage.device(SelfTest(session, 1, "Track=ok;Ring=no sound has come yet")), Failed)
    assert failed.sentence.startswith("Self-test: 2 of 3 fail. Ring: no sound has come yet. Remote Script: not conn")


def test_a_repeated_report_is_answered_and_kept_once() -> None:
    stage, session = ready_stage()
    (first,) = told(stage.device(SelfTest(session, 1, "Track=ok")), Done)
    again = stage.device(SelfTest(session, 1, "Track=ok"))
    assert told(again, Done) == [first]
    assert those(again, KeepSelfTest) == []


def test_a_report_without_checks_is_no_success() -> None:
    stage, session = ready_stage()
    (failed,) = told(stage.device(SelfTest(session, 1, "gibberish")), Failed)
    assert "gibberish: said nothing" in failed.sentence
