"""The conductor with devices and their presses: what follows from each event in each state, told as small scenes."""

from dataclasses import replace

import pytest

from musearoo.bridge.core.events.effects import Report, SendToDevice
from musearoo.bridge.core.events.incoming import Source
from musearoo.bridge.core.presses import ANSWER_WITHIN, GRACE
from musearoo.bridge.core.session import MOST_REPEATS, MOST_UNDER_WAY, REPEAT_AFTER, SILENT_AFTER
from musearoo.bridge.core.state import BUSY_AFTER
from musearoo.bridge.protocol import (
    WIRE_VERSION,
    Beat,
    BeatBack,
    Dials,
    Done,
    Facts,
    Failed,
    Generate,
    Hello,
    LiveState,
    Refusal,
    Told,
    Transaction,
    Welcome,
)
from musearoo.bridge.protocol.device_proof import prove_hello, prove_welcome
from tests.bridge.stage import (
    HOST,
    REQUEST,
    SECRET,
    Stage,
    a_hello,
    a_script_hello,
    a_song,
    answers,
    kinds,
    ready_stage,
    requests,
    sent,
    those,
    told,
    written_stage,
)
from tests.each_case import each_case

# --- devices ---------------------------------------------------------------------------------------------------------


def test_a_device_is_welcomed_with_what_is_known_of_the_set() -> None:
    stage = Stage()
    stage.live(song=a_song("set", 98.5))
    effects = stage.device(a_hello())
    assert kinds(effects) == ["Welcome", "Facts"]
    (session,) = stage.state.sessions
    (welcome,) = told(effects, Welcome)
    assert welcome == prove_welcome(SECRET, Welcome(session, WIRE_VERSION, "0.1.0", LiveState.READY, ""), a_hello())
    assert told(effects, Facts) == [Facts(98.5, 4, 4, "A minor", "", LiveState.READY)]
    assert {(to.host, to.port) for to in those(effects, SendToDevice)} == {(HOST, 25_000)}


def test_dials_at_rest_are_known_and_cost_nothing() -> None:
    stage, session = ready_stage()
    before = stage.state.sessions[session]
    dials = Dials(session, 1, "funk", 4, 0.5, 0.5, 0.5, 0.0, "", -1, 0, 0, "")
    stage.now += 1.0
    assert stage.device(dials) == []
    assert stage.state.sessions[session] == replace(before, dials=dials, last_seen=stage.now)
    stranger = Source("127.0.0.1", 9)
    stage.device(replace(dials, style="house"), stranger)
    assert stage.state.sessions[session].dials == dials


def test_without_live_a_device_is_welcomed_and_shown_that_live_is_away() -> None:
    effects = Stage().device(a_hello())
    assert kinds(effects) == ["Welcome"]
    assert told(effects, Welcome)[0].live == LiveState.AWAY


def test_a_repeated_hello_gets_the_same_session() -> None:
    stage = Stage()
    assert stage.hello() == stage.hello()
    assert len(stage.state.sessions) == 1


def test_two_devices_get_two_sessions() -> None:
    stage = Stage()
    assert stage.hello("device-1", 25_000) != stage.hello("device-2", 25_001)


def test_a_device_that_moved_is_answered_at_its_new_port() -> None:
    stage, session = ready_stage()
    assert stage.hello(port=25_007) == session
    assert {to.port for to in those(stage.press(session), SendToDevice)} == {25_007}


def test_a_sign_of_life_is_answered_with_lives_state() -> None:
    stage, session = ready_stage()
    assert told(stage.device(Beat(session)), BeatBack) == [BeatBack(session, LiveState.READY)]
    stage.now += BUSY_AFTER + 0.1
    assert told(stage.device(Beat(session)), BeatBack) == [BeatBack(session, LiveState.BUSY)]
    stage.lose()
    assert told(stage.device(Beat(session)), BeatBack) == [BeatBack(session, LiveState.AWAY)]


def test_a_device_that_says_good_bye_is_forgotten() -> None:
    stage, session = ready_stage()
    stage.bye(session)
    assert not stage.state.sessions


def test_a_silent_device_is_forgotten_and_a_beating_one_is_not() -> None:
    stage = Stage()
    silent, beating = stage.hello("silent", 25_000), stage.hello("beating", 25_001)
    for _ in range(int(SILENT_AFTER) + 2):
        stage.tick(1.0)
        stage.device(Beat(beating))
    assert silent not in stage.state.sessions
    assert beating in stage.state.sessions


