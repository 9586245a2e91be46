"""The life cycle of sentences: Talk held, recognised, interpreted, then performed as a press. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from musearoo.bridge.core.ambience import on_ambience
from musearoo.bridge.core.announcements import to_device
from musearoo.bridge.core.events.effects import (
    ArmMicrophone,
    DropSpeech,
    Effect,
    EndSpeech,
    PressKey,
    Report,
    StartSpeech,
    Understand,
)
from musearoo.bridge.core.events.incoming import (
    ByDevice,
    CancelAll,
    Declined,
    RecogniserReady,
    Reply,
    SpeechFailed,
    SpeechLevel,
    SpeechTranscribed,
    Suggested,
    Understood,
)
from musearoo.bridge.core.playing_along import begin_play_along
from musearoo.bridge.core.press_ends import refuse_press
from musearoo.bridge.core.presses import CANCELLED, cancel_all, start_press
from musearoo.bridge.core.session import Session
from musearoo.bridge.core.state import Live, Outcome, Sentence, State
from musearoo.bridge.core.talk_targets import addressed
from musearoo.bridge.protocol import (
    Answer,
    Arm,
    Audition,
    Got,
    Keep,
    Level,
    PlayAmbience,
    PlayJam,
    Please,
    Progress,
    Refusal,
    SayText,
    Talk,
    Told,
)

HELD, STILL_HELD, LET_GO = 1, 2, 0
"""Values of Talk: pressed now, still held, released."""

SIGN_WITHIN = 2.0
"""Seconds for which Talk counts as held after its last message: the device sends two a second."""

ARMED_FOR = 3.0
"""Seconds that the microphone stays open after a device asked for it; it asks every second."""

MUST_UNDERSTAND_WITHIN = 10.0
"""Seconds in which the recogniser must answer after Talk was released and it was loaded. It needs a tenth of one."""

MUST_LOAD_WITHIN = 70.0
"""Seconds after Talk was released in which the recogniser must be loaded: more than its own time limit."""

NOT_ANSWERED = "What was said could not be read in time: try again, or run musearoo doctor."
NOT_LOADED = (
    f"The recogniser was not loaded within {MUST_LOAD_WITHIN:g} s: what was said is forgotten. "
    "Try again, or run musearoo doctor."
)
GETTING_READY = "Getting ready to listen: what you say is recorded, and understood in a moment."
LISTENING = "Talk: listening … let go when you have said it."
UNDERSTANDING = "Talk: understanding …"

READY = "Talk is ready."
READY_NO_MORE = "Talk gets ready again."
"""Reports about the recogniser."""


def on_talk(state: State, now: float, session: Session, talk: Talk) -> Outcome:
    """Handle Talk: pressed, held or released."""
    key = (session.number, talk.press)
    got = to_device(session, Got(talk.press))
    answer = session.answers.get(talk.press)
    if answer is not None:
        return state, [got, to_device(session, answer)] if talk.held == HELD else [got]
    sentence = state.sentences.get(key)
    if sentence is None:
        is_new = talk.held == HELD and key not in state.presses
        return _begin(state, now, session, key) if is_new else (state, [got])
    if not sentence.is_held:
        return state, [got]
    if talk.held == LET_GO:
        return _close(state, now, sentence, [got])
    return state.with_sentence(replace(sentence, last_sign=now)), [got]


def on_text(state: State, now: float, session: Session, said: SayText) -> Outcome:
    """Interpret a typed sentence."""
    key = (session.number, said.press)
    got = to_device(session, Got(said.press))
    answer = session.answers.get(said.press)
    if answer is not None:
        return state, [got, to_device(session, answer)]
    if key in state.sentences or key in state.presses:
        return state, [got]
    state = state.with_sentence(Sentence(key, now, is_held=False, ended=now))
    return _understand(state, now, session, key, said.text, 1.0, [got])


def _begin(state: State, now: float, session: Session, key: PressKey) -> Outcome:
    effects: list[Effect] = [to_device(session, Got(key[1]))]
    for held in [sentence for sentence in state.sentences.values() if sentence.is_held]:
        if held.key[0] != session.number:
            sentence = "Another device is being spoken to, and there is one microphone: let go there, then talk here."
            return refuse_press(state, now, session, key[1], Refusal.TOO_MANY, sentence, effects)
        # The message of its release was lost.
        state, effects = _close(state, now, held, effects)
    if state.recogniser_ready_at is None:
        effects = [*effects, _tell_waiting(session, key, GETTING_READY)]
    return state.with_sentence(Sentence(key, now)), [*effects, StartSpeech(key)]


def _tell_waiting(session: Session, key: PressKey, sentence: str) -> Effect:
    """Show what a sentence waits for; its code keeps it out of the sentence's final messages."""
    return to_device(session, Told(key[1], Refusal.NOT_HEARD, sentence))


