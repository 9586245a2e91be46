"""Auditioned takes, the jam, and live MIDI as devices see it. Pure.

A take sounds until it is replaced, kept or dropped: in Live, as a clip in its own slot that is taken back unless it is
kept; or by MIDI, looped from the next bar on. When a device or a set has gone, its takes and its jam stop.
"""

from collections.abc import Sequence
from dataclasses import replace

from musearoo.bridge.core.announcements import announce, facts_of, to_device
from musearoo.bridge.core.events.effects import Effect, NoteDone
from musearoo.bridge.core.events.incoming import ClipWritten, Composed
from musearoo.bridge.core.events.midi import (
    AuditionTake,
    EndJam,
    FollowClocks,
    FollowLive,
    JamUnderWay,
    MidiRequest,
    MidiSeen,
    StopTake,
    Take,
    TakeSilenced,
    is_auditioned,
)
from musearoo.bridge.core.press_ends import fail_press, finish_press, refuse_press
from musearoo.bridge.core.press_life import InLive
from musearoo.bridge.core.presses import CANCELLED, on_composed, silence_take, start_press
from musearoo.bridge.core.session import Session
from musearoo.bridge.core.state import Live, Outcome, Press, State
from musearoo.bridge.live_set.writer import with_launches
from musearoo.bridge.protocol import (
    Audition,
    Done,
    Generate,
    Got,
    Keep,
    Launch,
    MidiState,
    PlayJam,
    Refine,
    Refusal,
    Told,
    Transaction,
    TransportState,
)
from musearoo.bridge.protocol.midi_process import ClockSource

USUAL_BPM = 120.0
"""Used when Live reports no tempo."""

NOTHING_TO_KEEP = "Nothing is heard that could be kept: switch Hear on, press an engine, then Keep what you like."
STILL_MAKING = "A take is still being made: hear it, then keep it."
IS_KEPT = "It stands in the set already."
IN_ANOTHER_SET = "What is heard was made for a set that is not open any more: press again."
ANOTHER_JAM = "Another device jams, and there is one player: end the jam there first."


# --- presses ---------------------------------------------------------------------------------------------------------


def on_play_along(state: State, now: float, session: Session, request: MidiRequest) -> Outcome:
    """Acknowledge a request to audition, keep or jam, and begin, answer or refuse it."""
    effects: list[Effect] = [to_device(session, Got(request.press))]
    if (session.number, request.press) in state.presses:
        return state, effects
    answer = session.answers.get(request.press)
    if answer is not None:
        return state, [*effects, to_device(session, answer)]
    return begin_play_along(state, now, session, request, now, effects)


def begin_play_along(
    state: State, now: float, session: Session, request: MidiRequest, arrived: float, effects: list[Effect]
) -> Outcome:
    """Begin, answer or refuse a request that was pressed or spoken at `arrived`, after `effects`.

    Its take or jam belongs to `request.session`; the session that asks may be another one.
    """
    refusal = _refusal(state, session, request)
    if refusal is not None:
        code, sentence = refusal
        return refuse_press(state, now, session, request.press, code, sentence, effects)
    match request:
        case Audition(on=0):
            return _drop(state, now, session, request, effects)
        case PlayJam(on=0):
            return _end_jam(state, now, session, request, effects)
        case Keep(bars=0) if (take := state.takes.get(request.session)) is not None and take.written:
            return _keep_in_live(state, now, session, request.press, take, effects)
    return start_press(state, now, session, request, arrived, effects)


def _refusal(state: State, session: Session, request: MidiRequest) -> tuple[Refusal, str] | None:
    """Why a request cannot begin, as far as that is known without the set; None if it can."""
    match request:
        case PlayJam() if state.jam is not None and state.jam.session != request.session:
            return Refusal.TOO_MANY, ANOTHER_JAM
        case Keep(bars=0):
            take, live = state.takes.get(request.session), state.live_for(session)
            under_way = list(state.presses.values())
            if any(is_auditioned(press.request) for press in under_way if press.request.session == request.session):
                return Refusal.TOO_MANY, STILL_MAKING
            if take is None:
                return Refusal.GONE, NOTHING_TO_KEEP
            if not take.messages:
                return Refusal.SLOT_FILLED, IS_KEPT
            if isinstance(live, Live) and live.hello.instance != take.instance:
                return Refusal.GONE, IN_ANOTHER_SET
            if any(press.kept == take for press in under_way):
                return Refusal.TOO_MANY, "It is on its way into the set already."
    return None


def _drop(state: State, now: float, session: Session, request: Audition, before: Sequence[Effect]) -> Outcome:
    take = state.takes.get(request.session)
    state = state.without_take(request.session)
    state, effects = (state, []) if take is None else silence_take(state, take)
    name = "Nothing was heard" if take is None else f"Dropped: {take.name}"
    return _answer(state, now, session, request.press, name, [*before, *effects])


