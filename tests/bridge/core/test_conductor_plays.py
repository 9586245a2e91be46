"""Any play of events, drawn by hypothesis: each press ends exactly once, tables stay bounded, states are frozen.

`Stage.play` itself checks after each event that the old state is untouched, all effects can be sent and no table grows.
"""

from collections import Counter
from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from musearoo.bridge.core.events.effects import CloseScript, Compose, Effect, PressKey, SendToScript
from musearoo.bridge.core.events.incoming import ClientLost, ClientMessageReceived, Source
from musearoo.bridge.core.presses import ANSWER_WITHIN, GRACE
from musearoo.bridge.protocol import (
    WIRE_VERSION,
    ApiBeat,
    ApiHello,
    Beat,
    Failed,
    Got,
    Heartbeat,
    Hello,
    Refusal,
    SceneState,
    SetReady,
    Transaction,
    Welcome,
)
from tests.bridge.stage import TOKEN, Stage, a_hello, a_script_hello, a_song, answers, told

instances = st.sampled_from(["device-1", "device-2", "device-3"])
links = st.integers(1, 4)
clients = st.integers(5, 6)
numbers = st.integers(1, 3)
requests = st.builds("{}:{}".format, instances, numbers)


class AnyPlay(RuleBasedStateMachine):
    """Three devices and up to four connections do whatever they like, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = Stage()
        self.acknowledged: set[PressKey] = set()
        self.begun: Counter[PressKey] = Counter()
        self.ends: dict[PressKey, set[int]] = {}

    def watch(self, effects: list[Effect]) -> None:
        """Keeps account of the presses that began, and of the numbers of the answers that ended them."""
        for effect in effects:
            match effect:
                case Compose(key=key):
                    self.begun[key] += 1
                case SendToScript(link=link, messages=(Transaction(), *_)):
                    assert link in self.stage.state.lives, "a transaction went to a connection that is no more"
        for answer in answers(effects):
            holders = [
                session.number
                for session in self.stage.state.sessions.values()
                if session.answers.get(answer.press) == answer
            ]
            assert holders, "an answer that nobody remembers"
            for number in holders:
                self.ends.setdefault((number, answer.press), set()).add(answer.number)

    @initialize(fresh=st.booleans(), live=st.booleans(), device=st.booleans())
    def begin(self, fresh: bool, live: bool, device: bool) -> None:
        if fresh:
            self.stage.state = replace(self.stage.state, started_at=self.stage.now)
        if live:
            self.watch(self.stage.live(song=a_song("one")))
        if device:
            self.watch(self.stage.device(a_hello(set_name="one")))

    @rule(instance=instances, port=st.integers(25_000, 25_003), set_name=st.sampled_from(["one", "two"]))
    def hello(self, instance: str, port: int, set_name: str) -> None:
        self.watch(self.stage.device(a_hello(instance, port, set_name)))

    @rule(data=st.data(), press=numbers)
    def press(self, data: st.DataObject, press: int) -> None:
        session = self.some_session(data)
        effects = self.stage.press(session, press)
        self.watch(effects)
        if session in self.stage.state.sessions:
            self.acknowledged.add((session, press))
            assert told(effects, Got) == [Got(press)]
        else:
            assert effects == []

    @rule(data=st.data(), press=numbers)
    def cancel(self, data: st.DataObject, press: int) -> None:
        self.watch(self.stage.cancel(self.some_session(data), press))

    @rule(data=st.data(), number=st.integers(1, 20))
    def got(self, data: st.DataObject, number: int) -> None:
        self.watch(self.stage.got(self.some_session(data), number))

    @rule(data=st.data())
    def beat(self, data: st.DataObject) -> None:
        self.watch(self.stage.device(Beat(self.some_session(data))))

    @rule(data=st.data())
    def bye(self, data: st.DataObject) -> None:
        self.watch(self.stage.bye(self.some_session(data)))

    @rule(
        link=links,
        instance=st.sampled_from(["live-1", "live-2"]),
        token=st.sampled_from([TOKEN, TOKEN, "wrong"]),
        version=st.sampled_from([WIRE_VERSION, WIRE_VERSION, 0]),
    )
    def script_hello(self, link: int, instance: str, token: str, version: int) -> None:
        effects = self.stage.script(a_script_hello(instance, token, version), link)
        self.watch(effects)
        fits = (token, version) == (TOKEN, WIRE_VERSION)
        assert (CloseScript(link) in effects) is not fits

    @rule(link=links, name=st.sampled_from(["one", "two"]), ready=st.booleans())
    def set_told(self, link: int, name: str, ready: bool) -> None:
        self.watch(self.stage.script(a_song(name), link))
        if ready:
            self.watch(self.stage.script(SetReady(3), link))

    @rule(link=links, message=st.sampled_from([Heartbeat(1, 2000.0, 0, 0), SceneState(1, 0, "")]))
    def script_told(self, link: int, message: Heartbeat | SceneState) -> None:
        self.watch(self.stage.script(message, link))

    @rule(link=links)
    def script_lost(self, link: int) -> None:
        self.watch(self.stage.lose(link))

    @rule(link=clients, token=st.sampled_from([TOKEN, TOKEN, "wrong"]))
    def client_comes(self, link: int, token: str) -> None:
        hello = ApiHello(token, WIRE_VERSION, "serve", "1")
        self.watch(self.stage.play(ClientMessageReceived(self.stage.now, link, hello)))

    @rule(link=clients, instance=instances)
    def client_opens(self, link: int, instance: str) -> None:
        hello = Hello(instance, 1024, WIRE_VERSION, "12.3.6", "", 44_100, 1)
        effects = self.stage.device(hello, Source.of_client(link))
        self.watch(effects)
        assert bool(told(effects, Welcome)) is (link in self.stage.state.clients)

    @rule(link=clients)
    def client_beats(self, link: int) -> None:
        if link in self.stage.state.clients:
            self.watch(self.stage.play(ClientMessageReceived(self.stage.now, link, ApiBeat())))

    @rule(link=clients)
    def client_goes(self, link: int) -> None:
        self.watch(self.stage.play(ClientLost(self.stage.now, link)))

    @rule(link=links, request=requests, code=st.sampled_from([Refusal.SLOT_FILLED, 0, 999]))
    def script_error(self, link: int, request: str, code: int) -> None:
        if link in self.stage.state.lives and code:
            self.watch(self.stage.refuse(request, code, link))

    @rule(request=requests)
    def clip_written(self, request: str) -> None:
        self.watch(self.stage.written(request))

    @rule(data=st.data(), press=numbers, works=st.booleans())
    def engine_done(self, data: st.DataObject, press: int, works: bool) -> None:
        session = self.some_session(data)
        self.watch(self.stage.composed(session, press) if works else self.stage.not_composed(session, press))

    @rule(seconds=st.sampled_from([0.1, 0.3, 1.5, 10.0, ANSWER_WITHIN]))
    def tick(self, seconds: float) -> None:
        self.watch(self.stage.tick(seconds))

    @invariant()
    def no_press_ends_twice(self) -> None:
        # A press ends with one number: repeats of the answer, also to a repeated press, carry the same.
        assert all(len(numbers) == 1 for numbers in self.ends.values()), self.ends
        assert all(times == 1 for times in self.begun.values()), self.begun

    @invariant()
    def every_session_of_a_client_has_one(self) -> None:
        sources = {session.source.client for session in self.stage.state.sessions.values()} - {0}
        assert sources <= set(self.stage.state.clients)

    @invariant()
    def an_ended_press_is_not_under_way(self) -> None:
        assert not set(self.ends) & set(self.stage.state.presses)

    @invariant()
    def every_press_under_way_was_acknowledged(self) -> None:
        assert set(self.begun) | set(self.stage.state.presses) <= self.acknowledged

    def teardown(self) -> None:
        """After the deadline nothing is under way, and every press of a device that is still there was answered."""
        for _ in range(4):
            # Four steps past the deadline, each short enough that no device counts as silent when it beats.
            for session in list(self.stage.state.sessions):
                self.stage.device(Beat(session))
            for link in list(self.stage.state.clients):
                self.stage.play(ClientMessageReceived(self.stage.now, link, ApiBeat()))
            self.watch(self.stage.tick((ANSWER_WITHIN + GRACE) / 4 + 0.1))
        assert not self.stage.state.presses
        there = {key for key in self.acknowledged if key[0] in self.stage.state.sessions}
        assert there <= set(self.ends)
        self.no_press_ends_twice()

    def some_session(self, data: st.DataObject) -> int:
        """A session that there is, or one that there never was."""
        return data.draw(st.sampled_from([*self.stage.state.sessions, *self.stage.state.sessions, 77]))


AnyPlay.TestCase.settings = settings(max_examples=150, stateful_step_count=30)
TestAnyPlay = AnyPlay.TestCase


def test_a_thousand_presses_leave_nothing_behind() -> None:
    stage = Stage()
    stage.live()
    session = stage.hello()
    for press in range(1, 1001):
        stage.now += 0.02
        stage.press(session, press)
        stage.composed(session, press)
        (done,) = answers(stage.written(f"device-1:{press}"))
        stage.got(session, done.number)
    assert not stage.state.presses
    assert not stage.state.sessions[session].outbox


def test_devices_that_come_and_go_leave_nothing_behind() -> None:
    stage = Stage()
    stage.live()
    for number in range(200):
        session = stage.hello(f"device-{number}")
        stage.press(session)
        stage.bye(session)
    assert not stage.state.sessions
    stage.tick(ANSWER_WITHIN + GRACE + 0.1)
    assert not stage.state.presses


def test_connections_that_come_and_go_leave_nothing_behind() -> None:
    stage = Stage()
    for link in range(1, 1001):
        stage.live(link, f"live-{link}")
        stage.lose(link)
    assert not stage.state.lives


def test_each_press_of_a_flood_is_answered_and_few_are_remembered() -> None:
    stage = Stage()
    session = stage.hello()
    for press in range(1, 1001):
        (failed,) = answers(stage.press(session, press))
        assert isinstance(failed, Failed)
    # `Stage.play` has checked that neither answers nor outbox grow past their bound.
    assert not stage.state.presses


def test_hellos_with_wrong_tokens_leave_nothing_behind() -> None:
    stage = Stage()
    for link in range(1, 1001):
        stage.script(a_script_hello(token=f"guess {link}"), link)
    assert not stage.state.lives
