"""One-time links on a real server: a token for whoever opens one first, and no more than its maker has."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.optional import require

require("fastapi", "sqlalchemy")

import httpx2 as httpx

from musearoo.bridge.api.access.accounts import require_user
from musearoo.bridge.store.database import open_database
from musearoo.bridge.store.upkeep.personal import delete_user
from tests.bridge.api.running import RunningServer, people


class Clocked(NamedTuple):
    """A server, and the file with the seconds by which its clock is wrong."""

    server: RunningServer
    clock: Path


@pytest.fixture(scope="module")
def clocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clocked]:
    folder = tmp_path_factory.mktemp("links")
    clock = folder / "clock"
    clock.write_text("0")
    with RunningServer(folder / "home", "--composers", "1", clock=clock) as server:
        yield Clocked(server, clock)


@pytest.fixture
def server(clocked: Clocked) -> RunningServer:
    return clocked.server


@pytest.fixture
def owner(server: RunningServer) -> Iterator[httpx.Client]:
    """The one user of the machine."""
    with server.client() as client:
        yield client


def make(client: httpx.Client, **body: Any) -> dict[str, Any]:
    answer = client.post("/links", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def open_link(server: RunningServer, code: str) -> httpx.Response:
    """Open a link as the page does: without a token, and with its own origin."""
    headers = {"origin": server.url, "sec-fetch-site": "same-origin"}
    with server.client("") as page:
        return page.post("/links/open", json={"code": code}, headers=headers)


def test_a_link_gives_a_token_once(server: RunningServer, owner: httpx.Client) -> None:
    link = make(owner)
    assert link["url"] == f"{server.url}/#open={link['code']}"
    assert 100 < link["expires"] - time.time() <= 120
    made = open_link(server, link["code"])
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    token = made.json()
    assert (token["name"], token["scopes"]) == ("page", ["make", "metrics"])
    assert token["expires"] - time.time() == pytest.approx(30 * 86_400, abs=60)
    with server.client(token["token"]) as page:
        assert sorted(page.get("/me").json()["scopes"]) == ["make", "metrics", "read"]
        assert page.post("/sessions", json={}).status_code == 201
        assert page.get("/users").status_code == 403
    again = open_link(server, link["code"])
    assert (again.status_code, again.json()["code"]) == (401, "unauthorized")
    assert "musearoo page" in again.json()["detail"]
    assert link["code"] not in server.log_text
    assert token["token"] not in server.log_text


def test_a_link_ends(clocked: Clocked, owner: httpx.Client) -> None:
    early, late = make(owner)["code"], make(owner)["code"]
    try:
        clocked.clock.write_text("110")
        assert open_link(clocked.server, early).status_code == 201
        clocked.clock.write_text("121")
        assert open_link(clocked.server, late).status_code == 401
        clocked.clock.write_text("0")
        assert open_link(clocked.server, late).status_code == 401, "it was forgotten"
    finally:
        clocked.clock.write_text("0")


def test_its_token_is_listed_by_name_and_can_be_revoked(server: RunningServer, owner: httpx.Client) -> None:
    token = open_link(server, make(owner, name="tablet", days=2)["code"]).json()
    listed = {each["id"]: each for each in owner.get("/tokens").json()["items"]}
    assert listed[token["id"]]["name"] == "tablet"
    with server.client(token["token"]) as page:
        assert page.get("/me").status_code == 200
        assert owner.delete(f"/tokens/{token['id']}").status_code == 204
        assert page.get("/me").status_code == 401


def test_a_link_lets_do_no_more_than_its_maker_may(server: RunningServer, owner: httpx.Client) -> None:
    with people(server, "ada") as clients:
        ada = clients["ada"]
        for scope in ("admin", "metrics"):
            refused = ada.post("/links", json={"scopes": [scope]})
            assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope"), scope
        token = open_link(server, make(ada)["code"]).json()
        assert token["scopes"] == ["make"]
        with server.client(token["token"]) as page:
            assert page.get("/me").json()["name"] == "ada"
    # An admin who asks for it gets it.
    assert open_link(server, make(owner, scopes=["admin"])["code"]).json()["scopes"] == ["admin"]
    reader = owner.post("/tokens", json={"name": "reader", "scopes": ["read"]}).json()["token"]
    with server.client(reader) as client:
        assert client.post("/links", json={}).status_code == 403
    with server.client("") as nobody:
        assert nobody.post("/links", json={}).status_code == 401


def test_its_token_ends_with_the_one_that_made_it(server: RunningServer, owner: httpx.Client) -> None:
    short = owner.post("/tokens", json={"name": "short", "scopes": ["make"], "days": 0.5}).json()
    with server.client(short["token"]) as client:
        token = open_link(server, make(client, days=10)["code"]).json()
    assert token["expires"] == pytest.approx(short["expires"])


def test_the_link_of_a_user_who_is_gone_opens_nothing(server: RunningServer) -> None:
    with people(server, "cleo") as clients:
        code = make(clients["cleo"])["code"]
        store = open_database(f"sqlite:///{server.home / 'musearoo.db'}", make=False)
        try:
            user = store.read_now(partial(require_user, name="cleo"))
            store.run_now(partial(delete_user, user=user.id))
        finally:
            store.close()
        answer = open_link(server, code)
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")


def test_other_sites_cannot_open_a_link(server: RunningServer, owner: httpx.Client) -> None:
    code = make(owner)["code"]
    body = f'{{"code": "{code}"}}'.encode()
    host = f"host: 127.0.0.1:{server.port}\ncontent-length: {len(body)}"
    for lines, status in (
        (f"{host}\ncontent-type: application/json\norigin: https://evil.example", 403),
        (f"{host}\ncontent-type: application/json\nsec-fetch-site: cross-site", 403),
        (f"{host}\ncontent-type: text/plain", 415),
        (f"{host}\ncontent-type: application/x-www-form-urlencoded", 415),
        (f"host: evil.example\ncontent-length: {len(body)}\ncontent-type: application/json", 421),
    ):
        assert server.ask(f"POST /api/v3/links/open HTTP/1.1\n{lines}", body).status == status, lines
    assert open_link(server, code).status_code == 201, "nothing of that has used it up"


def test_bad_bodies_are_refused_by_their_field(owner: httpx.Client) -> None:
    for path, body, field in (
        ("/links", {"name": ""}, "name"),
        ("/links", {"name": "x" * 81}, "name"),
        ("/links", {"days": 0}, "days"),
        ("/links", {"scopes": ["root"]}, "scopes"),
        ("/links/open", {}, "code"),
        ("/links/open", {"code": "x" * 129}, "code"),
        ("/links/open", {"code": 1}, "code"),
    ):
        answer = owner.post(path, json=body)
        assert answer.status_code == 422, (body, answer.text)
        assert field in answer.text, (body, answer.text)


def test_guessing_is_bounded_and_a_right_code_goes_on(tmp_path: Path) -> None:
    with RunningServer(tmp_path / "home", "--composers", "1") as server, server.client() as owner:
        code = make(owner)["code"]
        with server.client("") as guesser:
            guesses = [guesser.post("/links/open", json={"code": f"guess {n}"}).status_code for n in range(25)]
        assert guesses[:20] == [401] * 20
        assert guesses[-1] == 429
        assert open_link(server, code).status_code == 201
