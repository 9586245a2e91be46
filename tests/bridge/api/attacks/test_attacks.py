"""Every attack of the table on a real server: what it must answer, and that it goes on as if nothing had been."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.optional import require

require("fastapi", "sqlalchemy", "argon2")

from tests.bridge.api.attacks.arena import Arena, Attack
from tests.bridge.api.attacks.table import ATTACKS, PAGE, put_in_step
from tests.bridge.api.running import RunningServer, people


@pytest.fixture(scope="module")
def arena(running: RunningServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Arena]:
    home = tmp_path_factory.mktemp("strict") / "home"
    options = ("--composers", "1", "--most-sessions", "3")
    with RunningServer(home, *options, impatient=True) as strict, people(running, "ada", "bob") as known:
        ada = known["ada"]
        session = ada.post("/sessions", json={"name": "Ada's"}).json()["id"]
        take = ada.post(f"/sessions/{session}/generate/drummaroo", json={}).json()["takes"][0]["id"]
        yield Arena(running, strict, ada, known["bob"], session, take)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.play.__name__)
def test_an_attack_is_answered(arena: Arena, attack: Attack) -> None:
    servers = (arena.server, arena.strict)
    before = [len(server.log_text) for server in servers]
    attack.play(arena)
    for server, start in zip(servers, before, strict=True):
        assert "fault of ours" not in server.log_text[start:], server.log_text[start:]
        with server.client() as client:
            assert client.get("/me").status_code == 200
    assert arena.ada.get(f"/takes/{arena.take}").status_code == 200


def test_the_documentation_has_the_table_as_it_is() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == put_in_step(page), "run python -m tests.bridge.api.attacks.table"
