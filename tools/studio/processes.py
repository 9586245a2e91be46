"""A complete studio on this machine: a simulated Live with our script, the daemon, a stand-in for the device.

The latency benchmark and the end-to-end tests use one; `tools.studio.with_max` adds the device itself, in a simulated
Max. All its files are in a temporary folder, and the script is installed into a User Library there as `musearoo
install` does it.
"""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from musearoo.bridge.core.talk import READY, READY_NO_MORE
from musearoo.bridge.settings.config_files import HOME_VARIABLE, ConfigFolder, Endpoint
from musearoo.bridge.settings.home_files import make_private_folder, private_opener, write_whole
from musearoo.bridge.settings.live_folders import install
from musearoo.bridge.speech.listener import RECOGNISER_PROCESS
from musearoo.bridge.speech.recogniser_process import LOADS_WITHIN
from musearoo.tools import ROOT
from musearoo.tools.live_simulator.process import LiveError, LiveProcess
from musearoo.tools.studio.device_stand_in import DeviceStandIn, NoAnswerError

SCRIPT = ROOT / "remote_scripts" / "MuseAroo"

START_WITHIN = 60.0
"""The start timeout of a process in seconds on a busy machine."""


STARTED = ": Live on port "
"""The text in a daemon's log that marks readiness."""

PORTS_OF_STUDIOS = (27_000, 32_000)
"""Below the ports that systems assign themselves, above those that devices and daemons usually use."""


class StudioError(Exception):
    """A process of the studio did not start or ended by itself; the message has its output."""


STUDIO_FAILURES = (StudioError, LiveError, NoAnswerError)
"""Errors that end a demo or a benchmark: the message is for the user."""


