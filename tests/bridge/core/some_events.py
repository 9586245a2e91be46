"""Long plays for the conductor, drawn from a seed: devices and Lives do as they like, and what is ordered is answered
late, wrongly, twice or never."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from musearoo.bridge.core.conductor import conduct
from musearoo.bridge.core.events.ambience import AmbienceSet, SetAmbience
from musearoo.bridge.core.events.effects import (
    AnalyzeClip,
    Capture,
    Compose,
    Effect,
    EndSpeech,
    ImagineLoops,
    KeepSelfTest,
    PressKey,
    SendToDevice,
    SendToScript,
    Separate,
    StartSpeech,
    Understand,
)
from musearoo.bridge.core.events.incoming import (
    Analyzed,
    ByDevice,
    CancelAll,
    ClipAnalyzed,
    ClipArrived,
    ClipWritten,
    Composed,
    Declined,
    DeviceMessageReceived,
    EffectFailed,
    Event,
    HarmonyFound,
    IncompatibleHelloReceived,
    NotComposed,
    Progressed,
    RecogniserReady,
    Reply,
    ScriptLost,
    ScriptMessageReceived,
    SelfTestKept,
    Source,
    SpeechFailed,
    SpeechLevel,
    SpeechTranscribed,
    Suggested,
    Ticked,
    Understood,
    UnknownPacketReceived,
    Verdict,
)
from musearoo.bridge.core.events.midi import AuditionTake, BeginJam, KeepPlayed, MidiSeen, MidiView, TakeSilenced
from musearoo.bridge.protocol import (
    WIRE_VERSION,
    Analyze,
    Answer,
    Arm,
    AskMidi,
    Audition,
    AutoSplit,
    Beat,
    Bye,
    Cancel,
    CreateClip,
    DeviceGot,
    Dials,
    Done,
    Error,
    Failed,
    Generate,
    Heard,
    Heartbeat,
    Hello,
    Imagine,
    Keep,
    Listen,
    Mix,
    PlayAmbience,
    PlayJam,
    Refine,
    Refusal,
    SayText,
    ScriptHello,
    SelfTest,
    SetReady,
    SongState,
    Split,
    TakeBack,
    Talk,
    Transaction,
    TransportState,
    Undo,
    WriteSong,
)
from musearoo.bridge.protocol.device_proof import prove_hello
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.adjust_data import Action, Adjust, ChangeSeveral
from musearoo.bridge.requests.composition import TakePart
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.note import Note
from tests.bridge.stage import HOST, SECRET, TOKEN, Stage, a_song

DEVICES = ("device-1", "device-2", "device-3", "terminal-1")
LINKS = (1, 2, 3)
ORDERED = (
    Compose | AnalyzeClip | Separate | ImagineLoops | Capture | StartSpeech | EndSpeech | Understand | KeepSelfTest
    | AuditionTake | KeepPlayed | BeginJam
)  # fmt: skip


def _chance_of_answer(effect: Effect) -> float:
    """How often somebody answers an effect."""
    match effect:
        case SendToScript(messages=(Transaction() | TakeBack(), *_)):
            return 0.95
        case SendToDevice(message=Done() | Failed() | Heard() | Answer()):
            return 0.3
        case AuditionTake():
            return 0.2
    return 0.95 if isinstance(effect, ORDERED) else 0.0


class _QuickStage(Stage):
    """A stage that leaves its checks to other tests: they take longer than what is played."""

    def play(self, event: Event) -> list[Effect]:
        self.state, effects = conduct(self.state, event)
        return effects


class Play:
    """One long play. Each `step` is one event; what it must be answered by stays in `awaited` until it is."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.stage: Stage = _QuickStage()
        self.is_wild = seed % 3 == 0
        """Whether Lives and devices come and go all the time."""
        self.awaited: list[Effect] = []
        self.said: list[DeviceMessageReceived] = []
        self.presses = 0
        self.names = 0
        if not self.is_wild:
            self.stage.live(1, "live-1", a_song("one"))
            self.stage.hello("device-1", 25_000, "one")

    def steps(self, count: int) -> Iterator[list[Effect]]:
        """The effects of so many events."""
        for _ in range(count):
            effects = self.stage.play(self._event())
            self.awaited += [each for each in effects if self.chance.random() < _chance_of_answer(each)]
            self.awaited = self.awaited[-14:]
            yield effects

    def _event(self) -> Event:
        draw = self.chance.random()
        self.stage.now += self._one(0.0, 0.001, 0.02)
        if draw < 0.45 and self.awaited:
            return self._answer()
        if draw < 0.78 and self.stage.state.sessions:
            return self._from_device()
        if draw < 0.86:
            return self._from_live()
        if draw < 0.91:
            self.stage.now += self._one(0.1, 0.1, 0.26, 0.3, 1.1, 2.5, 6.0, 11.0, 33.0)
            return Ticked(self.stage.now)
        return self._hello() if draw < 0.93 else self._news()

    def _one(self, *of: Any) -> Any:
        return self.chance.choice(of)

    def _name(self) -> str:
        self.names += 1
        return f"clip {self.names}"

    def _session(self) -> int:
        known = [*self.stage.state.sessions]
        return self.chance.choice(known) if known and self.chance.random() < 0.97 else 77

    # --- devices ---

    def _hello(self) -> Event:
        instance = self._one(*DEVICES)
        number = self.stage.state.greeted.get(instance, 0) + self._one(1, 1, 1, 0)
        hello = Hello(
            instance=instance,
            reply_port=25_000 + DEVICES.index(instance) + 10 * self._one(0, 0, 0, 1),
            wire_version=self._one(*[WIRE_VERSION] * 7, 3),
            live_version=self._one("12.3.6", "12.3.6", "", "12.2.0") if self.is_wild else "12.3.6",
            set_name=self._one("one", "two") if self.is_wild else "one",
            sample_rate=self._one(44_100, 0, 96_000),
            number=max(1, number),
        )
        secret = self._one(*[SECRET] * 9, "another")
        return DeviceMessageReceived(
            self.stage.now, Source(HOST, hello.reply_port + 30_000), prove_hello(secret, hello)
        )

    def _from_device(self) -> Event:
        if self.said and self.chance.random() < 0.1:
            again = self.chance.choice(self.said[-6:])
            return DeviceMessageReceived(self.stage.now, again.source, again.message)
        session = self._session()
        known = self.stage.state.sessions.get(session)
        stranger = known is None or self.chance.random() < 0.02
        source = Source(HOST, 1) if stranger or known is None else known.source
        heard = DeviceMessageReceived(self.stage.now, source, self._message(session))
        self.said.append(heard)
        return heard

    def _message(self, session: int) -> Message:
        if self.chance.random() < 0.55:
            self.presses += 1
            request: Message = self._order(session, self.presses)
            return request
        under_way = [press for number, press in self.stage.state.presses if number == session]
        under_way += [press for number, press in self.stage.state.sentences if number == session]
        press = self._one(*under_way, max(1, self.presses - self._one(0, 1, 5)))
        live = self.stage.state.sessions.get(session)
        number = self.chance.choice([*live.outbox, 1]) if live else 1
        message: Message = self._one(
            Talk(session, press, self._one(0, 2, 1)),
            Talk(session, press + 1, 1),
            Arm(session, self._one(0, 1, 1)),
            Cancel(session, press),
            Cancel(session, press),
            Cancel(session, 0),
            DeviceGot(session, number),
            Beat(session),
            AskMidi(session),
            AutoSplit(session, 1, self._one(0, 1, 1), "", 4, 1),
            Dials(session, press, "funk", 4, 0.5, 0.5, 0.5, 0.0, "", -1, 0, self._one(0, 1), ""),
            *[Bye(session)] * self._one(0, 0, 0, int(self.is_wild)),
        )
        return message

    def _order(self, session: int, press: int) -> Any:
        draw = self.chance.randrange(26)
        hear = self._one(0, 0, 1)
        match draw:
            case 0 | 1 | 2 | 3:
                to_played = self._one("", "", "", "answer")
                plain = ("drummaroo", "funk", 8, 7, 0.5, 0.5, 0.5, 0.0, "", "", 0, 0, 0, "", "", 1, 0.0)
                return Generate(session, press, *plain, hear, to_played)
            case 4 | 5:
                return Refine(session, press, "busier", "", 0, 0, 0, 0, 7, 0, 0, 1, 1, hear)
            case 6:
                return WriteSong(session, press, "funk", "", 60.0, 1, 0.5, "", 0)
            case 7:
                return Mix(session, press, "funk", "", 1)
            case 8:
                return Analyze(session, press, 0, 0, 0, 1, 0, 0, 0, 0, 0)
            case 9 | 10:
                return Split(session, press, 0, 0, "", 4, 1)
            case 11:
                return Imagine(session, press, "rain", 4, 1, 7, "", "", "", "", 1, 0, -1, -1, -1, 0, 0)
            case 12:
                return Listen(session, press, "ring.wav", 2, 1000, 8, 50, 4, 4, self._one(0, 1), "", 4)
            case 13 | 14:
                return Undo(session, press)
            case 15:
                return Audition(session, press, self._one(0, 1), 0, 0)
            case 16 | 17:
                return Keep(session, press, self._one(0, 0, -1, 2), 0.5, -1, 0, 0)
            case 18:
                return PlayJam(session, press, self._one(0, 1, 1), 2, "", "", 0.5, 1)
            case 25:
                on = self._one(0, 1, 1)
                out = self._one("", "card", "midi")
                return PlayAmbience(session, press, on, "", out, "", "calm", 0.0, 0.5, -1.0, -1.0, -1.0, on, -1)
            case 19 | 22 | 23:
                return SayText(session, press, "more bass")
            case 20:
                return SelfTest(session, press, self._one("Track=ok;Ring=ok", "Track=ok;Ring=empty", ""))
        return Talk(session, press, 1)

    # --- Live ---

    def _from_live(self) -> Event:
        link, now = self._one(*LINKS) if self.is_wild else self._one(1, 1, 1, 1, 2), self.stage.now
        message: Message = Heartbeat(1, self._one(12.0, 12.0, 1000.0, 1001.0), 0, 3)
        lives = self.stage.state.lives
        draw = self.chance.random()
        if link not in lives and draw < 0.9:
            version, token = self._one("12.3.6", "12.3.6", "12.2.0"), self._one(*[TOKEN] * 8, "wrong")
            wire = self._one(*[WIRE_VERSION] * 8, WIRE_VERSION + 1)
            instance = self._one("live-1", "live-2") if self.is_wild else f"live-{link}"
            message = ScriptHello(token, wire, "0.1.0", version, "3.11.6", instance)
        elif draw < 0.3:
            message = SetReady(3)
        elif draw < 0.45:
            name, tempo, scale = (
                self._one("one", "two") if self.is_wild else "one",
                self._one(98.5, 120.0),
                self._one("Minor", "Nobody's"),
            )
            message = SongState(name, tempo, 4, 4, 9, scale, self._one(0, 1), 0)
        elif draw < 0.65:
            message = TransportState(self._one(0, 1), 4.0, 120.0, 9.0, 0.0, 0.0)
        elif draw < 0.7:
            return ScriptLost(now, link)
        elif draw < 0.74:
            message = Error(self._one("device-1:99", f"device-1:{self.presses}"), self._one(8, 7, 999), 1, "No: 5.")
        return ScriptMessageReceived(now, link, message)

    # --- answers ---

    def _answer(self) -> Event:
        now, effect = self.stage.now, self.awaited.pop(self.chance.randrange(len(self.awaited)))
        self.stage.now = now = now + self._one(0.0, 0.004, 0.25, 1.5)
        if self.chance.random() < 0.05:
            return EffectFailed(now, effect, "The disk is full: 28.")
        match effect:
            case SendToScript(messages=(Transaction(request=request) | TakeBack(request=request), *_)):
                if self.chance.random() < 0.25:
                    return ScriptMessageReceived(
                        now, effect.link, Error(request, self._one(8, 7, 10, 999), 1, "No: 4.")
                    )
                return ClipWritten(now, request, 17, 2, 3, self._name())
            case SendToDevice(message=Done() | Failed() | Heard() | Answer() as told):
                session = self.stage.state.sessions.get(effect.session)
                source = session.source if session else Source(HOST, 1)
                return DeviceMessageReceived(now, source, DeviceGot(effect.session, told.number))
            case StartSpeech(key=key) | EndSpeech(key=key):
                return self._speech(effect, key)
            case Understand(key=key):
                return Understood(now, key, "more bass 3", self._verdict(key), self._one("", "Very well: 6."))
            case KeepSelfTest(key=key):
                return SelfTestKept(now, key, self._one("", "", "No room: 9."))
            case AuditionTake(take=take):
                return TakeSilenced(now, take.session)
            case Compose(key=key) | KeepPlayed(key=key) | BeginJam(key=key):
                return self._made(key)
            case SetAmbience(key=key):
                if self.chance.random() < 0.3:
                    return AmbienceSet(now, key, refusal=(Refusal.BAD_PARAMETER, "No preset 4."))
                return AmbienceSet(now, key, "Ambience: drift", preset="drift", out=self._one("card", "midi"))
            case AnalyzeClip(key=key):
                return self._found(key) if self.chance.random() < 0.7 else self._made(key)
            case Separate(key=key) | ImagineLoops(key=key) | Capture(key=key):
                if self.chance.random() < 0.4:
                    self.awaited.append(effect)
                    return Progressed(now, key, self.chance.randrange(10) / 10, "Half of it: 50.")
                is_heard = isinstance(effect, Capture) and self.chance.random() < 0.5
                return self._found(key) if is_heard else self._made(key)
        return Ticked(now)

    def _transaction(self, key: PressKey) -> tuple[Message, ...]:
        press = self.stage.state.presses.get(key)
        request = press.request_id if press else "nobody:1"
        return Transaction(request, 0.0), CreateClip(1, 2, 1, 32.0, "Funk drums", -1, 1, 4, 4, b"")

    def _made(self, key: PressKey) -> Event:
        if self.chance.random() < 0.2:
            return NotComposed(self.stage.now, key, self._one(Refusal.ENGINE_FAILED, Refusal.GONE), "No: 3.")
        notes = tuple(Note(float(beat), 60, 1.0, 90.0) for beat in range(self._one(1, 3)))
        parts = (TakePart("bass", Clip(self._name(), 4.0, notes)), TakePart("drums", Clip("d", 4.0, notes[:1])))
        return Composed(
            now=self.stage.now,
            key=key,
            messages=self._transaction(key) if self.chance.random() < 0.85 else (),
            name=self._one("", self._name()),
            notices=self._one((), (), ("Only 2 takes.",)),
            parts=parts[: self._one(0, 1, 2)],
            files=self._one((), ("a.wav", "b.wav")),
            stays=self._one("", "It lies in folder 12."),
        )

    def _found(self, key: PressKey) -> Event:
        found = Heard(1, key[1], 1, 0.0, 120.0, 0.5, 4, 4, 0.5, "A minor", 0.5, 0, f"Found {self._name()}.")
        return Analyzed(self.stage.now, key, found, self._transaction(key) if self.chance.random() < 0.5 else ())

    def _speech(self, effect: Effect, key: PressKey) -> Event:
        now, draw = self.stage.now, self.chance.random()
        if draw < 0.3:
            self.awaited.append(effect)
            return SpeechLevel(now, key, 0.5, "more bass 1")
        if draw < 0.85:
            return SpeechTranscribed(now, key, "more bass 2", 0.75, self._one(0.0, 120.0))
        return SpeechFailed(now, key, "Nothing was heard: 0.")

    def _verdict(self, key: PressKey) -> Verdict:
        session, press = key
        other = self._one(session, session, self._session())
        refine = Refine(session, press, "darker", "", 0, 0, 0, 0, 7, 0, 0, 1)
        verdict: Verdict = self._one(
            Reply("It is 4 bars.", self._one(False, True)),
            Declined(Refusal.GONE, "No track 8."),
            CancelAll(),
            ByDevice("listen", 20, "Listening to 2."),
            Adjust(session=session, press=press, action=Action.MUTE),
            ChangeSeveral(session=session, press=press, changes=(refine, refine)),
            Undo(session, press),
            Audition(other, press, self._one(0, 1), 0, 0),
            Keep(other, press, 0, 0.5, -1, 0, 0),
            PlayJam(other, press, self._one(0, 1), 2, "", "", 0.5, 1),
            self._order(session, press),
        )
        return verdict

    # --- the rest of the daemon ---

    def _news(self) -> Event:
        now, link = self.stage.now, self._one(*LINKS)
        flag = self._one(False, True)
        mark = AutoSplit(self._session(), 1, 1, "", 4, self._one(0, 1))
        view = MidiView(
            problem=self._one(*[""] * 9, "No MIDI: 2."),
            clock=self._one("", "live"),
            is_running=flag,
            held=self._one("", "Am7"),
            key=self._one("", "C"),
            turn=self._one(0, 2),
            bar=self._one(0, 1),
            who=self._one("", "melodyroo"),
        )
        news: Event = self._one(
            ClipArrived(now, link, 40, mark),
            ClipAnalyzed(now, link, self._one("", "Heard 5."), "Heard.", flag),
            HarmonyFound(now, link, self._one("", "C"), self._one("", "C-F"), 0.5),
            RecogniserReady(now, flag),
            RecogniserReady(now, True, self._one("", "Slow: 1.")),
            Suggested(now, self._session(), "Try 7."),
            UnknownPacketReceived(),
            IncompatibleHelloReceived(HOST, 26_000, 3),
            MidiSeen(now, view),
            MidiSeen(now, view),
            TakeSilenced(now, self._session()),
            ClipWritten(now, "nobody:1", 1, 0, 0, "c"),
        )
        return news
