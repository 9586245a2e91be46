"""Admission of devices: a proven hello gets a session; other packets are counted and not answered. Pure."""

from dataclasses import replace

from musearoo.bridge.core.announcements import facts_of, to_device
from musearoo.bridge.core.effects import Effect, KeepDeviceSecret, Report, SendToDevice
from musearoo.bridge.core.events import IncompatibleHelloReceived, Source
from musearoo.bridge.core.playing_along import show_midi_if_new
from musearoo.bridge.core.session import Session
from musearoo.bridge.core.state import Live, Outcome, State, Strangers
from musearoo.bridge.protocol import WIRE_VERSION, Hello, LiveState, Refusal, Refused, Welcome
from musearoo.bridge.protocol.device_proof import draw_session, is_hello_proven, next_secret, prove_welcome

MOST_SESSIONS = 64
"""Concurrent devices: more than a studio has, fewer than a runaway program would open."""

MOST_FROM_ONE_SOURCE = 8
"""Sessions of one socket. Max's devices have a socket each; a runaway program must not use up all sessions."""

MOST_GREETED = 1024
"""Instances whose last hello is stored against replay; beyond that, a new secret invalidates all of them."""

STRANGERS_TOLD_EVERY = 60.0
"""Seconds between two log lines about unknown packets."""


def greet(state: State, now: float, source: Source, hello: Hello) -> Outcome:
    """Admit a device that proves it knows the secret; ignore any other."""
    if hello.wire_version != WIRE_VERSION:
        return refuse_version(state, IncompatibleHelloReceived(source.host, hello.reply_port, hello.wire_version))
    if hello.number <= state.greeted.get(hello.instance, 0):
        return count_stranger(state)
    if not is_hello_proven(state.device_secret, hello):
        return count_stranger(state)
    known = next((s for s in state.sessions.values() if s.hello.instance == hello.instance), None)
    effects: list[Effect] = []
    if known:
        session = known.greeted(source, hello, now)
    elif problem := _crowd(state, source):
        refusal = SendToDevice(source.host, hello.reply_port, Refused(Refusal.TOO_MANY, problem))
        return _remember(state, hello, [refusal, Report(problem, warning=True)])
    else:
        session = Session(_free_number(state, hello), source, hello, now)
        effects.append(Report(f"Device {hello.instance} is session {session.number} on port {hello.reply_port}."))
    state = state.with_session(session)
    live = state.live_for(session)
    shown = live.state(now) if isinstance(live, Live) else LiveState.AWAY
    welcome = Welcome(session.number, WIRE_VERSION, state.daemon_version, shown, state.captures)
    effects.append(to_device(session, prove_welcome(state.device_secret, welcome, hello)))
    facts = facts_of(live, shown, state.midi) if isinstance(live, Live) else None
    if facts:
        effects.append(to_device(session, facts))
    state, seen = show_midi_if_new(state, session)
    return _remember(state, hello, [*effects, *seen])


def count_stranger(state: State) -> Outcome:
    """Count a packet that no device sent; it gets no answer."""
    return replace(state, strangers=replace(state.strangers, packets=state.strangers.packets + 1)), []


def refuse_version(state: State, other: IncompatibleHelloReceived) -> Outcome:
    """Answer a device of another release with one sentence, a few times a second at most: it cannot prove itself."""
    was = state.strangers
    state, _ = count_stranger(state)
    if was.is_answered:
        return state, []
    sentence = (
        f"This MuseAroo device speaks version {other.wire_version} and the daemon version {WIRE_VERSION}: "
        "install both from the same release (musearoo install)."
    )
    state = replace(state, strangers=replace(state.strangers, is_answered=True, sentence=sentence))
    return state, [SendToDevice(other.host, other.reply_port, Refused(Refusal.WRONG_VERSION, sentence))]


def report_strangers(state: State, now: float) -> Outcome:
    """Log unknown packets once a minute, and allow the next answer to a device of another release."""
    strangers = state.strangers
    if not strangers.packets:
        return state, []
    if now - strangers.logged_at < STRANGERS_TOLD_EVERY:
        return replace(state, strangers=replace(strangers, is_answered=False)), []
    packets = "1 packet" if strangers.packets == 1 else f"{strangers.packets:,} packets"
    effects: list[Effect] = [Report(f"{packets} of strangers on the devices' port, not answered.", warning=True)]
    if strangers.sentence:
        effects.append(Report(strangers.sentence, warning=True))
    return replace(state, strangers=Strangers(logged_at=now)), effects


def _crowd(state: State, source: Source) -> str:
    """Why no more devices are admitted, or ""."""
    if len(state.sessions) >= MOST_SESSIONS:
        return f"{MOST_SESSIONS} devices are connected, which is as many as MuseAroo serves: remove some."
    if sum(session.source == source for session in state.sessions.values()) >= MOST_FROM_ONE_SOURCE:
        return f"{MOST_FROM_ONE_SOURCE} devices speak from one socket, which is as many as MuseAroo serves."
    return ""


def _free_number(state: State, hello: Hello) -> int:
    attempt = 0
    while (number := draw_session(state.device_secret, hello, attempt)) in state.sessions:
        attempt += 1
    return number


def _remember(state: State, hello: Hello, effects: list[Effect]) -> Outcome:
    """Store a hello's number, so that it cannot be replayed, not even after its session's end."""
    if hello.instance not in state.greeted and len(state.greeted) >= MOST_GREETED:
        secret = next_secret(state.device_secret)
        return replace(state, device_secret=secret, greeted={}), [*effects, KeepDeviceSecret(secret)]
    return replace(state, greeted={**state.greeted, hello.instance: hello.number}), effects
