"""The daemon's end of the script's stream without the daemon: tests send any transaction and see every answer."""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from musearoo.bridge.links.stream import Role, StreamLink
from musearoo.bridge.live_set.mirror import SetMirror
from musearoo.bridge.protocol import WIRE_VERSION, Error, Result, ScriptHello, ScriptWelcome, TakeBack, Transaction
from musearoo.bridge.protocol.types import Message
from musearoo.bridge.settings.config_files import ConfigFolder, Endpoint

ANSWER_WITHIN = 30.0


class ScriptHost:
    """Admits any script that comes to the endpoint in `home`, mirrors its set and sends it transactions."""

    def __init__(self, home: Path) -> None:
        self.mirror = SetMirror()
        self._folder = ConfigFolder(home)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="script host")
        self._link = 0
        self._requests = 0
        self._answers: dict[str, Result | Error] = {}
        self.clips_at: dict[str, frozenset[int]] = {}
        """By request: the clips that the mirror had when its answer came."""
        self._changed = threading.Condition()

    def __enter__(self) -> Self:
        self._thread.start()
        self._folder.folder.mkdir(parents=True, exist_ok=True)
        self._folder.read_token()
        self._scripts = StreamLink(Role(self._on_message, self._on_lost))
        asyncio.run_coroutine_threadsafe(self._scripts.start(25_610), self._loop).result(5)
        self._folder.write_endpoint(Endpoint(self._scripts.port, 0, 0, "test"))
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._scripts.stop(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def wait_for_set(self) -> None:
        """Waits until the script has told the whole set."""
        self._wait(lambda: self.mirror.complete, "the set")

    def transact(self, *edits: Message, request: str = "", deadline: float = 0.0) -> Result | Error:
        """Sends one transaction and returns the script's answer."""
        self._requests += 1
        request = request or f"test:{self._requests}"
        self._answers.pop(request, None)
        self._send((Transaction(request, deadline), *edits))
        return self._answer(request)

    def take_back(self, transaction: str) -> Result | Error:
        """Sends what undoes a transaction and returns the script's answer."""
        self._requests += 1
        request = f"test:{self._requests}"
        self._send((TakeBack(request, transaction),))
        return self._answer(request)

    def _answer(self, request: str) -> Result | Error:
        self._wait(lambda: request in self._answers, f"the answer to {request}")
        return self._answers[request]

    def track(self, index: int) -> int:
        """The id of the regular track at a place."""
        track = self.mirror.track_at(index)
        if track is None:
            raise LookupError(f"the mirror has no track {index}")
        return track.id

    def scene(self, index: int) -> int:
        """The id of the scene at a place."""
        scene = self.mirror.scene_at(index)
        if scene is None:
            raise LookupError(f"the mirror has no scene {index}")
        return scene.id

    def _send(self, messages: Sequence[Message]) -> None:
        self._loop.call_soon_threadsafe(self._scripts.send, self._link, messages)

    def _wait(self, condition: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + ANSWER_WITHIN
        with self._changed:
            while not condition():
                if not self._changed.wait(deadline - time.monotonic()):
                    raise TimeoutError(f"{what} did not come within {ANSWER_WITHIN:g} s")

    def _on_message(self, link: int, message: Message) -> None:
        with self._changed:
            if isinstance(message, ScriptHello):
                self._link = link
                self._scripts.send(link, (ScriptWelcome(WIRE_VERSION, "test"),))
            elif isinstance(message, Result | Error):
                self._answers[message.request] = message
                self.clips_at[message.request] = frozenset(self.mirror.clips)
            else:
                self.mirror.apply(message)
            self._changed.notify_all()

    def _on_lost(self, link: int) -> None:
        with self._changed:
            if link == self._link:
                self._link = 0
                self.mirror = SetMirror()
