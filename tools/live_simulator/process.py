"""A simulated Live in a separate process, for tests and the demo.

with LiveProcess(scripts=("remote_scripts/MuseAroo",)) as live:
    live.set("song.tempo", 97.0)
    before = live.snapshot()
"""

from __future__ import annotations

import collections
import json
import os
import subprocess
import sys
import threading
from types import TracebackType
from typing import IO, Any, Mapping, Sequence

from musearoo.tools.live_simulator.core.shapes import NEWEST

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
START_SECONDS = 20.0
REPLY_SECONDS = 30.0
KEPT_STDERR_LINES = 2000


class LiveError(Exception):
    """The simulated Live answered with an error, or not at all; the text includes its last output."""


class LiveProcess:
    """Starts a simulated Live, exchanges commands with it over pipes, and stops it."""

    def __init__(
        self,
        profile: str = NEWEST,
        scripts: Sequence[str] = (),
        user_library: str | None = None,
        edition: str = "Suite",
        set_file: str | None = None,
        env: Mapping[str, str] | None = None,
        python: str | None = None,
        mutation: str | None = None,
        mac_datagrams: bool = False,
    ) -> None:
        command = [python or sys.executable, "-m", "musearoo.tools.live_simulator", "--control", "--profile", profile]
        for script in scripts:
            command += ["--script", os.fspath(script)]
        for flag, value in (
            ("--user-library", user_library),
            ("--edition", edition),
            ("--set", set_file),
            ("--break", mutation),
        ):
            if value is not None:
                command += [flag, os.fspath(value)]
        if mac_datagrams:
            command.append("--mac-datagrams")
        paths = os.pathsep.join(filter(None, (ROOT, os.environ.get("PYTHONPATH"))))
        environment = dict(os.environ, PYTHONPATH=paths, PYTHONUTF8="1", PYTHONDONTWRITEBYTECODE="1")
        environment.update(env or {})
        self._stderr: collections.deque[str] = collections.deque(maxlen=KEPT_STDERR_LINES)
        self._replies: dict[Any, dict[str, Any]] = {}
        self._arrived = threading.Condition()
        self._next_id = 0
        self._is_ended = False
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self._threads = [
            threading.Thread(target=self._read_replies, args=(self._process.stdout,), daemon=True),
            threading.Thread(target=self._read_stderr, args=(self._process.stderr,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        try:
            self._wait_for("ready", START_SECONDS)
        except LiveError:
            self.kill()
            raise

    # ------------------------------------------------------------------------------------ lifetime

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether the process is running."""
        return self._process.poll() is None

    @property
    def stderr(self) -> str:
        """The process's stderr: Live's log and the output of scripts."""
        return "\n".join(self._stderr)

    def __enter__(self) -> LiveProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and self._stderr:
            print(f"--- the simulated Live's log ---\n{self.stderr}", file=sys.stderr)
        if self.is_running and kind is None:
            self.quit()
        self.kill()

    def quit(self) -> None:
        """Quit as a user does, which disconnects scripts; return when the process has ended."""
        if not self.is_running:
            return
        self._ask({"do": "quit"})
        self._process.wait(REPLY_SECONDS)
        self._close()

    def kill(self) -> None:
        """Kill the process, as a crash does."""
        if self.is_running:
            self._process.kill()
        self._process.wait()
        self._close()

    def _close(self) -> None:
        for thread in self._threads:
            thread.join(5.0)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    self._is_ended = True

    # ------------------------------------------------------------------------------------ commands

    def get(self, path: str) -> Any:
        """Return the value at a path: `song.tracks[0].name`."""
        return self._ask({"do": "get", "path": path})

    def set(self, path: str, value: Any) -> None:
        """Assign a property, as the user would."""
        self._ask({"do": "set", "path": path, "value": value})

    def call(self, path: str, *arguments: Any) -> Any:
        """Call a method. An argument `{"path": …}` stands for an object, `{"notes": …}` for notes."""
        return self._ask({"do": "call", "path": path, "args": list(arguments)})

    def group(self, *commands: dict[str, Any]) -> list[Any]:
        """Run several commands as one undo step."""
        values: list[Any] = self._ask({"do": "group", "commands": list(commands)})
        return values

    def snapshot(self) -> dict[str, Any]:
        """Return the whole set as plain data."""
        data: dict[str, Any] = self._ask({"do": "snapshot"})
        return data

    def undo(self) -> str:
        """Press Cmd-Z."""
        label: str = self._ask({"do": "undo"})
        return label

    def redo(self) -> str:
        """Press Shift-Cmd-Z."""
        label: str = self._ask({"do": "redo"})
        return label

    def stall(self, ms: float) -> None:
        """Freeze the main thread; return when it runs again."""
        self._ask({"do": "stall", "ms": ms}, REPLY_SECONDS + ms / 1000.0)

    def open_menu(self, ms: float) -> None:
        """Simulate an open menu: the main thread freezes, then all missed ticks arrive at once.

        Return when it is over.
        """
        self._ask({"do": "menu", "ms": ms}, REPLY_SECONDS + ms / 1000.0)

    def start_stall(self, ms: float) -> None:
        """Freeze the main thread; return immediately."""
        self._send({"do": "stall", "ms": ms})

    def kill_timers(self) -> None:
        """Stop every running Live.Base.Timer without notifying the scripts."""
        self._ask({"do": "kill_timers"})

    def vanish_track(self, index: int) -> None:
        """Delete a track, as a user might while a script is using it."""
        self._ask({"do": "vanish_track", "index": index})

    def freeze_track(self, index: int, frozen: bool = True) -> None:
        """Freeze or unfreeze a track."""
        self._ask({"do": "freeze_track", "index": index, "frozen": frozen})

    def move_track(self, index: int, to: int) -> None:
        """Drag a track to another index."""
        self._ask({"do": "move_track", "index": index, "to": to})

    def insert_device(self, into: str, name: str, at: int = -1) -> None:
        """Drag EQ Eight or a rack into the chain of a track or rack: `song.tracks[0].devices[0].chains[0]`."""
        self._ask({"do": "insert_device", "into": into, "name": name, "at": at})

    def insert_max_device(self, into: str, name: str, kind: str, at: int = -1, parameters: Sequence[str] = ()) -> int:
        """Drag a Max device (kind audio, midi or instrument) into a chain; return its key."""
        command = {"do": "insert_max_device", "into": into, "name": name, "kind": kind, "at": at}
        key: int = self._ask(dict(command, parameters=list(parameters)))
        return key

    def move_device(self, path: str, into: str, at: int = -1) -> None:
        """Drag a device to another index or chain."""
        self._ask({"do": "move_device", "path": path, "into": into, "at": at})

    def duplicate_device(self, path: str) -> None:
        """Duplicate a device to the index after it."""
        self._ask({"do": "duplicate_device", "path": path})

    def delete_device(self, path: str) -> None:
        """Delete a device."""
        self._ask({"do": "delete_device", "path": path})

    def max_devices(self) -> list[dict[str, Any]]:
        """Return the Max devices in the set: key, name, kind, path in Max's words, the original's key or 0."""
        devices: list[dict[str, Any]] = self._ask({"do": "max_devices"})
        return devices

    def ask_object_model(self, question: str, **details: Any) -> dict[str, Any]:
        """Send a query as a Max device does (`control.py` lists them): {"value": …} or {"refused": …}."""
        answer: dict[str, Any] = self._ask(dict(details, do="lom", ask=question))
        return answer

    def log(self) -> list[str]:
        """Return Live's log, including script messages and tracebacks."""
        lines: list[str] = self._ask({"do": "log"})
        return lines

    def not_simulated(self) -> list[str]:
        """Return the unimplemented members that scripts used."""
        members: list[str] = self._ask({"do": "not_simulated"})
        return members

    def stats(self) -> dict[str, Any]:
        """Return sizes and timings: listeners, handles, gaps, open files, memory."""
        data: dict[str, Any] = self._ask({"do": "stats"})
        return data

    def save(self, path: str) -> None:
        """Write the set as JSON; its file name does not change."""
        self._ask({"do": "save", "file": os.path.abspath(path)})

    def save_as(self, path: str) -> None:
        """Save the set to this file, as the user does; it becomes the set's file name."""
        self._ask({"do": "save_as", "file": os.path.abspath(path)})

    # --------------------------------------------------------------------------------------- pipes

    def _ask(self, command: dict[str, Any], seconds: float = REPLY_SECONDS) -> Any:
        reply = self._wait_for(self._send(command), seconds)
        if "error" in reply:
            raise LiveError("{}: {}".format(command.get("path", command["do"]), reply["error"]))
        return reply["value"]

    def _send(self, command: dict[str, Any]) -> int:
        with self._arrived:
            self._next_id += 1
            number = self._next_id
        pipe = self._process.stdin
        try:
            if pipe is None:
                raise BrokenPipeError
            pipe.write(json.dumps(dict(command, id=number)) + "\n")
            pipe.flush()
        except (BrokenPipeError, OSError, ValueError):
            raise LiveError(f"the simulated Live has ended:\n{self.stderr}") from None
        return number

    def _wait_for(self, number: Any, seconds: float) -> dict[str, Any]:
        with self._arrived:
            self._arrived.wait_for(lambda: number in self._replies or self._is_ended, seconds)
            if number in self._replies:
                return self._replies.pop(number)
        state = "has ended" if self._is_ended else "does not answer"
        raise LiveError(f"the simulated Live {state}:\n{self.stderr}")

    def _read_replies(self, pipe: IO[str]) -> None:
        for line in pipe:
            message = json.loads(line)
            with self._arrived:
                self._replies["ready" if "ready" in message else message.get("id")] = message
                self._arrived.notify_all()
        with self._arrived:
            self._is_ended = True
            self._arrived.notify_all()

    def _read_stderr(self, pipe: IO[str]) -> None:
        for line in pipe:
            self._stderr.append(line.rstrip("\n"))
