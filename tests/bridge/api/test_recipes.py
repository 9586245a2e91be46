"""The recipes of docs/server.md, run as they stand against a real server."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from tests.optional import require

require("fastapi", "httpx2", "sqlalchemy", "websockets")

from pythonosc.udp_client import SimpleUDPClient
from websockets.asyncio.client import connect
from websockets.typing import Origin, Subprotocol

from musearoo.bridge.api.types.frames import JSON_PROTOCOL
from musearoo.client import Client
from tests.bridge.api.running import RunningServer

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT: Final = Path(__file__).parents[3]
PAGE: Final = (ROOT / "docs" / "server.md").read_text(encoding="utf-8")
LOCAL: Final = "http://127.0.0.1:24640"
WITHIN: Final = 20.0

# What Max gives a script, as far as the recipe needs it.
MAX: Final = """
import { readFileSync } from "node:fs";
import vm from "node:vm";
class XMLHttpRequest {
  headers = {};
  open(method, url) { this.method = method; this.url = url; }
  setRequestHeader(name, value) { this.headers[name] = value; }
  async send(body) {
    const answer = await fetch(this.url, { method: this.method, headers: this.headers, body });
    this.status = answer.status;
    this.responseText = await answer.text();
    for (this.readyState = 1; this.readyState <= 4; this.readyState++) this.onreadystatechange();
  }
}
const box = { XMLHttpRequest, arrayfromargs: (words) => Array.from(words), JSON,
  outlet: (...words) => console.log("outlet", ...words), error: (text) => console.log("error", text) };
vm.runInNewContext(readFileSync("recipe.javascript", "utf8"), box);
box.token(process.env.MUSEAROO_TOKEN);
box.say("a", "funk", "bass", "in", "D", "minor");
setTimeout(() => box.say("xyzzy", "plugh"), 1500);
"""


def blocks(heading: str, language: str) -> list[str]:
    """The blocks of a language below a heading of the page."""
    section = re.search(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert section is not None, heading
    found = re.findall(rf"^```{language}\n(.*?)^```$", section[1], re.MULTILINE | re.DOTALL)
    assert found, (heading, language)
    return found


@pytest.fixture(scope="module")
def door() -> int:
    """The port of the proxies."""
    return free_port()


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory, door: int) -> Iterator[RunningServer]:
    """A server for these recipes: they add users, and look at the whole database."""
    home = tmp_path_factory.mktemp("recipes") / "home"
    with RunningServer(home, "--composers", "1", "--host", f"studio.example:{door}") as server:
        yield server


def environment(server: RunningServer) -> dict[str, str]:
    """What the recipes find: the server's folder and token, and `musearoo` on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "MUSEAROO_HOME": str(server.home), "MUSEAROO_TOKEN": server.token, "PATH": path}


