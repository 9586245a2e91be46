"""A stage for the conductor: plays events to it one by one, keeps the state, and checks what must hold after each."""

from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from musearoo.bridge.core.conductor import conduct
from musearoo.bridge.core.events.effects import (
    Compose,
    Effect,
    NoteDone,
    NoteFailed,
    NoteUndone,
    Report,
    SendToDevice,
    SendToScript,
)
from musearoo.bridge.core.events.incoming import (
    ClipWritten,
    Composed,
    DeviceMessageReceived,
    Event,
    NotComposed,
    ScriptLost,
    ScriptMessageReceived,
    Source,
    Ticked,
)
from musearoo.bridge.core.session import ANSWERS_KEPT, MOST_UNDER_WAY
from musearoo.bridge.core.state import State
from musearoo.bridge.protocol import (
    WIRE_VERSION,
    Bye,
    Cancel,
    CreateClip,
    DeviceGot,
    Done,
    Error,
    Failed,
    Generate,
    Heartbeat,
    Hello,
    Refusal,
    ScriptHello,
    SetReady,
    SongState,
    Transaction,
    Welcome,
)
from musearoo.bridge.protocol.codec import encode, encode_bundle
from musearoo.bridge.protocol.device_proof import prove_hello
from musearoo.bridge.protocol.types import Message

TOKEN = "the right token"
SECRET = "the right secret, for devices"
HOST = "127.0.0.1"

E = TypeVar("E")
M = TypeVar("M", bound=Message)


def a_hello(
    instance: str = "device-1", port: int = 25_000, set_name: str = "", *, number: int = 1, secret: str = SECRET
) -> Hello:
    """A device's hello at 44.1 kHz, proven by a secret."""
    return prove_hello(secret, Hello(instance, port, WIRE_VERSION, "12.3.6", set_name, 44_100, number))


def source_of(hello: Hello) -> Source:
    """Where a device of these tests sends from: near to where it listens."""
    return Source(HOST, hello.reply_port + 30_000)


def a_script_hello(instance: str = "live-1", token: str = TOKEN, version: int = WIRE_VERSION) -> ScriptHello:
    """A Remote Script's hello."""
    return ScriptHello(token, version, "0.1.0", "12.3.6", "3.11.6", instance)


def a_song(name: str = "", tempo: float = 120.0, scale: str = "Minor", scale_mode: int = 1) -> SongState:
    """A set in A."""
    return SongState(name, tempo, 4, 4, 9, scale, scale_mode, 0)


