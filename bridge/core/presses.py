"""The life cycle of presses, from arrival to the answer of Live. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from musearoo.bridge.core.announcements import to_device
from musearoo.bridge.core.events.effects import (
    AnalyzeClip,
    Capture,
    Compose,
    Effect,
    ImagineLoops,
    LongRequest,
    RemoveFiles,
    Report,
    Request,
    SendToScript,
    Separate,
    StopWork,
)
from musearoo.bridge.core.events.incoming import Analyzed, ClipArrived, ClipWritten, Composed, Progressed
from musearoo.bridge.core.events.midi import (
    BeginJam,
    JamUnderWay,
    KeepPlayed,
    MidiRequest,
    StopTake,
    Take,
    is_auditioned,
    needs_midi,
)
from musearoo.bridge.core.events.versions import FetchVersion, StoreVersion
from musearoo.bridge.core.press_ends import fail_press, finish_press, log_name, refuse_press, report_found
from musearoo.bridge.core.press_life import Dropping, InLive, InWork, TakingBack
from musearoo.bridge.core.session import MOST_UNDER_WAY, Session
from musearoo.bridge.core.state import Live, Outcome, Press, State
from musearoo.bridge.core.undo import last_step, without_step
from musearoo.bridge.protocol import (
    Analyze,
    BringBack,
    Cancel,
    Got,
    Imagine,
    Keep,
    KeepVersion,
    Listen,
    LiveState,
    PlayJam,
    Progress,
    Refusal,
    Split,
    TakeBack,
    Told,
    Undo,
)

ANSWER_WITHIN = 30.0
"""Seconds that a press may take: a frozen Live gets this long, and a later clip would only surprise."""

GRACE = 2.0
"""Seconds by which the script's answer may arrive after the deadline that the script itself checks."""

CANCELLED = "Cancelled; nothing was written."

_DROP = ":drop"

SCRIPT_RETURNS_WITHIN = 5.0
"""Seconds after the daemon's start in which a press waits for Live: a script reconnects every 2 s."""


def on_press(state: State, now: float, session: Session, request: Request | LongRequest | Undo) -> Outcome:
    """Acknowledge a press, and begin, refuse or recognise it as a repeat."""
    if (session.number, request.press) in state.presses:
        return state, [to_device(session, Got(request.press))]
    answer = session.answers.get(request.press)
    if answer:
        return state, [to_device(session, Got(request.press)), to_device(session, answer)]
    return start_press(state, now, session, request, now, [to_device(session, Got(request.press))])


def start_press(
    state: State,
    now: float,
    session: Session,
    request: Request | LongRequest | Undo | MidiRequest,
    arrived: float,
    before: Iterable[Effect] = (),
) -> Outcome:
    """Begin or refuse a request that was pressed or spoken at `arrived`, after the effects `before`."""
    effects: list[Effect] = [*before]
    if sum(1 for number, _ in state.presses if number == session.number) >= MOST_UNDER_WAY:
        sentence = f"{MOST_UNDER_WAY} presses of this device are under way: wait for one to end, or cancel it."
        return refuse_press(state, now, session, request.press, Refusal.TOO_MANY, sentence, effects)
    if needs_midi(request, state.hears_in_live) and state.midi.problem:
        return refuse_press(state, now, session, request.press, Refusal.UNSUPPORTED, state.midi.problem, effects)
    # The id is the device's own: a press repeated to a restarted daemon is the same request to Live.
    press = Press((session.number, request.press), f"{session.hello.instance}:{request.press}", request, arrived)
    live = state.live_for(session)
    if isinstance(live, Live):
        heard = state.takes.get(request.session)
        if heard is not None and heard.written and state.hears_in_live and is_auditioned(request):
            state, dropped = silence_take(state.without_take(request.session), heard)
            if dropped:
                waiting = press.become(Dropping(live.link, live.hello, drop_of(heard)))
                return state.with_press(waiting), [*effects, *dropped]
        state, work = _begin(state, now, press, live)
        return state, [*effects, work]
    code, sentence = live
    if code is Refusal.NO_LIVE and now - state.started_at < SCRIPT_RETURNS_WITHIN:
        return state.with_press(press), effects
    return refuse_press(state, now, session, request.press, code, sentence, effects)


