"""What is heard before it is kept, the jam, and how live MIDI looks to the devices. Pure.

A take sounds from the next bar on, until another takes its place, it is kept, or it is dropped. Nothing that belongs to
a device or a set goes on sounding when that has gone.
"""

from collections.abc import Sequence
from dataclasses import replace

from musearoo.bridge.core.announcements import announce, facts_of, to_device
from musearoo.bridge.core.effects import Effect
from musearoo.bridge.core.events import ClipWritten, Composed
from musearoo.bridge.core.midi_events import (
    AuditionTake,
    EndJam,
    FollowClocks,
    FollowLive,
    JamUnderWay,
    MidiOrder,
    MidiSeen,
    StopTake,
    Take,
    TakeSilenced,
    is_auditioned,
)
from musearoo.bridge.core.presses import CANCELLED, fail_press, finish_press, refuse_press, start_press
from musearoo.bridge.core.session import Session
from musearoo.bridge.core.state import Live, Outcome, Press, State
from musearoo.bridge.protocol import (
    Audition,
    Done,
    Generate,
    Got,
    Keep,
    MidiState,
    PlayJam,
    Refine,
    Refusal,
    Told,
    TransportState,
)
from musearoo.bridge.protocol.midi_process import ClockSource

USUAL_BPM = 120.0
"""Where no Live tells one."""

NOTHING_HEARD = "Nothing is heard that could be kept: switch Hear on, press an engine, then Keep what you like."
NOT_HEARD_YET = "A take is still being made: hear it, then keep it."
IS_KEPT = "It stands in the set already."
IN_ANOTHER_SET = "What is heard was made for a set that is not open any more: press again."
ANOTHER_JAM = "Another device jams, and there is one player: end the jam there first."


# --- presses ---------------------------------------------------------------------------------------------------------


def take_play(state: State, now: float, session: Session, order: MidiOrder) -> Outcome:
    """A press about what is heard, was played or will be: acknowledged, and begun, answered or refused."""
    effects: list[Effect] = [to_device(session, Got(order.press))]
    if (session.number, order.press) in state.presses:
        return state, effects
    answer = session.answers.get(order.press)
    if answer is not None:
        return state, [*effects, to_device(session, answer)]
    return begin_play(state, now, session, order, now, effects)


def begin_play(
    state: State, now: float, session: Session, order: MidiOrder, arrived: float, effects: list[Effect]
) -> Outcome:
    """An order that was pressed, or said, at `arrived` is begun, answered or refused, after `effects`.

    The take or jam that it is about is that of the order's session, who asks for it may be another one.
    """
    refusal = _refusal(state, session, order)
    if refusal is not None:
        code, sentence = refusal
        return refuse_press(state, now, session, order.press, code, sentence, effects)
    match order:
        case Audition(on=0):
            return _drop(state, now, session, order, effects)
        case PlayJam(on=0):
            return _end_jam(state, now, session, order, effects)
    return start_press(state, now, session, order, arrived, effects)


def _refusal(state: State, session: Session, order: MidiOrder) -> tuple[Refusal, str] | None:
    """Why a press cannot be begun, as far as that can be told without the set."""
    match order:
        case PlayJam() if state.jam is not None and state.jam.session != order.session:
            return Refusal.TOO_MANY, ANOTHER_JAM
        case Keep(bars=0):
            take, live = state.takes.get(order.session), state.live_for(session)
            under_way = list(state.presses.values())
            if any(is_auditioned(press.order) for press in under_way if press.order.session == order.session):
                return Refusal.TOO_MANY, NOT_HEARD_YET
            if take is None:
                return Refusal.GONE, NOTHING_HEARD
            if not take.messages:
                return Refusal.SLOT_FILLED, IS_KEPT
            if isinstance(live, Live) and live.hello.instance != take.instance:
                return Refusal.GONE, IN_ANOTHER_SET
            if any(press.kept == take for press in under_way):
                return Refusal.TOO_MANY, "It is on its way into the set already."
    return None


def _drop(state: State, now: float, session: Session, order: Audition, before: Sequence[Effect]) -> Outcome:
    take = state.takes.get(order.session)
    state = state.without_take(order.session)
    effects: list[Effect] = [] if take is None else [StopTake(order.session, at_bar=False)]
    name = "Nothing was heard" if take is None else f"Dropped: {take.name}"
    return _answer(state, now, session, order.press, name, [*before, *effects])


