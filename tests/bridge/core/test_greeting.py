"""Who may be a device: what proves itself gets a session, whatever strangers try comes to nothing and is counted."""

import itertools
from dataclasses import replace

from musearoo.bridge.core.events.effects import KeepDeviceSecret, Report, SendToDevice
from musearoo.bridge.core.events.incoming import IncompatibleHelloReceived, Source, UnknownPacketReceived
from musearoo.bridge.core.greeting import (
    MOST_FROM_ONE_SOURCE,
    MOST_GREETED,
    MOST_SESSIONS,
    STRANGERS_TOLD_EVERY,
)
from musearoo.bridge.core.session import SILENT_AFTER
from musearoo.bridge.protocol import (
    WIRE_VERSION,
    Arm,
    Beat,
    BeatBack,
    Bye,
    Cancel,
    DeviceGot,
    Generate,
    Hello,
    Refusal,
    Refused,
    SayText,
    Talk,
    Undo,
    Welcome,
)
from musearoo.bridge.protocol.device_proof import next_secret, prove_hello
from musearoo.bridge.protocol.types import Message
from tests.bridge.stage import HOST, SECRET, Stage, a_hello, kinds, ready_stage, source_of, those, told
from tests.each_case import each_case

STRANGER = Source(HOST, 61_000)


def strange_packets(session: int) -> list[Message]:
    """What a process that guessed a session would send into it."""
    return [
        Beat(session),
        Undo(session, 1),
        Talk(session, 1, 1),
        Generate(session, 1, "drummaroo", "funk", 8, 7, 0.5, 0.5, 0.5, 0.0, "", "", 0, 0, 0),
        SayText(session, 1, "delete everything"),
        Arm(session, 1),
        Cancel(session, 0),
        DeviceGot(session, 1),
        Bye(session),
    ]


def without_counting(stage: Stage) -> object:
    """The state but for how many strangers came."""
    return replace(stage.state, strangers=Stage().state.strangers)


def test_whoever_does_not_know_the_secret_gets_no_session_and_no_answer() -> None:
    stage = Stage()
    stage.live()
    before = without_counting(stage)
    for number in range(300):
        for hello in (
            a_hello(f"stranger-{number}", 20_000 + number, secret="guessed"),
            Hello(f"stranger-{number}", 20_000 + number, WIRE_VERSION, "12.3.6", "", 0, 1),
        ):
            assert stage.device(hello, STRANGER) == []
    assert without_counting(stage) == before
    assert stage.state.strangers.packets == 600
    assert stage.hello("mine")


@each_case("changed", [{"reply_port": 20_001}, {"instance": "other"}, {"live_version": "11"}, {"number": 9}])
def test_a_proof_is_good_for_its_own_hello_alone(changed: dict[str, int | str]) -> None:
    stage = Stage()
    assert stage.device(replace(a_hello(), **changed), STRANGER) == []  # type: ignore[arg-type]
    assert not stage.state.sessions


def test_a_recorded_hello_moves_nothing_and_is_answered_by_nothing() -> None:
    stage, session = ready_stage()
    recorded = a_hello()
    assert stage.device(recorded, STRANGER) == []
    assert stage.state.sessions[session].source == source_of(recorded)
    later = a_hello(number=5)
    stage.device(later)
    for old in (recorded, a_hello(number=4), later):
        assert stage.device(old, STRANGER) == []
    assert stage.state.sessions[session].source == source_of(recorded)


def test_a_recorded_hello_is_worth_nothing_after_its_session_either() -> None:
    stage, session = ready_stage()
    stage.bye(session)
    assert stage.device(a_hello(), STRANGER) == []
    silent = stage.hello("silent", 25_001)
    stage.tick(SILENT_AFTER + 1.0)
    assert silent not in stage.state.sessions
    assert stage.device(a_hello("silent", 25_001), STRANGER) == []
    assert not stage.state.sessions


def test_nothing_of_a_session_is_taken_from_elsewhere() -> None:
    stage, session = ready_stage()
    stage.press(session, 7)
    before = without_counting(stage)
    own = stage.state.sessions[session].source
    for source in (STRANGER, own._replace(port=own.port + 1), own._replace(host="127.0.0.2")):
        for message in strange_packets(session):
            assert stage.device(message, source) == [], message
    assert without_counting(stage) == before
    assert stage.state.strangers.packets == 3 * len(strange_packets(session))
    assert told(stage.device(Beat(session)), BeatBack)


def test_nothing_of_a_session_that_nobody_has_is_answered() -> None:
    stage, session = ready_stage()
    for message in strange_packets(session ^ 1):
        assert stage.device(message) == [], message