def _keep_in_live(
    state: State, now: float, session: Session, press: int, take: Take, before: Sequence[Effect]
) -> Outcome:
    """Keep a take that sounds in Live: it stays where it is."""
    effects = [*before]
    if not isinstance(take.request, Audition):
        effects.append(
            NoteDone(
                instance=take.instance,
                session=take.session,
                request=take.request,
                request_id=take.written,
                name=take.name,
                track=take.track,
                scene=take.scene,
            )
        )
    return _answer(state.without_take(take.session), now, session, press, f"Kept: {take.name}", effects)


def _end_jam(state: State, now: float, session: Session, request: PlayJam, before: Sequence[Effect]) -> Outcome:
    effects: list[Effect] = [*before] if state.jam is None else [*before, EndJam(at_bar=True)]
    state = replace(state, jam=None)
    # A jam that still waits for Live must not begin after its end.
    waiting = [press for press in state.presses.values() if isinstance(press.request, PlayJam)]
    for press in [press for press in waiting if press.request.session == request.session]:
        state, more = fail_press(state, now, press.key, Refusal.CANCELLED, CANCELLED)
        effects += more
    return _answer(state, now, state.sessions[session.number], request.press, "Jam ended", effects)


def _answer(state: State, now: float, session: Session, press: int, name: str, before: Sequence[Effect]) -> Outcome:
    """Answer a press that wrote nothing, and update the devices."""
    done = Done(session.next_number, press, 0.0, 0.0, 0.0, 0, -1, -1, name)
    state = state.with_session(session.answered(done, now))
    state, shown = update_midi(state)
    return state, [*before, to_device(session, done), *shown]


def on_take_composed(state: State, event: Composed) -> Outcome:
    """Handle a composed preview or jam: start playback and complete its request."""
    press = state.presses.get(event.key)
    if press is None:
        return state, []
    if state.hears_in_live and not isinstance(press.request, PlayJam):
        return _send_on_trial(state, press, event)
    effects: list[Effect] = [
        to_device(session, Told(press.number, 0, sentence))
        for session in state.audience_of(press)
        for sentence in event.notices
    ]
    name, notes = event.name, sum(len(part.clip.notes) for part in event.parts)
    take = _take_of(press, event)
    if take is not None:
        name = f"Heard: {take.name}"
    if press.request.session not in state.sessions:
        # Its device has gone meanwhile.
        return state.without_press(event.key), [EndJam(at_bar=False)] if take is None else []
    if take is not None:
        state = state.with_take(take)
        effects.append(AuditionTake(take))
    elif isinstance(press.request, PlayJam) and press.live is not None:
        jam = JamUnderWay(press.request, press.request_id, press.link, press.live.instance)
        state = replace(state, jam=jam)
    state, ended = finish_press(state, ClipWritten(event.now, press.request_id, notes, -1, -1, name))
    state, shown = update_midi(state)
    return state, [*effects, *ended, *shown]


def _send_on_trial(state: State, press: Press, made: Composed) -> Outcome:
    """Write a take into its slot and launch it there."""
    messages = with_launches(made.messages)
    if made.clip:
        messages = (Transaction(press.request_id, 0.0), Launch(made.clip))
    return on_composed(state, replace(made, messages=messages))


def on_take_sounding(state: State, event: ClipWritten) -> Outcome:
    """Finish the press of a take that sounds in Live now."""
    press = state.press_of(event.request)
    if press is None or not isinstance(press.life, InLive) or not isinstance(press.life.made, Composed):
        return state, []
    take = _take_of(press, press.life.made)
    if take is None:
        return finish_press(state, event)
    take = replace(take, written=event.request, track=event.track, scene=event.scene)
    state, effects = finish_press(state, event, f"Heard: {take.name}")
    if take.session not in state.sessions:
        # Its device has gone meanwhile.
        state, more = silence_take(state, take)
        return state, [*effects, *more]
    state, shown = update_midi(state.with_take(take))
    return state, [*effects, *shown]


def _take_of(press: Press, event: Composed) -> Take | None:
    if not isinstance(press.request, Generate | Refine | Audition) or press.live is None:
        return None
    name = event.name or (event.parts[0].clip.name if event.parts else "")
    request, instance = press.request, press.live.instance
    return Take(
        session=request.session,
        press=press.key[1],
        name=name,
        parts=event.parts,
        messages=event.messages,
        instance=instance,
        request=request,
        at=event.now,
        recipe=event.recipe,
    )


def on_take_kept(state: State, event: ClipWritten) -> Outcome:
    """Finish a Keep: its take, which is in the set now, stops at the next bar."""
    press = state.press_of(event.request)
    take = press.kept if press is not None else None
    if take is None:
        return state, []
    # The script names the last clip of a band only.
    state, effects = finish_press(state, event, take.name)
    if state.takes.get(take.session) != take:
        return state, effects
    state, shown = update_midi(state.without_take(take.session))
    return state, [*effects, StopTake(take.session, at_bar=True), *shown]


