"""A relay between browser and server that counts what the server sends: all of it, workers' sockets, too."""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import Final, Self

BLOCK: Final = 64 * 1024


class Relay:
    """Listens on a free port of 127.0.0.1 and passes all on to the port `target`, set before the first client comes."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listening.getsockname()[1]
        self.target = 0
        self._sent = 0
        self._counting = threading.Lock()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, name="relay", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.close()

    @property
    def sent(self) -> int:
        """The bytes that the server has sent so far, headers included."""
        with self._counting:
            return self._sent

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            for source, drain, counts in ((client, server, False), (server, client, True)):
                threading.Thread(target=self._pass_on, args=(source, drain, counts), daemon=True).start()

    def _pass_on(self, source: socket.socket, drain: socket.socket, counts: bool) -> None:
        try:
            while data := source.recv(BLOCK):
                drain.sendall(data)
                if counts:
                    with self._counting:
                        self._sent += len(data)
        except OSError:
            pass
        finally:
            for each in (source, drain):
                each.close()