@dataclass
class Stage:
    """The conductor's state and the time; each verb plays one event and returns its effects."""

    now: float = 1000.0
    state: State = field(default_factory=lambda: State(TOKEN, "0.1.0", 48_000, SECRET))

    def play(self, event: Event) -> list[Effect]:
        """Conducts one event; the state before must not have changed, and every effect must be one that can be sent."""
        before, as_it_was = self.state, repr(self.state)
        self.state, effects = conduct(before, event)
        assert repr(before) == as_it_was, "the state before was changed in place"
        for effect in effects:
            match effect:
                case SendToDevice(message=message):
                    encode(message)
                case SendToScript(messages=messages):
                    encode_bundle(messages)
        for session in self.state.sessions.values():
            assert len(session.answers) <= ANSWERS_KEPT
            assert len(session.outbox) <= ANSWERS_KEPT
            assert sum(1 for number, _ in self.state.presses if number == session.number) <= MOST_UNDER_WAY
        return effects

    # --- devices ---

    def device(self, message: Message, source: Source | None = None) -> list[Effect]:
        """A device's message arrives: from where its session is, unless another source is named."""
        if source is None:
            session = self.state.sessions.get(getattr(message, "session", 0))
            source = session.source if session else source_of(message if isinstance(message, Hello) else a_hello())
        return self.play(DeviceMessageReceived(self.now, source, message))

    def hello(self, instance: str = "device-1", port: int = 25_000, set_name: str = "") -> int:
        """A device says hello, one more time where it did before; returns its session number."""
        number = self.state.greeted.get(instance, 0) + 1
        (welcome,) = told(self.device(a_hello(instance, port, set_name, number=number)), Welcome)
        return welcome.session

    def press(self, session: int, press: int = 1, **changed: Any) -> list[Effect]:
        """A device presses."""
        plain = Generate(session, press, "drummaroo", "funk", 8, 7, 0.5, 0.5, 0.5, 0.0, "", "", 0, 0, 0)
        return self.device(replace(plain, **changed))

    def cancel(self, session: int, press: int = 1) -> list[Effect]:
        """A device takes its press back."""
        return self.device(Cancel(session, press))

    def got(self, session: int, number: int) -> list[Effect]:
        """A device acknowledges a numbered message."""
        return self.device(DeviceGot(session, number))

    def bye(self, session: int) -> list[Effect]:
        """A device leaves."""
        return self.device(Bye(session))

    # --- Live ---

    def script(self, message: Message, link: int = 1) -> list[Effect]:
        """A script's message arrives."""
        return self.play(ScriptMessageReceived(self.now, link, message))

    def live(self, link: int = 1, instance: str = "live-1", song: SongState | None = None) -> list[Effect]:
        """A Live connects and tells its set; returns the effects of the last step, when it is ready."""
        self.script(a_script_hello(instance), link)
        self.script(song or a_song(), link)
        return self.script(SetReady(3), link)

    def heartbeat(self, link: int = 1, gap_ms: float = 12.0) -> list[Effect]:
        """Live is alive."""
        return self.script(Heartbeat(1, gap_ms, 0, 3), link)

    def lose(self, link: int = 1) -> list[Effect]:
        """A connection breaks."""
        return self.play(ScriptLost(self.now, link))

    def refuse(self, request: str, code: int = Refusal.SLOT_FILLED, link: int = 1) -> list[Effect]:
        """Live refuses a transaction."""
        return self.script(Error(request, code, 1, "The slot has been filled meanwhile."), link)

    def written(self, request: str) -> list[Effect]:
        """Live has performed a transaction."""
        return self.play(ClipWritten(self.now, request, 128, 0, 2, "Funk drums"))

    # --- composing ---

    def composed(self, session: int, press: int = 1) -> list[Effect]:
        """The engine is done."""
        request = f"{self.instance_of(session)}:{press}"
        clip = CreateClip(1, 2, 1, 32.0, "Funk drums", -1, 1, 4, 4, b"")
        return self.play(Composed(self.now, (session, press), (Transaction(request, 0.0), clip)))

    def not_composed(self, session: int, press: int = 1, sentence: str = "The engine failed.") -> list[Effect]:
        """The engine failed."""
        return self.play(NotComposed(self.now, (session, press), Refusal.ENGINE_FAILED, sentence))

    def instance_of(self, session: int) -> str:
        """The name of a session's device, "gone" when the session has ended."""
        known = self.state.sessions.get(session)
        return known.hello.instance if known else "gone"

    # --- time ---

    def tick(self, seconds: float = 0.1) -> list[Effect]:
        """Time goes on by one step."""
        self.now += seconds
        return self.play(Ticked(self.now))

    def wait(self, seconds: float, alive: tuple[int, ...] = ()) -> list[Effect]:
        """Time goes on in steps of a tenth; links in `alive` send heartbeats, and every device beats. All effects."""
        effects: list[Effect] = []
        for _ in range(round(seconds * 10)):
            for number in list(self.state.sessions):
                session = self.state.sessions[number]
                self.state = self.state.with_session(session.seen(self.now))
            for link in alive:
                self.heartbeat(link)
            effects += self.tick()
        return effects


# --- reading effects -------------------------------------------------------------------------------------------------


def kinds(effects: list[Effect]) -> list[str]:
    """What the effects are, messages by their class; reports, and what is only remembered, are left out."""
    names = []
    for effect in effects:
        match effect:
            case Report() | NoteDone() | NoteFailed() | NoteUndone():
                continue
            case SendToDevice(message=message):
                names.append(type(message).__name__)
            case SendToScript(messages=messages):
                names.append(" + ".join(type(message).__name__ for message in messages))
            case _:
                names.append(type(effect).__name__)
    return names


def those(effects: list[Effect], kind: type[E]) -> list[E]:
    """The effects of one kind."""
    return [effect for effect in effects if isinstance(effect, kind)]


def told(effects: list[Effect], kind: type[M]) -> list[M]:
    """The messages of one class that go to devices."""
    return [effect.message for effect in those(effects, SendToDevice) if isinstance(effect.message, kind)]


def sent(effects: list[Effect], kind: type[M]) -> list[M]:
    """The messages of one class that go to scripts."""
    return [
        message for effect in those(effects, SendToScript) for message in effect.messages if isinstance(message, kind)
    ]


def answers(effects: list[Effect]) -> list[Done | Failed]:
    """The answers to presses among the effects."""
    return [*told(effects, Done), *told(effects, Failed)]


def requests(effects: list[Effect]) -> list[Compose]:
    """The requests to the engines."""
    return those(effects, Compose)


REQUEST = "device-1:1"
"""How Live knows the first press of the first device."""


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
