"""A simulated Live with the Remote Script in it, and a daemon's end of the socket, all in one thread.

The clock is stepped by hand and the loopback socket is polled between steps, so nothing waits and nothing is left to
chance. What the script sends is read with the daemon's own codec: a message outside the wire table fails the test.
"""

import importlib
import json
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from musearoo.bridge.protocol import (
    WIRE_VERSION,
    ClipNotes,
    ClipState,
    CreateClip,
    Edit,
    Error,
    Gone,
    Result,
    SceneState,
    ScriptHello,
    ScriptWelcome,
    SetReady,
    TrackState,
    Transaction,
)
from musearoo.bridge.protocol.codec import decode, encode, encode_bundle, encode_notes
from musearoo.bridge.protocol.framing import FrameReader, encode_frame
from musearoo.bridge.protocol.types import Message, Route
from musearoo.engines.music.note import Note
from musearoo.tools.live_simulator.core.clock import ManualClock
from musearoo.tools.live_simulator.program.remote_scripts import CInstance, Script
from musearoo.tools.live_simulator.program.simulator import Simulator
from musearoo.tools.live_simulator.snapshot import take_snapshot

SCRIPTS = Path(__file__).resolve().parents[2] / "remote_scripts"
PROFILES = ("11.3.25", "12.0.0", "12.0.5", "12.2.0", "12.3.6")
TOKEN = "a token"

M = TypeVar("M", bound=Message)


class Daemon:
    """The listening end: records what comes, sends what it is told to."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.received: list[Message] = []
        self._listener: socket.socket | None = None
        self._peer: socket.socket | None = None
        self._reader = FrameReader()

    def listen(self) -> None:
        """Opens a port and writes the files by which the script finds it."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.setblocking(False)
        port = self._listener.getsockname()[1]
        (self.home / "daemon.json").write_text(
            json.dumps({"script_port": port, "device_port": 1, "pid": 1, "version": ""})
        )
        (self.home / "token").write_text(TOKEN + "\n")

    def poll(self) -> None:
        """Takes a connection that waits, and what has come on it."""
        if self._peer is None and self._listener is not None:
            try:
                self._peer = self._listener.accept()[0]
            except BlockingIOError:
                return
            self._peer.setblocking(False)
            self._reader = FrameReader()
        while self._peer is not None:
            try:
                data = self._peer.recv(1 << 20)
            except BlockingIOError:
                return
            if not data:
                self.hang_up()
                return
            for packet in self._reader.feed(data):
                self.received += decode(packet, Route.SCRIPT_TO_DAEMON)

    def send(self, *messages: Message, bundle: bool = False) -> None:
        """Sends messages, one packet each or all in one bundle."""
        packets = [encode_bundle(messages)] if bundle else [encode(message) for message in messages]
        self.send_bytes(b"".join(encode_frame(packet) for packet in packets))

    def send_bytes(self, data: bytes) -> None:
        """Sends bytes as they are."""
        assert self._peer is not None, "the script has not connected"
        self._peer.setblocking(True)
        self._peer.sendall(data)
        self._peer.setblocking(False)

    @property
    def is_connected(self) -> bool:
        """Whether a script is on the line."""
        return self._peer is not None

    def hang_up(self) -> None:
        """Closes the connection."""
        if self._peer is not None:
            self._peer.close()
            self._peer = None

    def close(self) -> None:
        """Closes everything."""
        self.hang_up()
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def take(self, kind: type[M]) -> list[M]:
        """The messages of one class that have come; all that has come is forgotten."""
        found = [message for message in self.received if isinstance(message, kind)]
        self.received.clear()
        return found

    def of(self, kind: type[M]) -> list[M]:
        """The messages of one class that have come."""
        return [message for message in self.received if isinstance(message, kind)]

    def last(self, kind: type[M]) -> M:
        """The newest message of one class."""
        return self.of(kind)[-1]


