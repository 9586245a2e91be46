"""The conductor: event in, new state and effects out. `conduct` is pure; shells perform the effects."""

from dataclasses import replace

from musearoo.bridge.core.ambience import end_ambience_of, on_ambience, on_ambience_seen, on_ambience_set
from musearoo.bridge.core.announcements import announce, announce_analysis, announce_effort, to_device
from musearoo.bridge.core.events.ambience import AmbienceSeen, AmbienceSet
from musearoo.bridge.core.events.effects import CloseClient, Effect, Report, SendToDevice, WatchSets
from musearoo.bridge.core.events.incoming import (
    Analyzed,
    ClientLost,
    ClientMessageReceived,
    ClipAnalyzed,
    ClipArrived,
    ClipWritten,
    Composed,
    DeviceMessageReceived,
    EffectFailed,
    EffortChanged,
    Event,
    HarmonyFound,
    IncompatibleHelloReceived,
    NotComposed,
    Progressed,
    RecogniserReady,
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
)
from musearoo.bridge.core.events.midi import MidiSeen, TakeSilenced
from musearoo.bridge.core.failed_effects import fail_effect
from musearoo.bridge.core.greeting import (
    count_stranger,
    greet,
    on_client_message,
    refuse_version,
    report_strangers,
    silent_clients,
)
from musearoo.bridge.core.live_connections import admit, on_harmony, on_script_report, refuse_stranger, show_busy
from musearoo.bridge.core.playing_along import (
    on_live_lost,
    on_midi_view,
    on_play_along,
    on_take_composed,
    on_take_kept,
    on_take_silenced,
    on_take_sounding,
    on_transport,
    resume_takes,
    show_midi,
    stop_playing,
)
from musearoo.bridge.core.press_ends import fail_press, finish_press, refuse_press
from musearoo.bridge.core.presses import (
    cancel_press,
    on_analyzed,
    on_clip_arrived,
    on_composed,
    on_dropped,
    on_press,
    poll_press,
    resume_presses,
    show_progress,
)
from musearoo.bridge.core.self_test import answer_self_test, on_self_test
from musearoo.bridge.core.session import Session
from musearoo.bridge.core.state import Outcome, State
from musearoo.bridge.core.talk import (
    cancel_sentence,
    drop_sentences,
    fail_speech,
    on_arm,
    on_speech,
    on_talk,
    on_text,
    on_understood,
    poll_arming,
    poll_sentences,
    show_level,
    show_readiness,
    suggest,
)
from musearoo.bridge.protocol import (
    Analyze,
    ApiAct,
    ApiChange,
    ApiEdit,
    Arm,
    AskMidi,
    Audition,
    AutoSplit,
    Beat,
    BeatBack,
    BringBack,
    Bye,
    Cancel,
    DeviceGot,
    Dials,
    Error,
    Failed,
    Generate,
    Hello,
    Imagine,
    Keep,
    KeepVersion,
    Listen,
    LiveState,
    Mix,
    PlayAmbience,
    PlayJam,
    Refine,
    Refusal,
    SayText,
    ScriptHello,
    SelfTest,
    SetReady,
    Split,
    Talk,
    Told,
    TransportState,
    Undo,
    WriteSong,
)
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.requests.adjust_data import read_request
from musearoo.bridge.requests.refusing import RequestError

_IN_A_SESSION = (
    Bye
    | Beat
    | Generate
    | Dials
    | Refine
    | WriteSong
    | Mix
    | Analyze
    | Split
    | Imagine
    | Listen
    | Audition
    | Keep
    | PlayJam
    | PlayAmbience
    | KeepVersion
    | BringBack
    | AskMidi
    | Undo
    | Talk
    | SayText
    | Arm
    | SelfTest
    | AutoSplit
    | Cancel
    | DeviceGot
)


