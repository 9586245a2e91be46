"""Presses that are answered at once, without Live: Talk, and the device's test of itself. Pure."""

from bridge.announcements import cut_sentence, to_device
from bridge.events import Effect, KeepSelfTest, Report
from bridge.presses import refuse_press
from bridge.self_test import check_live, describe_checks, read_checks
from bridge.session import Session
from bridge.state import Outcome, State
from bridge.wire import Done, Got, Refusal, SelfTest, Talk

HELD = 1
"""What Talk says when it was pressed just now."""

NO_EARS = "MuseAroo cannot hear speech yet: press a button, or write it into the prompt."


def take_talk(state: State, now: float, session: Session, talk: Talk) -> Outcome:
    """Talk is held or let go: acknowledged, and told once that nobody listens."""
    got = to_device(session, Got(talk.press))
    answer = session.answers.get(talk.press)
    if answer is not None:
        return state, [got]
    if talk.held != HELD:
        return state, [got]
    return refuse_press(state, now, session, talk.press, Refusal.UNSUPPORTED, NO_EARS, [got])


def take_self_test(state: State, now: float, session: Session, test: SelfTest) -> Outcome:
    """A device has tested itself: kept for `musearoo doctor`, and answered with what works and what does not."""
    effects: list[Effect] = [to_device(session, Got(test.press))]
    answer = session.answers.get(test.press)
    if answer is not None:
        return state, [*effects, to_device(session, answer)]
    checks = (*read_checks(test.results), check_live(state.live_state_for(session, now)))
    sentence = describe_checks(checks)
    effects += [KeepSelfTest(session.hello.live_version, checks), Report(sentence)]
    if not all(check.works for check in checks):
        return refuse_press(state, now, session, test.press, Refusal.UNSUPPORTED, sentence, effects)
    done = Done(session.next_number, test.press, 0.0, 0.0, 0.0, 0, -1, -1, cut_sentence(sentence))
    return state.with_session(session.answered(done, now)), [*effects, to_device(session, done)]
