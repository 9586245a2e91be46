"""The end of presses: what the device, the log, the list of undo steps and the copilot are told. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from musearoo.bridge.core.announcements import to_device
from musearoo.bridge.core.events.effects import Effect, NoteDone, NoteFailed, NoteUndone, PressKey, Report
from musearoo.bridge.core.events.incoming import Analyzed, ClipWritten, Composed
from musearoo.bridge.core.events.midi import MidiRequest, is_auditioned
from musearoo.bridge.core.press_life import InLive, InWork, TakingBack
from musearoo.bridge.core.session import Session
from musearoo.bridge.core.sounds_report import describe_sounds, name_sounds
from musearoo.bridge.core.state import Outcome, Press, State
from musearoo.bridge.core.undo import Step, with_step, without_step
from musearoo.bridge.protocol import (
    Analyze,
    Audition,
    BringBack,
    Done,
    Failed,
    Heard,
    Imagine,
    Keep,
    KeepVersion,
    Listen,
    PlayJam,
    Refusal,
    Split,
    Told,
    Undo,
)
from musearoo.bridge.requests.adjust_data import WHAT_PLAYS, Adjust


def finish_press(state: State, event: ClipWritten, name: str | None = None) -> Outcome:
    """Answer a press that Live has performed; `name` replaces the name of its result."""
    press = state.press_of(event.request)
    if press is None:
        return state, []
    match press.life:
        case InLive(made=Analyzed(found=found)):
            state = _remember(state, press, "what was found in the clip")
            return report_found(state, event.now, press, replace(found, written=1))
        case InLive(made=Composed(name=made)) if name is None:
            name = made
    name = name or event.name
    state = _remember(state, press, name)
    noted = _note(press, event, name)
    audience = state.audience_of(press)
    state = state.without_press(press.key)
    # A Live that performed this press for an earlier run of the daemon answers before anything is composed again.
    sent_at = press.sent_at or event.now
    total, live = (event.now - press.arrived) * 1000, (event.now - sent_at) * 1000
    if isinstance(press.life, TakingBack):
        name = f"Undone: {press.life.step.name}"
    if isinstance(press.life, TakingBack) or isinstance(press.request, Adjust | KeepVersion):
        took = f" in {total:.0f} ms."
    elif isinstance(press.request, Split | Imagine | Listen | BringBack):
        took = f" in {total / 1000:.1f} s, {live:.0f} ms of them in Live."
    else:
        took = f": {event.notes} notes in {total:.0f} ms, {live:.0f} of them in Live."
    shown = [Told(press.number, 0, sentence) for sentence in describe_sounds(event.sounds)]
    noted += [to_device(session, each) for session in audience for each in shown]
    noted += [Report(each.sentence) for each in shown]
    name += name_sounds(event.sounds)
    told = Report(f"{name}{took}", logged=f"{log_name(press)} is done{took}")
    if not press.number:
        news = Told(0, 0, f"{name} in {total / 1000:.1f} s.")
        return state, [*(to_device(session, news) for session in audience), told, *noted]
    if not audience:
        return state, [told, *noted]
    (session,) = audience
    done = Done(
        number=session.next_number,
        press=press.key[1],
        milliseconds=total,
        composed_ms=total - live,
        live_ms=live,
        notes=event.notes,
        track=event.track,
        scene=event.scene,
        name=name,
    )
    return state.with_session(session.answered(done, event.now)), [to_device(session, done), told, *noted]


def report_found(state: State, now: float, press: Press, found: Heard) -> Outcome:
    """Answer a press with what was found in a clip."""
    session = state.sessions.get(press.key[0])
    state = state.without_press(press.key)
    total = (now - press.arrived) * 1000
    told = Report(f"{found.sentence} ({total:.0f} ms)", logged=f"{log_name(press)} is done in {total:.0f} ms.")
    noted = _note(press, ClipWritten(now, press.request_id, 0, -1, -1, ""), found.sentence)
    if session is None:
        return state, [told, *noted]
    heard = replace(found, number=session.next_number, press=press.key[1], milliseconds=total)
    return state.with_session(session.answered(heard, now)), [to_device(session, heard), told, *noted]


def fail_press(state: State, now: float, key: PressKey, code: Refusal, sentence: str) -> Outcome:
    """End a press without a result, and send its device the reason."""
    if key not in state.presses:
        # It has ended already: an engine may fail after the press was cancelled.
        return state, []
    press = state.presses[key]
    match press.life:
        case TakingBack() if code is Refusal.GONE:
            # Undone by hand, or forgotten by the script: the next Undo is for the transaction before.
            state = _remember(state, press, "")
        case InLive(made=Composed(stays=stays)) if stays:
            sentence = f"{sentence} {stays}"
    audience = state.audience_of(press)
    state = state.without_press(key)
    told = Report(sentence, warning=True, logged=f"{log_name(press)} failed: {code.name}.")
    noted: list[Effect] = []
    if press.live is not None and not isinstance(press.request, Undo | MidiRequest):
        noted.append(NoteFailed(press.live.instance, press.request))
    if not press.number:
        news = Told(0, code, sentence)
        return state, [*(to_device(session, news) for session in audience), told, *noted]
    if not audience:
        return state, [told, *noted]
    (session,) = audience
    return refuse_press(state, now, session, key[1], code, sentence, noted)


def refuse_press(
    state: State,
    now: float,
    session: Session,
    press: int,
    code: Refusal,
    sentence: str,
    before: Iterable[Effect] = (),
) -> Outcome:
    """Answer a press with a refusal, after the effects `before`."""
    failed = Failed(session.next_number, press, code, sentence)
    state = state.with_session(session.answered(failed, now))
    logged = f"Press {press} of session {session.number} failed: {code.name}."
    told = Report(f"Press {press} failed: {sentence}", warning=True, logged=logged)
    return state, [*before, to_device(session, failed), told]


def log_name(press: Press) -> str:
    """Return a press in the log: its numbers and the kind of its request, without the user's words."""
    return f"Press {press.key[1]} of session {press.key[0]} ({type(press.request).__name__})"


def _note(press: Press, event: ClipWritten, name: str) -> list[Effect]:
    """What the copilot remembers of a press that succeeded."""
    match press.life:
        case TakingBack(live=live, step=step):
            return [NoteUndone(live.instance, step.request)]
        case InLive() if is_auditioned(press.request):
            # Remembered when it is kept.
            return []
        case InLive(live=live):
            pass
        case InWork(live=live) if isinstance(press.request, Analyze | Listen):
            pass
        case _:
            return []
    request = press.kept.request if press.kept is not None else press.request
    if isinstance(request, Undo | Audition | Keep | PlayJam | BringBack):
        # RooAroo can repeat what engines made, but not what the player played, or what was there before.
        return []
    return [NoteDone(live.instance, press.key[0], request, press.request_id, name, event.track, event.scene)]


def _remember(state: State, press: Press, name: str) -> State:
    """The state with the transaction of a press added to the undo list; an Undo removes one."""
    match press.life:
        case TakingBack(live=live, step=step):
            heard = [take.session for take in state.takes.values() if take.written == step.request]
            for session in heard:
                state = state.without_take(session)
            return replace(state, written=without_step(state.written, live.instance, step.request))
        case InLive(live=live) if not (isinstance(press.request, Adjust) and press.request.action in WHAT_PLAYS):
            return replace(state, written=with_step(state.written, live.instance, Step(press.request_id, name)))
    return state
