"""Endless music of the daemon: begun, steered and ended by presses, one for all devices. Pure.

A press is answered at once; what happens afterwards (no sound card, a player that died) is shown on every device.
"""

from __future__ import annotations

from dataclasses import replace

from musearoo.bridge.core.ambience_events import AmbienceSeen, EndAmbience, SetAmbience
from musearoo.bridge.core.announcements import to_device
from musearoo.bridge.core.effects import Effect
from musearoo.bridge.core.session import Session
from musearoo.bridge.core.state import Live, Outcome, State
from musearoo.bridge.protocol import Done, Got, PlayAmbience

USUAL_PRESET = "drift"


def on_ambience(state: State, now: float, session: Session, request: PlayAmbience) -> Outcome:
    """Acknowledge a press for endless music, begin, steer or end it, and answer."""
    effects: list[Effect] = [to_device(session, Got(request.press))]
    if (answer := session.answers.get(request.press)) is not None:
        return state, [*effects, to_device(session, answer)]
    before = state.ambience
    if not request.on:
        name = "Ambience fades out" if before is not None else "No ambience plays"
        state = replace(state, ambience=None)
        ended: list[Effect] = [EndAmbience()] if before is not None else []
        return _answer(state, now, session, request.press, name, [*effects, *ended])
    live = state.live_for(session)
    request = replace(
        request,
        preset=request.preset or (before.preset if before is not None else USUAL_PRESET),
        out=request.out or (before.out if before is not None else ""),
        seed=request.seed if before is None or request.seed >= 0 else before.seed,
    )
    state = replace(state, ambience=request)
    follows = live.link if request.follow and isinstance(live, Live) else 0
    words = request.key if request.key else "the key of the set" if follows else ""
    name = f"Ambience: {request.preset.replace('_', ' ')}{' in ' + words if words else ''}"
    return _answer(state, now, session, request.press, name, [*effects, SetAmbience(request, follows)])


def end_ambience_of(state: State, session: int) -> Outcome:
    """End the endless music of a device that has said good-bye. That of one that is merely silent goes on."""
    if state.ambience is None or state.ambience.session != session:
        return state, []
    return replace(state, ambience=None), [EndAmbience()]


def on_ambience_seen(state: State, event: AmbienceSeen) -> Outcome:
    """Show on every device how endless music goes."""
    if not event.shown.on:
        state = replace(state, ambience=None)
    devices = (session for session in state.sessions.values() if not session.is_client)
    return state, [to_device(session, event.shown) for session in devices]


def _answer(state: State, now: float, session: Session, press: int, name: str, before: list[Effect]) -> Outcome:
    done = Done(session.next_number, press, 0.0, 0.0, 0.0, 0, -1, -1, name)
    state = state.with_session(session.answered(done, now))
    return state, [*before, to_device(session, done)]
