"""Handle effects that failed: end the press or sentence that waits for them. Pure."""

from dataclasses import replace

from musearoo.bridge.core.ambience import on_ambience_set
from musearoo.bridge.core.announcements import to_device
from musearoo.bridge.core.events.ambience import AmbienceSet, SetAmbience
from musearoo.bridge.core.events.effects import (
    AnalyzeClip,
    Capture,
    Compose,
    DropSpeech,
    Effect,
    EndSpeech,
    ImagineLoops,
    RemoveFiles,
    SendToDevice,
    SendToScript,
    Separate,
    StartSpeech,
    Understand,
)
from musearoo.bridge.core.events.incoming import Composed, EffectFailed, SpeechFailed
from musearoo.bridge.core.events.midi import AuditionTake, BeginJam, KeepPlayed, StopTake, Take
from musearoo.bridge.core.events.versions import FetchVersion, StoreVersion
from musearoo.bridge.core.playing_along import update_midi
from musearoo.bridge.core.press_ends import fail_press, refuse_press
from musearoo.bridge.core.press_life import InLive
from musearoo.bridge.core.state import Outcome, State
from musearoo.bridge.core.talk import fail_speech
from musearoo.bridge.protocol import Answer, Done, Failed, Heard, Refusal, TakeBack, Told, Transaction

NOT_SHOWN = "It was done, but what came of it could not be told: the log says why. Look into the set."


def fail_effect(state: State, event: EffectFailed) -> Outcome:
    """End the press or sentence that waits for the effect; failures that nothing waits for are only logged."""
    match event.effect:
        case (
            Compose(key=key)
            | AnalyzeClip(key=key)
            | Separate(key=key)
            | ImagineLoops(key=key)
            | Capture(key=key)
            | KeepPlayed(key=key)
            | BeginJam(key=key)
            | StoreVersion(key=key)
            | FetchVersion(key=key)
        ):
            return fail_press(state, event.now, key, Refusal.ENGINE_FAILED, event.sentence)
        case SetAmbience(key=key):
            refusal = Refusal.ENGINE_FAILED, event.sentence
            return on_ambience_set(state, AmbienceSet(event.now, key, refusal=refusal))
        case SendToScript(messages=(Transaction(request=request) | TakeBack(request=request), *_)):
            return _fail_transaction(state, event, request)
        case SendToDevice() as sent:
            return _tell_otherwise(state, event.now, sent)
        case StartSpeech(key=key) | EndSpeech(key=key) | Understand(key=key):
            state, effects = fail_speech(state, SpeechFailed(event.now, key, event.sentence))
            return state, [*effects, DropSpeech(key)]
        case AuditionTake(take=take):
            return _drop_take(state, event, take)
        case _:
            return state, []


def _fail_transaction(state: State, event: EffectFailed, request: str) -> Outcome:
    """Fail a press whose transaction was never sent to Live, and remove the files made for it."""
    press = state.press_of(request)
    if press is None:
        return state, []
    removal: list[Effect] = []
    match press.life:
        case InLive(made=Composed(files=files) as made) if files:
            life = replace(press.life, made=replace(made, files=(), stays=""))
            state = state.with_press(press.become(life))
            removal.append(RemoveFiles(files))
    state, effects = fail_press(state, event.now, press.key, Refusal.ENGINE_FAILED, event.sentence)
    return state, [*removal, *effects]


def _tell_otherwise(state: State, now: float, sent: SendToDevice) -> Outcome:
    """Answer a press with a plain failure when its answer could not be sent, so that nothing is repeated forever."""
    answer = sent.message
    if not isinstance(answer, Done | Heard | Answer | Failed):
        return state, []
    holders = (each for each in state.sessions.values() if each.answers.get(answer.press) == answer)
    session = next(holders, None)
    if session is None:
        return state, []
    session = session.acknowledged(answer.number)
    state = state.with_session(session)
    if isinstance(answer, Failed):
        return state, []
    return refuse_press(state, now, session, answer.press, Refusal.ENGINE_FAILED, NOT_SHOWN)


def _drop_take(state: State, event: EffectFailed, take: Take) -> Outcome:
    """Drop a take that cannot be played: it cannot be kept either."""
    session = state.sessions.get(take.session)
    if session is None or state.takes.get(take.session) != take:
        return state, []
    told = Told(0, Refusal.ENGINE_FAILED, f"{take.name} cannot be heard. {event.sentence}")
    state, shown = update_midi(state.without_take(take.session))
    return state, [StopTake(take.session, at_bar=False), to_device(session, told), *shown]