def _end_jam(state: State, now: float, session: Session, order: PlayJam, before: Sequence[Effect]) -> Outcome:
    effects: list[Effect] = [*before] if state.jam is None else [*before, EndJam(at_bar=True)]
    state = replace(state, jam=None)
    # One that still waits for Live must not begin after it was ended.
    waiting = [press for press in state.presses.values() if isinstance(press.order, PlayJam)]
    for press in [press for press in waiting if press.order.session == order.session]:
        state, more = fail_press(state, now, press.key, Refusal.CANCELLED, CANCELLED)
        effects += more
    return _answer(state, now, state.sessions[session.number], order.press, "Jam ended", effects)


def _answer(state: State, now: float, session: Session, press: int, name: str, before: Sequence[Effect]) -> Outcome:
    """Ends a press that wrote nothing, and shows how things are now."""
    done = Done(session.next_number, press, 0.0, 0.0, 0.0, 0, -1, -1, name)
    state = state.with_session(session.answered(done, now))
    state, shown = look_at_midi(state)
    return state, [*before, to_device(session, done), *shown]


def take_made(state: State, event: Composed) -> Outcome:
    """What is to be heard first has been composed, or a jam has begun: it sounds, and its press ends."""
    press = state.presses.get(event.key)
    if press is None:
        return state, []
    effects: list[Effect] = [
        to_device(session, Told(press.number, 0, sentence))
        for session in state.audience_of(press)
        for sentence in event.notices
    ]
    name, notes = event.name, sum(len(part.clip.notes) for part in event.parts)
    take = _take_of(press, event)
    if take is not None:
        name = f"Heard: {take.name}"
    if press.order.session not in state.sessions:
        # Its device has gone meanwhile: nobody hears it.
        return state.without_press(event.key), [EndJam(at_bar=False)] if take is None else []
    if take is not None:
        state = state.with_take(take)
        effects.append(AuditionTake(take))
    elif isinstance(press.order, PlayJam) and press.live is not None:
        jam = JamUnderWay(press.order, press.request_id, press.link, press.live.instance)
        state = replace(state, jam=jam)
    state, ended = finish_press(state, ClipWritten(event.now, press.request_id, notes, -1, -1, name))
    state, shown = look_at_midi(state)
    return state, [*effects, *ended, *shown]


def _take_of(press: Press, event: Composed) -> Take | None:
    if not isinstance(press.order, Generate | Refine | Audition) or press.live is None:
        return None
    name = event.name or (event.parts[0].clip.name if event.parts else "")
    order, instance = press.order, press.live.instance
    return Take(order.session, press.key[1], name, event.parts, event.messages, instance, order, event.now)


def is_made_here(state: State, event: Composed) -> bool:
    """Whether what was composed is to be heard, or is a jam, and is not written yet."""
    press = state.presses.get(event.key)
    return press is not None and (is_auditioned(press.order) or isinstance(press.order, PlayJam))


def take_written(state: State, event: ClipWritten) -> Outcome:
    """Live has written: the press ends, and what was heard and is kept now falls silent at the next bar."""
    press = state.press_of(event.request)
    # Of a band's clips the last one's name would be told.
    name = press.kept.name if press is not None and press.kept is not None else None
    state, effects = finish_press(state, event, name)
    if press is None or press.kept is None or state.takes.get(press.kept.session) != press.kept:
        return state, effects
    state, shown = look_at_midi(state.without_take(press.kept.session))
    return state, [*effects, StopTake(press.kept.session, at_bar=True), *shown]


# --- what comes and goes ---------------------------------------------------------------------------------------------


def take_silenced(state: State, event: TakeSilenced) -> Outcome:
    """What played a take has ended by itself, and is there again: it sounds on."""
    take = state.takes.get(event.session)
    return state, [] if take is None else [AuditionTake(take)]


def drop_plays(state: State, session: int) -> Outcome:
    """A device has gone: what it heard, and its jam, end at once."""
    effects: list[Effect] = []
    if session in state.takes:
        state = state.without_take(session)
        effects.append(StopTake(session, at_bar=False))
    if state.jam is not None and state.jam.session == session:
        state = replace(state, jam=None)
        effects.append(EndJam(at_bar=False))
    return state, effects


