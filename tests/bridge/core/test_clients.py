"""Clients of the api role: who is admitted, what their sessions are spared, and what their end leaves behind."""

from dataclasses import replace
from typing import Any

from musearoo.bridge.core.events.effects import CloseClient, Report, SendMetrics, SendToClient, SendToScript, WatchSets
from musearoo.bridge.core.events.incoming import (
    ClientLost,
    ClientMessageReceived,
    ClipAnalyzed,
    DeviceMessageReceived,
    Source,
)
from musearoo.bridge.core.events.midi import MidiSeen, MidiView
from musearoo.bridge.core.greeting import MOST_CLIENTS, MOST_FROM_ONE_SOURCE, MOST_OF_CLIENTS, MOST_SESSIONS
from musearoo.bridge.core.session import ANSWERS_KEPT, SILENT_AFTER
from musearoo.bridge.protocol import (
    WIRE_VERSION,
    ApiBeat,
    ApiBeatBack,
    ApiHello,
    ApiRefused,
    ApiWelcome,
    AskMetrics,
    AskMidi,
    Beat,
    BeatBack,
    Bye,
    Cancel,
    Done,
    Facts,
    Failed,
    Generate,
    Got,
    Hello,
    MidiState,
    Refusal,
    Refused,
    Talk,
    Transaction,
    Watch,
    Welcome,
)
from musearoo.bridge.protocol.types import Message
from tests.bridge.stage import REQUEST, TOKEN, Stage, a_hello, a_song, answers, ready_stage, sent, those, told
from tests.each_case import each_case

HELLO = ApiHello(TOKEN, WIRE_VERSION, "musearoo serve", "0.1.0")
LINK = 50


def client(stage: Stage, message: Message, link: int = LINK) -> list[Any]:
    """A client's message arrives."""
    return stage.play(ClientMessageReceived(stage.now, link, message))


def as_device(stage: Stage, message: Message, link: int = LINK) -> list[Any]:
    """A client's message arrives that is one of a device."""
    return stage.play(DeviceMessageReceived(stage.now, Source.of_client(link), message))


def opened(stage: Stage, instance: str = "device-1", link: int = LINK) -> int:
    """A client opens a session; its hello is not proven."""
    hello = Hello(instance, 1024, WIRE_VERSION, "12.3.6", "", 44_100, 1)
    (welcome,) = told(as_device(stage, hello, link), Welcome)
    return welcome.session


def client_stage() -> tuple[Stage, int]:
    """A Live, and a client with one session."""
    stage = Stage()
    stage.live()
    client(stage, HELLO)
    return stage, opened(stage)


def replies(effects: list[Any]) -> list[Message]:
    """What goes to clients by the api role."""
    return [message for effect in those(effects, SendToClient) for message in effect.messages]


# --- admission -------------------------------------------------------------------------------------------------------


def test_a_client_with_the_token_is_welcomed() -> None:
    stage = Stage()
    assert replies(client(stage, HELLO)) == [ApiWelcome(WIRE_VERSION, "0.1.0")]
    assert list(stage.state.clients) == [LINK]


@each_case(
    "hello, code, words",
    [
        (replace(HELLO, token="guessed"), Refusal.WRONG_TOKEN, "wrong token"),
        (replace(HELLO, token=""), Refusal.WRONG_TOKEN, "wrong token"),
        (replace(HELLO, token="größe"), Refusal.WRONG_TOKEN, "wrong token"),
        (replace(HELLO, wire_version=WIRE_VERSION + 1), Refusal.WRONG_VERSION, f"the daemon version {WIRE_VERSION}"),
        (Watch(1), Refusal.WRONG_TOKEN, "/roo/api/hello"),
        (AskMetrics(), Refusal.WRONG_TOKEN, "/roo/api/hello"),
    ],
)
def test_whoever_has_no_token_gets_one_sentence_and_is_closed(hello: Message, code: Refusal, words: str) -> None:
    stage = Stage()
    effects = client(stage, hello)
    (refused,) = replies(effects)
    assert isinstance(refused, ApiRefused)
    assert (refused.code, words in refused.sentence) == (code, True)
    assert those(effects, CloseClient) == [CloseClient(LINK)]
    assert not stage.state.clients
    assert as_device(stage, Hello("device-1", 1024, WIRE_VERSION, "", "", 0, 1)) == []
    assert not stage.state.sessions


def test_clients_are_as_many_as_are_served() -> None:
    stage = Stage()
    for link in range(1, MOST_CLIENTS + 1):
        client(stage, HELLO, link)
    (refused,) = replies(client(stage, HELLO, 99))
    assert isinstance(refused, ApiRefused)
    assert refused.code == Refusal.TOO_MANY
    stage.play(ClientLost(stage.now, 1))
    assert replies(client(stage, HELLO, 99)) == [ApiWelcome(WIRE_VERSION, "0.1.0")]


def test_a_client_s_questions_are_answered() -> None:
    stage, _ = client_stage()
    assert replies(client(stage, ApiBeat())) == [ApiBeatBack()]
    assert client(stage, Watch(1)) == [WatchSets(LINK, is_on=True)]
    assert client(stage, Watch(0)) == [WatchSets(LINK, is_on=False)]
    assert client(stage, AskMetrics()) == [SendMetrics(LINK)]


# --- sessions --------------------------------------------------------------------------------------------------------


def test_a_session_needs_no_proof_and_its_press_is_answered_on_the_connection() -> None:
    stage, session = client_stage()
    effects = as_device(stage, Generate(session, 1, "drummaroo", "funk", 8, 7, 0.5, 0.5, 0.5, 0.0, "", "", 0, 0, 0))
    assert told(effects, Got) == [Got(1)]
    stage.composed(session)
    done = stage.written(REQUEST)
    assert [type(answer) for answer in answers(done)] == [Done]
    assert {each.host for each in [*effects, *done] if hasattr(each, "host")} == {Source.of_client(LINK).host}


