"""The page on the local network: opened on a real server and reached by that address; closed, all of it is over."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

from tests.optional import require

require("fastapi", "segno", "sqlalchemy", "websockets")

import httpx2 as httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from musearoo.bridge.api.access import lan
from musearoo.bridge.api.access.lan import LanDoor, find_address
from musearoo.bridge.api.problems.errors import ApiError
from musearoo.bridge.api.types.frames import JSON_PROTOCOL
from tests.bridge.api import running
from tests.bridge.api.running import RunningServer, people

SECOND_LOOPBACK: Final = "127.0.0.2"
"""Linux has all of 127.0.0.0/8."""


def own_address() -> str:
    """This machine's address in its network, "" without one."""
    try:
        return find_address()
    except ApiError:
        return ""


ADDRESSES: Final = [name for name in (own_address(), SECOND_LOOPBACK if sys.platform == "linux" else "") if name]
pytestmark = pytest.mark.skipif(not ADDRESSES, reason="this machine has one address only")


@pytest.fixture(params=ADDRESSES or [""])
def server(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningServer]:
    """A server whose address in the network is the one of the machine, or the second loopback address."""
    says = f"from musearoo.bridge.api.access import lan\nlan.find_address = lambda: {request.param!r}\n"
    monkeypatch.setattr(running, "_IMPATIENT", says + running._IMPATIENT)
    with RunningServer(tmp_path / "home", "--composers", "1", impatient=True) as server:
        yield server


@pytest.fixture
def owner(server: RunningServer) -> Iterator[httpx.Client]:
    """The one user of the machine, on the machine."""
    with server.client() as client:
        yield client


def open_lan(owner: httpx.Client) -> dict[str, Any]:
    answer = owner.post("/lan")
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def from_elsewhere(url: str, token: str = "") -> httpx.Client:
    """A client on another machine: its address is not one that stands for this one."""
    host = urlsplit(url).hostname or ""
    own = httpx.HTTPTransport(local_address="127.0.0.3" if host == SECOND_LOOPBACK else host)
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(base_url=f"{url}/api/v3", headers=headers, transport=own, timeout=10.0)


def enter(state: dict[str, Any]) -> dict[str, Any]:
    """Open the link that a phone was shown, on the phone; returns the token as it was made."""
    url, _, code = state["link"].partition("/#open=")
    assert url == state["url"]
    with from_elsewhere(url) as phone:
        answer = phone.post("/links/open", json={"code": code}, headers={"origin": url})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def is_reachable(url: str) -> bool:
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname, parts.port), timeout=2.0).close()
    except OSError:
        return False
    return True


def test_it_is_opened_reached_and_closed(server: RunningServer, owner: httpx.Client) -> None:
    state = owner.get("/lan").json()
    assert (state["open"], state["url"], state["link"]) == (False, "", "")
    opened = open_lan(owner)
    assert opened["open"]
    assert "not encrypted" in opened["warning"]
    assert 500 < opened["expires"] - time.time() <= 600
    assert urlsplit(opened["url"]).hostname in ADDRESSES
    # The page, with a policy for this name; both doors work.
    with httpx.Client(timeout=10.0) as browser:
        page = browser.get(f"{opened['url']}/", headers={"origin": opened["url"]})
        assert page.status_code == 200
        assert f"ws://{urlsplit(opened['url']).netloc}" in page.headers["content-security-policy"]
        assert browser.get(f"{server.url}/").status_code == 200
    token = enter(opened)
    assert (token["name"], token["scopes"]) == ("phone", ["make", "metrics"])
    with from_elsewhere(opened["url"], token["token"]) as phone, server.client(token["token"]) as here:
        assert phone.post("/sessions", json={}).status_code == 201
        assert here.get("/me").status_code == 200
        listed = {each["id"]: each for each in owner.get("/tokens").json()["items"]}
        assert listed[token["id"]]["name"] == "phone"
        assert owner.delete("/lan").status_code == 204
        with pytest.raises(httpx.HTTPError):
            phone.get("/me")
        assert here.get("/me").status_code == 401, "revoked, not only shut out"
    assert not is_reachable(opened["url"])
    assert owner.get("/lan").json()["open"] is False
    assert next(each for each in owner.get("/tokens").json()["items"] if each["id"] == token["id"])["revoked"]
    answer = server.ask(f"GET / HTTP/1.1\nhost: {urlsplit(opened['url']).netloc}")
    assert answer.status == 421, "its name is not answered any more"
    # Once more, on the same port, with another code.
    again = open_lan(owner)
    assert again["url"] == opened["url"]
    assert again["link"] != opened["link"]
    assert enter(again)["id"] != token["id"]


