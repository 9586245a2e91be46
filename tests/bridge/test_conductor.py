"""The conductor: what follows from each event in each state, told as small scenes."""

from dataclasses import replace

import pytest

from bridge.conductor import ANSWER_WITHIN, GRACE, MOST_SESSIONS, SCRIPT_RETURNS_WITHIN
from bridge.events import CloseScript, Report, SendToDevice
from bridge.session import MOST_REPEATS, MOST_UNDER_WAY, REPEAT_AFTER, SILENT_AFTER
from bridge.state import BUSY_AFTER
from bridge.wire import (
    WIRE_VERSION,
    Beat,
    BeatBack,
    Done,
    Facts,
    Failed,
    Heartbeat,
    LiveState,
    Refusal,
    Refused,
    ScriptRefused,
    ScriptWelcome,
    SetReady,
    Stranger,
    Told,
    Transaction,
    Welcome,
)
from tests.bridge.stage import (
    HOST,
    Stage,
    a_hello,
    a_script_hello,
    a_song,
    answers,
    kinds,
    orders,
    sent,
    those,
    told,
)

REQUEST = "device-1:1"


def ready_stage() -> tuple[Stage, int]:
    """One Live that has told its set and one device; returns the stage and the session."""
    stage = Stage()
    stage.live()
    return stage, stage.hello()


def written_stage() -> tuple[Stage, int]:
    """A press whose transaction has gone to Live."""
    stage, session = ready_stage()
    stage.press(session)
    stage.composed(session)
    return stage, session


# --- devices ---------------------------------------------------------------------------------------------------------


def test_a_device_is_welcomed_with_what_is_known_of_the_set() -> None:
    stage = Stage()
    stage.live(song=a_song("set", 98.5))
    effects = stage.device(a_hello())
    assert kinds(effects) == ["Welcome", "Facts"]
    assert told(effects, Welcome) == [Welcome(500, WIRE_VERSION, "0.1.0", LiveState.READY)]
    assert told(effects, Facts) == [Facts(98.5, 4, 4, "A minor", LiveState.READY)]
    assert {(to.host, to.port) for to in those(effects, SendToDevice)} == {(HOST, 25_000)}


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


def test_a_device_of_another_version_is_told_what_to_do() -> None:
    hello = a_hello()
    stage = Stage()
    effects = stage.device(type(hello)("device-1", 25_000, WIRE_VERSION + 1, "12.3.6", "", 0))
    (refused,) = told(effects, Refused)
    assert refused.code == Refusal.WRONG_VERSION
    assert "install both from the same release" in refused.sentence
    assert not stage.state.sessions


def test_one_device_more_than_can_be_served_is_refused() -> None:
    stage = Stage()
    for number in range(MOST_SESSIONS):
        stage.hello(f"device-{number}", 20_000 + number)
    (refused,) = told(stage.device(a_hello("one-more", 30_000)), Refused)
    assert refused.code == Refusal.TOO_MANY
    assert len(stage.state.sessions) == MOST_SESSIONS
    stage.bye(500)
    assert stage.hello("one-more", 30_000) == 500 + MOST_SESSIONS


def test_a_sign_of_life_of_an_unknown_session_is_answered_by_stranger() -> None:
    effects = Stage().device(Beat(77, 25_003))
    assert effects == [SendToDevice(HOST, 25_003, Stranger(77))]


def test_a_press_of_an_unknown_session_changes_nothing() -> None:
    stage = Stage()
    before = stage.state
    assert stage.press(77) == []
    assert stage.state == before


def test_a_sign_of_life_is_answered_with_lives_state() -> None:
    stage, session = ready_stage()
    assert told(stage.device(Beat(session, 25_000)), BeatBack) == [BeatBack(session, LiveState.READY)]
    stage.now += BUSY_AFTER + 0.1
    assert told(stage.device(Beat(session, 25_000)), BeatBack) == [BeatBack(session, LiveState.BUSY)]
    stage.lose()
    assert told(stage.device(Beat(session, 25_000)), BeatBack) == [BeatBack(session, LiveState.AWAY)]