class Studio:
    """Live, the script and the daemon's end together."""

    def __init__(self, home: Path, profile: str = "12.3.6") -> None:
        self.clock = ManualClock()
        self.library = home / "User Library"
        self.library.mkdir(exist_ok=True)
        self.live = Simulator(profile=profile, clock=self.clock, user_library=str(self.library))
        self.daemon = Daemon(home)
        self.wall = time.time()
        self.script: Any = None
        self._requests = 0

    def load(self) -> None:
        """Puts the script into Live, on the clock that the test steps."""
        self.live.install()
        sys.path.insert(0, str(SCRIPTS))
        surface = importlib.import_module("MuseAroo.surface")
        c_instance = CInstance(self.live.context, self.live.song, 0, "MuseAroo", self.live.host.status_messages.append)
        made = surface.MuseAroo(c_instance, self.clock.now, lambda: self.wall, str(self.library))
        self.live.host.scripts.append(Script("MuseAroo", c_instance, made))
        self.script = made.musearoo

    def close(self) -> None:
        """Quits Live, then the daemon."""
        self.live.quit()
        self.daemon.close()
        if str(SCRIPTS) in sys.path:
            sys.path.remove(str(SCRIPTS))

    def snapshot(self) -> dict[str, Any]:
        """Everything of the set that can be edited, to compare before and after."""
        return take_snapshot(self.live.song_model)

    def step(self, seconds: float = 0.03) -> None:
        """Lets Live run so long, a tick at a time, with the daemon's end polled between."""
        for _ in range(max(1, round(seconds / 0.01))):
            self.live.run_for(0.01)
            self.daemon.poll()

    def step_until(self, condition: Any, seconds: float = 10.0) -> None:
        """Lets Live run until the condition holds; fails after so many seconds of its time."""
        for _ in range(round(seconds / 0.01)):
            self.step(0.01)
            if condition():
                return
        raise AssertionError(f"did not happen within {seconds} s; received {self.daemon.received[-5:]}")

    def connect(self) -> None:
        """Starts the daemon's end, admits the script and lets it tell the whole set."""
        self.daemon.listen()
        self.connect_again()

    def connect_again(self) -> None:
        """Admits the script, on a port that it knows already."""
        self.step_until(lambda: self.daemon.of(ScriptHello))
        self.daemon.send(ScriptWelcome(WIRE_VERSION, "0.1.0"))
        self.step_until(lambda: self.daemon.of(SetReady))

    def ask(self, message: Message, *edits: Message) -> Result | Error:
        """Sends a request and gives the one answer that it must get."""
        before = len(self.daemon.of(Result)) + len(self.daemon.of(Error))
        self.daemon.send(message, *edits, bundle=True)
        self.step_until(lambda: len(self.daemon.of(Result)) + len(self.daemon.of(Error)) > before)
        answers: list[Result | Error] = [*self.daemon.of(Result), *self.daemon.of(Error)]
        assert len(answers) == before + 1, answers
        return [answer for answer in self.daemon.received if isinstance(answer, Result | Error)][-1]

    def do(self, *edits: Edit, deadline: float = 0.0) -> Result:
        """Performs a transaction that must succeed."""
        answer = self.ask(self._transaction(deadline), *edits)
        assert isinstance(answer, Result), answer
        return answer

    def refused(self, *edits: Edit, deadline: float = 0.0) -> Error:
        """Performs a transaction that must be refused."""
        answer = self.ask(self._transaction(deadline), *edits)
        assert isinstance(answer, Error), answer
        return answer

    def _transaction(self, deadline: float) -> Transaction:
        self._requests += 1
        return Transaction(f"request {self._requests}", deadline)

    # --- what the daemon knows from the messages alone ---

    def _known(self, kind: type[M]) -> dict[int, M]:
        known: dict[int, M] = {}
        for message in self.daemon.received:
            if isinstance(message, kind):
                known[message.id] = message  # type: ignore[attr-defined]
            elif isinstance(message, Gone):
                known.pop(message.id, None)
        return known

    @property
    def tracks(self) -> list[TrackState]:
        """The regular tracks in their order."""
        return sorted((t for t in self._known(TrackState).values() if t.kind < 3), key=lambda t: t.index)

    @property
    def other_tracks(self) -> list[TrackState]:
        """Returns and master."""
        return sorted((t for t in self._known(TrackState).values() if t.kind >= 3), key=lambda t: (t.kind, t.index))

    @property
    def scenes(self) -> list[SceneState]:
        """The scenes from the top."""
        return sorted(self._known(SceneState).values(), key=lambda scene: scene.index)

    @property
    def clips(self) -> dict[int, ClipState]:
        """The clips by id."""
        return self._known(ClipState)

    def notes_told(self, clip: int) -> bytes:
        """The notes of a clip as told last."""
        return [message.notes for message in self.daemon.of(ClipNotes) if message.clip == clip][-1]


@contextmanager
def studio(home: Path, profile: str = "12.3.6", connected: bool = True) -> Iterator[Studio]:
    """A studio that is closed in the end; MUSEAROO_HOME must point to `home`."""
    made = Studio(home, profile)
    try:
        made.load()
        if connected:
            made.connect()
        yield made
    finally:
        made.close()


def some_notes(count: int = 16, pitch: int = 36) -> tuple[Note, ...]:
    """Notes on a sixteenth grid, none over another, at times that single precision cannot hold."""
    return tuple(Note(index / 4 + 1 / 3e6, pitch + index % 3, 0.2, 100.0) for index in range(count))


def clip_edit(track: int, scene: int, *, where: int = 0, notes: Sequence[Note] = (), name: str = "Roo") -> CreateClip:
    """An edit that makes a four-beat clip."""
    return CreateClip(track, scene, where, 4.0, name, 0x1AFF2F, 1, 4, 4, encode_notes(notes or some_notes()))
