"""Admission of devices and clients. Pure.

A device's proven hello gets a session; other packets are counted and not answered. A client shows the token once on its
connection; its sessions, which are sessions of devices by another way, need no proof, no beat and no acknowledgement,
and they end with the connection.
"""

import hmac
from dataclasses import replace

from musearoo.bridge.core.announcements import facts_of, to_device
from musearoo.bridge.core.events.effects import (
    CloseClient,
    Effect,
    KeepDeviceSecret,
    Report,
    SendMetrics,
    SendToClient,
    SendToDevice,
    WatchSets,
)
from musearoo.bridge.core.events.incoming import IncompatibleHelloReceived, Source
from musearoo.bridge.core.playing_along import show_midi_if_new
from musearoo.bridge.core.session import SILENT_AFTER, Session
from musearoo.bridge.core.state import Client, Live, Outcome, State, Strangers
from musearoo.bridge.protocol import (
    WIRE_VERSION,
    ApiBeat,
    ApiBeatBack,
    ApiHello,
    ApiRefused,
    ApiWelcome,
    AskMetrics,
    Hello,
    LiveState,
    Refusal,
    Refused,
    Watch,
    Welcome,
)
from musearoo.bridge.protocol.device_proof import draw_session, is_hello_proven, next_secret, prove_welcome
from musearoo.bridge.protocol.types import Message

MOST_SESSIONS = 64
"""Concurrent devices: more than a studio has, fewer than a runaway program would open."""

MOST_FROM_ONE_SOURCE = 8
"""Sessions of one socket. Max's devices have a socket each; a runaway program must not use up all sessions."""

MOST_CLIENTS = 16
"""Connected clients: a server, and what is built beside it."""

MOST_OF_CLIENTS = 256
"""Concurrent sessions of clients: the people of a studio with some sessions each."""

MOST_GREETED = 1024
"""Instances whose last hello is stored against replay; beyond that, a new secret invalidates all of them."""

STRANGERS_TOLD_EVERY = 60.0
"""Seconds between two log lines about unknown packets."""


def greet(state: State, now: float, source: Source, hello: Hello) -> Outcome:
    """Admit a device that proves it knows the secret; ignore any other."""
    if hello.wire_version != WIRE_VERSION:
        return refuse_version(state, IncompatibleHelloReceived(source.host, hello.reply_port, hello.wire_version))
    # A client has shown the token, and its connection cannot be replayed.
    if not source.client and not _is_new_and_proven(state, hello):
        return count_stranger(state)
    known = next((s for s in state.sessions.values() if s.hello.instance == hello.instance), None)
    effects: list[Effect] = []
    if known:
        session = known.greeted(source, hello, now)
    elif problem := _crowd(state, source):
        refusal = SendToDevice(source.host, hello.reply_port, Refused(Refusal.TOO_MANY, problem))
        return _remember(state, source, hello, [refusal, Report(problem, warning=True)])
    else:
        session = Session(_free_number(state, hello), source, hello, now)
        if not source.client:
            effects.append(Report(f"Device {hello.instance} is session {session.number} on port {hello.reply_port}."))
    state = state.with_session(session)
    live = state.live_for(session)
    shown = live.state(now) if isinstance(live, Live) else LiveState.AWAY
    welcome = Welcome(session.number, WIRE_VERSION, state.daemon_version, shown, state.captures)
    effects.append(to_device(session, prove_welcome(state.device_secret, welcome, hello)))
    facts = facts_of(live, shown, state.midi) if isinstance(live, Live) and not session.is_client else None
    if facts:
        effects.append(to_device(session, facts))
    state, seen = show_midi_if_new(state, session)
    if state.ambience_shown is not None and not session.is_client:
        effects.append(to_device(session, state.ambience_shown))
    return _remember(state, source, hello, [*effects, *seen])


