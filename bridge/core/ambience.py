"""Endless music of the daemon: begun, steered and ended by presses, one for all devices. Pure.

A press is answered as soon as it plays; what happens afterwards (no sound card, a player that died) is shown on every
device.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from musearoo.bridge.core.announcements import to_device
from musearoo.bridge.core.events.ambience import AmbienceSeen, AmbienceSet, AmbienceUnderWay, EndAmbience, SetAmbience
from musearoo.bridge.core.events.effects import Effect
from musearoo.bridge.core.playing_along import update_midi
from musearoo.bridge.core.press_ends import refuse_press
from musearoo.bridge.core.session import Session
from musearoo.bridge.core.state import Live, Outcome, State
from musearoo.bridge.protocol import Done, Got, PlayAmbience


def on_ambience(
    state: State, now: float, session: Session, request: PlayAmbience, before: Sequence[Effect] = ()
) -> Outcome:
    """Acknowledge a press for endless music, and have it begun or steered; or end it and answer."""
    key = session.number, request.press
    effects: list[Effect] = [*before, to_device(session, Got(request.press))]
    if key in state.ambience_asked:
        return state, effects
    if (answer := session.answers.get(request.press)) is not None:
        return state, [*effects, to_device(session, answer)]
    if not request.on:
        plays = state.ambience is not None or bool(state.ambience_asked)
        name = "Ambience fades out" if plays else "No ambience plays"
        state, ended = _end(state) if plays else (state, [])
        return _answer(state, now, session, request.press, name, [*effects, *ended])
    live = state.live_for(session)
    follows = live.hello.instance if request.follow and isinstance(live, Live) else ""
    if not follows:
        # Nothing is claimed that is not done: without a Live there is no set to follow.
        request = replace(request, follow=min(0, request.follow))
    state = replace(state, ambience_asked=state.ambience_asked | {key})
    return state, [*effects, SetAmbience(key, request, follows)]


def on_ambience_set(state: State, event: AmbienceSet) -> Outcome:
    """Answer the press that began or steered endless music."""
    state = replace(state, ambience_asked=state.ambience_asked - {event.key})
    session = state.sessions.get(event.key[0])
    if event.refusal is not None:
        if session is None:
            return state, []
        code, sentence = event.refusal
        return refuse_press(state, event.now, session, event.key[1], code, sentence)
    before = state.ambience
    if session is None:
        # Its device has gone meanwhile.
        return _end(state) if before is None else (state, [])
    owner = session.number
    if session.is_terminal or session.is_client:
        # It leaves at once: what it began plays on.
        owner = before.session if before is not None else 0
    state = replace(state, ambience=AmbienceUnderWay(owner, event.preset, event.out, event.now))
    return _answer(state, event.now, session, event.key[1], event.name, [])


def end_ambience_of(state: State, session: int) -> Outcome:
    """End the endless music of a device that has said good-bye. That of one that is merely silent goes on."""
    if state.ambience is None or state.ambience.session != session:
        return state, []
    return _end(state)


def on_ambience_seen(state: State, event: AmbienceSeen) -> Outcome:
    """Show on every device how endless music goes."""
    effects: list[Effect] = []
    if not event.shown.on and state.ambience is not None:
        state, effects = update_midi(replace(state, ambience=None))
    state = replace(state, ambience_shown=event.shown if event.shown.on else None)
    devices = (session for session in state.sessions.values() if not session.is_client)
    return state, [*effects, *(to_device(session, event.shown) for session in devices)]


def _end(state: State) -> Outcome:
    state, effects = update_midi(replace(state, ambience=None))
    return state, [EndAmbience(), *effects]


def _answer(state: State, now: float, session: Session, press: int, name: str, before: Sequence[Effect]) -> Outcome:
    done = Done(session.next_number, press, 0.0, 0.0, 0.0, 0, -1, -1, name)
    state, shown = update_midi(state.with_session(session.answered(done, now)))
    return state, [*before, to_device(session, done), *shown]
