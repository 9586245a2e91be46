"""Self-test reports of devices: saved first, then answered; Live is not involved. Pure."""

from dataclasses import replace

from musearoo.bridge.core.announcements import to_device
from musearoo.bridge.core.events.effects import KeepSelfTest, Report
from musearoo.bridge.core.events.incoming import SelfTestKept
from musearoo.bridge.core.press_ends import refuse_press
from musearoo.bridge.core.session import Session
from musearoo.bridge.core.state import Outcome, State
from musearoo.bridge.protocol import Done, Got, Refusal, SelfTest
from musearoo.bridge.requests.self_test import check_live, describe_checks, read_checks


def on_self_test(state: State, now: float, session: Session, test: SelfTest) -> Outcome:
    """Have a device's self-test report saved for `musearoo doctor`; the answer follows when it is."""
    key, got = (session.number, test.press), to_device(session, Got(test.press))
    answer = session.answers.get(test.press)
    if answer is not None:
        return state, [got, to_device(session, answer)]
    if key in state.self_tests:
        return state, [got]
    checks = (*read_checks(test.results), check_live(state.live_state_for(session, now)))
    state = replace(state, self_tests={**state.self_tests, key: checks})
    return state, [got, KeepSelfTest(key, session.hello.live_version, checks), Report(describe_checks(checks))]


def answer_self_test(state: State, event: SelfTestKept) -> Outcome:
    """Answer a self-test whose report was saved, or could not be, with what works and what does not."""
    checks, session = state.self_tests.get(event.key), state.sessions.get(event.key[0])
    state = replace(state, self_tests={key: other for key, other in state.self_tests.items() if key != event.key})
    if checks is None or session is None:
        return state, []
    press, sentence = event.key[1], describe_checks(checks)
    if event.fault:
        # The reason first: the wire cuts long sentences at the end.
        sentence = f"The report could not be kept: {event.fault} {sentence}"
        return refuse_press(state, event.now, session, press, Refusal.ENGINE_FAILED, sentence)
    if not all(check.works for check in checks):
        return refuse_press(state, event.now, session, press, Refusal.UNSUPPORTED, sentence)
    done = Done(session.next_number, press, 0.0, 0.0, 0.0, 0, -1, -1, sentence)
    return state.with_session(session.answered(done, event.now)), [to_device(session, done)]