# --- what comes and goes ---------------------------------------------------------------------------------------------


def on_take_silenced(state: State, event: TakeSilenced) -> Outcome:
    """Restart a take after the MIDI process was restarted."""
    take = state.takes.get(event.session)
    return state, [] if take is None or take.written else [AuditionTake(take)]


def stop_playing(state: State, session: int) -> Outcome:
    """Stop the take and the jam of a device that has gone."""
    effects: list[Effect] = []
    take = state.takes.get(session)
    if take is not None:
        state, effects = silence_take(state.without_take(session), take)
    if state.jam is not None and state.jam.session == session:
        state = replace(state, jam=None)
        effects.append(EndJam(at_bar=False))
    return state, effects


def on_live_lost(state: State, lost: Live) -> Outcome:
    """Stop the takes and end the jam of a Live that has gone; the takes can be kept when it is back."""
    effects: list[Effect] = [
        StopTake(take.session, at_bar=False)
        for take in state.takes.values()
        if take.instance == lost.hello.instance and not take.written
    ]
    if state.jam is not None and state.jam.instance == lost.hello.instance:
        session = state.sessions.get(state.jam.session)
        state = replace(state, jam=None)
        effects.append(EndJam(at_bar=False))
        if session is not None:
            sentence = "Live has gone, and the jam has ended: begin another when it is back."
            effects.append(to_device(session, Told(0, Refusal.LIVE_LOST, sentence)))
    state, shown = update_midi(state)
    return state, [*effects, *shown]


def resume_takes(state: State, live: Live) -> Outcome:
    """Play the takes of a Live again once it has sent its set."""
    takes = [take for take in state.takes.values() if take.instance == live.hello.instance and not take.written]
    return state, [AuditionTake(take) for take in takes]


# --- the clock -------------------------------------------------------------------------------------------------------


def on_transport(state: State, live: Live, transport: TransportState) -> Outcome:
    """Store a Live's transport; the clock follows that of the leading Live."""
    state = state.with_live(replace(live, transport=transport))
    if leading_live(state) != state.lives[live.link]:
        return state, []
    state, effects = choose_clock(state)
    return state, [FollowLive(transport), *effects]


def leading_live(state: State) -> Live | None:
    """The Live that the clock follows: that of the jam, else of the newest take, else the first that is ready."""
    numbers = [] if state.jam is None else [state.jam.session]
    numbers += reversed(list(state.takes))
    for session in (state.sessions.get(number) for number in numbers):
        live = state.live_for(session) if session is not None else None
        if isinstance(live, Live):
            return live
    return next((live for live in state.lives.values() if live.ready), None)


def choose_clock(state: State) -> Outcome:
    """Choose the clock source: by the settings, but takes, jams and endless music also play while Live is stopped."""
    live = leading_live(state)
    bpm = live.facts.tempo if live is not None and live.facts is not None else USUAL_BPM
    stands = live is not None and live.transport is not None and not live.transport.playing
    sources = state.clocks
    by_midi = any(not take.written for take in state.takes.values())
    by_midi = by_midi or (state.ambience is not None and state.ambience.out == "midi")
    if stands and (by_midi or state.jam is not None):
        sources = tuple(source for source in sources if source is not ClockSource.LIVE) or (ClockSource.OWN,)
    followed = FollowClocks(sources, bpm)
    if state.midi.problem or followed == state.followed:
        return state, []
    return replace(state, followed=followed), [followed]


# --- what devices see ------------------------------------------------------------------------------------------------


def on_midi_view(state: State, event: MidiSeen) -> Outcome:
    """Send the changed state of live MIDI to the devices, with the played chords if the set has none."""
    before, state = state.midi, replace(state, midi=event.view)
    effects: list[Effect] = []
    for live in state.lives.values():
        shown = live.state(event.now)
        if facts_of(live, shown, before) != facts_of(live, shown, event.view):
            effects += announce(state, live, shown)
    state, more = update_midi(state)
    return state, [*effects, *more]


def update_midi(state: State) -> Outcome:
    """Update the clock source, and send each device its MidiState if it changed."""
    state, effects = choose_clock(state)
    for session in list(state.sessions.values()):
        state, more = show_midi_if_new(state, session)
        effects += more
    return state, effects


def show_midi_if_new(state: State, session: Session) -> Outcome:
    """Send a device its MidiState if it changed; a client asks for it."""
    if session.is_client:
        return state, []
    return (state, []) if midi_state_of(state, session) == session.midi_shown else show_midi(state, session)


def show_midi(state: State, session: Session) -> Outcome:
    """Send a device its MidiState."""
    shown = midi_state_of(state, session)
    return state.with_session(replace(session, midi_shown=shown)), [to_device(session, shown)]


def midi_state_of(state: State, session: Session) -> MidiState:
    """The state of live MIDI for one device."""
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
