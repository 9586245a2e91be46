"""Who plays along, as a sentence sees it, and whose take, jam and ears it is about. Pure.

A device hears its own take, but there is one musician: a sentence that is said to another device, or typed in a
terminal, is about what sounds. What is new sounds for the device that was spoken to; a terminal leaves at once, and
what it asks for stays with a device in the same Live.
"""

from __future__ import annotations

from dataclasses import replace

from musearoo.bridge.core.effects import PressKey
from musearoo.bridge.core.events import Verdict
from musearoo.bridge.core.midi_events import Take, is_auditioned
from musearoo.bridge.core.session import Session
from musearoo.bridge.core.state import Live, State
from musearoo.bridge.core.talk_actions import deed_of
from musearoo.bridge.core.undo import last_step
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import Audition, Generate, Keep, PlayJam, Refine
from musearoo.engines.language.state.view import AuditionedTake, PlayAlongView


def along_of(state: State, key: PressKey, live: Live, mirror: SetMirror, no_output: str = "") -> PlayAlongView:
    """Who plays along in a Live, for who said a sentence to it.

    `no_output` is the sentence by which devices are told that there is no port to be heard at.
    """
    session = state.sessions.get(key[0])
    if session is None:
        return PlayAlongView()
    instance = live.hello.instance
    take = state.takes.get(owner_of_take(state, session))
    heard = None
    if take is not None and take.instance == instance:
        # Of a clip of the set there is nothing to keep.
        order = take.order
        deed = None if isinstance(order, Audition) or not take.messages else deed_of(order, mirror)
        heard = AuditionedTake(name=take.name, action=deed, at=take.at)
    jam = state.jam if state.jam is not None and state.jam.instance == instance else None
    mine = [press for number, press in state.presses.items() if number[0] == session.number]
    written = last_step(state.written, instance)
    return PlayAlongView(
        problem=state.midi.problem,
        silent=no_output if state.midi.sentence == no_output else "",
        has_input=state.midi.input > 0,
        played=state.midi.played,
        audition=heard,
        is_making=any(is_auditioned(press.order) for press in mine),
        jams=jam is not None,
        jam_bars=jam.order.bars if jam is not None else 0,
        under_way=len(mine),
        is_passing=session.is_terminal and hearer_of(state, session) == session.number,
        written=written.request,
        written_name=written.name,
    )


def owner_of_take(state: State, session: Session) -> int:
    """The session of the take that is kept, dropped or swapped by a sentence that was said to a session."""
    live = state.live_for(session)
    if session.number in state.takes or not isinstance(live, Live):
        return session.number
    there = [take.session for take in state.takes.values() if take.instance == live.hello.instance]
    return there[-1] if there else hearer_of(state, session)


def hearer_of(state: State, session: Session) -> int:
    """The session that hears what is new: the one that was spoken to, or for a terminal a device of the same Live."""
    live = state.live_for(session)
    if not session.is_terminal or not isinstance(live, Live):
        return session.number
    others = (other for other in state.sessions.values() if not other.is_terminal)
    return next((other.number for other in others if state.live_for(other) is live), session.number)


def player_of_jam(state: State, session: Session) -> int:
    """The session whose jam a sentence begins, changes or ends."""
    live, jam = state.live_for(session), state.jam
    if jam is not None and isinstance(live, Live) and jam.instance == live.hello.instance:
        return jam.session
    return hearer_of(state, session)


def addressed(state: State, session: Session, order: Verdict) -> Verdict:
    """What follows from a sentence that was said to a session, with the session whose take, jam or ears it is about."""
    match order:
        case PlayJam():
            number = player_of_jam(state, session)
        case Keep(bars=0) | Audition(on=0):
            number = owner_of_take(state, session)
        case Generate(hear=1) | Refine(hear=1) if _is_swap(state.takes.get(owner_of_take(state, session)), order):
            number = owner_of_take(state, session)
        case Generate(hear=1) | Refine(hear=1) | Audition():
            number = hearer_of(state, session)
        case _:
            return order
    return replace(order, session=number)


def _is_swap(take: Take | None, order: Generate | Refine) -> bool:
    """Whether what an order asks for takes the place of what is heard: the same parts, or the same clip, once more."""
    match take.order if take is not None else None, order:
        case Generate(engine=one), Generate(engine=other):
            return one == other
        case Refine(), Refine():
            return True
    return False