def test_a_second_code_admits_a_second_phone(owner: httpx.Client) -> None:
    first, second = open_lan(owner), open_lan(owner)
    assert first["url"] == second["url"]
    for state in (first, second):
        enter(state)
    code = first["link"].partition("#open=")[2]
    with from_elsewhere(first["url"]) as phone:
        assert phone.post("/links/open", json={"code": code}).status_code == 401


def test_links_that_wait_end_with_it(server: RunningServer, owner: httpx.Client) -> None:
    here = owner.post("/links", json={}).json()["code"]
    code = open_lan(owner)["link"].partition("#open=")[2]
    assert owner.delete("/lan").status_code == 204
    with server.client("") as nobody:
        assert nobody.post("/links/open", json={"code": code}).status_code == 401
        assert nobody.post("/links/open", json={"code": here}).status_code == 201


def test_what_came_in_by_it_leaves_nothing_behind(server: RunningServer, owner: httpx.Client) -> None:
    state = open_lan(owner)
    token = enter(state)
    # A link of this machine's, opened over there; and one that the phone made, opened here.
    code = owner.post("/links", json={}).json()["code"]
    with from_elsewhere(state["url"], token["token"]) as phone, server.client("") as nobody:
        carried = phone.post("/links/open", json={"code": code}).json()["token"]
        code = phone.post("/links", json={"name": "back door"}).json()["code"]
        child = nobody.post("/links/open", json={"code": code}).json()["token"]
        plain = phone.post("/tokens", json={"name": "side door"}).json()["token"]
    own = owner.post("/links", json={}).json()["code"]
    with server.client("") as nobody:
        own = nobody.post("/links/open", json={"code": own}).json()["token"]
    assert owner.delete("/lan").status_code == 204
    for name, secret, status in (
        ("carried", carried, 401),
        ("child", child, 401),
        ("plain", plain, 401),
        ("own", own, 200),
    ):
        with server.client(secret) as client:
            assert client.get("/me").status_code == status, name


def test_other_machines_and_other_users_can_neither_open_nor_close_it(
    server: RunningServer, owner: httpx.Client
) -> None:
    state = open_lan(owner)
    token = enter(state)
    # Even with the token of the machine's own user.
    for secret in (token["token"], server.token):
        with from_elsewhere(state["url"], secret) as phone:
            for answer in (phone.post("/lan"), phone.delete("/lan")):
                assert (answer.status_code, answer.json()["code"]) == (403, "not_here"), answer.text
    with people(server, "ada") as clients:
        for answer in (clients["ada"].post("/lan"), clients["ada"].delete("/lan")):
            assert (answer.status_code, answer.json()["code"]) == (403, "not_here")
    reader = owner.post("/tokens", json={"name": "reader", "scopes": ["read"]}).json()["token"]
    with server.client(reader) as client:
        assert client.post("/lan").status_code == 403
    with server.client("") as nobody:
        assert nobody.post("/lan").status_code == 401
    assert is_reachable(state["url"])


def test_foreign_names_and_origins_are_refused_there_as_here(owner: httpx.Client) -> None:
    url = open_lan(owner)["url"]
    with from_elsewhere(url) as phone:
        for host in ("evil.example", f"evil.example:{urlsplit(url).port}", urlsplit(url).hostname or ""):
            assert phone.get(f"{url}/", headers={"host": host}).status_code == 421, host
        for origin in ("https://evil.example", "null", f"{url}.evil.example"):
            assert phone.get(f"{url}/", headers={"origin": origin}).status_code == 403, origin
        assert phone.get("/me").status_code == 401


def test_a_live_connection_ends_with_it(owner: httpx.Client) -> None:
    state = open_lan(owner)
    token = enter(state)["token"]
    session = owner.post("/sessions", json={}).json()["id"]
    address = f"ws{state['url'].removeprefix('http')}/ws/{session}"
    with connect(address, subprotocols=[Subprotocol(JSON_PROTOCOL)], origin=Origin(state["url"])) as live:
        live.send(json.dumps(["hello", 1, {"token": token}]))
        assert json.loads(live.recv(timeout=10.0))[0] == "welcome"
        assert owner.delete("/lan").status_code == 204
        while True:
            try:
                live.recv(timeout=10.0)
            except ConnectionClosed:
                break