def conduct(state: State, event: Event) -> Outcome:
    """The state after `event`, and the effects in order."""
    match event:
        case DeviceMessageReceived(now, source, message):
            return _on_device_message(state, now, source, message)
        case IncompatibleHelloReceived():
            return refuse_version(state, event)
        case UnknownPacketReceived():
            return count_stranger(state)
        case ScriptMessageReceived(now, link, message):
            return _on_script_message(state, now, link, message)
        case ScriptLost(_, link):
            return _on_script_lost(state, link)
        case ClientMessageReceived(now, link, (ApiAct() | ApiChange() | ApiEdit()) as asked):
            return _on_act(state, now, link, asked)
        case ClientMessageReceived(now, link, message):
            return on_client_message(state, now, link, message)
        case ClientLost(_, link):
            return _end_client(state, link)
        case Composed() if state.is_played_first(event.key):
            return on_take_composed(state, event)
        case Composed():
            return on_composed(state, event)
        case NotComposed(now, key, code, sentence):
            return fail_press(state, now, key, code, sentence)
        case Analyzed():
            return on_analyzed(state, event)
        case ClipArrived():
            return on_clip_arrived(state, event)
        case ClipAnalyzed():
            return state, announce_analysis(state, event)
        case EffortChanged():
            return state, announce_effort(state, event)
        case HarmonyFound():
            return on_harmony(state, event)
        case Progressed():
            return show_progress(state, event)
        case RecogniserReady():
            return show_readiness(state, event)
        case SpeechLevel():
            return show_level(state, event)
        case SpeechTranscribed():
            return on_speech(state, event)
        case SpeechFailed():
            return fail_speech(state, event)
        case Understood():
            return on_understood(state, event)
        case Suggested():
            return suggest(state, event)
        case SelfTestKept():
            return answer_self_test(state, event)
        case ClipWritten() if (press := state.press_after(event.request)) is not None:
            return on_dropped(state, event.now, press)
        case ClipWritten() if state.is_heard_in_live(event.request):
            return on_take_sounding(state, event)
        case ClipWritten() if state.is_take_kept_by(event.request):
            return on_take_kept(state, event)
        case ClipWritten():
            return finish_press(state, event)
        case AmbienceSet():
            return on_ambience_set(state, event)
        case AmbienceSeen():
            return on_ambience_seen(state, event)
        case MidiSeen():
            return on_midi_view(state, event)
        case TakeSilenced():
            return on_take_silenced(state, event)
        case EffectFailed():
            return fail_effect(state, event)
        case Ticked(now):
            return _ticked(state, now)


# --- devices ---------------------------------------------------------------------------------------------------------


def _on_device_message(state: State, now: float, source: Source, message: Message) -> Outcome:
    if source.client and source.client not in state.clients:
        # It was given up, and its connection is being closed.
        return state, []
    if isinstance(message, Hello):
        return greet(state, now, source, message)
    if not isinstance(message, _IN_A_SESSION):
        return count_stranger(state)
    session = state.sessions.get(message.session)
    if session is None or session.source != source:
        if source.client:
            return _refuse_ended(state, source, message.session, getattr(message, "press", 0))
        # Also a device of an earlier run: it gets no answer, so it sends a hello.
        return count_stranger(state)
    session = session.seen(now)
    state = state.with_session(session)
    match message:
        case Generate() | Refine() | WriteSong() | Mix() | Analyze() | Split() | Imagine() | Listen() | Undo():
            return on_press(state, now, session, message)
        case KeepVersion() | BringBack():
            return on_press(state, now, session, message)
        case Dials():
            return state.with_session(replace(session, dials=message)), []
        case Audition() | Keep() | PlayJam():
            return on_play_along(state, now, session, message)
        case PlayAmbience():
            return on_ambience(state, now, session, message)
        case AskMidi():
            return show_midi(state, session)
        case Talk():
            return on_talk(state, now, session, message)
        case SayText():
            return on_text(state, now, session, message)
        case Arm():
            return on_arm(state, now, session, message)
        case SelfTest():
            return on_self_test(state, now, session, message)
        case AutoSplit():
            return state.with_session(replace(session, mark=message if message.on else None)), []
        case Cancel() if (session.number, message.press) in state.sentences:
            return cancel_sentence(state, now, session, message.press)
        case Cancel():
            return cancel_press(state, now, session, message)
        case DeviceGot():
            return state.with_session(session.acknowledged(message.number)), []
        case Beat():
            live = state.live_state_for(session, now)
            return state, [to_device(session, BeatBack(session.number, live))]
        case Bye():
            state, faded = end_ambience_of(state, session.number)
            state, ended = _end_session(state, session, f"Device {session.hello.instance} said good-bye.")
            return state, [*faded, *ended]


def _end_session(state: State, session: Session, sentence: str) -> Outcome:
    """End the session of a device that has gone."""
    state, effects = drop_sentences(state, session.number)
    state, silenced = stop_playing(state, session.number)
    told = [] if session.is_client else [Report(sentence)]
    return state.without_session(session.number), [*effects, *silenced, *told]


