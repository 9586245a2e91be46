"""A proxy between a client and the server that cuts connections, before or after the server has done its work."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Self


class CuttingProxy:
    """Passes bytes on, from a port of its own. `swallow` answers of the server are thrown away, and cut instead."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._names = f"127.0.0.1:{self.port}".encode(), f"127.0.0.1:{port}".encode()
        self.swallow = 0
        self.opened = 0
        self._open: list[socket.socket] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)

    def cut(self) -> None:
        """End all connections now."""
        for connection in list(self._open):
            _close(connection)
        self._open.clear()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                return
            self.opened += 1
            self._open += [client, server]
            threading.Thread(target=self._pump, args=(client, server, False), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, client, True), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket, is_answer: bool) -> None:
        try:
            while data := source.recv(65_536):
                if is_answer and self.swallow > 0:
                    self.swallow -= 1
                    break
                # The server answers under its own name only.
                target.sendall(data if is_answer else data.replace(*self._names))
        except OSError:
            pass
        _close(source)
        _close(target)

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()
        # A blocked accept ends by a shutdown, not by a close.
        _close(self._listening)
        self._accepting.join(5)


def _close(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