# --- from press to done ----------------------------------------------------------------------------------------------


def test_a_press_becomes_a_clip() -> None:
    stage, session = ready_stage()
    pressed = stage.press(session)
    assert kinds(pressed) == ["Got", "Compose"]
    (request,) = requests(pressed)
    assert (request.link, request.request_id, request.sample_rate, request.seconds_left) == (
        1,
        REQUEST,
        44_100,
        ANSWER_WITHIN,
    )
    assert isinstance(request.request, Generate)
    assert request.request.engine == "drummaroo"
    stage.now += 0.004
    composed = stage.composed(session)
    assert kinds(composed) == ["Transaction + CreateClip"]
    assert sent(composed, Transaction)[0].request == REQUEST
    stage.now += 0.010
    written = stage.written(REQUEST)
    (done,) = told(written, Done)
    assert (done.press, done.notes, done.track, done.scene, done.name) == (1, 128, 0, 2, "Funk drums")
    assert (done.milliseconds, done.composed_ms, done.live_ms) == pytest.approx((14.0, 4.0, 10.0))
    assert not stage.state.presses


def test_without_a_rate_of_its_own_the_settings_rate_is_used() -> None:
    stage = Stage()
    stage.live()
    hello = prove_hello(SECRET, Hello("device-1", 25_000, WIRE_VERSION, "12.3.6", "", 0, 1))
    (welcome,) = told(stage.device(hello), Welcome)
    assert requests(stage.press(welcome.session))[0].sample_rate == 48_000


def test_a_press_repeated_while_under_way_is_acknowledged_and_not_done_twice() -> None:
    stage, session = ready_stage()
    stage.press(session)
    assert kinds(stage.press(session)) == ["Got"]
    stage.composed(session)
    assert kinds(stage.press(session)) == ["Got"]


def test_a_press_repeated_after_its_end_gets_the_same_answer() -> None:
    stage, session = written_stage()
    (done,) = told(stage.written(REQUEST), Done)
    stage.got(session, done.number)
    again = stage.press(session)
    assert kinds(again) == ["Got", "Done"]
    assert answers(again) == [done]


def test_done_is_repeated_until_it_is_acknowledged() -> None:
    stage, session = written_stage()
    (done,) = told(stage.written(REQUEST), Done)
    assert answers(stage.tick(REPEAT_AFTER)) == [done]
    assert answers(stage.tick(REPEAT_AFTER)) == [done]
    stage.got(session, done.number)
    assert answers(stage.wait(3.0, alive=(1,))) == []


def test_a_device_that_never_acknowledges_is_given_up_with_one_report() -> None:
    stage, session = written_stage()
    (done,) = told(stage.written(REQUEST), Done)
    effects = stage.wait(2 * (MOST_REPEATS + 1) * REPEAT_AFTER, alive=(1,))
    assert answers(effects) == [done] * MOST_REPEATS
    assert sum("does not acknowledge" in report.sentence for report in those(effects, Report)) == 1
    assert not stage.state.sessions[session].outbox


def test_two_devices_with_the_same_press_number_do_not_meet() -> None:
    stage, first = ready_stage()
    second = stage.hello("device-2", 25_001)
    assert [requests(stage.press(session))[0].request_id for session in (first, second)] == ["device-1:1", "device-2:1"]
    stage.composed(second)
    effects = stage.written("device-2:1")
    assert [to.port for to in those(effects, SendToDevice)] == [25_001]
    assert set(stage.state.presses) == {(first, 1)}


def test_as_many_presses_as_allowed_may_be_under_way() -> None:
    stage, session = ready_stage()
    for press in range(1, MOST_UNDER_WAY + 1):
        assert kinds(stage.press(session, press)) == ["Got", "Compose"]
    (failed,) = told(stage.press(session, MOST_UNDER_WAY + 1), Failed)
    assert (failed.press, failed.code) == (MOST_UNDER_WAY + 1, Refusal.TOO_MANY)
    stage.composed(session, 3)
    stage.written("device-1:3")
    assert kinds(stage.press(session, MOST_UNDER_WAY + 2)) == ["Got", "Compose"]


def test_an_answer_to_a_request_nobody_made_changes_nothing() -> None:
    stage, _ = ready_stage()
    assert stage.written("device-1:99") == []
    assert kinds(stage.refuse("device-1:99")) == []