def _is_new_and_proven(state: State, hello: Hello) -> bool:
    is_new = hello.number > state.greeted.get(hello.instance, 0)
    return is_new and is_hello_proven(state.device_secret, hello)


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
    clients = sum(session.is_client for session in state.sessions.values())
    if source.client:
        if clients >= MOST_OF_CLIENTS:
            return f"{MOST_OF_CLIENTS} sessions of clients are open, which is as many as MuseAroo serves: close some."
        return ""
    if len(state.sessions) - clients >= MOST_SESSIONS:
        return f"{MOST_SESSIONS} devices are connected, which is as many as MuseAroo serves: remove some."
    if sum(session.source == source for session in state.sessions.values()) >= MOST_FROM_ONE_SOURCE:
        return f"{MOST_FROM_ONE_SOURCE} devices speak from one socket, which is as many as MuseAroo serves."
    return ""


def _free_number(state: State, hello: Hello) -> int:
    attempt = 0
    while (number := draw_session(state.device_secret, hello, attempt)) in state.sessions:
        attempt += 1
    return number


def _remember(state: State, source: Source, hello: Hello, effects: list[Effect]) -> Outcome:
    """Store the number of a hello by UDP, so that it cannot be replayed, not even after its session's end."""
    if source.client:
        return state, effects
    if hello.instance not in state.greeted and len(state.greeted) >= MOST_GREETED:
        secret = next_secret(state.device_secret)
        return replace(state, device_secret=secret, greeted={}), [*effects, KeepDeviceSecret(secret)]
    return replace(state, greeted={**state.greeted, hello.instance: hello.number}), effects


# --- clients --------------------------------------------------------------------------------------------------------


def on_client_message(state: State, now: float, link: int, message: Message) -> Outcome:
    """Admit a client, or answer it."""
    if isinstance(message, ApiHello):
        return _admit_client(state, now, link, message)
    client = state.clients.get(link)
    if client is None:
        return _refuse_client(state, link, Refusal.WRONG_TOKEN, "The first message of a client must be /roo/api/hello.")
    state = state.with_client(replace(client, last_seen=now))
    match message:
        case Watch():
            return state, [WatchSets(link, bool(message.on))]
        case AskMetrics():
            return state, [SendMetrics(link)]
        case ApiBeat():
            return state, [SendToClient(link, (ApiBeatBack(),))]
        case _:
            raise ValueError(f"{message.path} is no message of the api role")


def silent_clients(state: State, now: float) -> list[Client]:
    """Return the clients that count as gone although their connections are there."""
    return [client for client in state.clients.values() if now - client.last_seen > SILENT_AFTER]


def _admit_client(state: State, now: float, link: int, hello: ApiHello) -> Outcome:
    """Admit a client that has the token and speaks this wire version, or refuse it with one sentence."""
    if not hmac.compare_digest(hello.token.encode(), state.token.encode()):
        sentence = "A client came with a wrong token: it must read the one in MuseAroo's folder of the same user."
        return _refuse_client(state, link, Refusal.WRONG_TOKEN, sentence)
    if hello.wire_version != WIRE_VERSION:
        sentence = (
            f"This client speaks version {hello.wire_version} and the daemon version {WIRE_VERSION}: "
            "start both from the same release of MuseAroo."
        )
        return _refuse_client(state, link, Refusal.WRONG_VERSION, sentence)
    if link not in state.clients and len(state.clients) >= MOST_CLIENTS:
        sentence = f"{MOST_CLIENTS} clients are connected, which is as many as MuseAroo serves: stop some."
        return _refuse_client(state, link, Refusal.TOO_MANY, sentence)
    welcome = SendToClient(link, (ApiWelcome(WIRE_VERSION, state.daemon_version),))
    told = Report(f"{hello.name} {hello.version} is connected.", logged=f"Client {link} is connected.")
    return state.with_client(Client(link, hello, now)), [welcome, told]


def _refuse_client(state: State, link: int, code: Refusal, sentence: str) -> Outcome:
    refused: list[Effect] = [SendToClient(link, (ApiRefused(code, sentence),)), CloseClient(link)]
    return state, [*refused, Report(sentence, warning=True)]