def silence_take(state: State, take: Take) -> Outcome:
    """Stop a take that is dropped at once; one that sounds in Live is taken back there."""
    if not take.written:
        return state, [StopTake(take.session, at_bar=False)]
    state = replace(state, written=without_step(state.written, take.instance, take.written))
    live = next((live for live in state.lives.values() if live.hello.instance == take.instance), None)
    if live is None:
        return state, []
    return state, [SendToScript(live.link, (TakeBack(drop_of(take), take.written, insists=1),))]


def drop_of(take: Take) -> str:
    """The id of the request that takes a take back."""
    return f"{take.written}{_DROP}"


def dropped_by(request: str) -> str:
    """The id of the request whose take this request takes back, "" if it is no such request.

    >>> dropped_by("device-1:3:drop"), dropped_by("device-1:4")
    ('device-1:3', '')
    """
    return request.removesuffix(_DROP) if request.endswith(_DROP) else ""


def on_dropped(state: State, now: float, press: Press) -> Outcome:
    """Begin the press that waited for the take before to be gone; it may have been gone already."""
    live = state.live_of(press)
    if live is None:
        return state, []
    if press.key[0] not in state.sessions:
        return state.without_press(press.key), [Report(f"{log_name(press)} ends: its device has gone.")]
    state, work = _begin(state, now, press, live)
    return state, [work]


def on_clip_arrived(state: State, event: ClipArrived) -> Outcome:
    """Split a clip that arrived on a marked track, as a press would."""
    live = state.lives.get(event.link)
    if live is None:
        return state, []
    number = state.arrived + 1
    mark = event.mark
    request = Split(mark.session, number, -1, -1, mark.backend, mark.stems, mark.mute)
    # Unique to this run: the script must not mistake it for an arrival of an earlier run.
    request_id = f"arrival-{state.run}:{number}"
    press = Press((0, number), request_id, request, event.now, clip=event.clip)
    state, work = _begin(replace(state, arrived=number), event.now, press, live)
    return state, [work]


def _begin(state: State, now: float, press: Press, live: Live) -> tuple[State, Effect]:
    """The state with the press bound to its Live, and the effect that performs its request."""
    if isinstance(press.request, Undo):
        return _begin_undo(state, now, press, live)
    keeps_a_take = isinstance(press.request, Keep) and not press.request.bars
    kept = state.takes.get(press.request.session) if keeps_a_take else None
    state = state.with_press(press.become(InWork(live.link, live.hello, kept)))
    match press.request:
        case Analyze():
            return state, AnalyzeClip(press.key, live.link, press.request_id, press.request)
        case Split():
            return state, Separate(press.key, live.link, press.request_id, press.request, press.clip)
        case KeepVersion():
            return state, StoreVersion(press.key, live.link, press.request_id, press.request)
        case BringBack():
            return state, FetchVersion(press.key, live.link, press.request_id, press.request)
    session = state.sessions[press.key[0]]
    sample_rate = session.hello.sample_rate or state.default_sample_rate
    if isinstance(press.request, Imagine):
        return state, ImagineLoops(press.key, live.link, press.request_id, press.request, sample_rate)
    if isinstance(press.request, Listen):
        return state, Capture(press.key, live.link, press.request_id, press.request, sample_rate)
    seconds_left = ANSWER_WITHIN - (now - press.arrived)
    if isinstance(press.request, Keep) and press.request.bars:
        return state, KeepPlayed(press.key, live.link, press.request_id, press.request, seconds_left)
    if isinstance(press.request, PlayJam):
        return state, BeginJam(press.key, JamUnderWay(press.request, press.request_id, live.link, live.hello.instance))
    return state, Compose(
        key=press.key,
        link=live.link,
        request_id=press.request_id,
        request=press.request,
        sample_rate=sample_rate,
        seconds_left=seconds_left,
        live_version=live.hello.live_version,
        kept=kept.messages if kept is not None else (),
    )