class DaemonProcess:
    """`musearoo run` in a separate process, with the folder `home`.

    If the settings name no ports, it gets free ones and keeps them across restarts: of several studios on one machine
    none must connect to another's daemon.
    """

    def __init__(self, home: Path, *, settings: str = "", arguments: Sequence[str] = ("--quiet",)) -> None:
        self.home = home
        self._arguments = tuple(arguments)
        self._process: subprocess.Popen[bytes] | None = None
        self.endpoint: Endpoint | None = None
        self._log_began = 0
        self.ready_after = 0.0
        """Seconds from its start until it reported its port."""
        make_private_folder(home)
        file = ConfigFolder(home).settings_file
        if settings or not file.exists():
            ports = "" if "_port:" in settings else f"script_port: {_free_port()}\ndevice_port: {_free_port()}\n"
            # Most studios use neither voice nor MIDI: a process for each would slow them down.
            ear = "" if "microphone:" in settings else "talk: false\n"
            midi = "" if "midi:" in settings else "midi: false\n"
            # A second of work that only a bench needs.
            cold = "" if "warm_up:" in settings else "warm_up: false\n"
            write_whole(file, (ports + ear + midi + cold + settings).encode(), durable=False)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The process's id, 0 if it is not running."""
        return self._process.pid if self._process else 0

    @property
    def device_port(self) -> int:
        """The UDP port for devices."""
        if self.endpoint is None:
            raise StudioError("the daemon has not been started")
        return self.endpoint.device_port

    def start(self) -> Endpoint:
        """Start it and wait until it reports its port."""
        folder = ConfigFolder(self.home)
        folder.endpoint_file.unlink(missing_ok=True)
        self._log_began = len(self.log())
        started = time.monotonic()
        with open(self.home / "stderr.txt", "ab", opener=private_opener) as stderr:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "musearoo", "run", *self._arguments],
                env={**os.environ, HOME_VARIABLE: str(self.home)},
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=stderr,
                stderr=stderr,
            )
        deadline = time.monotonic() + START_WITHIN
        while (endpoint := folder.read_endpoint()) is None:
            if self._process.poll() is not None:
                raise StudioError(f"the daemon ended at its start: {self.said()}")
            if time.monotonic() > deadline:
                self.kill()
                raise StudioError(f"the daemon was not ready within {START_WITHIN:g} s: {self.said()}")
            time.sleep(0.01)
        self.ready_after = time.monotonic() - started
        self.endpoint = endpoint
        return endpoint

    def resident_bytes(self) -> int | None:
        """Return its memory, or None where the system has no `ps`."""
        try:
            told = subprocess.run(["ps", "-o", "rss=", "-p", str(self.pid)], capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            return None
        return int(told.stdout) * 1024

    def said(self) -> str:
        """Return its stderr output."""
        return (self.home / "stderr.txt").read_text(encoding="utf-8", errors="replace")

    def log(self) -> str:
        """Return the contents of its log."""
        path = ConfigFolder(self.home).log_file
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def wait_for_recogniser(self, within: float = LOADS_WITHIN) -> float:
        """Wait until speech recognition is ready, as reported in its log.

        Returns the seconds from the daemon's own readiness to that point.
        """
        deadline = time.monotonic() + within
        while True:
            lines = self._log_of_this_run()
            ready, lost = _last(lines, READY), _last(lines, READY_NO_MORE)
            if ready > lost:
                began = lines[_last(lines, STARTED)]
                return max(0.0, (_time_of(lines[ready]) - _time_of(began)).total_seconds())
            if time.monotonic() > deadline:
                raise StudioError(f"no recogniser is ready within {within:g} s: {lines[-3:]} {self.said()}")
            time.sleep(0.01)

    def recogniser_pid(self) -> int:
        """Return the process id of its recogniser, from its log at the level "debug"."""
        lines = self._log_of_this_run()
        return int(lines[_last(lines, RECOGNISER_PROCESS)].rsplit(" ", 1)[1])

    def _log_of_this_run(self) -> list[str]:
        """Return the lines of its log since its last start."""
        return self.log()[self._log_began :].splitlines()

    def stop(self) -> int:
        """Ask it to stop, as Ctrl-C does, and return its exit status; 0 when it is not running."""
        if self._process is None:
            return 0
        process, self._process = self._process, None
        if process.poll() is None:
            process.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGINT)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        return process.wait()

    def kill(self) -> None:
        """Kill it, as a crash does."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None


class Studio:
    """Simulated Live, daemon and one device, connected. Leaving the context stops all of them.

    `kits` are drum racks in the User Library, by name, as texts that the simulated Live reads.
    """

    def __init__(
        self,
        *,
        profile: str = "12.3.6",
        edition: str = "Suite",
        kits: Mapping[str, str] = MappingProxyType({}),
        set_file: Path | None = None,
        extra_scripts: Sequence[Path] = (),
        home: Path | None = None,
        settings: str = "",
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="musearoo-studio-", ignore_cleanup_errors=True)
        self.home = home or Path(self._folder.name) / "home"
        self.profile = profile
        self._edition = edition
        self._kits = kits
        self.daemon = DaemonProcess(self.home, settings=settings)
        self._extra_scripts = tuple(extra_scripts)
        self._set_file = set_file
        self.library = Path(self._folder.name) / "User Library"
        self.live: LiveProcess
        self.device: DeviceStandIn

    def __enter__(self) -> Self:
        try:
            self.daemon.start()
            self.live = self.open_live()
            self.device = self.new_device("stand-in")
            self.device.greet()
            self.wait_for_live()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if hasattr(self, "device"):
            self.device.close()
        if hasattr(self, "live"):
            self.live.__exit__(kind, error, trace)
        self.daemon.stop()
        self._folder.cleanup()

    def open_live(self) -> LiveProcess:
        """Return another simulated Live with the same User Library and set; the caller stops it."""
        self.library.mkdir(exist_ok=True)
        install(self.library, self.home, dry_run=False)
        for name, text in self._kits.items():
            kit = self.library / "Presets" / "Instruments" / "Drum Rack" / f"{name}.adg"
            kit.parent.mkdir(parents=True, exist_ok=True)
            kit.write_text(text, encoding="utf-8")
        return LiveProcess(
            profile=self.profile,
            edition=self._edition,
            scripts=[str(script) for script in self._extra_scripts],
            user_library=str(self.library),
            set_file=str(self._set_file) if self._set_file else None,
            env={HOME_VARIABLE: str(self.home)},
        )

    def new_device(self, instance: str, *, deaf: bool = False) -> DeviceStandIn:
        """Return another device in the same Live; the caller greets and closes it."""
        return DeviceStandIn(instance, home=self.home, live_version=self.profile, deaf=deaf)

    def wait_for_live(self, within: float = START_WITHIN) -> None:
        """Wait until the daemon tells the device that Live is connected."""
        self.device.wait_until(lambda: self.device.facts is not None and self.device.facts.live == 1, within, "Live")


def _last(lines: Sequence[str], text: str) -> int:
    """Return the index of the last line that contains a text, -1 for none."""
    return max((number for number, line in enumerate(lines) if text in line), default=-1)


def _time_of(line: str) -> datetime:
    return datetime.fromisoformat(line[:23])


def _free_port() -> int:
    """Return a free TCP and UDP port that the system does not assign by itself."""
    while True:
        port = random.randint(*PORTS_OF_STUDIOS)
        with socket.socket() as stream, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
            try:
                stream.bind(("127.0.0.1", port))
                datagrams.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def write_set(path: Path, description: dict[str, object]) -> Path:
    """Write a set file for the simulated Live and return its path."""
    path.write_text(json.dumps(description), encoding="utf-8")
    return path
