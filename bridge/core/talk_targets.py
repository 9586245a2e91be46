"""The take and the jam that a sentence refers to, and the session that its result belongs to. Pure.

Each device has its own take, but there is one musician: a sentence to another device, or from a terminal, refers to
the take that sounds. A new take belongs to the device that was spoken to; a terminal leaves at once, so its takes
belong to a device in the same Live.
"""

from __future__ import annotations

from dataclasses import replace

from musearoo.bridge.core.events.effects import PressKey
from musearoo.bridge.core.events.incoming import Verdict
from musearoo.bridge.core.events.midi import NO_OUTPUT, Take, is_auditioned
from musearoo.bridge.core.session import Session
from musearoo.bridge.core.state import Live, State
from musearoo.bridge.core.talk_actions import action_of
from musearoo.bridge.core.undo import last_step
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import Audition, Generate, Keep, PlayJam, Refine
from musearoo.engines.language.state.view import AuditionedTake, PlayAlongView


def play_along_of(state: State, key: PressKey, live: Live, mirror: SetMirror) -> PlayAlongView:
    """The state of playing along in a Live, for a sentence of a session."""
    session = state.sessions.get(key[0])
    if session is None:
        return PlayAlongView()
    instance = live.hello.instance
    take = state.takes.get(take_session(state, session))
    heard = None
    if take is not None and take.instance == instance:
        # An auditioned clip of the set cannot be kept: it is there already.
        request = take.request
        action = None if isinstance(request, Audition) or not take.messages else action_of(request, mirror)
        heard = AuditionedTake(name=take.name, action=action, at=take.at)
    jam = state.jam if state.jam is not None and state.jam.instance == instance else None
    mine = [press for number, press in state.presses.items() if number[0] == session.number]
    written = last_step(state.written, instance)
    return PlayAlongView(
        problem=state.midi.problem,
        silent=NO_OUTPUT if state.midi.sentence == NO_OUTPUT else "",
        has_input=state.midi.input > 0,
        played=state.midi.played,
        audition=heard,
        is_making=any(is_auditioned(press.request) for press in mine),
        jams=jam is not None,
        jam_bars=jam.request.bars if jam is not None else 0,
        ambience_at=state.ambience.at if state.ambience is not None else None,
        under_way=len(mine),
        is_passing=session.is_terminal and listening_session(state, session) == session.number,
        written=written.request,
        written_name=written.name,
    )


def take_session(state: State, session: Session) -> int:
    """The session whose take a sentence keeps, drops or replaces."""
    live = state.live_for(session)
    if session.number in state.takes or not isinstance(live, Live):
        return session.number
    there = [take.session for take in state.takes.values() if take.instance == live.hello.instance]
    return there[-1] if there else listening_session(state, session)


def listening_session(state: State, session: Session) -> int:
    """The session of a new take: the one that was spoken to, or for a terminal a device in the same Live."""
    live = state.live_for(session)
    if not session.is_terminal or not isinstance(live, Live):
        return session.number
    others = (other for other in state.sessions.values() if not other.is_terminal)
    return next((other.number for other in others if state.live_for(other) is live), session.number)


def jam_session(state: State, session: Session) -> int:
    """The session whose jam a sentence begins, changes or ends."""
    live, jam = state.live_for(session), state.jam
    if jam is not None and isinstance(live, Live) and jam.instance == live.hello.instance:
        return jam.session
    return listening_session(state, session)


def addressed(state: State, session: Session, request: Verdict) -> Verdict:
    """A verdict with the session that its take or jam belongs to."""
    match request:
        case PlayJam():
            number = jam_session(state, session)
        case Keep(bars=0) | Audition(on=0):
            number = take_session(state, session)
        case Generate(hear=1) | Refine(hear=1) if _is_swap(state.takes.get(take_session(state, session)), request):
            number = take_session(state, session)
        case Generate(hear=1) | Refine(hear=1) | Audition():
            number = listening_session(state, session)
        case _:
            return request
    return replace(request, session=number)


def _is_swap(take: Take | None, request: Generate | Refine) -> bool:
    """Whether a request replaces the auditioned take: the same engines, or another change of a clip."""
    match take.request if take is not None else None, request:
        case Generate(engine=one), Generate(engine=other):
            return one == other
        case Refine(), Refine():
            return True
    return False