def test_the_result_of_an_earlier_run_answers_the_press_before_it_is_composed_anew() -> None:
    """Live served this request for a daemon that was killed, and answers the repeat at once."""
    stage, session = ready_stage()
    stage.press(session)
    stage.now += 0.005
    (done,) = told(stage.written(REQUEST), Done)
    assert done.milliseconds == pytest.approx(5.0)
    assert done.composed_ms + done.live_ms == pytest.approx(5.0)
    assert stage.composed(session) == []


# --- what can go wrong with a press ----------------------------------------------------------------------------------


def test_without_live_a_press_fails_with_what_to_click() -> None:
    stage = Stage()
    session = stage.hello()
    effects = stage.press(session)
    assert kinds(effects) == ["Got", "Failed"]
    (failed,) = told(effects, Failed)
    assert failed.code == Refusal.NO_LIVE
    assert "choose MuseAroo as a control surface" in failed.sentence


def test_before_live_has_told_its_set_a_press_fails() -> None:
    stage = Stage()
    session = stage.hello()
    stage.script(a_script_hello())
    assert told(stage.press(session), Failed)[0].code == Refusal.NO_LIVE


def test_a_failing_engine_is_told_and_nothing_is_sent_to_live() -> None:
    stage, session = ready_stage()
    stage.press(session)
    effects = stage.not_composed(session)
    assert kinds(effects) == ["Failed"]
    assert told(effects, Failed)[0].code == Refusal.ENGINE_FAILED
    assert not stage.state.presses


def test_a_reason_of_any_length_arrives() -> None:
    stage, session = ready_stage()
    stage.press(session)
    (failed,) = told(stage.not_composed(session, sentence="Stück für Stück " * 100), Failed)
    assert failed.sentence.startswith("Stück für Stück")


@each_case("code, shown", [(Refusal.SLOT_FILLED, 8), (Refusal.EXPIRED, 10), (999, Refusal.LIVE_ERROR)])
def test_what_live_refuses_is_told_with_its_own_sentence(code: int, shown: int) -> None:
    stage, _ = written_stage()
    (failed,) = told(stage.refuse(REQUEST, code), Failed)
    assert (failed.press, failed.code, failed.sentence) == (1, shown, "The slot has been filled meanwhile.")


def test_a_press_is_cancelled_before_it_is_sent() -> None:
    stage, session = ready_stage()
    stage.press(session)
    (failed,) = told(stage.cancel(session), Failed)
    assert failed.code == Refusal.CANCELLED
    assert stage.composed(session) == []
    assert answers(stage.press(session)) == [failed]


def test_a_press_that_was_sent_is_not_cancelled_but_told_of_undo() -> None:
    stage, session = written_stage()
    effects = stage.cancel(session)
    assert kinds(effects) == ["Told"]
    assert "Undo" in told(effects, Told)[0].sentence
    assert kinds(stage.written(REQUEST)) == ["Done"]


def test_cancelling_what_is_not_under_way_changes_nothing() -> None:
    stage, session = ready_stage()
    assert stage.cancel(session) == []


def test_a_busy_live_is_told_once_and_the_clip_still_comes() -> None:
    stage, _ = written_stage()
    effects = stage.wait(5.0)
    assert [news.code for news in told(effects, Told)] == [Refusal.LIVE_BUSY]
    stage.heartbeat(gap_ms=5000.0)
    assert kinds(stage.written(REQUEST)) == ["Done"]


def test_after_the_deadline_a_press_has_failed_and_a_late_answer_is_nothing() -> None:
    stage, session = written_stage()
    before = stage.wait(ANSWER_WITHIN + GRACE - 0.5, alive=(1,))
    assert answers(before) == []
    (failed,) = {answer.press: answer for answer in answers(stage.wait(1.0, alive=(1,)))}.values()
    assert failed.press == 1
    assert isinstance(failed, Failed)
    assert failed.code == Refusal.LIVE_BUSY
    stage.got(session, failed.number)
    assert answers(stage.written(REQUEST)) == []


def test_a_press_that_is_never_composed_fails_at_the_deadline() -> None:
    stage, session = ready_stage()
    stage.press(session)
    effects = stage.wait(ANSWER_WITHIN + GRACE + 0.5, alive=(1,))
    assert {answer.press for answer in answers(effects)} == {1}
    assert stage.composed(session) == []


def test_a_device_that_left_costs_its_press_nothing() -> None:
    stage, session = written_stage()
    stage.bye(session)
    assert kinds(stage.written(REQUEST)) == []
    assert not stage.state.presses
