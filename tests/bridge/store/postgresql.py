"""A PostgreSQL server for tests: Debian's programs, in a folder of its own, reached by a socket alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest

OWNER = "nobody"
"""Who runs it where the tests run as root, whom its programs refuse."""
USER = "musearoo"
TEMPLATE = "musearoo_template"
SETTINGS = (
    "-c listen_addresses='' -c fsync=off -c full_page_writes=off -c shared_buffers=16MB -c max_connections=40 "
    "-c unix_socket_directories={folder}"
)


@cache
def find_programs() -> Path | None:
    """The folder of the newest server's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    elsewhere = shutil.which("initdb")
    return found[-1].parent if found else Path(elsewhere).parent if elsewhere else None


class Server:
    """A server that runs. `stop` ends it and removes its folder."""

    def __init__(self, programs: Path) -> None:
        # Not in pytest's folder, which another user may not enter; its name must be short for a socket.
        self.folder = Path(tempfile.mkdtemp(prefix="musearoo-pg-"))
        self._programs = programs
        self._made = 0
        if os.geteuid() == 0:
            shutil.chown(self.folder, OWNER)
        self._call("initdb", "--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C", f"--username={USER}")
        self.start()

    def address_of(self, name: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://{USER}@/{name}?host={self.folder}"

    def make_database(self, template: str = "template1") -> str:
        """Make a database and return its address."""
        self._made += 1
        name = f"store_{self._made}"
        self.ask(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.address_of(name)

    def ask(self, statement: str, database: str = "postgres") -> str:
        """What psql answers."""
        words = ("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", USER, "-h", str(self.folder))
        return self._run(*words, "-d", database, "-c", statement)

    def dump_schema(self, address: str) -> str:
        """All that pg_dump says of a database's tables."""
        name = address.split("@/")[1].split("?")[0]
        dump = self._run("pg_dump", "-U", USER, "-h", str(self.folder), "--schema-only", "-d", name)
        # Newer ones put a random word into each dump.
        return "\n".join(line for line in dump.splitlines() if "restrict " not in line)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        log = self.folder / "log"
        settings = SETTINGS.format(folder=self.folder)
        self._call("pg_ctl", "start", "-w", "-t", "30", "-l", str(log), "-o", settings)

    def kill(self) -> None:
        """End it at once, with all its connections."""
        self._call("pg_ctl", "stop", "-w", "-m", "immediate")

    def stop(self) -> None:
        """End it and remove its folder."""
        self.kill()
        shutil.rmtree(self.folder)

    def _call(self, program: str, *arguments: str) -> None:
        self._run(program, "-D", str(self.folder / "data"), *arguments)

    def _run(self, program: str, *arguments: str) -> str:
        words = [str(self._programs / program), *arguments]
        if os.geteuid() == 0:
            words = ["runuser", "-u", OWNER, "--", *words]
        # Into a file: a server that goes on would keep a pipe open.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(words, stdout=said, stderr=subprocess.STDOUT, check=False, cwd="/", timeout=60)
            said.seek(0)
            text = said.read()
        assert done.returncode == 0, text
        return text


def start_server() -> Server:
    """A new server; skips the test where there is none."""
    programs = find_programs()
    if programs is None:
        pytest.skip("needs PostgreSQL's server: apt-get install postgresql")
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        pytest.skip("needs runuser: PostgreSQL's server refuses root")
    return Server(programs)
