"""The conductor: decides what follows from each event. `conduct` is pure; shells perform the effects it returns."""

from collections.abc import Iterable
from dataclasses import replace

from bridge.announcements import announce, cut_sentence, facts_of, to_device
from bridge.events import (
    ClipWritten,
    Compose,
    Composed,
    DeviceHeard,
    Effect,
    Event,
    NotComposed,
    PressKey,
    Report,
    ScriptHeard,
    ScriptLost,
    SendToDevice,
    SendToScript,
    Ticked,
)
from bridge.lives import admit, hear, refuse_stranger, show_busy
from bridge.session import MOST_UNDER_WAY, Session
from bridge.state import Live, Outcome, Press, State
from bridge.wire import (
    WIRE_VERSION,
    Beat,
    BeatBack,
    Bye,
    Cancel,
    DeviceGot,
    Done,
    Error,
    Failed,
    Generate,
    Got,
    Hello,
    LiveState,
    Refusal,
    Refused,
    ScriptHello,
    SetReady,
    Stranger,
    Told,
    Welcome,
)
from bridge.wire_types import Message

ANSWER_WITHIN = 30.0
"""Seconds that a press may take. A frozen Live gets this long to thaw; a clip that comes later would only surprise."""

GRACE = 2.0
"""Seconds that the script's answer may travel after the deadline that the script itself keeps."""

SCRIPT_RETURNS_WITHIN = 5.0
"""Seconds after the daemon's start in which a press waits for Live: a script that lost the daemon tries every 2 s."""

MOST_SESSIONS = 64
"""Devices at once. More than a studio has; fewer than a runaway program would make."""


def conduct(state: State, event: Event) -> Outcome:
    """The state after `event`, and what is to be done about it, in order."""
    match event:
        case DeviceHeard(now, host, message):
            return _device_heard(state, now, host, message)
        case ScriptHeard(now, link, message):
            return _script_heard(state, now, link, message)
        case ScriptLost(_, link):
            return _script_lost(state, link)
        case Composed(now, key, messages):
            return _composed(state, now, key, messages)
        case NotComposed(now, key, code, sentence):
            return _fail(state, now, key, code, sentence)
        case ClipWritten():
            return _written(state, event)
        case Ticked(now):
            return _ticked(state, now)


# --- devices ---------------------------------------------------------------------------------------------------------


def _device_heard(state: State, now: float, host: str, message: Message) -> Outcome:
    if isinstance(message, Hello):
        return _greet(state, now, host, message)
    if not isinstance(message, Bye | Beat | Generate | Cancel | DeviceGot):
        return state, []
    session = state.sessions.get(message.session)
    if session is None:
        # Only a sign of life says where to answer; a device whose press is not acknowledged says hello by itself.
        if isinstance(message, Beat):
            return state, [SendToDevice(host, message.reply_port, Stranger(message.session))]
        return state, []
    session = session.heard(now)
    state = state.with_session(session)
    match message:
        case Generate():
            return _press(state, now, session, message)
        case Cancel():
            return _cancel(state, now, session, message)
        case DeviceGot():
            return state.with_session(session.acknowledged(message.number)), []
        case Beat():
            live = state.live_state_for(session, now)
            return state, [to_device(session, BeatBack(session.number, live))]
        case Bye():
            return state.without_session(session.number), [Report(f"Device {session.hello.instance} said good-bye.")]


def _greet(state: State, now: float, host: str, hello: Hello) -> Outcome:
    if hello.wire_version != WIRE_VERSION:
        sentence = (
            f"This MuseAroo device speaks version {hello.wire_version} and the daemon version {WIRE_VERSION}: "
            "install both from the same release (musearoo install)."
        )
        refusal = SendToDevice(host, hello.reply_port, Refused(Refusal.WRONG_VERSION, sentence))
        return state, [refusal, Report(sentence, warning=True)]
    known = next((s for s in state.sessions.values() if s.hello.instance == hello.instance), None)
    effects: list[Effect] = []
    if known:
        session = known.greeted(host, hello, now)
    elif len(state.sessions) >= MOST_SESSIONS:
        sentence = f"{MOST_SESSIONS} devices are connected, which is as many as MuseAroo serves: remove some."
        return state, [SendToDevice(host, hello.reply_port, Refused(Refusal.TOO_MANY, sentence))]
    else:
        session = Session(state.next_session, host, hello, now)
        state = replace(state, next_session=state.next_session + 1)
        effects.append(Report(f"Device {hello.instance} is session {session.number} on port {hello.reply_port}."))
    state = state.with_session(session)
    live = state.live_for(session)
    shown = live.state(now) if isinstance(live, Live) else LiveState.AWAY
    effects.append(to_device(session, Welcome(session.number, WIRE_VERSION, state.daemon_version, shown)))
    if isinstance(live, Live) and live.facts:
        effects.append(to_device(session, facts_of(live.facts, shown)))
    return state, effects


