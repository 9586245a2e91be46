"""The conductor's state: connected Lives, devices' sessions, presses and sentences under way. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from musearoo.bridge.core.events.ambience import AmbienceUnderWay
from musearoo.bridge.core.events.effects import Effect, LongRequest, PressKey, Request
from musearoo.bridge.core.events.midi import FollowClocks, JamUnderWay, MidiRequest, MidiView, Take, is_auditioned
from musearoo.bridge.core.press_life import (
    Dropping,
    InLive,
    InWork,
    Life,
    TakingBack,
    WaitingForLive,
    require_may_follow,
)
from musearoo.bridge.core.session import Session
from musearoo.bridge.core.undo import Steps
from musearoo.bridge.protocol import (
    AmbienceState,
    ApiHello,
    AutoSplit,
    LiveState,
    PlayJam,
    Refusal,
    ScriptHello,
    SongState,
    TransportState,
    Undo,
)
from musearoo.bridge.protocol.midi_process import ClockSource
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.self_test import Check

BUSY_AFTER = 1.0
"""Seconds without a heartbeat (they come four times a second) after which Live counts as busy."""


@dataclass(frozen=True, slots=True)
class Live:
    """One admitted Remote Script, that is, one running Live."""

    link: int
    hello: ScriptHello
    last_seen: float
    set_name: str = ""
    ready: bool = False
    facts: SongState | None = None
    key: str = ""
    """The estimated key of the selected scene, or ""."""
    chords: str = ""
    """The chords of the selected scene, or ""."""
    key_confidence: float = 0.0
    style: str = ""
    """The estimated style of the selected scene, or ""."""
    style_confidence: float = 0.0
    shown_busy: bool = False
    transport: TransportState | None = None

    def state(self, now: float) -> LiveState:
        """The state that devices show."""
        if not self.ready:
            return LiveState.AWAY
        return LiveState.BUSY if now - self.last_seen > BUSY_AFTER else LiveState.READY


@dataclass(frozen=True, slots=True)
class Client:
    """One admitted client of the api role."""

    link: int
    hello: ApiHello
    last_seen: float


@dataclass(frozen=True, slots=True)
class Press:
    """A press under way: its request, its device, when it arrived, and its state."""

    key: PressKey
    request_id: str
    request: Request | LongRequest | Undo | MidiRequest
    arrived: float
    clip: int = 0
    """The id of its clip, if it began automatically."""
    told_busy: bool = False
    life: Life = field(default_factory=WaitingForLive)

    @property
    def number(self) -> int:
        """Its number on the device; 0 if it began automatically."""
        return self.key[1] if self.key[0] else 0

    @property
    def link(self) -> int:
        """The connection of its Live; 0 while it waits for one."""
        return 0 if isinstance(self.life, WaitingForLive) else self.life.link

    @property
    def live(self) -> ScriptHello | None:
        """Its Live; None while it waits for one."""
        return None if isinstance(self.life, WaitingForLive) else self.life.live

    @property
    def kept(self) -> Take | None:
        """The take that it puts into the set, where that is what it is for."""
        return self.life.kept if isinstance(self.life, InWork | InLive) else None

    @property
    def sent_at(self) -> float | None:
        """When its transaction was sent to Live; None before."""
        return self.life.sent_at if isinstance(self.life, InLive | TakingBack) else None

    @property
    def messages(self) -> tuple[Message, ...]:
        """The transaction that was sent to Live; nothing before."""
        return self.life.messages if isinstance(self.life, InLive | TakingBack) else ()

    def become(self, life: Life) -> "Press":
        """The press in its next state; raises ValueError for a forbidden transition."""
        require_may_follow(self.life, life)
        return replace(self, life=life)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that is spoken or interpreted: Talk was last reported as held at `last_sign`, and ended at `ended`."""

    key: PressKey
    last_sign: float
    is_held: bool = True
    ended: float = 0.0


