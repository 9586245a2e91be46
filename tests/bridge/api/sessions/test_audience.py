"""A client's queue: results are kept, progress is coalesced, the slow are let go."""

from __future__ import annotations

import asyncio

from musearoo.bridge.api.sessions.audience import MOST_BYTES, MOST_QUEUED, Audience, Encoded, Listener
from musearoo.bridge.api.types.events import Joined, Judged, SessionClosed


def queued(listener: Listener) -> list[Encoded]:
    """What waits for a client."""
    return asyncio.run(listener.get())


def test_events_about_the_same_thing_replace_each_other_in_place() -> None:
    listener = Audience().join("ada", "1")
    for event in (Encoded(b"1", "a"), Encoded(b"result"), Encoded(b"2", "a"), Encoded(b"3", "b"), Encoded(b"4", "a")):
        listener.put(event)
    assert [event.body for event in queued(listener)] == [b"4", b"result", b"3"]
    assert listener.backlog == 0


def test_who_is_too_far_behind_is_lost_and_gets_nothing_more() -> None:
    for event, count in ((Encoded(b"x"), MOST_QUEUED + 1), (Encoded(bytes(MOST_BYTES // 2 + 1)), 2)):
        listener = Audience().join("ada", "1")
        for _ in range(count):
            listener.put(event)
        assert listener.is_lost
        assert queued(listener) == []
        listener.put(event)
        assert listener.backlog <= MOST_BYTES + len(event.body)


def test_who_wants_some_kinds_of_events_is_told_of_these_and_of_the_end() -> None:
    audience = Audience()
    some, none, every = (audience.join("ada", "1", kinds) for kinds in (("people", "job"), (), None))
    events = (Joined(names=()), Judged(take="x", value=1, by="ada"))
    for event in events:
        audience.tell(Encoded.of(event))
    audience.tell(Encoded(b"a set"))
    none.put(Encoded(b"an answer", is_frame=True))
    audience.tell(Encoded.of(SessionClosed(), is_last=True))
    kinds = [[event.kind for event in queued(each)] for each in (some, none, every)]
    assert kinds == [["people", "closed"], ["set", "closed"], ["people", "feedback", "set", "closed"]]


def test_everybody_is_told_and_named_once() -> None:
    audience = Audience()
    ada, also_ada, bob = audience.join("ada", "1"), audience.join("ada", "1"), audience.join("bob", "2")
    assert audience.names == ("ada", "bob")
    audience.tell(Encoded(b"x"))
    audience.dismiss("1", Encoded(b"bye", is_last=True))
    assert [[event.body for event in queued(each)] for each in (ada, also_ada, bob)] == [[b"x", b"bye"]] * 2 + [[b"x"]]
    audience.leave(bob)
    assert len(audience) == 2
    assert set(audience.names) == {"ada"}