def test_what_is_asked_through_a_live_connection_ends_with_it_too(server: RunningServer, owner: httpx.Client) -> None:
    state = open_lan(owner)
    session = owner.post("/sessions", json={}).json()["id"]
    code = owner.post("/links", json={}).json()["code"]
    address = f"ws{state['url'].removeprefix('http')}/ws/{session}"
    with connect(address, subprotocols=[Subprotocol(JSON_PROTOCOL)], origin=Origin(state["url"])) as live:

        def ask(path: str, body: Any, method: str = "POST") -> dict[str, Any]:
            live.send(json.dumps(["rest", 2, {"method": method, "path": path, "body": body}]))
            while (frame := json.loads(live.recv(timeout=10.0)))[1] != 2:
                pass
            found: dict[str, Any] = frame[2]
            return found

        live.send(json.dumps(["hello", 1, {"token": enter(state)["token"]}]))
        made = ask("/links/open", {"code": code})
        assert made["status"] == 201, made
        assert ask("/links", {})["status"] == 400
        assert ask("/lan", None)["status"] == ask("/lan", None, "DELETE")["status"] == 403
    assert owner.delete("/lan").status_code == 204
    with server.client(made["body"]["token"]) as client:
        assert client.get("/me").status_code == 401


def test_its_tokens_end_with_the_server(server: RunningServer, owner: httpx.Client, tmp_path: Path) -> None:
    state = open_lan(owner)
    token = enter(state)["token"]
    assert server.stop() == 0
    assert not is_reachable(state["url"])
    with RunningServer(tmp_path / "home", "--composers", "1") as again:
        with again.client(token) as phone:
            assert phone.get("/me").status_code == 401
        assert not is_reachable(state["url"])
        with again.client() as owner:
            assert owner.get("/lan").json()["open"] is False


def test_the_code_for_the_camera_is_the_link(owner: httpx.Client) -> None:
    import segno

    state = open_lan(owner)
    rows = state["qr"]
    assert len(rows) == len(rows[0]) > 20
    assert set("".join(rows)) == {"0", "1"}
    wanted = segno.make(state["link"], error="m", micro=False)
    assert rows == ["".join(str(int(dark > 0)) for dark in row) for row in wanted.matrix]


# --- the door itself -------------------------------------------------------------------------------------------------


class Listening:
    """A listener that is only noted."""

    def __init__(self, made: socket.socket, opened: list[str]) -> None:
        self._made, self._opened = made, opened
        opened.append(made.getsockname()[0])

    async def close(self) -> None:
        self._made.close()
        self._opened.append("closed")


def test_it_moves_with_the_machine_to_another_network(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    allowed: list[tuple[str, ...]] = []

    async def listen(made: socket.socket) -> Listening:
        return Listening(made, opened)

    async def move() -> None:
        door = LanDoor(0, is_tls=False)
        door.connect(listen, allowed.append)
        addresses = dict.fromkeys(["127.0.0.1", *ADDRESSES])
        for address in addresses:
            monkeypatch.setattr(lan, "find_address", lambda address=address: address)
            url = await door.open()
            assert url == await door.open()
            assert url.startswith(f"http://{address}:")
            assert allowed[-1] == (url.removeprefix("http://"),)
        await door.close()
        assert (door.url, allowed[-1]) == ("", ())
        assert opened == [word for address in addresses for word in (address, "closed")]

    asyncio.run(move())


def test_who_opens_and_closes_it_at_once_leaves_nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    async def listen(made: socket.socket) -> Listening:
        await asyncio.sleep(0.01)
        return Listening(made, opened)

    async def ask() -> None:
        monkeypatch.setattr(lan, "find_address", lambda: "127.0.0.1")
        door = LanDoor(0, is_tls=False)
        door.connect(listen, lambda _hosts: None)
        await asyncio.gather(door.open(), door.open(), door.close(), door.open(), door.open(), door.close())
        assert opened == ["127.0.0.1", "closed"] * 2
        assert door.url == ""

    asyncio.run(ask())


def test_without_a_network_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    class Alone(socket.socket):
        def connect(self, _address: Any) -> None:
            raise OSError(101, "Network is unreachable")

    monkeypatch.setattr("socket.socket", Alone)
    with pytest.raises(ApiError, match="in no network: connect it to one") as error:
        find_address()
    assert (error.value.status, error.value.code) == (409, "no_network")