def run_shell(script: str, server: RunningServer, folder: Path) -> str:
    """Run a script, which stops at the first command that fails, and return what it printed."""
    script = script.replace(LOCAL, server.url).replace("~/.config/musearoo/token", str(server.home / "token"))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment(server),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def wait_for(there: Callable[[], bool]) -> None:
    ends = time.monotonic() + WITHIN
    while not there():
        assert time.monotonic() < ends
        time.sleep(0.05)


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_a_song_by_curl_alone_and_a_session_of_two(own: RunningServer, tmp_path: Path) -> None:
    walk = blocks("A song by curl", "bash")
    shown = run_shell("\n".join(walk), own, tmp_path)
    assert '"detail"' not in shown
    assert (tmp_path / "roo.auth").stat().st_mode & 0o077 == 0
    assert (tmp_path / "song.mid").read_bytes().startswith(b"MThd")
    assert (tmp_path / "take.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "beginning.mp3").read_bytes() == (tmp_path / "take.mp3").read_bytes()[:1000]
    assert (tmp_path / "song.mp3").stat().st_size > 100_000
    assert '"part":"bass"' in (tmp_path / "bass.json").read_text()
    people = blocks("Several people", "bash")
    shown = run_shell("\n".join([walk[0], *people]), own, tmp_path)
    assert '{"name":"ada","role":"editor"}' in shown
    token = (tmp_path / "ada.token").read_text().strip()
    with Client(own.url, token=token) as ada:
        ours = next(state for state in ada.each(ada.list_sessions) if state.name == "Ours")
        assert ada.session(ours.id).generate("drums", bars=1).takes[0].part == "drums"
    run_shell("\n".join(blocks("Backup and PostgreSQL", "bash")), own, tmp_path)
    assert (tmp_path / "roo.backup").stat().st_size > 10_000
    assert '"ada"' in (tmp_path / "ada.json").read_text()


def test_python(own: RunningServer, tmp_path: Path) -> None:
    (recipe,) = blocks("Python", "python")
    script = recipe.replace(LOCAL, own.url)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment(own), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert {path.name for path in tmp_path.iterdir()} >= {"drums.mid", "bass.mid", "band.wav"}
    assert "bad_parameter engine must be one of" in done.stdout
    assert done.stdout.endswith("local made version 2\n")


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")
def test_javascript_and_max(own: RunningServer, tmp_path: Path) -> None:
    (recipe,) = blocks("JavaScript", "js")
    (tmp_path / "recipe.mjs").write_text(recipe.replace(LOCAL, own.url))
    (of_max,) = blocks("Max", "javascript")
    (tmp_path / "recipe.javascript").write_text(of_max.replace(LOCAL, own.url))
    (tmp_path / "max.mjs").write_text(MAX)
    shown = ""
    for name in ("recipe.mjs", "max.mjs"):
        done = subprocess.run(
            ["node", name], cwd=tmp_path, env=environment(own), capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        shown += done.stdout
    assert re.search(r"^funk drums \d+ notes$", shown, re.MULTILINE)
    assert "outlet 0 funk bass\n" in shown
    assert len(re.findall(r"^outlet 1 [\d.]+ [\d.]+ \d+ \d+$", shown, re.MULTILINE)) > 5
    assert "error I did not understand" in shown


def test_touchosc(own: RunningServer, tmp_path: Path) -> None:
    (recipe,) = blocks("TouchOSC", "python")
    port, reply_port = free_port(socket.SOCK_DGRAM), free_port(socket.SOCK_DGRAM)
    script = recipe.replace(LOCAL, own.url).replace("9000, 9001", f"{port}, {reply_port}")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiving:
        receiving.bind(("127.0.0.1", reply_port))
        receiving.settimeout(WITHIN)
        bridge = subprocess.Popen(
            [sys.executable, "-c", script], cwd=tmp_path, env=environment(own), stderr=subprocess.PIPE, text=True
        )
        try:
            assert bridge.stderr is not None
            assert "Listening on" in bridge.stderr.readline()
            tablet = SimpleUDPClient("127.0.0.1", port)
            with tablet:
                for path, words, sentence in (
                    ("/say", "a funk bass", b"funk bass"),
                    ("/undo", [], b"Undone: funk bass"),
                    ("/undo", [], b"There is nothing to undo."),
                ):
                    tablet.send_message(path, words)
                    answer = receiving.recv(2048)
                    assert answer.startswith(b"/sentence\x00"), answer
                    assert sentence in answer
        finally:
            bridge.kill()
            bridge.wait()
            if bridge.stderr is not None:
                bridge.stderr.close()


# --- proxies ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of studio.example, with its key next to it."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    folder = tmp_path_factory.mktemp("certificate")
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=studio.example"
    names = ["-addext", "subjectAltName=DNS:studio.example"]
    made = folder / "studio.crt"
    subprocess.run(
        ["openssl", *words.split(), *names, "-keyout", str(folder / "studio.key"), "-out", str(made)],
        check=True,
        capture_output=True,
    )
    return made


def write_nginx(folder: Path, server: RunningServer, certificate: Path, door: int) -> list[str]:
    """Write nginx' configuration, and return the command that starts it."""
    (recipe,) = blocks("Other machines: TLS by a proxy", "nginx")
    for here, there in (
        ("listen 443 ssl", f"listen 127.0.0.1:{door} ssl"),
        ("/etc/ssl/studio.example.crt", str(certificate)),
        ("/etc/ssl/studio.example.key", str(certificate.with_suffix(".key"))),
        (LOCAL, server.url),
    ):
        assert here in recipe
        recipe = recipe.replace(here, there)
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    text = f"daemon off; user root; pid {folder}/pid; error_log {folder}/log; events {{}}\n"
    (folder / "nginx.conf").write_text(f"{text}http {{ access_log off; {paths}\n{recipe} }}\n")
    return ["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", str(folder / "log")]


def write_caddy(folder: Path, server: RunningServer, certificate: Path, door: int) -> list[str]:
    """Write Caddy's configuration, and return the command that starts it."""
    (recipe,) = blocks("Other machines: TLS by a proxy", "caddy")
    key = certificate.with_suffix(".key")
    own = f"https://studio.example:{door} {{\n    bind 127.0.0.1\n    tls {certificate} {key}"
    recipe = recipe.replace("studio.example {", own).replace(LOCAL.removeprefix("http://"), server.url[7:])
    (folder / "Caddyfile").write_text("{\n    admin off\n    auto_https disable_redirects\n}\n" + recipe)
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


@pytest.mark.parametrize("write", [write_nginx, write_caddy])
def test_a_proxy_with_tls(
    own: RunningServer, certificate: Path, door: int, tmp_path: Path, write: Callable[..., list[str]]
) -> None:
    command = write(tmp_path, own, certificate, door)
    if shutil.which(command[0]) is None:
        pytest.skip(f"needs {command[0]}")
    log = (tmp_path / "out").open("wb")
    proxy = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, "HOME": str(tmp_path)})
    try:
        wait_for(lambda: _listens(door) or proxy.poll() is not None)
        assert proxy.poll() is None, (tmp_path / "out").read_text()
        name = f"https://studio.example:{door}"
        auth = ["--header", f"Authorization: Bearer {own.token}"]
        curl = ["curl", "-sS", "--resolve", f"studio.example:{door}:127.0.0.1", "--cacert", str(certificate)]
        shown = subprocess.run([*curl, *auth, f"{name}/api/v3/me"], capture_output=True, text=True, check=True).stdout
        assert '"name":"local"' in shown
        made = subprocess.run(
            [*curl, *auth, "--json", "{}", f"{name}/api/v3/sessions"], capture_output=True, text=True, check=True
        )
        session = re.findall(r'"id":"(\w+)"', made.stdout)[0]
        assert '"welcome"' in asyncio.run(_greet(session, own.token, certificate, door))
    finally:
        proxy.terminate()
        proxy.wait(10)
        log.close()


async def _greet(session: str, token: str, certificate: Path, door: int) -> str:
    """Open a WebSocket through the proxy, as a page of its own name does, and return the server's first frame."""
    trust = ssl.create_default_context(cafile=str(certificate))
    async with connect(
        f"wss://studio.example:{door}/ws/{session}",
        host="127.0.0.1",
        port=door,
        ssl=trust,
        origin=Origin(f"https://studio.example:{door}"),
        subprotocols=[Subprotocol(JSON_PROTOCOL)],
        proxy=None,
    ) as socket:
        await socket.send(f'["hello", 0, {{"token": "{token}"}}]')
        return str(await socket.recv())


def _listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