def test_sessions_cannot_be_guessed() -> None:
    stages = [Stage() for _ in range(20)]
    drawn = [stage.hello(f"device-{number}", 20_000 + number) for stage in stages[:1] for number in range(60)]
    assert len(set(drawn)) == 60
    assert all(0 < session < 2**31 for session in drawn)
    steps = [abs(one - other) for one, other in itertools.pairwise(drawn)]
    assert min(steps) > 1000
    stages[1].state = replace(stages[1].state, device_secret=next_secret(SECRET))
    welcomes = told(stages[1].device(a_hello("device-0", 20_000, secret=next_secret(SECRET))), Welcome)
    assert welcomes[0].session not in drawn, "another run draws others"


def test_a_repeated_hello_gets_the_same_session() -> None:
    stage = Stage()
    assert stage.hello() == stage.hello()
    assert len(stage.state.sessions) == 1


def test_a_device_whose_socket_changed_goes_on_from_there() -> None:
    stage, session = ready_stage()
    moved = Source(HOST, 62_000)
    stage.device(a_hello(number=2), moved)
    assert stage.device(Beat(session), source_of(a_hello())) == []
    assert told(stage.device(Beat(session), moved), BeatBack)


def test_one_device_more_than_can_be_served_is_refused_and_none_is_pushed_out() -> None:
    stage = Stage()
    sessions = [stage.hello(f"device-{number}", 20_000 + number) for number in range(MOST_SESSIONS)]
    (refused,) = told(stage.device(a_hello("one-more", 30_000)), Refused)
    assert refused.code == Refusal.TOO_MANY
    assert list(stage.state.sessions) == sessions
    stage.bye(sessions[0])
    assert stage.hello("one-more", 30_000)


def test_one_socket_cannot_take_all_the_places() -> None:
    stage, session = ready_stage()
    greedy = Source(HOST, 62_000)
    refused = [
        told(stage.device(a_hello(f"greedy-{number}", 20_000 + number), greedy), Refused) for number in range(300)
    ]
    assert sum(map(len, refused)) == 300 - MOST_FROM_ONE_SOURCE
    assert len(stage.state.sessions) == 1 + MOST_FROM_ONE_SOURCE
    assert session in stage.state.sessions
    assert stage.hello("another", 20_999)


def test_what_is_remembered_of_hellos_is_bounded_and_a_new_secret_voids_what_is_forgotten() -> None:
    stage = Stage()
    staying = stage.hello("staying", 19_999)
    for number in range(MOST_GREETED - 1):
        stage.bye(stage.hello(f"terminal-{number}", 20_000))
    assert len(stage.state.greeted) == MOST_GREETED
    effects = stage.device(a_hello("one-more", 20_001))
    (kept,) = those(effects, KeepDeviceSecret)
    assert told(effects, Welcome)
    assert kept.secret == stage.state.device_secret != SECRET
    assert stage.state.greeted == {}
    assert stage.device(a_hello("terminal-3", 20_000), STRANGER) == []
    assert told(stage.device(Beat(staying)), BeatBack), "who is there stays"
    again = a_hello("staying", 19_999, number=2, secret=kept.secret)
    assert told(stage.device(again), Welcome)[0].session == staying


def test_a_device_of_another_version_gets_one_sentence_and_few_of_them() -> None:
    stage = Stage()
    other = IncompatibleHelloReceived(HOST, 25_000, 8)
    (sent,) = those(stage.play(other), SendToDevice)
    assert (sent.host, sent.port) == (HOST, 25_000)
    assert isinstance(sent.message, Refused)
    assert sent.message.code == Refusal.WRONG_VERSION
    assert sent.message.sentence == (
        f"This MuseAroo device speaks version 8 and the daemon version {WIRE_VERSION}: "
        "install both from the same release (musearoo install)."
    )
    assert stage.play(other) == stage.play(other) == [], "until the clock goes on"
    stage.tick()
    assert kinds(stage.play(other)) == ["Refused"]
    assert not stage.state.sessions


def test_a_proven_device_of_another_version_is_told_the_same() -> None:
    stage = Stage()
    hello = prove_hello(SECRET, replace(a_hello(), wire_version=WIRE_VERSION + 1))
    (refused,) = told(stage.device(hello), Refused)
    assert refused.code == Refusal.WRONG_VERSION
    assert not stage.state.sessions


def test_strangers_are_told_of_once_a_minute_however_many_there_are() -> None:
    stage = Stage()
    lines = []
    for _ in range(round(3 * STRANGERS_TOLD_EVERY)):
        for _ in range(5):
            stage.play(UnknownPacketReceived())
        lines += those(stage.tick(1.0), Report)
    assert [line.sentence for line in lines[:2]] == [
        "5 packets of strangers on the devices' port, not answered.",
        "300 packets of strangers on the devices' port, not answered.",
    ]
    assert len(lines) == 3
    assert all(line.warning for line in lines)
    stage.play(IncompatibleHelloReceived(HOST, 25_000, 8))
    told_later = [line.sentence for line in those(stage.tick(STRANGERS_TOLD_EVERY), Report)]
    assert "version 8" in told_later[1]
    assert those(stage.tick(STRANGERS_TOLD_EVERY), Report) == [], "nobody came"
