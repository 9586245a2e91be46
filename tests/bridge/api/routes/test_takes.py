"""Takes by REST: lists in pages, notes, files, judgements; and the history of a session."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.optional import require

require("fastapi", "sqlalchemy")
import httpx2 as httpx

Make = Callable[..., str]


@pytest.fixture(scope="module")
def session(known: dict[str, httpx.Client]) -> str:
    """A session of Ada's with seven takes of five requests, of which Bob is an editor."""
    ada = known["ada"]
    id = str(ada.post("/sessions", json={"name": "Takes"}).json()["id"])
    for seed in range(3):
        ada.post(f"/sessions/{id}/generate/drummaroo", json={"seed": seed, "bars": 2})
    ada.post(f"/sessions/{id}/generate/bassaroo", json={"takes": 3, "seed": 9, "bars": 2})
    bob = known["bob"].get("/me").json()["name"]
    assert ada.put(f"/sessions/{id}/members/{bob}", json={"role": "editor"}).status_code == 200
    assert known["bob"].post(f"/sessions/{id}/generate/melodyroo", json={"seed": 4, "bars": 2}).status_code == 200
    return id


def test_takes_are_listed_in_pages_newest_first_without_notes(ada: httpx.Client, session: str) -> None:
    numbers, after = [], None
    for expected in (3, 3, 1):
        page = ada.get(f"/sessions/{session}/takes", params={"limit": 3, **({"after": after} if after else {})}).json()
        assert len(page["items"]) == expected
        numbers += [take["number"] for take in page["items"]]
        after = page["next"]
        assert all(take["notes"] == [] for take in page["items"])
    assert after is None
    assert numbers == [7, 6, 5, 4, 3, 2, 1]


def test_a_page_has_bounds(ada: httpx.Client, session: str) -> None:
    for query in ({"limit": 0}, {"limit": 201}, {"limit": "x"}, {"after": "x"}, {"after": -(2**70)}):
        answer = ada.get(f"/sessions/{session}/takes", params=query)
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_parameter"), query
    assert ada.get(f"/sessions/{session}/takes", params={"after": -1}).json()["items"] == []


def test_a_take_has_its_notes_and_an_etag(ada: httpx.Client, session: str) -> None:
    id = ada.get(f"/sessions/{session}/takes").json()["items"][0]["id"]
    first = ada.get(f"/takes/{id}")
    assert len(first.json()["notes"]) > 0
    assert all(0 <= pitch <= 127 and 1 <= velocity <= 127 for _, pitch, _, velocity in first.json()["notes"])
    assert ada.get(f"/takes/{id}", headers={"if-none-match": first.headers["etag"]}).status_code == 304


def test_a_judgement_is_everyones_own(known: dict[str, httpx.Client], session: str) -> None:
    ada, bob, eve = known["ada"], known["bob"], known["eve"]
    id = ada.get(f"/sessions/{session}/takes").json()["items"][1]["id"]
    assert ada.put(f"/takes/{id}/feedback", json={"value": 1}).json()["liked"] == 1
    assert bob.put(f"/takes/{id}/feedback", json={"value": -1}).json()["liked"] == -1
    assert [who.get(f"/takes/{id}").json()["liked"] for who in (ada, bob)] == [1, -1]
    listed = {take["id"]: take["liked"] for take in ada.get(f"/sessions/{session}/takes").json()["items"]}
    assert listed[id] == 1
    assert ada.put(f"/takes/{id}/feedback", json={"value": 0}).json()["liked"] == 0
    assert ada.put(f"/takes/{id}/feedback", json={"value": 0}).status_code == 200
    assert bob.get(f"/takes/{id}").json()["liked"] == -1
    for wrong in (2, 0.5, "1", None, True):
        assert ada.put(f"/takes/{id}/feedback", json={"value": wrong}).status_code == 422, wrong
    assert eve.put(f"/takes/{id}/feedback", json={"value": 1}).status_code == 404


def test_a_take_is_a_file_too(ada: httpx.Client, session: str) -> None:
    id = ada.get(f"/sessions/{session}/takes").json()["items"][0]["id"]
    midi, picture = ada.get(f"/takes/{id}/midi"), ada.get(f"/takes/{id}/piano-roll.png")
    assert midi.content.startswith(b"MThd")
    assert picture.content.startswith(b"\x89PNG")
    for answer in (midi, picture):
        assert "immutable" in answer.headers["cache-control"]
        again = ada.get(str(answer.url), headers={"if-none-match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_any_file_gives_ranges_and_its_head(ada: httpx.Client, session: str) -> None:
    id = ada.get(f"/sessions/{session}/takes").json()["items"][0]["id"]
    for path in (
        f"/takes/{id}/midi",
        f"/takes/{id}/piano-roll.png",
        f"/takes/{id}/audio?format=flac",
        f"/sessions/{session}/midi",
    ):
        whole = ada.get(path)
        size, etag = len(whole.content), whole.headers["etag"]
        head = ada.head(path)
        assert (head.status_code, head.content) == (200, b""), path
        for name in ("content-length", "etag", "content-type", "accept-ranges"):
            assert head.headers[name] == whole.headers[name], (path, name)
        for wanted, more, status, body in (
            ("bytes=1-9", {}, 206, whole.content[1:10]),
            ("bytes=-5", {}, 206, whole.content[-5:]),
            ("bytes=1-9", {"if-range": etag}, 206, whole.content[1:10]),
            ("bytes=1-9", {"if-range": '"x"'}, 200, whole.content),
            ("bytes=1-9", {"if-none-match": etag}, 304, b""),
        ):
            part = ada.get(path, headers={"range": wanted, **more})
            assert (part.status_code, part.content) == (status, body), (path, wanted, more)
        beyond = ada.get(path, headers={"range": f"bytes={size}-"})
        assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}"), path
        assert beyond.json()["code"] == "bad_range"


def test_the_history_says_who_did_what(known: dict[str, httpx.Client], session: str) -> None:
    bob = known["bob"]
    steps = bob.get(f"/sessions/{session}/history").json()["items"]
    assert [step["do"] for step in steps] == ["generate"] * 5
    me = bob.get("/me").json()
    assert steps[0]["user"] in (me["id"], me["name"])
    assert len({step["user"] for step in steps}) == 2
    assert (steps[0]["by"], len({step["by"] for step in steps})) == (me["name"], 2)
    takes = bob.get(f"/sessions/{session}/takes").json()["items"]
    assert [id for step in steps for id in reversed(step["takes"])] == [take["id"] for take in takes]
    page = bob.get(f"/sessions/{session}/history", params={"limit": 2}).json()
    rest = bob.get(f"/sessions/{session}/history", params={"limit": 200, "after": page["next"]}).json()
    assert [step["version"] for step in page["items"] + rest["items"]] == [5, 4, 3, 2, 1]
    assert rest["next"] is None