def _press(state: State, now: float, session: Session, generate: Generate) -> Outcome:
    key = (session.number, generate.press)
    if key in state.presses:
        return state, [to_device(session, Got(generate.press))]
    answer = session.answers.get(generate.press)
    if answer:
        return state, [to_device(session, Got(generate.press)), to_device(session, answer)]
    effects: list[Effect] = [to_device(session, Got(generate.press))]
    if sum(1 for number, _ in state.presses if number == session.number) >= MOST_UNDER_WAY:
        sentence = f"{MOST_UNDER_WAY} presses of this device are under way: wait for one to end, or cancel it."
        return _refuse(state, now, session, generate.press, Refusal.TOO_MANY, sentence, effects)
    # The id is the device's own, so that a press repeated to a restarted daemon is the same request to Live.
    press = Press(key, f"{session.hello.instance}:{generate.press}", generate, 0, None, now)
    live = state.live_for(session)
    if isinstance(live, Live):
        state, compose = _begin(state, now, press, live, session)
        return state, [*effects, compose]
    code, sentence = live
    if code is Refusal.NO_LIVE and now - state.started_at < SCRIPT_RETURNS_WITHIN:
        return state.with_press(press), effects
    return _refuse(state, now, session, generate.press, code, sentence, effects)


def _begin(state: State, now: float, press: Press, live: Live, session: Session) -> tuple[State, Compose]:
    """The press bound to its Live, and the order to compose it."""
    order = Compose(
        key=press.key,
        link=live.link,
        request_id=press.request_id,
        generate=press.generate,
        sample_rate=session.hello.sample_rate or state.default_sample_rate,
        seconds_left=ANSWER_WITHIN - (now - press.arrived),
    )
    return state.with_press(replace(press, link=live.link, live=live.hello)), order


def _cancel(state: State, now: float, session: Session, cancel: Cancel) -> Outcome:
    press = state.presses.get((session.number, cancel.press))
    if press is None:
        return state, []
    if press.is_written:
        sentence = "Too late to cancel: the clip is on its way into Live. Undo in Live takes it back."
        return state, [to_device(session, Told(cancel.press, Refusal.CANCELLED, sentence))]
    return _fail(state, now, press.key, Refusal.CANCELLED, "Cancelled; nothing was written.")


# --- Live ------------------------------------------------------------------------------------------------------------


def _script_heard(state: State, now: float, link: int, message: Message) -> Outcome:
    if isinstance(message, ScriptHello):
        return admit(state, now, link, message)
    live = state.lives.get(link)
    if live is None:
        return refuse_stranger(state, link)
    state, effects = hear(state, now, live, message)
    if isinstance(message, SetReady):
        state, more = _resume(state, now, state.lives[link])
    elif isinstance(message, Error):
        state, more = _script_error(state, now, message)
    else:
        more = []
    return state, effects + more


def _resume(state: State, now: float, live: Live) -> Outcome:
    """Presses that wait for a Live that had gone: sent again when it is back, ended when another took its place.

    A transaction that was performed before the connection broke is answered from the script's memory, by its id.
    """
    effects: list[Effect] = []
    for press in [press for press in state.presses.values() if press.link not in state.lives]:
        session = state.sessions.get(press.key[0])
        if press.live is None:
            if session and state.live_for(session) is live:
                state, order = _begin(state, now, press, live, session)
                effects.append(order)
        elif press.live.instance == live.hello.instance:
            if press.is_written:
                state = state.with_press(replace(press, link=live.link))
                effects.append(SendToScript(live.link, press.messages))
        elif press.live.live_version == live.hello.live_version:
            sentence = (
                "Live was restarted or another set opened before it answered: "
                "look whether the clip is there, and press again if not."
            )
            state, more = _fail(state, now, press.key, Refusal.LIVE_LOST, sentence)
            effects += more
    return state, effects


def _script_lost(state: State, link: int) -> Outcome:
    live = state.lives.get(link)
    if live is None:
        return state, []
    effects: list[Effect] = [Report(f"Live {live.hello.live_version} has gone.", warning=True)]
    effects += announce(state, live, LiveState.AWAY)
    state = state.without_live(link)
    for press in [p for p in state.presses.values() if p.link == link]:
        sentence = "Live has gone before it answered: MuseAroo waits for it to come back."
        session = state.sessions.get(press.key[0])
        if session and press.is_written:
            effects.append(to_device(session, Told(press.key[1], Refusal.LIVE_LOST, sentence)))
    return state, effects