def test_nothing_is_repeated_on_a_stream_and_a_repeated_press_gets_its_answer() -> None:
    stage, session = client_stage()
    for press in range(1, ANSWERS_KEPT + 2):
        stage.press(session, press)
        stage.not_composed(session, press)
    assert answers(stage.wait(4.0, alive=(1,))) == []
    assert [failed.press for failed in answers(stage.press(session, 40))] == [40]


def test_a_session_is_not_given_up_while_its_client_is_there() -> None:
    stage, session = client_stage()
    for _ in range(4):
        stage.tick(SILENT_AFTER / 2)
        client(stage, ApiBeat())
    assert list(stage.state.sessions) == [session]


def test_a_session_belongs_to_its_connection() -> None:
    stage, session = client_stage()
    client(stage, HELLO, 51)
    for message in (Beat(session), Bye(session), Cancel(session, 0)):
        assert as_device(stage, message, 51) == []
    (failed,) = told(as_device(stage, Talk(session, 3, 1), 51), Failed)
    assert (failed.press, failed.code) == (3, Refusal.UNKNOWN_SESSION)
    assert told(as_device(stage, Beat(session)), BeatBack)


def test_a_press_of_an_ended_session_is_answered_and_not_performed() -> None:
    stage, session = client_stage()
    as_device(stage, Bye(session))
    press = Generate(session, 1, "drums", "", 8, 7, 0.5, 0.5, 0.5, 0.0, "", "", 0, 0, 0)
    (failed,) = told(as_device(stage, press), Failed)
    assert failed.sentence == "This session has ended: open another."
    assert not stage.state.presses


def test_a_client_may_open_many_sessions_and_devices_keep_their_places() -> None:
    stage, _ = client_stage()
    for number in range(2, MOST_OF_CLIENTS + 1):
        opened(stage, f"client-{number}")
    hello = Hello("one-more", 1024, WIRE_VERSION, "", "", 0, 1)
    (refused,) = told(as_device(stage, hello), Refused)
    assert refused.code == Refusal.TOO_MANY
    for number in range(MOST_SESSIONS):
        assert stage.hello(f"udp-{number}", 20_000 + number)
    (refused,) = told(stage.device(a_hello("udp-more", 30_000)), Refused)
    assert refused.code == Refusal.TOO_MANY
    assert len(stage.state.sessions) == MOST_OF_CLIENTS + MOST_SESSIONS > MOST_FROM_ONE_SOURCE


def test_what_concerns_all_is_not_told_to_each_of_a_client_s_sessions() -> None:
    stage, session = client_stage()
    device = stage.hello("udp", 25_001)
    effects = stage.script(a_song(tempo=99.0))
    effects += stage.play(ClipAnalyzed(stage.now, 1, "Loop: 99 BPM.", "Heard.", to_devices=True))
    effects += stage.play(MidiSeen(stage.now, MidiView(clock="live")))
    assert {each.session for each in effects if hasattr(each, "session")} == {device}
    assert told(effects, Facts)
    assert told(as_device(stage, AskMidi(session)), MidiState)


def test_the_same_instance_on_another_connection_is_the_same_session() -> None:
    stage, session = client_stage()
    client(stage, HELLO, 51)
    assert opened(stage, link=51) == session
    stage.play(ClientLost(stage.now, LINK))
    assert told(as_device(stage, Beat(session), 51), BeatBack), "it has moved"


# --- the end ---------------------------------------------------------------------------------------------------------


def test_a_client_that_vanishes_takes_its_sessions_along_and_what_is_written_stays() -> None:
    stage, session = client_stage()
    sessions = [session, *(opened(stage, f"client-{number}") for number in range(2, 101))]
    mine = stage.hello("udp", 25_001)
    stage.press(session)
    effects = stage.composed(session)
    assert sent(effects, Transaction)
    effects = stage.play(ClientLost(stage.now, LINK))
    assert list(stage.state.sessions) == [mine]
    assert not set(sessions) & set(stage.state.sessions)
    assert not stage.state.clients
    assert those(effects, WatchSets) == [WatchSets(LINK, is_on=False)]
    assert those(effects, Report)[-1].sentence == "musearoo serve has gone: 100 sessions of it ended."
    assert not those(effects, SendToScript), "the transaction is Live's, and stays"
    effects = stage.written(REQUEST)
    assert answers(effects) == []
    assert "128 notes" in those(effects, Report)[-1].sentence
    assert not stage.state.presses
    assert stage.state.written["live-1"][-1].request == REQUEST, "it can be undone"


def test_a_silent_client_is_given_up_once() -> None:
    stage, session = client_stage()
    effects = stage.tick(SILENT_AFTER + 1.0)
    assert those(effects, CloseClient) == [CloseClient(LINK)]
    assert session not in stage.state.sessions
    assert as_device(stage, Hello("late", 1024, WIRE_VERSION, "", "", 0, 1)) == []
    assert not stage.state.sessions, "its connection is closing"
    assert those(stage.tick(), CloseClient) == []
    assert stage.play(ClientLost(stage.now, LINK)) == []


def test_a_take_that_waits_for_the_one_before_ends_with_its_device() -> None:
    stage, session = ready_stage()
    stage.state = replace(stage.state, hears_in_live=True)
    stage.press(session, 1, hear=1)
    stage.composed(session, 1)
    stage.written(REQUEST)
    stage.press(session, 2, hear=1)
    stage.bye(session)
    effects = stage.written(f"{REQUEST}:drop")
    assert not stage.state.presses
    assert those(effects, Report)[0].sentence == f"Press 2 of session {session} (Generate) ends: its device has gone."
