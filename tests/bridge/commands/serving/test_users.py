"""`musearoo users` and `musearoo tokens`: who is added, what is shown, written and deleted, what is asked before."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import io
import json
import sqlite3
import stat
import sys
import time
from functools import partial
from pathlib import Path
from typing import IO

import msgspec
import pytest

from musearoo.bridge.cli import main
from tests.bridge.commands.command_line import Output, failure_of, home, report_of, usage_of
from tests.optional import require

require("sqlalchemy", "alembic", "psycopg", "argon2")

from musearoo.bridge.api.access.admission import Admission
from musearoo.bridge.api.access.passwords import is_password
from musearoo.bridge.api.access.who import Who
from musearoo.bridge.api.composers.messages import UPLOADS
from musearoo.bridge.api.jobs.drafts import DRAFTS, Draft
from musearoo.bridge.store.address import DATABASE_VARIABLE
from musearoo.bridge.store.database import Database, open_database
from musearoo.bridge.store.files import add_file
from musearoo.bridge.store.records import File
from musearoo.bridge.store.users import find_user
from tests.bridge.store.some_rows import ANN, NOW, begin_song, place_takes, some_id

__all__ = ["home"]


class Terminal(io.StringIO):
    """Someone who types, at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DATABASE_VARIABLE, raising=False)


@pytest.fixture
def song(home: Path, tmp_path: Path) -> Path:
    """A store with Ann, Bob and a session of Ann's; returns a file of hers."""
    upload = tmp_path / "upload.wav"
    upload.write_bytes(b"sound")
    database = open_database(f"sqlite:///{home / 'musearoo.db'}", make=True)
    database.run_now(begin_song)
    database.run_now(partial(place_takes, count=3))
    file = File(id=some_id(80), user=ANN, kind="upload", name="a", path=str(upload), bytes=5, sha256="s", made=NOW)
    database.run_now(partial(add_file, file=file))
    database.close()
    return upload