def test_a_device_that_says_good_bye_is_forgotten() -> None:
    stage, session = ready_stage()
    stage.bye(session)
    assert not stage.state.sessions
    assert kinds(stage.device(Beat(session, 25_000))) == ["Stranger"]


def test_a_silent_device_is_forgotten_and_a_beating_one_is_not() -> None:
    stage = Stage()
    silent, beating = stage.hello("silent", 25_000), stage.hello("beating", 25_001)
    for _ in range(int(SILENT_AFTER) + 2):
        stage.tick(1.0)
        stage.device(Beat(beating, 25_001))
    assert silent not in stage.state.sessions
    assert beating in stage.state.sessions


# --- from press to done ----------------------------------------------------------------------------------------------


def test_a_press_becomes_a_clip() -> None:
    stage, session = ready_stage()
    pressed = stage.press(session)
    assert kinds(pressed) == ["Got", "Compose"]
    (order,) = orders(pressed)
    assert (order.link, order.request_id, order.sample_rate, order.seconds_left) == (1, REQUEST, 44_100, ANSWER_WITHIN)
    assert order.generate.engine == "drummaroo"
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
    hello = a_hello()
    (welcome,) = told(stage.device(type(hello)("device-1", 25_000, WIRE_VERSION, "12.3.6", "", 0)), Welcome)
    assert orders(stage.press(welcome.session))[0].sample_rate == 48_000


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
    assert [orders(stage.press(session))[0].request_id for session in (first, second)] == ["device-1:1", "device-2:1"]
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


@pytest.mark.parametrize(
    ("code", "shown"), [(Refusal.SLOT_FILLED, 8), (Refusal.EXPIRED, 10), (999, Refusal.LIVE_ERROR)]
)
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


# --- Live ------------------------------------------------------------------------------------------------------------


def test_a_script_is_admitted_by_its_token() -> None:
    stage = Stage()
    effects = stage.script(a_script_hello())
    assert sent(effects, ScriptWelcome) == [ScriptWelcome(WIRE_VERSION, "0.1.0")]
    assert 1 in stage.state.lives


@pytest.mark.parametrize(
    ("hello", "code", "advice"),
    [
        (a_script_hello(token="another"), Refusal.WRONG_TOKEN, "wrong token"),
        (a_script_hello(token=""), Refusal.WRONG_TOKEN, "wrong token"),
        (a_script_hello(token="größer"), Refusal.WRONG_TOKEN, "wrong token"),
        (a_script_hello(version=WIRE_VERSION + 1), Refusal.WRONG_VERSION, "run musearoo install, then restart Live"),
        (a_script_hello(version=0), Refusal.WRONG_VERSION, "run musearoo install, then restart Live"),
    ],
)
def test_a_script_that_does_not_fit_is_refused_and_closed(hello: object, code: Refusal, advice: str) -> None:
    stage = Stage()
    assert isinstance(hello, type(a_script_hello()))
    effects = stage.script(hello)
    assert kinds(effects) == ["ScriptRefused", "CloseScript"]
    (refused,) = sent(effects, ScriptRefused)
    assert refused.code == code
    assert advice in refused.sentence
    assert not stage.state.lives


def test_a_wrong_token_is_refused_before_anything_of_the_version_is_said() -> None:
    effects = Stage().script(a_script_hello(token="another", version=WIRE_VERSION + 1))
    assert sent(effects, ScriptRefused)[0].code == Refusal.WRONG_TOKEN


@pytest.mark.parametrize("message", [SetReady(1), a_song(), Heartbeat(0, 0.0, 0, 0)])
def test_the_first_message_must_be_hello(message: SetReady) -> None:
    stage = Stage()
    effects = stage.script(message, link=5)
    assert kinds(effects) == ["ScriptRefused", "CloseScript"]
    assert those(effects, CloseScript) == [CloseScript(5)]
    assert not stage.state.lives


def test_devices_are_told_when_live_is_ready_and_when_its_set_changes() -> None:
    stage = Stage()
    stage.hello()
    assert told(stage.live(), Facts) == [Facts(120.0, 4, 4, "A minor", LiveState.READY)]
    assert told(stage.script(a_song(tempo=90.0)), Facts) == [Facts(90.0, 4, 4, "A minor", LiveState.READY)]


