"""Sessions by REST: made, listed, renamed, closed, resumed; and their sets, by version."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from tests.optional import require

require("fastapi", "sqlalchemy")
import httpx2 as httpx

Make = Callable[..., str]


def test_a_session_is_made_with_a_set_of_its_own(ada: httpx.Client) -> None:
    before = time.time()
    made = ada.post("/sessions", json={"name": "Night drive", "bpm": 104, "time_signature": "6/8", "key": "A minor"})
    assert made.status_code == 201
    state = made.json()
    assert made.headers["location"] == f"/api/v3/sessions/{state['id']}"
    assert before - 1 < state["made"] < time.time() + 1
    expected = {"name": "Night drive", "set": "own", "version": 0, "takes": 0, "role": "owner", "closed": None}
    assert {name: state[name] for name in expected} == expected
    song = ada.get(f"/sessions/{state['id']}/set").json()["song"]
    assert (song["bpm"], song["time_signature"], song["key"]) == (104.0, "6/8", "A minor")


def test_all_of_it_may_be_left_out(ada: httpx.Client) -> None:
    made = ada.post("/sessions")
    assert (made.status_code, made.json()["name"]) == (201, "Untitled")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"bpm": 19}, "bpm"),
        ({"bpm": 1_000}, "bpm"),
        ({"bpm": "fast"}, "bpm"),
        ({"bpm": True}, "bpm"),
        ({"time_signature": "4/5"}, "time_signature"),
        ({"time_signature": "0/4"}, "time_signature"),
        ({"key": "H dur"}, "key"),
        ({"name": "x" * 121}, "name"),
        ({"set": "other"}, "set"),
        ({"unknown": 1}, ""),
        ([], ""),
        ("text", ""),
    ],
)
def test_a_wrong_value_is_named(ada: httpx.Client, body: Any, field: str) -> None:
    answer = ada.post("/sessions", json=body)
    assert answer.status_code == 422, answer.text
    problem = answer.json()
    assert (problem["code"], problem.get("field", "")) == ("bad_parameter", field), problem
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["instance"] == "/api/v3/sessions"


def test_both_encodings_say_the_same(ada: httpx.Client) -> None:
    packed = ada.post(
        "/sessions",
        content=msgspec.msgpack.encode({"name": "packed"}),
        headers={"content-type": "application/msgpack", "accept": "application/msgpack"},
    )
    assert packed.headers["content-type"] == "application/msgpack"
    state = msgspec.msgpack.decode(packed.content)
    plain = ada.get(f"/sessions/{state['id']}").json()
    # The store keeps microseconds.
    assert state == {**plain, **{name: pytest.approx(plain[name], abs=1e-6) for name in ("made", "changed")}}


def test_sessions_are_listed_in_pages_newest_first(known: dict[str, httpx.Client]) -> None:
    eve = known["eve"]
    made = [eve.post("/sessions", json={"name": str(number)}).json()["id"] for number in range(7)]
    listed, after = [], None
    for expected in (3, 3, 1):
        page = eve.get("/sessions", params={"limit": 3, **({"after": after} if after else {})}).json()
        assert len(page["items"]) == expected
        listed += [item["id"] for item in page["items"]]
        after = page["next"]
    assert after is None
    # Ids of one millisecond sort by chance.
    assert sorted(listed) == sorted(made)
    assert listed == sorted(made, reverse=True)
    # A session that is made while one turns pages does not shift them.
    first = eve.get("/sessions", params={"limit": 3}).json()
    eve.post("/sessions")
    second = eve.get("/sessions", params={"limit": 3, "after": first["next"]}).json()
    assert not {item["id"] for item in first["items"]} & {item["id"] for item in second["items"]}


def test_a_session_is_renamed(ada: httpx.Client, make: Make) -> None:
    session = make(name="first")
    state = ada.patch(f"/sessions/{session}", json={"name": "second"}).json()
    assert (state["name"], state["version"]) == ("second", 0)
    assert ada.get(f"/sessions/{session}").json()["name"] == "second"
    patched = ada.patch(
        f"/sessions/{session}", content=b'{"name":"third"}', headers={"content-type": "application/merge-patch+json"}
    )
    assert patched.json()["name"] == "third"
    for wrong in ({"name": ""}, {}, {"name": None}, {"bpm": 100}):
        assert ada.patch(f"/sessions/{session}", json=wrong).status_code == 422, wrong


def test_a_closed_session_keeps_everything_and_makes_nothing(ada: httpx.Client, make: Make) -> None:
    session = make(name="done")
    take = ada.post(f"/sessions/{session}/generate/bassaroo", json={"seed": 1}).json()["takes"][0]["id"]
    closed = ada.post(f"/sessions/{session}/close").json()
    assert closed["closed"] is not None
    for method, path, body in (
        ("POST", "generate/bassaroo", {}),
        ("POST", "band", {}),
        ("POST", "undo", None),
        ("POST", "say", {"text": "drums"}),
        ("POST", "actions", {"intent": "tempo", "bpm": 90}),
        ("GET", "set", None),
        ("GET", "midi", None),
        ("PUT", "members/local", {"role": "editor"}),
    ):
        refused = ada.request(method, f"/sessions/{session}/{path}", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "closed"), path
        assert refused.json()["detail"] == "That session is closed: resume it first."
    # What was made is still to be seen, and judged.
    assert ada.get(f"/sessions/{session}").json()["takes"] == 1
    assert ada.get(f"/sessions/{session}/takes").json()["items"][0]["id"] == take
    assert len(ada.get(f"/sessions/{session}/history").json()["items"]) == 1
    assert ada.get(f"/sessions/{session}/members").status_code == 200
    assert ada.get(f"/takes/{take}").status_code == 200
    assert ada.put(f"/takes/{take}/feedback", json={"value": 1}).status_code == 200
    assert ada.post(f"/sessions/{session}/resume").json()["closed"] is None
    more = ada.post(f"/sessions/{session}/generate/drummaroo", json={}).json()
    assert more["version"] == 2
    assert ada.post(f"/sessions/{session}/undo").status_code == 200


def test_what_is_closed_twice_stays_closed(ada: httpx.Client, make: Make) -> None:
    session = make()
    for _ in range(2):
        assert ada.post(f"/sessions/{session}/close").status_code == 200
    for _ in range(2):
        assert ada.post(f"/sessions/{session}/resume").status_code == 200


def test_an_etag_spares_the_answer(ada: httpx.Client, make: Make) -> None:
    session = make()
    for path in (
        f"/sessions/{session}",
        f"/sessions/{session}/set",
        f"/sessions/{session}/takes",
        f"/sessions/{session}/history",
        f"/sessions/{session}/members",
        "/sessions",
        "/jobs",
        "/me",
        "/preferences",
        "/styles",
        "/engines",
    ):
        first = ada.get(path)
        etag = first.headers["etag"]
        for header, status in (
            (etag, 304),
            (f"W/{etag}", 304),
            (f'"x", {etag}', 304),
            ("*", 304),
            ('"x"', 200),
            (etag.strip('"'), 200),
            ("", 200),
        ):
            again = ada.get(path, headers={"if-none-match": header})
            assert again.status_code == status, (path, header)
            assert again.headers["etag"] == etag
            assert status != 304 or again.content == b""
        assert "private" in first.headers["cache-control"]
    etag = ada.get(f"/sessions/{session}/set").headers["etag"]
    ada.post(f"/sessions/{session}/generate/bassaroo", json={})
    changed = ada.get(f"/sessions/{session}/set", headers={"if-none-match": etag})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"1"')


def test_a_change_may_be_asked_for_at_a_version(ada: httpx.Client, make: Make) -> None:
    session = make()
    path = f"/sessions/{session}/generate/bassaroo"
    done = ada.post(path, json={"seed": 1}, headers={"if-match": '"0"'})
    assert (done.status_code, done.headers["etag"]) == (200, '"1"')
    stale = ada.post(path, json={"seed": 1}, headers={"if-match": '"0"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "conflict")
    assert "The set is at version 1" in stale.json()["detail"]
    stale = ada.post(path, json={"seed": 1, "version": 0})
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    for header in ('W/"1"', '"2"', "*"):
        version = ada.get(f"/sessions/{session}").json()["version"]
        answer = ada.post(path, json={"seed": 1}, headers={"if-match": header})
        assert answer.status_code == (200 if header in ("*", f'"{version}"', f'W/"{version}"') else 412), header
    assert ada.post(f"/sessions/{session}/undo", json={"version": 0}).status_code == 409
    assert ada.post(f"/sessions/{session}/undo", headers={"if-match": '"0"'}).status_code == 412
    # With nothing to do again, it is not the precondition that failed.
    version = ada.get(f"/sessions/{session}").json()["version"]
    assert ada.post(f"/sessions/{session}/redo", headers={"if-match": f'"{version}"'}).status_code == 409


def test_everything_that_changes_a_set_heeds_the_version(ada: httpx.Client, make: Make) -> None:
    session = make()
    ada.post(f"/sessions/{session}/generate/bassaroo", json={"seed": 1}).raise_for_status()
    for path, body in (
        ("say", {"text": "drums"}),
        ("split", {"backend": "dsp"}),
        ("imagine", {"backend": "sketch"}),
        ("render", {}),
        ("analyze", {"track": 1, "scene": 1}),
        ("mix", {}),
    ):
        stale = ada.post(f"/sessions/{session}/{path}", json=body, headers={"if-match": '"0"'})
        assert (stale.status_code, stale.json()["code"]) == (412, "conflict"), path
        assert "The set is at version 1" in stale.json()["detail"], path
        if path != "render":
            stale = ada.post(f"/sessions/{session}/{path}", json={**body, "version": 0})
            assert (stale.status_code, stale.json()["code"]) == (409, "conflict"), path
    file = {"if-match": '"0"', "content-type": "audio/wav"}
    stale = ada.post(f"/sessions/{session}/analyze?place=true", content=b"RIFF", headers=file)
    assert stale.status_code == 412
    assert ada.get(f"/sessions/{session}").json()["version"] == 1


def test_a_set_is_seen_as_it_is(ada: httpx.Client, make: Make) -> None:
    session = make(bpm=92)
    ada.post(f"/sessions/{session}/band", json={"style": "funk"})
    seen = ada.get(f"/sessions/{session}/set").json()
    assert (seen["whole"], seen["version"]) == (True, 1)
    assert {clip["track"] for clip in seen["clips"]} <= {track["id"] for track in seen["tracks"]}
    assert [scene["number"] for scene in seen["scenes"]] == list(range(1, len(seen["scenes"]) + 1))
    assert all(clip["notes"] > 0 for clip in seen["clips"])
    midi = ada.get(f"/sessions/{session}/midi")
    assert midi.content.startswith(b"MThd")


def test_there_is_no_session_of_that_id(ada: httpx.Client) -> None:
    for id in ("0" * 32, "x", "%00", "a%20b", "'"):
        assert ada.get(f"/sessions/{id}").status_code in (404, 422), id


def test_a_path_that_there_is_not_says_where_to_look(ada: httpx.Client) -> None:
    missing = ada.get("/session")
    assert (missing.status_code, missing.json()["code"]) == (404, "not_found")
    assert "/docs" in missing.json()["detail"]
    wrong = ada.delete("/sessions")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert wrong.headers["allow"] == "GET, HEAD, POST"
    assert ada.get("/sessions/").status_code == 404