@dataclass(frozen=True, slots=True)
class Strangers:
    """Packets on the devices' port that no device sent, since the last log line about them."""

    packets: int = 0
    sentence: str = ""
    """The answer to a device of another release, or ""."""
    is_answered: bool = False
    """Whether one was answered since the last tick."""
    logged_at: float = -math.inf


@dataclass(frozen=True, slots=True)
class State:
    """The whole state of the conductor."""

    token: str
    daemon_version: str
    default_sample_rate: int
    device_secret: str
    """Devices prove that they know it."""
    run: int = 1
    """A random number for each run of the daemon."""
    started_at: float = -math.inf
    lives: Mapping[int, Live] = field(default_factory=dict)
    sessions: Mapping[int, Session] = field(default_factory=dict)
    clients: Mapping[int, Client] = field(default_factory=dict)
    greeted: Mapping[str, int] = field(default_factory=dict)
    """The number of the last hello of each instance that proved the present secret."""
    strangers: Strangers = field(default_factory=Strangers)
    presses: Mapping[PressKey, Press] = field(default_factory=dict)
    arrived: int = 0
    """Clips that arrived on marked tracks so far."""
    captures: str = ""
    """The folder for devices' recordings, or ""."""
    written: Steps = field(default_factory=dict)
    """The transactions that can be undone, by Live."""
    sentences: Mapping[PressKey, Sentence] = field(default_factory=dict)
    """Sentences that are being spoken or interpreted."""
    self_tests: Mapping[PressKey, tuple[Check, ...]] = field(default_factory=dict)
    """Self-test reports until they are saved and answered."""
    is_armed: bool = False
    """Whether the microphone is kept open."""
    recogniser_ready_at: float | None = None
    """When the speech recogniser became ready; None while it loads, or if there is none."""
    clocks: tuple[ClockSource, ...] = (ClockSource.LIVE, ClockSource.MIDI, ClockSource.OWN)
    """The clock sources of the settings, by priority."""
    midi: MidiView = field(default_factory=MidiView)
    takes: Mapping[int, Take] = field(default_factory=dict)
    """Auditioned takes by session; the newest last."""
    hears_in_live: bool = False
    """Whether takes are auditioned in Live, in their own slots; else by MIDI."""
    jam: JamUnderWay | None = None
    ambience: AmbienceUnderWay | None = None
    ambience_shown: AmbienceState | None = None
    """What devices were shown of it last; None while none plays."""
    ambience_asked: frozenset[PressKey] = frozenset()
    """Presses for endless music that are not answered yet."""
    followed: FollowClocks | None = None
    """The last FollowClocks."""

    def live_for(self, session: Session) -> Live | tuple[Refusal, str]:
        """The Live of a device, or a refusal if it is not known.

        A Live of another version than the device's is never it; among several of one version the set's name decides.
        """
        version = session.hello.live_version
        ready = [live for live in self.lives.values() if live.ready]
        alike = [live for live in ready if version in ("", live.hello.live_version)]
        if len(alike) > 1:
            named = [live for live in alike if live.set_name == session.hello.set_name]
            alike = named if len(named) == 1 else alike
        if len(alike) == 1:
            return alike[0]
        if alike:
            sentence = (
                f"{len(alike)} Lives are open and MuseAroo cannot tell which one this device sits in: "
                "save their sets under different names, or close one."
            )
            return Refusal.SEVERAL_LIVES, sentence
        which = "Live's Remote Script is not connected"
        if ready:
            others = ", ".join(sorted({live.hello.live_version for live in ready}))
            which = f"The script of this device's Live {version} is not connected, only that of {others}"
        sentence = f"{which}: choose MuseAroo as a control surface in Live's settings (Link, Tempo & MIDI)."
        return Refusal.NO_LIVE, sentence

    def live_state_for(self, session: Session, now: float) -> LiveState:
        """The state of its Live that a device shows."""
        live = self.live_for(session)
        return live.state(now) if isinstance(live, Live) else LiveState.AWAY

    def live_of(self, press: Press) -> Live | None:
        """The Live of a press, also after it reconnected; None if it has gone."""
        mine = (live for live in self.lives.values() if press.live and live.hello.instance == press.live.instance)
        return next(mine, None)

    def audience_of(self, press: Press) -> list[Session]:
        """The devices to inform about a press: its own, or all in its Live if it began automatically."""
        if press.key[0]:
            session = self.sessions.get(press.key[0])
            return [session] if session else []
        live = self.live_of(press)
        return [session for session in self.sessions.values() if live is not None and self.live_for(session) is live]

    def marks_for(self, link: int) -> list[AutoSplit]:
        """The tracks in a Live that devices marked for automatic splitting."""
        live = self.lives.get(link)
        marked = [session for session in self.sessions.values() if session.mark is not None]
        return [s.mark for s in marked if s.mark is not None and live is not None and self.live_for(s) is live]

    def press_of(self, request_id: str) -> Press | None:
        """The press under way with this request id."""
        return next((press for press in self.presses.values() if press.request_id == request_id), None)

    def press_after(self, drop: str) -> Press | None:
        """The press that waits until a take was taken back by this request."""
        for press in self.presses.values():
            if isinstance(press.life, Dropping) and press.life.request == drop:
                return press
        return None

    def is_played_first(self, key: PressKey) -> bool:
        """Whether the result of a press is auditioned or is a jam, and is not written yet."""
        press = self.presses.get(key)
        return press is not None and (is_auditioned(press.request) or isinstance(press.request, PlayJam))

    def is_heard_in_live(self, request_id: str) -> bool:
        """Whether this request writes a take that is only auditioned, in Live."""
        press = self.press_of(request_id)
        return self.hears_in_live and press is not None and is_auditioned(press.request)

    def is_take_kept_by(self, request_id: str) -> bool:
        """Whether this request writes an auditioned take."""
        press = self.press_of(request_id)
        return press is not None and press.kept is not None

    def with_session(self, session: Session) -> "State":
        """The state with a session added or changed."""
        return replace(self, sessions={**self.sessions, session.number: session})

    def without_session(self, number: int) -> "State":
        """The state after a device has gone."""
        return replace(self, sessions={n: session for n, session in self.sessions.items() if n != number})

    def with_live(self, live: Live) -> "State":
        """The state with a Live added or changed."""
        return replace(self, lives={**self.lives, live.link: live})

    def without_live(self, link: int) -> "State":
        """The state after a connection was lost."""
        return replace(self, lives={n: live for n, live in self.lives.items() if n != link})

    def with_client(self, client: Client) -> "State":
        """The state with a client added or changed."""
        return replace(self, clients={**self.clients, client.link: client})

    def without_client(self, link: int) -> "State":
        """The state after a client has gone."""
        return replace(self, clients={n: client for n, client in self.clients.items() if n != link})

    def with_press(self, press: Press) -> "State":
        """The state with a press added or changed."""
        return replace(self, presses={**self.presses, press.key: press})

    def without_press(self, key: PressKey) -> "State":
        """The state after a press has ended."""
        return replace(self, presses={other: press for other, press in self.presses.items() if other != key})

    def with_take(self, take: Take) -> "State":
        """The state with a take auditioned by its session."""
        others = {number: other for number, other in self.takes.items() if number != take.session}
        return replace(self, takes={**others, take.session: take})

    def without_take(self, session: int) -> "State":
        """The state after a session's take was kept or dropped."""
        return replace(self, takes={number: take for number, take in self.takes.items() if number != session})

    def with_sentence(self, sentence: Sentence) -> "State":
        """The state with a sentence added or changed."""
        return replace(self, sentences={**self.sentences, sentence.key: sentence})

    def without_sentence(self, key: PressKey) -> "State":
        """The state after a sentence has ended."""
        return replace(self, sentences={other: one for other, one in self.sentences.items() if other != key})


Outcome = tuple[State, list[Effect]]
"""The result of an event: the new state, and the effects in order."""
