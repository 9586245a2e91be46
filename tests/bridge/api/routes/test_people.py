"""Who may: roles in a session, scopes of tokens, users, logins, preferences; each rule in one table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.bridge.api.running import RunningServer
from tests.optional import require

require("fastapi", "sqlalchemy", "argon2")
import httpx2 as httpx

Make = Callable[..., str]
Known = dict[str, httpx.Client]

ROLES: tuple[tuple[str, str, dict[str, Any] | None, tuple[int, int, int, int]], ...] = (
    # Owner, editor, listener, and who is no member.
    ("GET", "", None, (200, 200, 200, 404)),
    ("GET", "/set", None, (200, 200, 200, 404)),
    ("GET", "/takes", None, (200, 200, 200, 404)),
    ("GET", "/history", None, (200, 200, 200, 404)),
    ("GET", "/members", None, (200, 200, 200, 404)),
    ("GET", "/midi", None, (200, 200, 200, 404)),
    ("POST", "/generate/bassaroo", {"bars": 1}, (200, 200, 403, 404)),
    ("POST", "/band", {"bars": 1, "scene": 0}, (200, 200, 403, 404)),
    ("POST", "/song", {"seconds": 15}, (200, 200, 403, 404)),
    ("POST", "/refine", {}, (200, 200, 403, 404)),
    ("POST", "/mix", {}, (200, 200, 403, 404)),
    ("POST", "/say", {"text": "undo"}, (200, 200, 403, 404)),
    ("POST", "/actions", {"intent": "tempo", "bpm": 100}, (200, 200, 403, 404)),
    ("POST", "/undo", None, (200, 200, 403, 404)),
    ("POST", "/redo", None, (200, 200, 403, 404)),
    ("PATCH", "", {"name": "x"}, (200, 403, 403, 404)),
    ("PUT", "/members/local", {"role": "listener"}, (200, 403, 403, 404)),
    ("DELETE", "/members/local", None, (204, 403, 403, 404)),
    ("POST", "/resume", None, (200, 403, 403, 404)),
    ("POST", "/close", None, (200, 403, 403, 404)),
)


def test_what_each_role_may(known: Known, make: Make) -> None:
    ada, bob, eve, local = (known[name] for name in ("ada", "bob", "eve", "local"))
    eve_name, bob_name = (who.get("/me").json()["name"] for who in (eve, bob))
    with httpx.Client(base_url=ada.base_url, headers=dict(local.headers)) as stranger:
        for method, path, body, expected in ROLES:
            session = make()
            for name, role in ((bob_name, "editor"), (eve_name, "listener")):
                ada.put(f"/sessions/{session}/members/{name}", json={"role": role})
            ada.post(f"/sessions/{session}/generate/drummaroo", json={"bars": 1})
            # Those who may less first, for the owner's may close it. A step to undo, and one to do again, for each.
            statuses = []
            for who in (stranger, eve, bob, ada):
                if path == "/redo":
                    ada.post(f"/sessions/{session}/undo")
                elif path in ("/undo", "/say"):
                    ada.post(f"/sessions/{session}/generate/drummaroo", json={"bars": 1})
                elif method == "DELETE":
                    ada.put(f"/sessions/{session}/members/local", json={"role": "listener"})
                    if who is stranger:
                        ada.delete(f"/sessions/{session}/members/local")
                statuses.append(who.request(method, f"/sessions/{session}{path}", json=body).status_code)
            assert tuple(reversed(statuses)) == expected, (method, path)


def test_members_come_go_and_change(known: Known, make: Make) -> None:
    ada, bob = known["ada"], known["bob"]
    name, mine = bob.get("/me").json()["name"], ada.get("/me").json()["name"]
    session = make()
    assert ada.get(f"/sessions/{session}/members").json()["items"] == [{"name": mine, "role": "owner"}]
    for role in ("listener", "editor", "listener"):
        assert ada.put(f"/sessions/{session}/members/{name}", json={"role": role}).json() == {
            "name": name,
            "role": role,
        }
        assert bob.get(f"/sessions/{session}").json()["role"] == role
    assert {"name": name, "role": "listener"} in ada.get(f"/sessions/{session}/members").json()["items"]
    # Members may leave by themselves, the owner may not.
    assert bob.delete(f"/sessions/{session}/members/{name}").status_code == 204
    assert bob.get(f"/sessions/{session}").status_code == 404
    for answer in (
        ada.delete(f"/sessions/{session}/members/{mine}"),
        ada.put(f"/sessions/{session}/members/{mine}", json={"role": "listener"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
        assert "keeps its owner" in answer.json()["detail"]
    assert ada.delete(f"/sessions/{session}/members/{name}").status_code == 404
    assert ada.put(f"/sessions/{session}/members/nobody", json={"role": "editor"}).status_code == 404
    for wrong in ("owner", "admin", "", None):
        assert ada.put(f"/sessions/{session}/members/{name}", json={"role": wrong}).status_code == 422, wrong


def test_a_shared_session_is_in_the_others_list(known: Known, make: Make) -> None:
    ada, bob = known["ada"], known["bob"]
    session = make(name="ours")
    assert session not in bob.get("/sessions").text
    ada.put(f"/sessions/{session}/members/{bob.get('/me').json()['name']}", json={"role": "editor"})
    assert session in bob.get("/sessions").text


def test_two_in_one_session_conflict_by_version(known: Known, make: Make) -> None:
    ada, bob = known["ada"], known["bob"]
    session = make()
    ada.put(f"/sessions/{session}/members/{bob.get('/me').json()['name']}", json={"role": "editor"})
    path = f"/sessions/{session}/generate/bassaroo"
    assert bob.post(path, json={"bars": 1, "version": 0}).json()["version"] == 1
    late = ada.post(path, json={"bars": 1, "version": 0})
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    assert "at version 1" in late.json()["detail"]
    assert ada.post(path, json={"bars": 1, "version": 1}).json()["version"] == 2
    # Undo takes back what was done last, whoever did it.
    assert bob.post(f"/sessions/{session}/undo").json()["version"] == 3


SCOPES: tuple[tuple[str, str, dict[str, Any] | None, set[str]], ...] = (
    # Which scopes suffice.
    ("GET", "/me", None, {"read", "make", "admin", "metrics"}),
    ("GET", "/sessions", None, {"read", "make", "admin"}),
    ("GET", "/styles", None, {"read", "make", "admin"}),
    ("GET", "/engines", None, {"read", "make", "admin"}),
    ("GET", "/preferences", None, {"read", "make", "admin"}),
    ("POST", "/sessions", {}, {"make", "admin"}),
    ("PUT", "/preferences/colour", {"value": "red"}, {"make", "admin"}),
    ("DELETE", "/preferences/colour", None, {"make", "admin"}),
    ("GET", "/tokens", None, {"make", "admin"}),
    ("GET", "/users", None, {"admin"}),
)


def test_what_each_scope_may(known: Known) -> None:
    local = known["local"]
    for scope in ("read", "make", "admin", "metrics"):
        made = local.post("/tokens", json={"name": scope, "scopes": [scope]}).json()
        headers = {"authorization": f"Bearer {made['token']}"}
        for method, path, body, enough in SCOPES:
            answer = local.request(method, path, json=body, headers=headers)
            assert (answer.status_code != 403) is (scope in enough), (scope, method, path)
            assert answer.status_code in (200, 201, 204, 403)
            if answer.status_code == 403:
                assert answer.json()["code"] == "missing_scope"
        metrics = httpx.get(f"{local.base_url.copy_with(path='/metrics')}", headers=headers)
        assert (metrics.status_code == 200) is (scope in ("metrics", "admin")), scope


def test_tokens_are_made_listed_and_revoked(ada: httpx.Client) -> None:
    made = ada.post("/tokens", json={"name": "phone", "days": 90}).json()
    assert made["scopes"] == ["make"]
    assert made["expires"] == pytest.approx(made["made"] + 90 * 86_400, abs=1)
    listed = ada.get("/tokens").json()["items"]
    assert made["token"] not in str(listed)
    assert made["id"] in {token["id"] for token in listed}
    headers = {"authorization": f"Bearer {made['token']}"}
    assert ada.get("/me", headers=headers).status_code == 200
    assert ada.delete(f"/tokens/{made['id']}").status_code == 204
    assert ada.get("/me", headers=headers).status_code == 401
    revoked = next(token for token in ada.get("/tokens").json()["items"] if token["id"] == made["id"])
    assert revoked["revoked"] is not None
    page = ada.get("/tokens", params={"limit": 1}).json()
    assert len(page["items"]) == 1
    assert page["next"] is not None
    for wrong in (
        {"name": ""},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["root"]},
        {"name": "x", "days": 0},
    ):
        assert ada.post("/tokens", json=wrong).status_code == 422, wrong


@pytest.fixture
def carol(running: RunningServer, known: Known) -> Iterator[httpx.Client]:
    """Carol, who has a password and a token for it."""
    known["local"].post("/users", json={"name": "carol", "password": "first password", "email": "carol@example.org"})
    made = known["local"].post("/login", json={"name": "carol", "password": "first password", "days": 1})
    with running.client(made.json()["token"]) as client:
        yield client


def test_a_user_logs_in_and_changes_the_password(running: RunningServer, carol: httpx.Client) -> None:
    me = carol.get("/me").json()
    assert (me["name"], me["has_password"], me["email"], me["scopes"]) == (
        "carol", True, "carol@example.org", ["make", "read"],
    )  # fmt: skip
    with running.client("") as nobody:
        for body, status in (
            ({"name": "carol", "password": "wrong password"}, 401),
            ({"name": "carol", "password": ""}, 401),
            ({"name": "local", "password": ""}, 401),
            ({"name": "nobody", "password": "first password"}, 401),
            ({"name": "carol"}, 422),
            ({"name": "carol", "password": "x" * 513}, 422),
            ({"name": "carol", "password": "first password", "days": 0}, 422),
        ):
            assert nobody.post("/login", json=body).status_code == status, body
        refused = carol.put("/me/password", json={"before": "wrong password", "password": "second password"})
        assert (refused.status_code, refused.json()["field"]) == (403, "before")
        short = carol.put("/me/password", json={"before": "first password", "password": "short"})
        assert (short.status_code, short.json()["field"]) == (422, "password")
        assert (
            carol.put("/me/password", json={"before": "first password", "password": "second password"}).status_code
            == 200
        )
        assert nobody.post("/login", json={"name": "carol", "password": "first password"}).status_code == 401
        again = nobody.post("/login", json={"name": "carol", "password": "second password", "days": 1})
        assert again.status_code == 201
        assert again.json()["expires"] == pytest.approx(again.json()["made"] + 86_400, abs=1)


def test_users_are_added_by_admins_alone(known: Known) -> None:
    local, ada = known["local"], known["ada"]
    assert ada.post("/users", json={"name": "dave"}).status_code == 403
    made = local.post("/users", json={"name": "dave", "email": "dave@example.org"})
    assert (made.status_code, made.json()["has_password"]) == (201, False)
    again = local.post("/users", json={"name": "dave"})
    assert (again.status_code, again.json()["field"]) == (409, "name")
    assert "dave already" in again.json()["detail"]
    for wrong in (
        {"name": "a b"},
        {"name": ""},
        {},
        {"name": "x", "password": "short"},
        {"name": "x", "email": "x" * 300},
    ):
        assert local.post("/users", json=wrong).status_code == 422, wrong
    names, after = [], None
    while True:
        page = local.get("/users", params={"limit": 2, **({"after": after} if after else {})}).json()
        names += [user["name"] for user in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert {"dave", "local"} <= set(names)
    assert len(names) == len(set(names))


def test_settings_are_kept_by_name(ada: httpx.Client, known: Known) -> None:
    for key, value in (
        ("theme", "dark"), ("volume", 0.5), ("on", True), ("tracks", [1, 2, 3]), ("nested", {"a": {"b": [None]}}),
        ("ü ß", ""),
    ):  # fmt: skip
        assert ada.put(f"/preferences/{key}", json={"value": value}).status_code == 204, key
        assert ada.get("/preferences").json()["values"][key] == value
    assert known["bob"].get("/preferences").json()["values"] == {}
    ada.put("/preferences/theme", json={"value": "light"})
    assert ada.get("/preferences").json()["values"]["theme"] == "light"
    for _ in range(2):
        assert ada.delete("/preferences/theme").status_code == 204
    assert "theme" not in ada.get("/preferences").json()["values"]
    for key, body in (("x", {"value": None}), ("x", {}), ("x" * 65, {"value": 1}), ("x", {"value": "y" * 20_000})):
        assert ada.put(f"/preferences/{key}", json=body).status_code == 422, key


def test_what_rooaroo_learns_is_not_written_by_hand(ada: httpx.Client, make: Make) -> None:
    for method, body in (("PUT", {"value": "nonsense"}), ("DELETE", None)):
        answer = ada.request(method, "/preferences/tastes.bass", json=body)
        assert (answer.status_code, answer.json()["field"]) == (422, "key")
    assert isinstance(ada.get("/preferences").json()["tastes"], dict)
    assert ada.post(f"/sessions/{make()}/say", json={"text": "make funk drums"}).status_code == 200


def test_nothing_is_told_without_a_token(running: RunningServer) -> None:
    with running.client("") as nobody:
        for path in ("/sessions", "/me", "/styles", "/users", "/tokens", "/preferences", "/nothing", "/takes/x"):
            answer = nobody.get(path)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer"), path
        assert httpx.get(f"{running.url}/metrics").status_code == 401
        for path in ("/healthz", "/readyz"):
            assert httpx.get(f"{running.url}{path}").status_code == 200