def _begin_undo(state: State, now: float, press: Press, live: Live) -> tuple[State, SendToScript]:
    lives = [other.life for other in state.presses.values()]
    under_way = [life.step.request for life in lives if isinstance(life, TakingBack)]
    step = last_step(state.written, live.hello.instance, under_way)
    messages = (TakeBack(press.request_id, step.request),)
    press = press.become(TakingBack(live.link, live.hello, now, messages, step))
    return state.with_press(press), SendToScript(live.link, messages)


def cancel_press(state: State, now: float, session: Session, cancel: Cancel) -> Outcome:
    """Cancel a press if nothing was sent to Live yet; press 0 cancels all that began automatically."""
    if not cancel.press:
        return _cancel_arrivals(state, now, session)
    press = state.presses.get((session.number, cancel.press))
    if press is None:
        return state, []
    if press.sent_at is not None:
        sentence = "Too late to cancel: it is on its way into Live. Undo in Live takes it back."
        return state, [to_device(session, Told(cancel.press, Refusal.CANCELLED, sentence))]
    state, effects = fail_press(state, now, press.key, Refusal.CANCELLED, CANCELLED)
    return state, [StopWork(press.key), *effects]


def cancel_all(state: State, now: float, session: Session) -> tuple[State, int, list[Effect]]:
    """Cancel all presses of a device, and those that began automatically in its Live; also returns how many."""
    under_way, effects = len(state.presses), list[Effect]()
    for number, press in list(state.presses):
        if number == session.number:
            state, more = cancel_press(state, now, state.sessions[number], Cancel(number, press))
            effects += more
    state, more = _cancel_arrivals(state, now, state.sessions[session.number])
    return state, under_way - len(state.presses), [*effects, *more]


def _cancel_arrivals(state: State, now: float, session: Session) -> Outcome:
    """Cancel the presses that began automatically in the device's Live and were not sent there yet."""
    live = state.live_for(session)
    effects: list[Effect] = []
    for press in [press for press in state.presses.values() if not press.key[0] and press.sent_at is None]:
        if state.live_of(press) is live:
            state, more = fail_press(state, now, press.key, Refusal.CANCELLED, CANCELLED)
            effects += [StopWork(press.key), *more]
    return state, effects


def resume_presses(state: State, now: float, live: Live) -> Outcome:
    """Resume presses after a Live reconnected; end those whose Live was replaced by another.

    If a transaction was performed before the connection broke, the script answers it from memory, by its id.
    """
    effects: list[Effect] = []
    for press in [press for press in state.presses.values() if press.link not in state.lives]:
        session = state.sessions.get(press.key[0])
        if press.live is None:
            if session and state.live_for(session) is live:
                state, request = _begin(state, now, press, live)
                effects.append(request)
        elif press.live.instance == live.hello.instance:
            if isinstance(press.life, Dropping):
                state, more = on_dropped(state, now, press)
                effects += more
            elif isinstance(press.life, InLive | TakingBack):
                state = state.with_press(press.become(replace(press.life, link=live.link)))
                effects.append(SendToScript(live.link, press.life.messages))
        elif press.live.live_version == live.hello.live_version:
            sentence = (
                "Live was restarted or another set opened before it answered: "
                "look whether the clip is there, and press again if not."
            )
            state, more = fail_press(state, now, press.key, Refusal.LIVE_LOST, sentence)
            effects += [*more, StopWork(press.key)] if isinstance(press.request, LongRequest) else more
    return state, effects


