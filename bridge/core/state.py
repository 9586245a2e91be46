"""What the conductor knows: the Lives that are connected, the devices' sessions, the presses under way. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from musearoo.bridge.core.effects import Effect, LongRequest, PressKey, Request
from musearoo.bridge.core.midi_events import FollowClocks, JamUnderWay, MidiRequest, MidiView, Take
from musearoo.bridge.core.press_life import InLive, InWork, Life, TakingBack, WaitingForLive, require_may_follow
from musearoo.bridge.core.session import Session
from musearoo.bridge.core.undo import Steps
from musearoo.bridge.protocol import AutoSplit, LiveState, Refusal, ScriptHello, SongState, TransportState, Undo
from musearoo.bridge.protocol.midi_process import ClockSource
from musearoo.bridge.requests.self_test import Check

BUSY_AFTER = 1.0
"""Seconds without a heartbeat (they come four times a second) after which Live counts as busy."""


@dataclass(frozen=True, slots=True)
class Live:
    """One admitted Remote Script, that is, one running Live."""

    link: int
    hello: ScriptHello
    last_heard: float
    set_name: str = ""
    ready: bool = False
    facts: SongState | None = None
    key: str = ""
    """The key of the selected scene, as far as its clips tell one."""
    chords: str = ""
    """The chords of the selected scene, as far as they are known."""
    key_confidence: float = 0.0
    style: str = ""
    """The style of the selected scene, as far as its clips tell one."""
    style_confidence: float = 0.0
    shown_busy: bool = False
    transport: TransportState | None = None

    def state(self, now: float) -> LiveState:
        """What a device is shown."""
        if not self.ready:
            return LiveState.AWAY
        return LiveState.BUSY if now - self.last_heard > BUSY_AFTER else LiveState.READY


@dataclass(frozen=True, slots=True)
class Press:
    """A press under way: what was asked, by whom and when, and the state it is in."""

    key: PressKey
    request_id: str
    request: Request | LongRequest | Undo | MidiRequest
    arrived: float
    clip: int = 0
    """The id of the clip that it is about, where it began by itself."""
    told_busy: bool = False
    life: Life = field(default_factory=WaitingForLive)

    @property
    def number(self) -> int:
        """Its number as devices know it; 0 where none of them pressed."""
        return self.key[1] if self.key[0] else 0

    @property
    def link(self) -> int:
        """The connection of the Live that it is bound to; 0 while it waits for one."""
        return 0 if isinstance(self.life, WaitingForLive) else self.life.link

    @property
    def live(self) -> ScriptHello | None:
        """The Live that it is bound to; None while it waits for one."""
        return None if isinstance(self.life, WaitingForLive) else self.life.live

    @property
    def kept(self) -> Take | None:
        """The take that it puts into the set, where that is what it is for."""
        return self.life.kept if isinstance(self.life, InWork | InLive) else None

    @property
    def sent_at(self) -> float | None:
        """When its transaction went to Live, from where nothing takes it back but undo; None before."""
        return self.life.sent_at if isinstance(self.life, InLive | TakingBack) else None

    def become(self, life: Life) -> "Press":
        """The press in its next state; raises ValueError where that state must not follow."""
        require_may_follow(self.life, life)
        return replace(self, life=life)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is said to a device: by the number of its Talk, since `last_sign` known to be held, ended at `ended`."""

    key: PressKey
    last_sign: float
    is_held: bool = True
    ended: float = 0.0


@dataclass(frozen=True, slots=True)
class Strangers:
    """Packets on the devices' port that came from no device, since the log last told of them."""

    packets: int = 0
    sentence: str = ""
    """What a device of another release was answered among them."""
    is_answered: bool = False
    """Whether one was since the last look at the clock."""
    told_at: float = -math.inf


