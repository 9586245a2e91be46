"""The files of the page: listed, typed, packed, kept by browsers by their content, and nothing else of the disk."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from musearoo.bridge.page.files import INDEX, MEDIA_TYPES, WEB, list_files, policy_for, read_file
from tests.optional import require

require("fastapi", "sqlalchemy")

import httpx2 as httpx

from tests.bridge.api.running import RunningServer

OUTSIDE: Final = (
    "../files.py", "..%2ffiles.py", "%2e%2e/files.py", "%252e%252e/files.py", "web/../../files.py", "../web/index.html",
    "/etc/passwd", "%2fetc%2fpasswd", "..\\files.py", "index.html/..", "index.html/", "INDEX.HTML", "index.html%00",
    "index.html%20", "./index.html", "", ".", "..", "vendor", "vendor/", "vendor/SHA256SUMS", "vendor/preact.d.ts",
    "READ_ME_FIRST.md", "C:/index.html", "index.html::$DATA", "~/token", "\u202eindex.html",
)  # fmt: skip
"""What is no file of the page, as a path below /page/."""
POLICY: Final = {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "media-src": "'self' blob:",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small page, with files that are none of it."""
    for name in ("index.html", "core/a.js", "core/a.d.ts", "notes.md", "data.json", "app.webmanifest", ".hidden"):
        path = tmp_path / "web" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{name} " * 50)
    (tmp_path / "secret.js").write_text("outside")
    return tmp_path / "web"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server with the usual rates."""
    with RunningServer(tmp_path_factory.mktemp("page") / "home", "--composers", "1") as server:
        yield server


@pytest.fixture
def web(server: RunningServer) -> Iterator[httpx.Client]:
    """A client without a token, as a browser that was just started."""
    with httpx.Client(base_url=server.url, timeout=30.0) as client:
        yield client


def test_only_what_a_browser_loads_is_listed(folder: Path) -> None:
    assert list_files(folder) == {"index.html", "core/a.js", "data.json", "app.webmanifest"}
    for name in ("core/a.d.ts", "notes.md", "../secret.js", "core/../index.html", str(folder / "index.html")):
        assert read_file(name, folder) is None, name


def test_a_file_that_was_changed_is_read_again(folder: Path) -> None:
    before = read_file("core/a.js", folder)
    assert before is not None
    assert before.packed is not None
    assert gzip.decompress(before.packed) == before.body == b"core/a.js " * 50
    assert read_file("core/a.js", folder) is before
    path = folder / "core" / "a.js"
    path.write_text("x")
    os.utime(path, ns=(1, 1))
    after = read_file("core/a.js", folder)
    assert after is not None
    assert (after.body, after.packed) == (b"x", None)
    assert after.etag != before.etag
    path.unlink()
    assert read_file("core/a.js", folder) is None


def test_the_page_opens_without_a_token_under_a_strict_policy(web: httpx.Client, server: RunningServer) -> None:
    answer = web.get("/")
    assert answer.status_code == 200
    assert answer.content == (WEB / INDEX).read_bytes()
    host = f"127.0.0.1:{server.port}"
    rules = dict(rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; "))
    assert rules == {**POLICY, "connect-src": f"'self' ws://{host} wss://{host}"}
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert web.get("/page/index.html").content == answer.content


def test_each_file_comes_with_its_type_and_the_policy(web: httpx.Client, server: RunningServer) -> None:
    assert len(list_files()) > 20
    for name in list_files():
        answer = web.get(f"/page/{name}")
        assert answer.status_code == 200, name
        assert answer.content == (WEB / name).read_bytes(), name
        assert answer.headers["content-type"] == MEDIA_TYPES[Path(name).suffix], name
        # A worker and what it imports and connects to are bound by the policy of the worker's own answer.
        assert answer.headers["content-security-policy"] == policy_for(f"127.0.0.1:{server.port}"), name


def test_a_browser_that_has_a_file_does_not_get_it_again(web: httpx.Client) -> None:
    plain = web.get("/page/app.js", headers={"accept-encoding": "identity"})
    packed = web.get("/page/app.js", headers={"accept-encoding": "gzip, deflate, br"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"])
    assert packed.content == plain.content == (WEB / "app.js").read_bytes()
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert packed.headers["etag"] != plain.headers["etag"]
    for coding, answer in (("identity", plain), ("gzip", packed)):
        headers = {"accept-encoding": coding, "if-none-match": answer.headers["etag"]}
        again = web.get("/page/app.js", headers=headers)
        assert (again.status_code, again.content) == (304, b""), coding
        assert again.headers["etag"] == answer.headers["etag"], coding
        assert web.get("/page/app.js", headers={**headers, "if-none-match": '"old"'}).status_code == 200, coding
    head = web.head("/page/app.js", headers={"accept-encoding": "identity"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == plain.headers["content-length"]


def test_nothing_but_the_page_can_be_read(server: RunningServer) -> None:
    for path in OUTSIDE:
        target = f"/page/{path}".encode().decode("latin-1")
        answer = server.ask(f"GET {target} HTTP/1.1\nhost: 127.0.0.1:{server.port}")
        # 400: bytes that no address may have.
        assert answer.status == 404 or (answer.status == 400 and not path.isascii()), (path, answer)
        assert b"import" not in answer.body, path
    for method in ("POST", "PUT", "DELETE"):
        lines = f"{method} /page/app.js HTTP/1.1\nhost: 127.0.0.1:{server.port}"
        assert server.ask(f"{lines}\ncontent-type: application/json\ncontent-length: 2", b"{}").status == 405, method


def test_other_sites_and_names_do_not_get_the_page(server: RunningServer) -> None:
    for path in ("/", "/page/app.js"):
        for host in ("evil.example", f"evil.example:{server.port}", f"192.0.2.9:{server.port}"):
            assert server.ask(f"GET {path} HTTP/1.1\nhost: {host}").status == 421, (path, host)
        for line in ("origin: https://evil.example", "origin: null", "sec-fetch-site: cross-site"):
            answer = server.ask(f"GET {path} HTTP/1.1\nhost: 127.0.0.1:{server.port}\n{line}")
            assert answer.status == 403, (path, line)
            assert "access-control-allow-origin" not in answer.headers
        own = f"origin: {server.url}\nsec-fetch-site: same-origin"
        assert server.ask(f"GET {path} HTTP/1.1\nhost: 127.0.0.1:{server.port}\n{own}").status == 200, path


def test_who_loads_it_again_and_again_is_not_kept_out(web: httpx.Client) -> None:
    answers = [web.get("/page/app.js", headers={"accept-encoding": "identity"}).status_code for _ in range(400)]
    assert set(answers) == {200}
    assert web.get("/healthz").status_code == 200
