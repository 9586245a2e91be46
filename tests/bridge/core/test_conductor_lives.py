"""The conductor with Lives: admitted, lost, back again, and several at once, told as small scenes."""

from dataclasses import replace

from musearoo.bridge.core.events.effects import CloseScript, SendToDevice, SendToScript
from musearoo.bridge.core.presses import ANSWER_WITHIN, GRACE, SCRIPT_RETURNS_WITHIN
from musearoo.bridge.core.state import BUSY_AFTER
from musearoo.bridge.protocol import (
    WIRE_VERSION,
    Beat,
    BeatBack,
    Facts,
    Failed,
    Heartbeat,
    LiveState,
    Refusal,
    ScriptRefused,
    ScriptWelcome,
    SetReady,
    Told,
    Transaction,
    Welcome,
)
from musearoo.bridge.protocol.device_proof import prove_hello
from tests.bridge.stage import (
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

# --- Live ------------------------------------------------------------------------------------------------------------


def test_a_script_is_admitted_by_its_token() -> None:
    stage = Stage()
    effects = stage.script(a_script_hello())
    assert sent(effects, ScriptWelcome) == [ScriptWelcome(WIRE_VERSION, "0.1.0")]
    assert 1 in stage.state.lives


@each_case(
    "hello, code, advice",
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


@each_case("message", [SetReady(1), a_song(), Heartbeat(0, 0.0, 0, 0)])
def test_the_first_message_must_be_hello(message: SetReady) -> None:
    stage = Stage()
    effects = stage.script(message, link=5)
    assert kinds(effects) == ["ScriptRefused", "CloseScript"]
    assert those(effects, CloseScript) == [CloseScript(5)]
    assert not stage.state.lives


def test_devices_are_told_when_live_is_ready_and_when_its_set_changes() -> None:
    stage = Stage()
    stage.hello()
    assert told(stage.live(), Facts) == [Facts(120.0, 4, 4, "A minor", "", LiveState.READY)]
    assert told(stage.script(a_song(tempo=90.0)), Facts) == [Facts(90.0, 4, 4, "A minor", "", LiveState.READY)]


@each_case("scale, mode, key", [("Minor", 1, "A minor"), ("Minor", 0, ""), ("Minor", -1, "")])
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
    assert told(stage.heartbeat(), Facts) == [Facts(120.0, 4, 4, "A minor", "", LiveState.READY)]
    assert told(stage.heartbeat(), Facts) == []


def test_a_live_that_becomes_busy_is_shown_busy() -> None:
    """`/roo/facts` is sent when what it says changes, and it says whether Live is busy."""
    stage, _ = ready_stage()
    shown = [facts.live for facts in told(stage.wait(BUSY_AFTER + 1.0), Facts)]
    assert shown == [LiveState.BUSY]


def test_a_live_that_goes_is_shown_away() -> None:
    stage, _ = ready_stage()
    assert told(stage.lose(), Facts) == [Facts(120.0, 4, 4, "A minor", "", LiveState.AWAY)]


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
    assert told(stage.device(Beat(session)), BeatBack) == [BeatBack(session, LiveState.READY)]
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


def test_a_press_composed_when_live_is_back_already_goes_to_its_new_connection() -> None:
    stage, session = ready_stage()
    stage.press(session)
    stage.lose()
    stage.live(link=2)
    effects = stage.composed(session)
    assert [effect.link for effect in those(effects, SendToScript)] == [2]
    assert kinds(stage.written(REQUEST)) == ["Done"]


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
    (request,) = requests(stage.live())
    assert (request.link, request.request_id) == (1, REQUEST)
    stage.composed(session)
    assert kinds(stage.written(REQUEST)) == ["Done"]


def test_the_time_that_a_press_has_waited_is_taken_off_lives_deadline() -> None:
    """Else the script might still write when the device was told that nothing was written."""
    stage, session = just_started_stage()
    stage.press(session)
    stage.tick(SCRIPT_RETURNS_WITHIN - 0.5)
    (request,) = requests(stage.live())
    assert request.seconds_left <= ANSWER_WITHIN - (SCRIPT_RETURNS_WITHIN - 0.5)


def test_a_press_that_waits_in_vain_fails_with_what_to_click() -> None:
    stage, session = just_started_stage()
    stage.press(session)
    (failed,) = told(stage.tick(SCRIPT_RETURNS_WITHIN + 0.1), Failed)
    assert (failed.press, failed.code) == (1, Refusal.NO_LIVE)
    assert "choose MuseAroo as a control surface" in failed.sentence
    assert requests(stage.live()) == []


def test_a_press_that_waits_can_be_cancelled() -> None:
    stage, session = just_started_stage()
    stage.press(session)
    assert told(stage.cancel(session), Failed)[0].code == Refusal.CANCELLED
    assert requests(stage.live()) == []


def test_a_press_of_a_device_that_left_while_it_waited_is_dropped() -> None:
    stage, session = just_started_stage()
    stage.press(session)
    stage.bye(session)
    assert requests(stage.live()) == []
    stage.tick(SCRIPT_RETURNS_WITHIN + 0.1)
    assert not stage.state.presses


# --- two Lives -------------------------------------------------------------------------------------------------------


def test_a_press_goes_to_the_live_whose_set_the_device_sits_in() -> None:
    stage = Stage()
    stage.live(1, "live-1", a_song("one"))
    stage.live(2, "live-2", a_song("two"))
    assert requests(stage.press(stage.hello(set_name="two")))[0].link == 2


def test_two_lives_that_look_alike_are_told_apart_by_nobody() -> None:
    stage = Stage()
    stage.live(1, "live-1", a_song("same"))
    stage.live(2, "live-2", a_song("same"))
    session = stage.hello(set_name="same")
    (failed,) = told(stage.press(session), Failed)
    assert failed.code == Refusal.SEVERAL_LIVES
    assert "save their sets under different names" in failed.sentence
    stage.lose(1)
    assert requests(stage.press(session, 2))[0].link == 2


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
        (25_002, Facts(77.0, 4, 4, "A minor", "", LiveState.READY))
    ]


def test_a_live_of_another_version_is_not_the_device_s() -> None:
    stage = Stage()
    stage.live()
    session = stage.device(prove_hello(SECRET, replace(a_hello(), live_version="11.3.25")))
    (failed,) = told(stage.press(told(session, Welcome)[0].session), Failed)
    assert failed.code == Refusal.NO_LIVE
    assert "Live 11.3.25 is not connected, only that of 12.3.6" in failed.sentence


def test_the_return_of_another_live_ends_no_press_of_one_that_is_on_its_way_back() -> None:
    stage, session = written_stage()
    stage.lose()
    other = replace(a_script_hello("live-2"), live_version="11.3.25")
    stage.script(other, 2)
    stage.script(a_song(), 2)
    assert told(stage.script(SetReady(3), 2), Failed) == []
    assert [transaction.request for transaction in sent(stage.live(link=3), Transaction)] == [REQUEST]
    assert kinds(stage.written(REQUEST)) == ["Done"]
    assert stage.state.sessions[session].answers[1]