def on_composed(state: State, event: Composed) -> Outcome:
    """Send a result to Live, and its sentences to the device. A press without edits ends here."""
    press = state.presses.get(event.key)
    if press is None:
        # The press has ended meanwhile: nothing will use these files.
        return state, [RemoveFiles(event.files)] if event.files else []
    told = [Told(press.number, 0, sentence) for sentence in event.notices]
    effects: list[Effect] = [to_device(session, each) for session in state.audience_of(press) for each in told]
    logged = f"{log_name(press)} has something to say of what was made."
    effects += [Report(sentence, warning=True, logged=logged) for sentence in event.notices]
    if event.messages:
        state, more = send_made(state, press, event)
    else:
        state, more = finish_press(state, ClipWritten(event.now, press.request_id, 0, -1, -1, event.name))
    return state, [*effects, *more]


def send_made(state: State, press: Press, made: Composed | Analyzed) -> Outcome:
    """Send the transaction of a press to its Live."""
    live = state.live_of(press)
    if live is None:
        sentence = "Live has gone; nothing was written. Press again when it is back."
        if isinstance(made, Composed) and made.stays:
            sentence = f"{sentence} {made.stays}"
        return fail_press(state, made.now, press.key, Refusal.LIVE_LOST, sentence)
    press = press.become(InLive(live.link, live.hello, press.kept, made))
    return state.with_press(press), [SendToScript(live.link, made.messages)]


def on_analyzed(state: State, event: Analyzed) -> Outcome:
    """Answer an analysis at once, or after Live has written it into the set."""
    press = state.presses.get(event.key)
    if press is None:
        return state, []
    if not event.messages:
        return report_found(state, event.now, press, event.found)
    return send_made(state, press, event)


def show_progress(state: State, event: Progressed) -> Outcome:
    """Send the progress of a long request to the device."""
    press = state.presses.get(event.key)
    if press is None:
        return state, []
    progress = Progress(press.number, event.fraction, event.sentence)
    return state, [to_device(session, progress) for session in state.audience_of(press)]


def poll_press(state: State, now: float, press: Press) -> Outcome:
    """Give up a press that takes too long, or tell its device once that it waits for Live."""
    if press.live is None:
        if now - state.started_at < SCRIPT_RETURNS_WITHIN:
            return state, []
        return fail_press(state, now, press.key, *_why_no_live(state, press))
    live = state.lives.get(press.link)
    # Long requests may take minutes and always end by themselves; Live's time counts from when something was sent.
    since = press.sent_at if isinstance(press.request, LongRequest) else press.arrived
    # An undo waits for a frozen Live without limit: given up, it would still run, and the next one would undo twice.
    waits_on = isinstance(press.life, TakingBack) and live is not None
    if since is not None and not waits_on and now - since > ANSWER_WITHIN + GRACE:
        if live is None:
            sentence = "Live went away before it answered: look whether the clip is there, and press again if not."
            return fail_press(state, now, press.key, Refusal.LIVE_LOST, sentence)
        sentence = f"Live did not answer within {ANSWER_WITHIN:.0f} s; nothing was written. Press again."
        return fail_press(state, now, press.key, Refusal.LIVE_BUSY, sentence)
    if live is None or press.told_busy or live.state(now) is not LiveState.BUSY:
        return state, []
    state = state.with_press(replace(press, told_busy=True))
    sentence = "Live is busy (is a menu or a dialog open?): it follows as soon as Live is free."
    told = Told(press.number, Refusal.LIVE_BUSY, sentence)
    return state, [to_device(session, told) for session in state.audience_of(press)]


def _why_no_live(state: State, press: Press) -> tuple[Refusal, str]:
    session = state.sessions.get(press.key[0])
    live = state.live_for(session) if session else None
    if isinstance(live, tuple):
        return live
    return Refusal.NO_LIVE, "Live came back too late for this press: press again."