def _close(state: State, now: float, sentence: Sentence, before: Sequence[Effect]) -> Outcome:
    state = state.with_sentence(replace(sentence, is_held=False, ended=now))
    session = state.sessions.get(sentence.key[0])
    if session is not None and state.recogniser_ready_at is None:
        before = [*before, _tell_waiting(session, sentence.key, GETTING_READY)]
    return state, [*before, EndSpeech(sentence.key)]


def show_level(state: State, event: SpeechLevel) -> Outcome:
    """Send level and interim transcript to the device."""
    session = state.sessions.get(event.key[0])
    sentence = state.sentences.get(event.key)
    if session is None or sentence is None or not sentence.is_held:
        return state, []
    return state, [to_device(session, Level(event.key[1], event.level, event.words))]


def show_readiness(state: State, event: RecogniserReady) -> Outcome:
    """Show devices with an open sentence that the recogniser was loaded or lost."""
    was_ready = state.recogniser_ready_at is not None
    state = replace(state, recogniser_ready_at=event.now if event.is_ready else None)
    if event.is_ready == was_ready:
        return state, []
    effects: list[Effect] = []
    for sentence in state.sentences.values():
        session = state.sessions.get(sentence.key[0])
        if session is not None:
            going_on = LISTENING if sentence.is_held else UNDERSTANDING
            effects.append(_tell_waiting(session, sentence.key, going_on if event.is_ready else GETTING_READY))
    report = (event.fault or READY) if event.is_ready else READY_NO_MORE
    return state, [*effects, Report(report, warning=bool(event.fault))]


def on_speech(state: State, event: SpeechTranscribed) -> Outcome:
    """Show a transcript on its device, and have it interpreted in the device's set."""
    sentence, session = state.sentences.get(event.key), state.sessions.get(event.key[0])
    if sentence is None or session is None:
        return state.without_sentence(event.key), []
    ended = event.now - event.milliseconds / 1000.0
    state = state.with_sentence(replace(sentence, is_held=False, ended=ended))
    # The first Progress tells the device that listening is over, even if Talk is still held.
    shown = [Level(event.key[1], 0.0, event.text), Progress(event.key[1], 0.0, "")]
    sent = [to_device(session, message) for message in shown]
    return _understand(state, event.now, session, event.key, event.text, event.confidence, sent)


def _understand(
    state: State, now: float, session: Session, key: PressKey, text: str, confidence: float, before: Sequence[Effect]
) -> Outcome:
    live = state.live_for(session)
    if isinstance(live, Live):
        return state, [*before, Understand(key, live.link, live.hello.instance, text, confidence)]
    return refuse_press(state.without_sentence(key), now, session, key[1], *live, before)


def fail_speech(state: State, event: SpeechFailed) -> Outcome:
    """Nothing could be heard: the device is told why."""
    known = event.key in state.sentences
    session = state.sessions.get(event.key[0])
    state = state.without_sentence(event.key)
    if not known or session is None:
        return state, []
    return refuse_press(state, event.now, session, event.key[1], Refusal.NOT_HEARD, event.sentence)