@pytest.mark.parametrize(("scale", "mode", "key"), [("Minor", 1, "A minor"), ("Minor", 0, ""), ("Minor", -1, "")])
def test_a_key_is_shown_only_where_the_sets_scale_is_on(scale: str, mode: int, key: str) -> None:
    stage, _ = ready_stage()
    (facts,) = told(stage.script(a_song(scale=scale, scale_mode=mode)), Facts)
    assert facts.key == key


def test_a_scale_that_no_one_knows_is_no_reason_to_fall() -> None:
    stage, _ = ready_stage()
    (facts,) = told(stage.script(a_song(scale="A Scale of Live 14")), Facts)
    assert facts.tempo == 120.0


def test_a_live_that_comes_back_from_being_busy_is_shown_ready() -> None:
    stage, _ = ready_stage()
    stage.now += 3.0
    assert told(stage.heartbeat(), Facts) == [Facts(120.0, 4, 4, "A minor", LiveState.READY)]
    assert told(stage.heartbeat(), Facts) == []


def test_a_live_that_becomes_busy_is_shown_busy() -> None:
    """`/roo/facts` is sent when what it says changes, and it says whether Live is busy."""
    stage, _ = ready_stage()
    shown = [facts.live for facts in told(stage.wait(BUSY_AFTER + 1.0), Facts)]
    assert shown == [LiveState.BUSY]


def test_a_live_that_goes_is_shown_away() -> None:
    stage, _ = ready_stage()
    assert told(stage.lose(), Facts) == [Facts(120.0, 4, 4, "A minor", LiveState.AWAY)]


def test_losing_a_connection_that_was_never_admitted_is_nothing() -> None:
    stage, _ = ready_stage()
    assert stage.lose(link=9) == []


# --- Live gone and back ----------------------------------------------------------------------------------------------


def test_when_the_same_live_is_back_the_transaction_goes_out_again() -> None:
    stage, session = written_stage()
    news = stage.lose()
    assert [one.code for one in told(news, Told)] == [Refusal.LIVE_LOST]
    again = stage.live(link=2)
    assert [transaction.request for transaction in sent(again, Transaction)] == [REQUEST]
    assert kinds(stage.written(REQUEST)) == ["Done"]
    assert not stage.state.presses
    assert stage.state.sessions[session].answers[1]


def test_the_same_live_back_before_its_loss_was_seen_takes_the_place_of_its_old_connection() -> None:
    stage, session = written_stage()
    stage.live(link=2)
    late = stage.lose(link=1)
    assert answers(late) == []
    assert told(stage.device(Beat(session, 25_000)), BeatBack) == [BeatBack(session, LiveState.READY)]
    assert kinds(stage.press(session, 2)) == ["Got", "Compose"]
    assert {press.link for press in stage.state.presses.values()} == {2}


def test_another_live_does_not_get_what_was_meant_for_the_first() -> None:
    stage, _ = written_stage()
    stage.lose()
    effects = stage.live(link=2, instance="live-2")
    assert sent(effects, Transaction) == []
    (failed,) = told(effects, Failed)
    assert failed.code == Refusal.LIVE_LOST
    assert "look whether the clip is there" in failed.sentence


def test_a_press_composed_after_live_has_gone_fails_without_a_trace() -> None:
    stage, session = ready_stage()
    stage.press(session)
    assert told(stage.lose(), Told) == []
    effects = stage.composed(session)
    assert kinds(effects) == ["Failed"]
    assert "nothing was written" in told(effects, Failed)[0].sentence


def test_a_live_that_went_and_stays_away_fails_the_press_at_its_deadline() -> None:
    stage, _ = written_stage()
    stage.lose()
    effects = stage.wait(ANSWER_WITHIN + GRACE + 0.5)
    assert {failed.code for failed in told(effects, Failed)} == {Refusal.LIVE_LOST}
    assert "look whether the clip is there" in told(effects, Failed)[0].sentence