def _end_client(state: State, link: int) -> Outcome:
    """End the sessions of a client that has gone."""
    client = state.clients.get(link)
    if client is None:
        return state, []
    effects: list[Effect] = [WatchSets(link, is_on=False)]
    mine = [session for session in state.sessions.values() if session.source.client == link]
    for session in mine:
        state, more = _end_session(state, session, "")
        effects += more
    ended = f"{len(mine)} session{'' if len(mine) == 1 else 's'} of it ended"
    told = Report(f"{client.hello.name} has gone: {ended}.", logged=f"Client {link} has gone: {ended}.")
    return state.without_client(link), [*effects, told]


def _on_act(state: State, now: float, link: int, asked: ApiAct | ApiChange | ApiEdit) -> Outcome:
    """Take what only clients ask for as a press of its session: adjustments, changes of several clips, edited notes."""
    source, session = Source.of_client(link), state.sessions.get(asked.session)
    if session is None or session.source != source:
        return _refuse_ended(state, source, asked.session, asked.press)
    session = session.seen(now)
    state = state.with_session(session)
    try:
        return on_press(state, now, session, read_request(asked))
    except RequestError as error:
        return refuse_press(state, now, session, asked.press, error.code, error.sentence, [])


def _refuse_ended(state: State, source: Source, session: int, press: int) -> Outcome:
    """Answer a client's press in a session that it does not have: it must not wait for ever."""
    if not press:
        return state, []
    failed = Failed(1, press, Refusal.UNKNOWN_SESSION, "This session has ended: open another.")
    return state, [SendToDevice(source.host, 0, failed, session)]


# --- Live ------------------------------------------------------------------------------------------------------------


def _on_script_message(state: State, now: float, link: int, message: Message) -> Outcome:
    if isinstance(message, ScriptHello):
        return admit(state, now, link, message)
    live = state.lives.get(link)
    if live is None:
        return refuse_stranger(state, link)
    state, effects = on_script_report(state, now, live, message)
    if isinstance(message, SetReady):
        state, more = resume_presses(state, now, state.lives[link])
        state, takes = resume_takes(state, state.lives[link])
        more += takes
    elif isinstance(message, TransportState):
        state, more = on_transport(state, state.lives[link], message)
    elif isinstance(message, Error):
        state, more = _script_error(state, now, message)
    else:
        more = []
    return state, effects + more


def _on_script_lost(state: State, link: int) -> Outcome:
    live = state.lives.get(link)
    if live is None:
        return state, []
    effects: list[Effect] = [Report(f"Live {live.hello.live_version} has gone.", warning=True)]
    effects += announce(state, live, LiveState.AWAY)
    state = state.without_live(link)
    for press in [p for p in state.presses.values() if p.link == link]:
        sentence = "Live has gone before it answered: MuseAroo waits for it to come back."
        session = state.sessions.get(press.key[0])
        if session and press.sent_at is not None:
            effects.append(to_device(session, Told(press.key[1], Refusal.LIVE_LOST, sentence)))
    state, silenced = on_live_lost(state, live)
    return state, [*effects, *silenced]


def _script_error(state: State, now: float, error: Error) -> Outcome:
    press = state.press_after(error.request)
    if press is not None:
        return on_dropped(state, now, press)
    press = state.press_of(error.request)
    code = Refusal(error.code) if error.code in set(Refusal) else Refusal.LIVE_ERROR
    if press is None:
        logged = f"Live refused a request: {code.name}."
        return state, [Report(f"Live refused a request: {error.sentence}", warning=True, logged=logged)]
    return fail_press(state, now, press.key, code, error.sentence)


# --- time ------------------------------------------------------------------------------------------------------------


def _ticked(state: State, now: float) -> Outcome:
    effects: list[Effect] = []
    for client in silent_clients(state, now):
        state, more = _end_client(state, client.link)
        effects += [*more, CloseClient(client.link)]
    for session in list(state.sessions.values()):
        if session.is_silent(now):
            state, more = _end_session(state, session, f"Device {session.hello.instance} is silent; its session ends.")
            effects += more
            continue
        due = session.repeated(now)
        if due.session is not session:
            state = state.with_session(due.session)
        effects += [to_device(session, message) for message in due.again]
        effects += [
            Report(f"Device {session.hello.instance} does not acknowledge {message.path}; its clip is not affected.")
            for message in due.given_up
        ]
    for look in (poll_sentences, poll_arming, show_busy, report_strangers):
        state, more = look(state, now)
        effects += more
    for press in list(state.presses.values()):
        state, more = poll_press(state, now, press)
        effects += more
    return state, effects