def types(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Give a command a standard input that is no terminal."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def test_a_user_is_added_with_a_password_from_standard_input(
    capsys: Output, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    types(monkeypatch, "a good password\n")
    added = report_of(capsys, "users", "add", "ada", "--email", "ada@example.org")
    assert added["name"] == "ada"
    assert report_of(capsys, "users", "add", "bob", "--no-password")["name"] == "bob"
    rows = {row["name"]: row for row in report_of(capsys, "users", "list")}
    assert set(rows) == {"ada", "bob", "local"}
    assert (rows["ada"]["email"], rows["ada"]["has_password"], rows["bob"]["has_password"]) == (
        "ada@example.org", True, False,
    )  # fmt: skip
    assert main(["users", "list"]) == 0
    shown = capsys.readouterr().out
    assert "tokens alone" in shown
    assert "$argon2" not in shown
    assert is_password("a good password", _hash_of(home, "ada"))


def _hash_of(home: Path, name: str) -> str | None:
    store = open_database(f"sqlite:///{home / 'musearoo.db'}", make=False)
    user = store.read_now(partial(find_user, name=name))
    store.close()
    assert user is not None
    return user.password_hash


def test_what_is_no_user_is_refused(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a b", "../x", "", "x" * 65, "a\n"):
        assert "letters, digits" in failure_of(capsys, "users", "add", name, "--no-password"), name
    assert main(["users", "add", "ada", "--no-password"]) == 0
    capsys.readouterr()
    assert "There is a user named ada already" in failure_of(capsys, "users", "add", "ada", "--no-password")
    types(monkeypatch, "short\n")
    assert "10 to 512 characters" in failure_of(capsys, "users", "add", "bob")
    assert {row["name"] for row in report_of(capsys, "users", "list")} == {"ada", "local"}
    for words in ((), ("add",), ("explode",)):
        assert "usage: musearoo users" in usage_of(capsys, "users", *words), words


def test_a_password_is_asked_for_twice_at_a_terminal(
    capsys: Output, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["users", "add", "ada", "--no-password"]) == 0
    capsys.readouterr()
    monkeypatch.setattr(sys, "stdin", Terminal())
    typed = iter(("a good password", "another password", "a good password", "a good password"))
    monkeypatch.setattr(getpass, "getpass", lambda _: next(typed))
    assert "differ: nothing was changed" in failure_of(capsys, "users", "password", "ada")
    assert _hash_of(home, "ada") is None
    assert report_of(capsys, "users", "password", "ada") == {"name": "ada"}
    assert is_password("a good password", _hash_of(home, "ada"))
    assert "no user named eve" in failure_of(capsys, "users", "password", "eve")


def test_a_users_data_are_written(capsys: Output, song: Path, tmp_path: Path) -> None:
    assert song.exists()
    out = tmp_path / "ann.json"
    assert report_of(capsys, "users", "export", "Ann", "--out", str(out))["rows"]["takes"] == 3
    written = json.loads(out.read_bytes())
    assert written["user"][0]["name"] == "Ann"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "exists already: name a new file" in failure_of(capsys, "users", "export", "Ann", "--out", str(out))
    for folder in ("no", "ann.json"):
        nowhere = str(tmp_path / folder / "x")
        assert "cannot be written" in failure_of(capsys, "users", "export", "Ann", "--out", nowhere), folder
    assert "no user named Cy: musearoo users lists them" in failure_of(capsys, "users", "export", "Cy")


def test_an_export_that_ends_before_its_end_leaves_no_file(
    capsys: Output, song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert song.exists()
    before = set(tmp_path.iterdir())

    def interrupt(_connection: object, user: str, stream: IO[bytes]) -> None:
        stream.write(user.encode())
        raise KeyboardInterrupt

    monkeypatch.setattr("musearoo.bridge.store.upkeep.personal.export_user", interrupt)
    assert main(["users", "export", "Ann", "--out", str(tmp_path / "ann.json")]) == 1
    assert capsys.readouterr() == ("", "")
    assert set(tmp_path.iterdir()) == before


def test_a_users_data_go_to_standard_output(song: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert song.exists()
    assert main(["users", "export", "Ann"]) == 0
    sys.stdout.flush()
    assert len(json.loads(capfdbinary.readouterr().out)["takes"]) == 3


def test_a_user_is_deleted_after_the_name_is_typed(
    capsys: Output, song: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    types(monkeypatch, "Ann\n")
    assert "only when you say --yes" in failure_of(capsys, "users", "remove", "Ann")
    assert "no user named Cy" in failure_of(capsys, "users", "remove", "Cy", "--yes")
    for typed in ("y\n", "ann\n", "\n", ""):
        monkeypatch.setattr(sys, "stdin", Terminal(typed))
        assert main(["users", "remove", "Ann"]) == 1
        assert "Nothing was deleted." in capsys.readouterr().out
    assert song.exists()
    monkeypatch.setattr(sys, "stdin", Terminal("Ann\n"))
    assert main(["users", "remove", "Ann"]) == 0
    assert "Ann is deleted, with 1 files." in capsys.readouterr().out
    assert not song.exists()
    # Nothing of hers is left in the bytes of the files.
    assert b"song 10" not in b"".join(path.read_bytes() for path in home.iterdir())
    assert {row["name"] for row in report_of(capsys, "users", "list")} == {"Bob", "local"}


def test_files_are_deleted_at_once_and_unfinished_uploads_too(
    capsys: Output, song: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = home / UPLOADS / DRAFTS
    drafts.mkdir(parents=True)
    for user in (ANN, "local"):
        draft = Draft(id=user, user=user, name="a.wav", bytes=9)
        (drafts / f"{user}.json").write_bytes(msgspec.json.encode(draft))
        (drafts / f"{user}.part").write_bytes(b"sound")
    (drafts / "broken.json").write_bytes(b"{")

    def interrupt(_database: Database) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Database, "truncate_log", interrupt)
    assert main(["users", "remove", "Ann", "--yes"]) == 1
    assert capsys.readouterr() == ("", "")
    assert not song.exists()
    assert {path.name for path in drafts.iterdir()} == {"local.json", "local.part", "broken.json"}


def test_the_owner_of_the_machine_stays_with_nothing(capsys: Output) -> None:
    assert main(["tokens", "add", "phone"]) == 0
    capsys.readouterr()
    assert report_of(capsys, "users", "remove", "local", "--yes") == {
        "name": "local", "files": 0, "undeleted_files": [],
    }  # fmt: skip
    assert report_of(capsys, "tokens", "list") == []


def test_a_token_admits_until_it_is_revoked(capsys: Output, home: Path) -> None:
    assert main(["users", "add", "ada", "--no-password"]) == 0
    capsys.readouterr()
    made = report_of(capsys, "tokens", "add", "phone", "--user", "ada", "--scope", "read", "--days", "30")
    assert made["expires"] == pytest.approx(time.time() + 30 * 86_400, abs=10)
    who = _admit(home, made["token"])
    assert isinstance(who, Who)
    assert who.name == "ada"
    assert who.scopes == {"read"}
    listed = report_of(capsys, "tokens", "list", "--user", "ada")
    assert [token["name"] for token in listed] == ["phone"]
    assert made["token"] not in json.dumps(listed)
    assert main(["tokens", "list", "--user", "ada"]) == 0
    assert "until 20" in capsys.readouterr().out
    assert report_of(capsys, "tokens", "revoke", "phone", "--user", "ada") == {"revoked": [made["id"]]}
    assert not isinstance(_admit(home, made["token"]), Who)
    assert report_of(capsys, "tokens", "revoke", made["id"], "--user", "ada") == {"revoked": []}
    assert main(["tokens", "list", "--user", "ada"]) == 0
    assert "revoked" in capsys.readouterr().out


def _admit(home: Path, token: str) -> object:
    store = open_database(f"sqlite:///{home / 'musearoo.db'}", make=False)
    try:
        return asyncio.run(Admission(store, lambda: "file").admit(token))
    finally:
        store.close()


def test_a_token_is_printed_once_alone_on_standard_output(capsys: Output) -> None:
    assert main(["tokens", "add", "phone"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("roo_")
    assert said.out.count("\n") == 1
    assert "shown this once" in said.err


def test_what_is_no_token_is_refused(capsys: Output) -> None:
    assert "no user named eve" in failure_of(capsys, "tokens", "add", "x", "--user", "eve")
    assert "no token phone" in failure_of(capsys, "tokens", "revoke", "phone")
    assert "1 to 80 characters" in failure_of(capsys, "tokens", "add", "")
    for words in (
        ("add",),
        ("add", "x", "--scope", "root"),
        ("add", "x", "--days", "0"),
        ("add", "x", "--days", "nan"),
    ):
        assert "usage: musearoo tokens" in usage_of(capsys, "tokens", *words), words


def test_another_database_may_be_named(capsys: Output, home: Path, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'other.db'}"
    assert main(["users", "add", "ada", "--no-password", "--database", address]) == 0
    capsys.readouterr()
    assert {row["name"] for row in report_of(capsys, "users", "list", "--database", address)} == {"ada", "local"}
    assert not (home / "musearoo.db").exists()
    mistyped = f"sqlite:///{tmp_path / 'othre.db'}"
    for words in (
        ("users", "list"),
        ("tokens", "list"),
        ("users", "remove", "ada", "--yes"),
        ("tokens", "revoke", "x"),
    ):
        assert "There is no database" in failure_of(capsys, *words, "--database", mistyped), words
    assert not (tmp_path / "othre.db").exists()
    # Who only reads waits for no writer.
    with contextlib.closing(sqlite3.connect(tmp_path / "other.db")) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert len(report_of(capsys, "users", "list", "--database", address)) == 2
    assert "does not know mysql" in failure_of(capsys, "users", "list", "--database", "mysql://x/y")


def test_a_wrong_value_for_the_server_is_wrong_usage(capsys: Output) -> None:
    for words in (
        ("--port", "70000"), ("--port", "x"), ("--composers", "-1"), ("--rate", "0"), ("--most-sessions", "0"),
        ("--most-upload", "x"),
    ):  # fmt: skip
        assert "usage: musearoo serve" in usage_of(capsys, "serve", *words), words
