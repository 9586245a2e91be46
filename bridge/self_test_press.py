"""The press by which a device tells what it found when it tested itself: answered at once, without Live. Pure."""

from bridge.announcements import to_device
from bridge.events import Effect, KeepSelfTest, Report
from bridge.presses import refuse_press
from bridge.self_test import check_live, describe_checks, read_checks
from bridge.session import Session
from bridge.state import Outcome, State
from bridge.wire import Done, Got, Refusal, SelfTest


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
    done = Done(session.next_number, test.press, 0.0, 0.0, 0.0, 0, -1, -1, sentence)
    return state.with_session(session.answered(done, now)), [*effects, to_device(session, done)]
