"""Connections of Remote Scripts: admission, and what each Live reports about itself. Pure."""

import hmac
from dataclasses import replace

from musearoo.bridge.core.announcements import announce
from musearoo.bridge.core.events.effects import CloseScript, Effect, Report, SendToScript
from musearoo.bridge.core.events.incoming import HarmonyFound
from musearoo.bridge.core.state import BUSY_AFTER, Live, Outcome, State
from musearoo.bridge.protocol import (
    WIRE_VERSION,
    Heartbeat,
    LiveState,
    Refusal,
    ScriptHello,
    ScriptRefused,
    ScriptWelcome,
    SetReady,
    SongState,
)
from musearoo.bridge.protocol.types import Message


def admit(state: State, now: float, link: int, hello: ScriptHello) -> Outcome:
    """Admit a script that has the token and speaks this wire version, or refuse it with one sentence."""
    problem = _problem_with(state, hello)
    if problem:
        code, sentence = problem
        refused: list[Effect] = [SendToScript(link, (ScriptRefused(code, sentence),)), CloseScript(link)]
        return state, [*refused, Report(sentence, warning=True)]
    # The same Live on a new connection: the old one is dead, even if this machine has not noticed yet.
    stale = [old.link for old in state.lives.values() if old.hello.instance == hello.instance and old.link != link]
    for old in stale:
        state = state.without_live(old)
    live = Live(link, hello, now)
    welcome = SendToScript(link, (ScriptWelcome(WIRE_VERSION, state.daemon_version),))
    told = Report(f"Live {hello.live_version} is connected (script {hello.script_version}).")
    return state.with_live(live), [*map(CloseScript, stale), welcome, told]


def _problem_with(state: State, hello: ScriptHello) -> tuple[Refusal, str] | None:
    if not hmac.compare_digest(hello.token.encode(), state.token.encode()):
        sentence = (
            f"Live {hello.live_version} came with a wrong token: it may belong to another user or folder. "
            "Restart Live, or run musearoo doctor."
        )
        return Refusal.WRONG_TOKEN, sentence
    if hello.wire_version != WIRE_VERSION:
        sentence = (
            f"The Remote Script in Live {hello.live_version} speaks version {hello.wire_version} and the daemon "
            f"version {WIRE_VERSION}: run musearoo install, then restart Live."
        )
        return Refusal.WRONG_VERSION, sentence
    return None


def refuse_stranger(state: State, link: int) -> Outcome:
    """Close a connection whose first message is no hello."""
    sentence = "The first message on this connection must be /roo/script/hello with the token."
    return state, [SendToScript(link, (ScriptRefused(Refusal.WRONG_TOKEN, sentence),)), CloseScript(link)]


def on_script_report(state: State, now: float, live: Live, message: Message) -> Outcome:
    """Handle a Live's message about itself; announce it to the devices if it changes what they show."""
    was = live.state(now)
    live = replace(live, last_seen=now, shown_busy=False)
    effects: list[Effect] = []
    match message:
        case Heartbeat() if message.largest_gap_ms > BUSY_AFTER * 1000:
            effects.append(Report(f"Live's main thread was held for {message.largest_gap_ms / 1000:.1f} s."))
        case SongState():
            live = replace(live, set_name=message.name, facts=message)
        case SetReady():
            live = replace(live, ready=True)
            effects.append(Report(f"Live {live.hello.live_version} has told its set ({message.objects} objects)."))
    state = state.with_live(live)
    if isinstance(message, SongState) or live.state(now) != was:
        effects += announce(state, live, live.state(now))
    return state, effects


def on_harmony(state: State, event: HarmonyFound) -> Outcome:
    """Store the harmony of a Live's selected scene; announce it to the devices if it changed."""
    live = state.lives.get(event.link)
    if live is None:
        return state, []
    is_shown = (live.key, live.chords) == (event.key, event.chords)
    live = replace(
        live,
        key=event.key,
        chords=event.chords,
        key_confidence=event.key_confidence,
        style=event.style,
        style_confidence=event.style_confidence,
    )
    state = state.with_live(live)
    return state, [] if is_shown else announce(state, live, live.state(event.now))


def show_busy(state: State, now: float) -> Outcome:
    """Announce once that a Live has been silent for a while."""
    effects: list[Effect] = []
    for live in list(state.lives.values()):
        if not live.shown_busy and live.state(now) is LiveState.BUSY:
            effects += announce(state, live, LiveState.BUSY)
            state = state.with_live(replace(live, shown_busy=True))
    return state, effects