# --- just after the daemon's start -----------------------------------------------------------------------------------


def just_started_stage() -> tuple[Stage, int]:
    """A daemon that was restarted this instant: the device is there again, Live's script not yet."""
    stage = Stage()
    stage.state = replace(stage.state, started_at=stage.now)
    return stage, stage.hello()


def test_a_press_waits_for_a_live_that_is_on_its_way_back() -> None:
    stage, session = just_started_stage()
    assert kinds(stage.press(session)) == ["Got"]
    assert kinds(stage.press(session)) == ["Got"]
    assert kinds(stage.tick(SCRIPT_RETURNS_WITHIN / 2)) == []
    (order,) = orders(stage.live())
    assert (order.link, order.request_id) == (1, REQUEST)
    stage.composed(session)
    assert kinds(stage.written(REQUEST)) == ["Done"]


def test_the_time_that_a_press_has_waited_is_taken_off_lives_deadline() -> None:
    """Else the script might still write when the device was told that nothing was written."""
    stage, session = just_started_stage()
    stage.press(session)
    stage.tick(SCRIPT_RETURNS_WITHIN - 0.5)
    (order,) = orders(stage.live())
    assert order.seconds_left <= ANSWER_WITHIN - (SCRIPT_RETURNS_WITHIN - 0.5)


def test_a_press_that_waits_in_vain_fails_with_what_to_click() -> None:
    stage, session = just_started_stage()
    stage.press(session)
    (failed,) = told(stage.tick(SCRIPT_RETURNS_WITHIN + 0.1), Failed)
    assert (failed.press, failed.code) == (1, Refusal.NO_LIVE)
    assert "choose MuseAroo as a control surface" in failed.sentence
    assert orders(stage.live()) == []


def test_a_press_that_waits_can_be_cancelled() -> None:
    stage, session = just_started_stage()
    stage.press(session)
    assert told(stage.cancel(session), Failed)[0].code == Refusal.CANCELLED
    assert orders(stage.live()) == []


def test_a_press_of_a_device_that_left_while_it_waited_is_dropped() -> None:
    stage, session = just_started_stage()
    stage.press(session)
    stage.bye(session)
    assert orders(stage.live()) == []
    stage.tick(SCRIPT_RETURNS_WITHIN + 0.1)
    assert not stage.state.presses


# --- two Lives -------------------------------------------------------------------------------------------------------


def test_a_press_goes_to_the_live_whose_set_the_device_sits_in() -> None:
    stage = Stage()
    stage.live(1, "live-1", a_song("one"))
    stage.live(2, "live-2", a_song("two"))
    assert orders(stage.press(stage.hello(set_name="two")))[0].link == 2


def test_two_lives_that_look_alike_are_told_apart_by_nobody() -> None:
    stage = Stage()
    stage.live(1, "live-1", a_song("same"))
    stage.live(2, "live-2", a_song("same"))
    session = stage.hello(set_name="same")
    (failed,) = told(stage.press(session), Failed)
    assert failed.code == Refusal.SEVERAL_LIVES
    assert "save their sets under different names" in failed.sentence
    stage.lose(1)
    assert orders(stage.press(session, 2))[0].link == 2


def test_two_lives_neither_of_which_is_the_devices_are_refused() -> None:
    stage = Stage()
    stage.live(1, "live-1", a_song("one"))
    stage.live(2, "live-2", a_song("two"))
    assert told(stage.press(stage.hello(set_name="three")), Failed)[0].code == Refusal.SEVERAL_LIVES


def test_facts_of_one_live_are_not_told_to_the_devices_of_the_other() -> None:
    stage = Stage()
    stage.live(1, "live-1", a_song("one"))
    stage.live(2, "live-2", a_song("two"))
    stage.hello("in-one", 25_001, set_name="one")
    stage.hello("in-two", 25_002, set_name="two")
    effects = stage.script(a_song("two", 77.0), link=2)
    assert [(to.port, to.message) for to in those(effects, SendToDevice)] == [
        (25_002, Facts(77.0, 4, 4, "A minor", LiveState.READY))
    ]