def _script_error(state: State, now: float, error: Error) -> Outcome:
    press = state.press_of(error.request)
    if press is None:
        return state, [Report(f"Live refused a request: {error.sentence}", warning=True)]
    code = Refusal(error.code) if error.code in set(Refusal) else Refusal.LIVE_ERROR
    return _fail(state, now, press.key, code, error.sentence)


# --- presses ---------------------------------------------------------------------------------------------------------


def _composed(state: State, now: float, key: PressKey, messages: tuple[Message, ...]) -> Outcome:
    press = state.presses.get(key)
    if press is None:
        return state, []
    live = state.live_of(press)
    if live is None:
        sentence = "Live has gone; nothing was written. Press again when it is back."
        return _fail(state, now, key, Refusal.LIVE_LOST, sentence)
    press = replace(press, link=live.link, messages=messages, composed=now)
    return state.with_press(press), [SendToScript(live.link, messages)]


def _written(state: State, event: ClipWritten) -> Outcome:
    press = state.press_of(event.request)
    if press is None:
        return state, []
    session = state.sessions.get(press.key[0])
    state = state.without_press(press.key)
    # A Live that served this press for an earlier run of the daemon answers before anything was composed anew.
    composed = press.composed or event.now
    total, live = (event.now - press.arrived) * 1000, (event.now - composed) * 1000
    told = Report(f"{event.name}: {event.notes} notes in {total:.0f} ms, {live:.0f} of them in Live.")
    if session is None:
        return state, [told]
    done = Done(
        *(session.next_number, press.key[1], total, total - live, live),
        *(event.notes, event.track, event.scene, event.name),
    )
    return state.with_session(session.answered(done, event.now)), [to_device(session, done), told]


def _fail(state: State, now: float, key: PressKey, code: Refusal, sentence: str) -> Outcome:
    if key not in state.presses:
        # It has ended already: an engine may fail after the press was cancelled.
        return state, []
    state = state.without_press(key)
    session = state.sessions.get(key[0])
    if session is None:
        return state, [Report(sentence, warning=True)]
    return _refuse(state, now, session, key[1], code, sentence, [])


def _refuse(
    state: State,
    now: float,
    session: Session,
    press: int,
    code: Refusal,
    sentence: str,
    before: Iterable[Effect],
) -> Outcome:
    failed = Failed(session.next_number, press, code, cut_sentence(sentence))
    state = state.with_session(session.answered(failed, now))
    return state, [*before, to_device(session, failed), Report(f"Press {press} failed: {sentence}", warning=True)]


# --- time ------------------------------------------------------------------------------------------------------------


def _ticked(state: State, now: float) -> Outcome:
    effects: list[Effect] = []
    for session in list(state.sessions.values()):
        if session.is_silent(now):
            effects.append(Report(f"Device {session.hello.instance} is silent; its session ends."))
            state = state.without_session(session.number)
            continue
        due = session.repeated(now)
        state = state.with_session(due.session)
        effects += [to_device(session, message) for message in due.again]
        effects += [
            Report(f"Device {session.hello.instance} does not acknowledge {message.path}; its clip is not affected.")
            for message in due.given_up
        ]
    state, more = show_busy(state, now)
    effects += more
    for press in list(state.presses.values()):
        state, more = _press_ticked(state, now, press)
        effects += more
    return state, effects


def _press_ticked(state: State, now: float, press: Press) -> Outcome:
    if press.live is None:
        if now - state.started_at < SCRIPT_RETURNS_WITHIN:
            return state, []
        return _fail(state, now, press.key, *_why_no_live(state, press))
    live = state.lives.get(press.link)
    if now - press.arrived > ANSWER_WITHIN + GRACE:
        if live is None:
            sentence = "Live went away before it answered: look whether the clip is there, and press again if not."
            return _fail(state, now, press.key, Refusal.LIVE_LOST, sentence)
        sentence = f"Live did not answer within {ANSWER_WITHIN:.0f} s; nothing was written. Press again."
        return _fail(state, now, press.key, Refusal.LIVE_BUSY, sentence)
    if live is None or press.told_busy or live.state(now) is not LiveState.BUSY:
        return state, []
    session = state.sessions.get(press.key[0])
    state = state.with_press(replace(press, told_busy=True))
    if session is None:
        return state, []
    sentence = "Live is busy (is a menu or a dialog open?): the clip follows as soon as Live is free."
    return state, [to_device(session, Told(press.key[1], Refusal.LIVE_BUSY, sentence))]


def _why_no_live(state: State, press: Press) -> tuple[Refusal, str]:
    session = state.sessions.get(press.key[0])
    live = state.live_for(session) if session else None
    if isinstance(live, tuple):
        return live
    return Refusal.NO_LIVE, "Live came back too late for this press: press again."
