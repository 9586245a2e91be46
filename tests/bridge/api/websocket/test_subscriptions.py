"""Which events a client is sent, and what it is told of the time in which it was away."""

from __future__ import annotations

from typing import Any, get_args

from tests.optional import require

require("fastapi", "sqlalchemy")

from musearoo.bridge.api.types.events import AnyEvent
from musearoo.bridge.api.types.frames import EventName
from tests.bridge.api.running import RunningServer
from tests.bridge.api.websocket.live_line import LiveLine
from tests.bridge.api.websocket.test_connection import FUNK, new_session


def until_pong(line: LiveLine) -> list[str]:
    """The kinds of events that came before the answer to a ping."""
    line.send("ping", 900, None)
    line.until(lambda frame: frame[0] == "pong")
    kinds = [frame[2]["event"] for frame in line.passed if frame[0] == "event"]
    line.passed.clear()
    return kinds


def test_every_kind_of_event_but_the_last_can_be_left_out() -> None:
    kinds = {kind.__struct_config__.tag for kind in get_args(AnyEvent)}
    assert set(get_args(EventName)) == kinds - {"closed"}


def test_a_client_is_sent_the_events_that_it_wants(running: RunningServer) -> None:
    for is_text in (False, True):
        session = new_session(running)
        hears: dict[str, Any] = {"events": ["feedback"], "is_text": is_text}
        with LiveLine(running, session) as other, LiveLine(running, session, **hears) as line, running.client() as own:

            def play(line: LiveLine = line, other: LiveLine = other) -> list[str]:
                take = other.ask("do", FUNK)[2]["takes"][0]["id"]
                own.put(f"/takes/{take}/feedback", json={"value": 1}).raise_for_status()
                other.event("feedback")
                return until_pong(line)

            assert play() == ["feedback"]
            for asked, kinds in (({"events": ["set"]}, ["set"]), ({"events": []}, []), ({}, ["set", "feedback"])):
                assert line.ask("subscribe", asked) == ["subscribed", line.number, {"events": asked.get("events")}]
                assert play() == kinds, asked
            wrong = line.ask("subscribe", {"events": ["colour"]})
            assert (wrong[0], wrong[2]["code"], wrong[2]["field"]) == ("problem", "bad_parameter", "events[0]")
            assert play() == ["set", "feedback"], "it stays as it was"
            line.ask("subscribe", {"events": []})
            own.post(f"/sessions/{session}/close").raise_for_status()
            assert line.event("closed")["sentence"], "the end is told to everybody"


def test_who_comes_back_is_told_who_has_done_what(running: RunningServer) -> None:
    session = new_session(running)
    with LiveLine(running, session) as line:
        assert line.welcome[2]["feed"] == []
        line.ask("do", FUNK)
    with running.client() as client:
        made = client.post(f"/sessions/{session}/band", json={"bars": 1, "scene": 0}).json()
        client.post(f"/sessions/{session}/undo").raise_for_status()
        history = client.get(f"/sessions/{session}/history").json()["items"]
    with LiveLine(running, session, since=1) as line:
        feed = line.welcome[2]["feed"]
    assert [(step["version"], step["do"], step["by"], step["undone"]) for step in feed] == [
        (2, "band", "local", True),
        (3, "undo", "local", False),
    ]
    assert [step["takes"] for step in feed] == [[take["id"] for take in made["takes"]], []]
    assert list(reversed(feed)) == history[:2], "as the history says it"
    for since in (3, 77):
        with LiveLine(running, session, since=since) as line:
            assert line.welcome[2]["feed"] == [], since


def test_of_too_much_that_was_missed_the_newest_is_told(running: RunningServer) -> None:
    session = new_session(running)
    with LiveLine(running, session) as line:
        for number in range(60):
            line.ask("do", {"do": "act", "intent": "tempo", "bpm": 100 + number})
    with LiveLine(running, session, since=2) as line:
        assert [step["version"] for step in line.welcome[2]["feed"]] == list(range(11, 61))
