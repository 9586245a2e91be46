"""`musearoo db`: what it makes, shows, copies and sweeps, and what it asks before it does."""

from __future__ import annotations

import io
import stat
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from musearoo.bridge.cli import main
from tests.bridge.commands.command_line import Output, failure_of, home, report_of, usage_of
from tests.bridge.store.conftest import server
from tests.bridge.store.postgresql import Server
from tests.optional import require

require("sqlalchemy", "alembic", "psycopg")

from musearoo.bridge.commands.serving import db
from musearoo.bridge.store.address import DATABASE_VARIABLE
from musearoo.bridge.store.database import open_database
from musearoo.bridge.store.files import add_file
from musearoo.bridge.store.records import File
from tests.bridge.store.some_rows import ANN, NOW, begin_song, place_takes, some_id

__all__ = ["home", "server"]


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


def test_the_first_upgrade_makes_the_database(capsys: Output, home: Path) -> None:
    said = failure_of(capsys, "db", "status")
    assert f"There is no database {home / 'musearoo.db'}: run musearoo db upgrade to make it." in said
    assert not home.exists()
    report = report_of(capsys, "db", "upgrade")
    assert report == {"database": str(home / "musearoo.db"), "before": None, "after": "0001"}
    assert stat.S_IMODE((home / "musearoo.db").stat().st_mode) == 0o600
    assert main(["db", "upgrade"]) == 0
    assert capsys.readouterr().out == f"{home / 'musearoo.db'} has the newest tables already (0001).\n"


@pytest.mark.usefixtures("song")
def test_the_status_counts_and_checks(capsys: Output, home: Path) -> None:
    report = report_of(capsys, "db", "status", "--check")
    assert (report["kind"], report["state"], report["revision"], report["rows"]["takes"]) == (
        "sqlite", "newest", "0001", 3,
    )  # fmt: skip
    assert main(["db", "status", "--check"]) == 0
    said = capsys.readouterr().out
    assert "         3 takes\n" in said
    assert said.endswith("It is whole.\n")
    (home / "musearoo.db").write_bytes(b"no database" * 500)
    assert "is damaged, or no database" in failure_of(capsys, "db", "status")


def test_the_address_comes_from_the_option_or_the_environment(
    capsys: Output, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(DATABASE_VARIABLE, f"sqlite:///{tmp_path / 'env.db'}")
    assert report_of(capsys, "db", "upgrade")["database"] == str(tmp_path / "env.db")
    given = report_of(capsys, "db", "upgrade", "--database", f"sqlite:///{tmp_path / 'given.db'}")
    assert given["database"] == str(tmp_path / "given.db")
    assert not home.exists()
    home.mkdir()
    (home / "settings.yaml").write_text(f"database: sqlite:///{tmp_path / 'settings.db'}\n")
    assert report_of(capsys, "db", "upgrade")["database"] == str(tmp_path / "env.db")
    monkeypatch.delenv(DATABASE_VARIABLE)
    assert report_of(capsys, "db", "upgrade")["database"] == str(tmp_path / "settings.db")
    assert main(["users", "add", "ada", "--no-password"]) == 0
    capsys.readouterr()
    assert report_of(capsys, "db", "status")["rows"]["users"] == 2
    said = failure_of(capsys, "db", "status", "--database", "mysql://host/db")
    assert "does not know mysql databases: give postgresql://" in said


@pytest.mark.usefixtures("song")
def test_a_backup_comes_back(capsys: Output, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backup = str(tmp_path / "backup.db")
    assert report_of(capsys, "db", "backup", backup)["bytes"] == Path(backup).stat().st_size
    assert "exists already: name a new file" in failure_of(capsys, "db", "backup", backup)
    (tmp_path / "file").touch()
    assert "cannot be made" in failure_of(capsys, "db", "backup", str(tmp_path / "file" / "backup.db"))
    assert main(["users", "remove", "Ann", "--yes"]) == 0
    capsys.readouterr()
    assert "is not empty, and would be replaced: say --yes" in failure_of(capsys, "db", "restore", backup)
    monkeypatch.setattr(sys, "stdin", Terminal("n\n"))
    assert main(["db", "restore", backup]) == 1
    capsys.readouterr()
    assert report_of(capsys, "db", "status")["rows"]["sessions"] == 0
    monkeypatch.setattr(sys, "stdin", Terminal("y\n"))
    assert main(["db", "restore", backup]) == 0
    capsys.readouterr()
    assert report_of(capsys, "db", "status")["rows"]["sessions"] == 1
    assert report_of(capsys, "db", "restore", backup, "--yes")["rows"]["takes"] == 3


@pytest.mark.usefixtures("song")
def test_a_store_moves_to_postgresql_and_back(capsys: Output, tmp_path: Path, server: Server) -> None:
    there = server.make_database()
    report = report_of(capsys, "db", "move", there)
    assert report["rows"]["takes"] == 3
    assert report_of(capsys, "db", "status", "--database", there)["rows"] == report["rows"]
    assert "is not empty: name a new database" in failure_of(capsys, "db", "move", there)
    back = f"sqlite:///{tmp_path / 'back.db'}"
    assert report_of(capsys, "db", "move", back, "--database", there)["rows"] == report["rows"]
    assert main(["db", "backup", str(tmp_path / "pg.db"), "--database", there]) == 0
    assert "Wrote" in capsys.readouterr().out


def test_a_sweep_deletes_what_is_old_with_its_files(capsys: Output, song: Path) -> None:
    report = report_of(capsys, "db", "sweep", "--keep-days", "30")
    assert {name: count for name, count in report["rows"].items() if count} == {"files": 1, "sessions": 1, "takes": 3}
    assert not song.exists()
    assert main(["db", "sweep", "--keep-days", "30"]) == 0
    assert capsys.readouterr().out == "Deleted nothing.\n"
    assert "must be a number in 1..36500" in usage_of(capsys, "db", "sweep", "--keep-days", "0")


def test_a_missing_package_is_named(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "find_spec", lambda name: None if name == "alembic" else name)
    said = failure_of(capsys, "db", "status")
    assert said == "musearoo: The store needs the package alembic: run `python3 tools/dev.py setup --with server`.\n"


def test_help_imports_no_database_toolkit() -> None:
    ask = (
        "import sys; from musearoo.bridge.cli import make_parser; make_parser(['db']); "
        "print([name for name in ('sqlalchemy', 'alembic', 'psycopg') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
