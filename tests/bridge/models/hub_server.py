"""A hub on this machine: answers as huggingface.co does, from files that it is given, and breaks when told to.

Files that are kept as Git LFS are redirected to another host, as the real hub does; that one serves ranges.
"""

from __future__ import annotations

import hashlib
import json
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

TEXTS = (".json", ".yaml")
"""Ends of files that it keeps as they are, without a checksum."""

REVISION = "c0ffee" * 6 + "c0ff"


@dataclass(slots=True)
class Asked:
    """One request as it came."""

    path: str
    range: str
    token: str
    # What it says of the program that asks.
    agent: str


@dataclass(slots=True)
class HubServer:
    """What it serves, how it misbehaves, and what it was asked."""

    repository: str
    files: dict[str, bytes]
    address: str = ""
    # What else it has: the files of other repositories.
    others: dict[str, dict[str, bytes]] = field(default_factory=dict)
    # Each breaks one answer of the file host after so many bytes; then all is well.
    breaks: list[int] = field(default_factory=list)
    knows_ranges: bool = True
    # Instead of an answer, for requests whose path holds the words.
    errors: dict[str, int] = field(default_factory=dict)
    # Sent instead of a file's content, beside the checksum of the right one.
    wrong: dict[str, bytes] = field(default_factory=dict)
    # Waits for this before every answer of the file host, when it is set.
    stall: threading.Event | None = None
    asked: list[Asked] = field(default_factory=list)

    def files_of(self, repository: str) -> dict[str, bytes] | None:
        """The files of a repository; None where there is none."""
        return self.files if repository == self.repository else self.others.get(repository)

    def asked_for(self, words: str) -> list[Asked]:
        """The requests whose path holds the words."""
        return [one for one in self.asked if words in one.path]


@contextmanager
def serve_hub(hub: HubServer) -> Iterator[HubServer]:
    """Serves while the context lasts; the address is the hub's then."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(hub))
    hub.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def may_fetch(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lets a test fetch, as `musearoo models fetch` may alone: by connections of its own and no proxy."""
    from huggingface_hub.utils import close_session

    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setenv("NO_PROXY", "*")
    close_session()
    try:
        yield
    finally:
        close_session()


def _handler_of(hub: HubServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = urllib.parse.unquote(self.path)
            ask = self.headers.get("Range") or ""
            token, agent = self.headers.get("Authorization") or "", self.headers.get("User-Agent") or ""
            hub.asked.append(Asked(path, ask, token, agent))
            status = next((status for words, status in hub.errors.items() if words in path), 0)
            if status:
                return self._answer(status, b"no")
            parts = path.partition("?")[0].strip("/").split("/")
            if parts[:2] == ["api", "models"]:
                return self._tell_model("/".join(parts[2:4]))
            if parts[0] == "files":
                # Those of other repositories lie in folders of their names.
                files = hub.files_of("/".join(parts[1:3])) if len(parts) > 3 else hub.files
                return self._send_file(files or {}, "/".join(parts[3:] if len(parts) > 3 else parts[1:]), ask)
            if hub.files_of("/".join(parts[:2])) is not None and parts[2:4] == ["resolve", REVISION]:
                return self._resolve("/".join(parts[:2]), "/".join(parts[4:]))
            return self._answer(404, b"no", {"X-Error-Code": "EntryNotFound"})

        def _tell_model(self, name: str) -> None:
            files = hub.files_of(name)
            if files is None:
                # As the real one does for those who are not logged in.
                return self._answer(401, b"no", {"X-Error-Code": "RepoNotFound"})
            siblings = []
            for file, content in files.items():
                known = {"rfilename": file, "size": len(content), "blobId": "0" * 40}
                lfs = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content), "pointerSize": 134}
                siblings.append(known if file.endswith(TEXTS) else {**known, "lfs": lfs})
            told = {"_id": "1", "id": name, "modelId": name, "sha": REVISION, "siblings": siblings, "tags": []}
            return self._answer(200, json.dumps(told).encode(), {"Content-Type": "application/json"})

        def _resolve(self, repository: str, file: str) -> None:
            files = hub.files_of(repository) or {}
            if file not in files:
                return self._answer(404, b"no", {"X-Error-Code": "EntryNotFound"})
            if file.endswith(TEXTS):
                return self._answer(200, files[file])
            elsewhere = hub.address.replace("127.0.0.1", "localhost")
            place = file if repository == hub.repository else f"{repository}/{file}"
            return self._answer(302, b"", {"Location": f"{elsewhere}/files/{place}"})

        def _send_file(self, files: dict[str, bytes], file: str, ask: str) -> None:
            if hub.stall:
                hub.stall.wait()
            content = hub.wrong.get(file, files[file])
            start = int(ask.removeprefix("bytes=").removesuffix("-")) if ask and hub.knows_ranges else 0
            limits = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"} if start else {}
            self._answer(206 if start else 200, content[start:], limits)

        def _answer(self, status: int, content: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {**(headers or {}), "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            if hub.breaks and self.path.startswith("/files"):
                content = content[: hub.breaks.pop(0)]
                self.close_connection = True
            with suppress(ConnectionError):  # whoever had enough has gone
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