def lose_live(state: State, lost: Live) -> Outcome:
    """A Live has gone: what was heard with it falls silent, and can still be kept when it is back; its jam ends."""
    effects: list[Effect] = [
        StopTake(take.session, at_bar=False) for take in state.takes.values() if take.instance == lost.hello.instance
    ]
    if state.jam is not None and state.jam.instance == lost.hello.instance:
        session = state.sessions.get(state.jam.session)
        state = replace(state, jam=None)
        effects.append(EndJam(at_bar=False))
        if session is not None:
            sentence = "Live has gone, and the jam has ended: begin another when it is back."
            effects.append(to_device(session, Told(0, Refusal.LIVE_LOST, sentence)))
    state, shown = look_at_midi(state)
    return state, [*effects, *shown]


def resume_takes(state: State, live: Live) -> Outcome:
    """A Live has told its set: what was heard with it before sounds again."""
    return state, [AuditionTake(take) for take in state.takes.values() if take.instance == live.hello.instance]


# --- the clock -------------------------------------------------------------------------------------------------------


def take_transport(state: State, live: Live, transport: TransportState) -> Outcome:
    """Where a Live's transport is: the beat follows that of the Live in which somebody plays along."""
    state = state.with_live(replace(live, transport=transport))
    if leading_live(state) != state.lives[live.link]:
        return state, []
    state, effects = look_at_clock(state)
    return state, [FollowLive(transport), *effects]


def leading_live(state: State) -> Live | None:
    """The Live that the beat follows: that of the jam, else of the newest take, else the first that is ready."""
    numbers = [] if state.jam is None else [state.jam.session]
    numbers += reversed(list(state.takes))
    for session in (state.sessions.get(number) for number in numbers):
        live = state.live_for(session) if session is not None else None
        if isinstance(live, Live):
            return live
    return next((live for live in state.lives.values() if live.ready), None)


def look_at_clock(state: State) -> Outcome:
    """Whom the beat follows: as the settings have it, but what is to be heard is heard while Live stands, too."""
    live = leading_live(state)
    bpm = live.facts.tempo if live is not None and live.facts is not None else USUAL_BPM
    stands = live is not None and live.transport is not None and not live.transport.playing
    sources = state.clocks
    if stands and (state.takes or state.jam is not None):
        sources = tuple(source for source in sources if source is not ClockSource.LIVE) or (ClockSource.OWN,)
    followed = FollowClocks(sources, bpm)
    if state.midi.problem or followed == state.followed:
        return state, []
    return replace(state, followed=followed), [followed]


# --- what devices see ------------------------------------------------------------------------------------------------


def take_view(state: State, event: MidiSeen) -> Outcome:
    """Live MIDI is otherwise: the devices see it, and the chords that are played where the set has none."""
    before, state = state.midi, replace(state, midi=event.view)
    effects: list[Effect] = []
    for live in state.lives.values():
        shown = live.state(event.now)
        if facts_of(live, shown, before) != facts_of(live, shown, event.view):
            effects += announce(state, live, shown)
    state, more = look_at_midi(state)
    return state, [*effects, *more]


def look_at_midi(state: State) -> Outcome:
    """Has the clock follow whom it should, and tells each device what it does not know yet."""
    state, effects = look_at_clock(state)
    for session in list(state.sessions.values()):
        state, more = tell_midi(state, session)
        effects += more
    return state, effects


def tell_midi(state: State, session: Session) -> Outcome:
    """Tells a device how live MIDI is, where it does not know."""
    return (state, []) if midi_state_of(state, session) == session.midi_shown else show_midi(state, session)


def show_midi(state: State, session: Session) -> Outcome:
    """Tells a device how live MIDI is, whether it knows or not."""
    shown = midi_state_of(state, session)
    return state.with_session(replace(session, midi_shown=shown)), [to_device(session, shown)]


def midi_state_of(state: State, session: Session) -> MidiState:
    """Live MIDI as a device sees it."""
    view, take = state.midi, state.takes.get(session.number)
    return MidiState(
        clock=view.clock,
        running=int(view.is_running),
        bpm=view.bpm,
        input=view.input,
        held=view.held,
        played=view.played,
        heard=take.name if take is not None else "",
        turn=0 if state.jam is None else max(1, view.turn),
        bar=0 if state.jam is None else view.bar,
        who="" if state.jam is None else view.who,
        sentence=view.problem or view.sentence,
    )