def on_understood(state: State, event: Understood) -> Outcome:
    """What follows from a sentence: an answer in words, or what it asks for is begun as if it had been pressed."""
    sentence, session = state.sentences.get(event.key), state.sessions.get(event.key[0])
    state = state.without_sentence(event.key)
    if sentence is None or session is None:
        return state, []
    press = event.key[1]
    match addressed(state, session, event.verdict):
        case Reply(words, asks):
            return _answer(state, event, session, sentence, words, asks)
        case Declined(code, words):
            return refuse_press(state, event.now, session, press, code, words)
        case ByDevice(control, value, words):
            state, effects = _answer(state, event, session, sentence, words)
            return state, [to_device(session, Please(session.number, press, control, value)), *effects]
        case CancelAll():
            state, count, effects = cancel_all(state, event.now, session)
            words = f"Cancelled: {count} under way." if count else "Nothing is under way that could be cancelled."
            state, more = _answer(state, event, session, sentence, words)
            return state, [*effects, *more]
        case request:
            told: list[Effect] = []
            if event.sentence:
                told = [to_device(session, Told(press, 0, event.sentence))]
            if isinstance(request, PlayAmbience):
                return on_ambience(state, event.now, session, request, told)
            if isinstance(request, Audition | Keep | PlayJam):
                return begin_play_along(state, event.now, session, request, sentence.ended, told)
            return start_press(state, event.now, session, request, sentence.ended, told)


def _answer(
    state: State, event: Understood, session: Session, sentence: Sentence, words: str, asks: bool = False
) -> Outcome:
    took = (event.now - sentence.ended) * 1000.0
    number, text = session.next_number, event.text
    answer = Answer(number, event.key[1], max(0.0, took), int(asks), text, words)
    state = state.with_session(session.answered(answer, event.now))
    told = Report(f"“{text}”: {words}", logged=f"Sentence {event.key[1]} of session {session.number} was answered.")
    return state, [to_device(session, answer), told]


def suggest(state: State, event: Suggested) -> Outcome:
    """Send a hint of RooAroo."""
    session = state.sessions.get(event.session)
    if session is None:
        return state, []
    return state, [to_device(session, Told(0, 0, event.sentence))]


def cancel_sentence(state: State, now: float, session: Session, press: int) -> Outcome:
    """Cancel a sentence that has not been interpreted."""
    key = (session.number, press)
    state = state.without_sentence(key)
    return refuse_press(state, now, session, press, Refusal.CANCELLED, CANCELLED, [DropSpeech(key)])


def drop_sentences(state: State, session: int) -> Outcome:
    """Drop the sentences of a device that has gone."""
    keys = [key for key in state.sentences if key[0] == session]
    for key in keys:
        state = state.without_sentence(key)
    return state, [DropSpeech(key) for key in keys]


def poll_sentences(state: State, now: float) -> Outcome:
    """End sentences whose Talk is no longer reported as held, and give up those without an answer in time."""
    effects: list[Effect] = []
    for sentence in list(state.sentences.values()):
        if sentence.is_held and now - sentence.last_sign > SIGN_WITHIN:
            state, effects = _close(state, now, sentence, effects)
        elif not sentence.is_held and (late := _explain_lateness(state, now, sentence)):
            state, more = fail_speech(state, SpeechFailed(now, sentence.key, late))
            effects += [DropSpeech(sentence.key), *more]
    return state, effects


def _explain_lateness(state: State, now: float, sentence: Sentence) -> str:
    """Why a sentence is given up, or "" while there is time."""
    ready_at = state.recogniser_ready_at
    if ready_at is None:
        return NOT_LOADED if now - sentence.ended > MUST_LOAD_WITHIN else ""
    return NOT_ANSWERED if now - max(sentence.ended, ready_at) > MUST_UNDERSTAND_WITHIN else ""


def on_arm(state: State, now: float, session: Session, arm: Arm) -> Outcome:
    """Keep the microphone open for a device, or no longer."""
    state = state.with_session(replace(session, armed_until=now + ARMED_FOR if arm.on else 0.0))
    return poll_arming(state, now)


def poll_arming(state: State, now: float) -> Outcome:
    """Open or close the microphone as the devices want it."""
    is_armed = _is_armed(state.sessions, now)
    if is_armed == state.is_armed:
        return state, []
    return replace(state, is_armed=is_armed), [ArmMicrophone(is_armed)]


def _is_armed(sessions: Mapping[int, Session], now: float) -> bool:
    return any(session.armed_until > now for session in sessions.values())