@dataclass(frozen=True, slots=True)
class State:
    """All that the conductor knows."""

    token: str
    daemon_version: str
    default_sample_rate: int
    device_secret: str
    """What a device must know to be one."""
    run: int = 1
    """Drawn at random for each run of the daemon."""
    started_at: float = -math.inf
    lives: Mapping[int, Live] = field(default_factory=dict)
    sessions: Mapping[int, Session] = field(default_factory=dict)
    greeted: Mapping[str, int] = field(default_factory=dict)
    """The number of the last hello of each instance that has proven itself by the present secret."""
    strangers: Strangers = field(default_factory=Strangers)
    presses: Mapping[PressKey, Press] = field(default_factory=dict)
    arrived: int = 0
    """Clips that came onto marked tracks so far."""
    captures: str = ""
    """The folder that devices put what they capture into; empty where there is none."""
    written: Steps = field(default_factory=dict)
    """What can be taken back, in each Live."""
    sentences: Mapping[PressKey, Sentence] = field(default_factory=dict)
    """What is being said, or was and nothing has followed from it yet."""
    self_tests: Mapping[PressKey, tuple[Check, ...]] = field(default_factory=dict)
    """What devices found when they tested themselves, until it is kept and answered."""
    is_armed: bool = False
    """Whether the microphone is kept open."""
    recogniser_ready_at: float | None = None
    """Since when speech is made text; None while the recogniser loads, or where there is none."""
    clocks: tuple[ClockSource, ...] = (ClockSource.LIVE, ClockSource.MIDI, ClockSource.OWN)
    """Whom the beat follows, as the settings have it."""
    midi: MidiView = field(default_factory=MidiView)
    takes: Mapping[int, Take] = field(default_factory=dict)
    """What is heard before it is kept, by the sessions of the devices; the newest last."""
    jam: JamUnderWay | None = None
    followed: FollowClocks | None = None
    """Whom the beat was last told to follow."""

    def live_for(self, session: Session) -> Live | tuple[Refusal, str]:
        """The Live that a device sits in, or why it cannot be told.

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
        """What a device is shown of its Live."""
        live = self.live_for(session)
        return live.state(now) if isinstance(live, Live) else LiveState.AWAY

    def live_of(self, press: Press) -> Live | None:
        """The Live that a press is bound to, also when it is back on another connection; None when it has gone."""
        mine = (live for live in self.lives.values() if press.live and live.hello.instance == press.live.instance)
        return next(mine, None)

    def audience_of(self, press: Press) -> list[Session]:
        """The devices that hear how a press goes: the one that was pressed, or all of its Live where none was."""
        if press.key[0]:
            session = self.sessions.get(press.key[0])
            return [session] if session else []
        live = self.live_of(press)
        return [session for session in self.sessions.values() if live is not None and self.live_for(session) is live]

    def marks_for(self, link: int) -> list[AutoSplit]:
        """The tracks that devices have marked in a Live."""
        live = self.lives.get(link)
        marked = [session for session in self.sessions.values() if session.mark is not None]
        return [s.mark for s in marked if s.mark is not None and live is not None and self.live_for(s) is live]

    def press_of(self, request_id: str) -> Press | None:
        """The press under way that Live knows by this request id."""
        return next((press for press in self.presses.values() if press.request_id == request_id), None)

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

    def with_press(self, press: Press) -> "State":
        """The state with a press added or changed."""
        return replace(self, presses={**self.presses, press.key: press})

    def without_press(self, key: PressKey) -> "State":
        """The state after a press has ended."""
        return replace(self, presses={other: press for other, press in self.presses.items() if other != key})

    def with_take(self, take: Take) -> "State":
        """The state with what a device hears from now on."""
        others = {number: other for number, other in self.takes.items() if number != take.session}
        return replace(self, takes={**others, take.session: take})

    def without_take(self, session: int) -> "State":
        """The state after what a device hears was kept, or dropped."""
        return replace(self, takes={number: take for number, take in self.takes.items() if number != session})

    def with_sentence(self, sentence: Sentence) -> "State":
        """The state with a sentence begun or gone on."""
        return replace(self, sentences={**self.sentences, sentence.key: sentence})

    def without_sentence(self, key: PressKey) -> "State":
        """The state after something has followed from a sentence."""
        return replace(self, sentences={other: one for other, one in self.sentences.items() if other != key})


Outcome = tuple[State, list[Effect]]
"""What follows from an event: the state after it, and what is to be done, in order."""
