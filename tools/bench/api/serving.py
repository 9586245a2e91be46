"""`musearoo serve` in a process of its own, and clients that ask it one thing at a time."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import msgspec

from musearoo.bridge.settings.config_files import HOME_VARIABLE, ConfigFolder
from musearoo.bridge.settings.home_files import make_private_folder, private_opener
from musearoo.engines.errors import EngineError
from musearoo.tools import ROOT
from musearoo.tools.bench.processes import Usage, read_usage, working_children

PREFIX: Final = "/api/v3"
ANSWERS_WITHIN: Final = 30.0
"""Seconds for any one answer on a busy machine."""
STOPS_WITHIN: Final = 15.0
_PORT: Final = re.compile(rb"http://127\.0\.0\.1:(\d+)/")


class ServeProcess:
    """`musearoo serve` on a free port of 127.0.0.1, with the folder `home`. Raises EngineError if it does not start."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.home = home
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.healthy_after = 0.0
        """Seconds from its start to the first answer of /healthz."""

    def __enter__(self) -> Self:
        make_private_folder(self.home)
        began = time.perf_counter()
        with open(self.home / "serve-stderr.txt", "ab", opener=private_opener) as stderr:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "musearoo", "serve", "--port", "0", *self._arguments],
                env={**os.environ, HOME_VARIABLE: str(self.home)},
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
            )
        try:
            line = self._process.stdout.readline() if self._process.stdout is not None else b""
            found = _PORT.search(line)
            if found is None:
                raise EngineError(f"The server did not start: {self.said()}")
            self.port = int(found[1])
            with RestClient(self.port, "") as client:
                client.ask("GET", "/healthz", prefix="")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        self.healthy_after = time.perf_counter() - began
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is None:
            return
        process, self._process = self._process, None
        if process.poll() is None:
            process.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGINT)
            try:
                process.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process.stdout is not None:
            process.stdout.close()

    @property
    def pid(self) -> int:
        """The server's process id, 0 while it does not run."""
        return self._process.pid if self._process is not None else 0

    @property
    def token(self) -> str:
        """The token of this machine's user."""
        return ConfigFolder(self.home).read_token()

    def said(self) -> str:
        """Return what it wrote to stderr."""
        return (self.home / "serve-stderr.txt").read_text(encoding="utf-8", errors="replace").strip()

    def usage(self) -> dict[str, Usage]:
        """Return what its processes use, by name: "server", "composer 1" and so on."""
        composers = {f"composer {number}": pid for number, pid in enumerate(working_children(self.pid), 1)}
        pids = {"server": self.pid, **composers}
        return {name: usage for name, pid in pids.items() if (usage := read_usage(pid)) is not None}


class RestClient:
    """One keep-alive connection. Answers that are no success raise EngineError, unless `ask_status` is used."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWERS_WITHIN)
        self._headers = {"content-type": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask_status(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, bytes, Mapping[str, str]]:
        """Return status, body and headers of an answer, whatever the status."""
        self._connection.request(method, path, body, {**self._headers, **(headers or {})})
        response = self._connection.getresponse()
        return response.status, response.read(), {name.lower(): value for name, value in response.getheaders()}

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        prefix: str = PREFIX,
        headers: Mapping[str, str] | None = None,
    ) -> bytes:
        """Return the body of a success. `body` is sent as JSON, bytes as they are."""
        sent = body if body is None or isinstance(body, bytes) else msgspec.json.encode(body)
        status, answer, _ = self.ask_status(method, prefix + path, sent, headers)
        if status >= 300:
            said = answer[:300].decode("utf-8", "replace")
            raise EngineError(f"{method} {path} was answered by {status}: {said}")
        return answer

    def make_session(self, **values: Any) -> str:
        """Make a session and return its id."""
        session: str = msgspec.json.decode(self.ask("POST", "/sessions", values))["id"]
        return session


class SocketClient:
    """One WebSocket to a session, blocking, in msgpack: the protocol is that of `websockets`, without its threads."""

    def __init__(self, port: int, session: str, token: str) -> None:
        from websockets.client import ClientProtocol
        from websockets.frames import Frame, Opcode
        from websockets.protocol import State
        from websockets.typing import Subprotocol
        from websockets.uri import parse_uri

        uri = parse_uri(f"ws://127.0.0.1:{port}/ws/{session}")
        self._protocol = ClientProtocol(uri, subprotocols=[Subprotocol("musearoo.v1")], max_size=None)
        self._frame, self._binary = Frame, Opcode.BINARY
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWERS_WITHIN)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._protocol.send_request(self._protocol.connect())
        self._flush()
        self._received: list[bytes] = []
        while self._protocol.handshake_exc is None and self._protocol.state is not State.OPEN:
            self._receive()
        if self._protocol.handshake_exc is not None:
            raise EngineError(f"The server refused the WebSocket: {self._protocol.handshake_exc}")
        self._id = 0
        self.welcome = self.ask("hello", {"token": token}, "welcome")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, kind: str, body: Any, answer: str = "done") -> bytes:
        """Return the frame that answers a frame, as bytes; events are passed over. Raises EngineError for a problem."""
        self._id += 1
        self._protocol.send_binary(msgspec.msgpack.encode((kind, self._id, body)))
        self._flush()
        while True:
            while not self._received:
                self._receive()
            frame = self._received.pop(0)
            type, id, content = _FRAMES.decode(frame)
            if id == self._id and type == answer:
                return frame
            if type == "problem":
                raise EngineError(f"{kind} was answered by a problem: {msgspec.msgpack.decode(content)}")

    def _receive(self) -> None:
        data = self._socket.recv(1 << 18)
        if not data:
            raise EngineError("The server closed the WebSocket.")
        self._protocol.receive_data(data)
        self._flush()
        for event in self._protocol.events_received():
            if isinstance(event, self._frame) and event.opcode is self._binary:
                self._received.append(bytes(event.data))

    def _flush(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._socket.sendall(data)


_FRAMES: Final = msgspec.msgpack.Decoder(tuple[str, int, msgspec.Raw])
