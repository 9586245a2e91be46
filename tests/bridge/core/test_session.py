"""A device's session: what waits for its acknowledgement, what was answered, and that nothing of it grows."""

from dataclasses import FrozenInstanceError

import pytest

from musearoo.bridge.core.events.incoming import Source
from musearoo.bridge.core.session import ANSWERS_KEPT, MOST_REPEATS, REPEAT_AFTER, SILENT_AFTER, Session
from musearoo.bridge.protocol import Failed, Hello, Refusal

HELLO = Hello("device-1", 25_000, 1, "12.3.6", "set", 48_000, 1)
SOURCE = Source("127.0.0.1", 50_000)


def a_session() -> Session:
    """A session that has just begun, at second 100."""
    return Session(7, SOURCE, HELLO, 100.0)


def failed(session: Session, press: int) -> Failed:
    """The next numbered answer of a session."""
    return Failed(session.next_number, press, Refusal.NO_LIVE, "no Live")


def answered(session: Session, *presses: int, now: float = 100.0) -> Session:
    """The session with these presses answered."""
    for press in presses:
        session = session.answered(failed(session, press), now)
    return session


def test_answers_are_numbered_from_one_without_gaps() -> None:
    session = answered(a_session(), 11, 12, 13)
    assert [out.message.number for out in session.outbox.values()] == [1, 2, 3]
    assert [answer.press for answer in session.answers.values()] == [11, 12, 13]


def test_an_acknowledged_answer_is_not_repeated_but_remembered() -> None:
    session = answered(a_session(), 11, 12).acknowledged(1)
    assert list(session.outbox) == [2]
    assert set(session.answers) == {11, 12}
    assert session.acknowledged(99).outbox == session.outbox


def test_an_answer_is_repeated_until_the_device_counts_as_deaf() -> None:
    session = answered(a_session(), 11)
    now, sent, given_up = 100.0, 0, 0
    while session.outbox:
        now += REPEAT_AFTER
        due = session.repeated(now)
        session = due.session
        sent += len(due.again)
        given_up += len(due.given_up)
    assert (sent, given_up) == (MOST_REPEATS, 1)
    assert now - 100.0 == pytest.approx((MOST_REPEATS + 1) * REPEAT_AFTER)


def test_nothing_is_repeated_before_its_time() -> None:
    session = answered(a_session(), 11)
    due = session.repeated(100.0 + REPEAT_AFTER * 0.9)
    assert due.session is session
    assert (due.again, due.given_up) == ((), ())


def test_each_answer_has_its_own_clock() -> None:
    session = answered(answered(a_session(), 11, now=100.0), 12, now=100.2)
    due = session.repeated(100.0 + REPEAT_AFTER)
    assert [getattr(message, "press", None) for message in due.again] == [11]


def test_only_the_latest_answers_are_remembered() -> None:
    session = answered(a_session(), *range(1, ANSWERS_KEPT + 11))
    assert list(session.answers) == list(range(11, ANSWERS_KEPT + 11))


def test_the_outbox_of_a_deaf_device_is_bounded() -> None:
    """A device that presses a thousand times within the 3 s before it is given up must not fill the memory."""
    assert len(answered(a_session(), *range(1, 1001)).outbox) <= ANSWERS_KEPT


def test_a_sign_of_life_breaks_the_silence() -> None:
    session = a_session()
    assert not session.is_silent(100.0 + SILENT_AFTER)
    assert session.is_silent(100.1 + SILENT_AFTER)
    assert not session.seen(120.0).is_silent(100.1 + SILENT_AFTER)


def test_a_second_hello_moves_the_session_and_keeps_what_is_under_way() -> None:
    moved = Hello("device-1", 25_001, 1, "12.3.6", "other set", 96_000, 2)
    session = answered(a_session(), 11).greeted(Source("127.0.0.1", 50_001), moved, 130.0)
    assert (session.number, session.source.port, session.hello, session.last_seen) == (7, 50_001, moved, 130.0)
    assert list(session.outbox) == [1]
    assert list(session.answers) == [11]


def test_a_session_never_changes_in_place() -> None:
    session = a_session()
    before = repr(session)
    later = answered(session, 11)
    later.acknowledged(1)
    later.repeated(200.0)
    later.seen(200.0)
    assert repr(session) == before
    with pytest.raises(FrozenInstanceError):
        session.number = 8  # type: ignore[misc]
