"""MuseAroo's folder: its location on each platform, and its files (token, settings, endpoint, lock)."""

import contextlib
import json
import os
import secrets
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, NamedTuple

from filelock import Timeout

from musearoo.bridge.settings.home_files import (
    OWNER_ONLY,
    make_private_folder,
    private_lock,
    read_bounded,
    read_text,
    tidy,
    write_whole,
)
from musearoo.bridge.settings.user_settings import DEFAULT_TEXT, Settings, SettingsError, parse_settings
from musearoo.engines.errors import PresetError, UserFacingError
from musearoo.engines.foundation.parsing import parse_json

HOME_VARIABLE = "MUSEAROO_HOME"
"""The environment variable that overrides the platform's folder; the Remote Script reads it too."""

ENDPOINT: Final = "daemon.json"
SERVER: Final = "server.json"
SELF_TEST: Final = "self_test.json"

DEVICE_KEY: Final = "device_key.txt"
"""The file of the devices' key: `max_for_live/script/key.js` reads it too."""

LARGEST_TOKEN: Final = 1024
"""Most bytes; ours has 43. The Remote Script has the same limit."""

LARGEST_KEY: Final = 256
"""Most bytes; ours has some 70."""


class ConfigError(UserFacingError):
    """The folder or a file in it cannot be used: the message says which, why, and what to do."""


def home_folder() -> Path:
    """Return MuseAroo's folder. The Remote Script has the same rule (remote_scripts/MuseAroo)."""
    if os.environ.get(HOME_VARIABLE):
        return Path(os.environ[HOME_VARIABLE])
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "MuseAroo"
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "MuseAroo"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "musearoo"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The address of a running daemon, for the Remote Script to find it."""

    script_port: int
    device_port: int
    pid: int
    version: str


@dataclass(frozen=True, slots=True)
class ServerEndpoint:
    """The address of a running server, for the commands of its user."""

    url: str
    pid: int
    version: str


class DeviceKey(NamedTuple):
    """A device's access to the running daemon: its UDP port, and the secret that proves each to the other.

    One file contains both, so that a device says hello to no other program.
    """

    port: int
    secret: str


@dataclass(frozen=True, slots=True)
class SelfTestReport:
    """The result of a device's self-test: when (Unix time), in which Live, and its checks (`name=outcome;…`)."""

    when: float
    live_version: str
    checks: str


class ConfigFolder:
    """The files in one folder. Every failure is a ConfigError or SettingsError with one clear sentence."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = private_lock(folder / "daemon.lock")
        self.tightened = 0
        """The number of places in the folder to which others had rights when it was claimed."""

    @property
    def log_file(self) -> Path:
        """The path of the log."""
        return self.folder / "musearoo.log"

    @property
    def settings_file(self) -> Path:
        """The path of the settings."""
        return self.folder / "settings.yaml"

    @property
    def endpoint_file(self) -> Path:
        """The path of the running daemon's address."""
        return self.folder / ENDPOINT

    @property
    def self_test_file(self) -> Path:
        """The path of the last self-test of a device."""
        return self.folder / SELF_TEST

    @property
    def token_file(self) -> Path:
        """The path of the token that admits scripts."""
        return self.folder / "token"

    @property
    def device_key_file(self) -> Path:
        """The path of the devices' key. Max requires a known file extension."""
        return self.folder / DEVICE_KEY

    def make(self) -> None:
        """Make the folder, for its owner alone, if it is not there yet."""
        with _explained(self.folder, "make"):
            make_private_folder(self.folder)

    def claim(self) -> None:
        """Make the folder private and lock it for this process; raises ConfigError if another has it."""
        self.make()
        try:
            with _explained(self.folder, "write to"):
                self._lock.acquire(timeout=0)
        except Timeout as error:
            running = self.read_endpoint()
            which = f" (process {running.pid})" if running else ""
            raise ConfigError(f"MuseAroo is already running{which}: stop it first, or use it as it is.") from error
        self.tightened = tidy(self.folder)

    def release(self) -> None:
        """Unlock the folder and remove the endpoint."""
        with contextlib.suppress(OSError):
            self.endpoint_file.unlink(missing_ok=True)
        self._lock.release()

    def read_settings(self) -> Settings:
        """Return the settings; writes the commented default file if there is none."""
        path = self.settings_file
        try:
            text = read_text(path)
        except FileNotFoundError:
            text = DEFAULT_TEXT
            with _explained(path, "write"):
                write_whole(path, text.encode())
        except OSError as error:
            why = error.strerror or error
            raise SettingsError(f"{path} cannot be read ({why}): mend or delete it, then start again.") from error
        return parse_settings(text, str(path))

    def peek_settings(self) -> Settings:
        """Return the settings, the defaults if there are none; writes nothing."""
        return self.read_settings() if self.settings_file.exists() else Settings()

    def read_token(self) -> str:
        """Return the token, which the first start creates, readable by its owner alone."""
        path = self.token_file
        with _explained(path, "read or write"):
            try:
                token = read_bounded(path, LARGEST_TOKEN).decode("ascii", errors="replace").strip()
            except FileNotFoundError:
                token = ""
            except OSError as error:
                why = error.strerror or error
                raise ConfigError(f"{path} cannot be read ({why}): mend or delete it, then start again.") from error
            if token:
                path.chmod(OWNER_ONLY)
                return token
            token = secrets.token_urlsafe(32)
            write_whole(path, token.encode())
        return token

    def keep_device_key(self, key: DeviceKey) -> None:
        """Write the devices' key, readable by its owner alone."""
        with _explained(self.device_key_file, "write"):
            write_whole(self.device_key_file, f"{key.port} {key.secret}\n".encode("ascii"), durable=False)

    def read_device_key(self) -> DeviceKey | None:
        """Return the key of the last daemon; None if there is none, or it cannot be read."""
        try:
            port, secret = read_bounded(self.device_key_file, LARGEST_KEY).decode("ascii").split()
            return DeviceKey(int(port), secret)
        except (OSError, ValueError):
            return None

    def write_endpoint(self, endpoint: Endpoint) -> None:
        """Write the daemon's address."""
        with _explained(self.endpoint_file, "write"):
            write_whole(self.endpoint_file, json.dumps(asdict(endpoint)).encode(), durable=False)

    def read_endpoint(self) -> Endpoint | None:
        """Return a daemon's address, or None; it may have died since."""
        try:
            return parse_json(read_bounded(self.endpoint_file), ENDPOINT, Endpoint)
        except (OSError, PresetError):
            return None

    def write_server(self, server: ServerEndpoint) -> None:
        """Write the server's address."""
        path = self.folder / SERVER
        with _explained(path, "write"):
            write_whole(path, json.dumps(asdict(server)).encode(), durable=False)

    def read_server(self) -> ServerEndpoint | None:
        """Return a server's address, or None; it may have died since."""
        try:
            return parse_json(read_bounded(self.folder / SERVER), SERVER, ServerEndpoint)
        except (OSError, PresetError):
            return None

    def forget_server(self, pid: int) -> None:
        """Remove the server's address, if it is that of this process."""
        found = self.read_server()
        if found is not None and found.pid == pid:
            with contextlib.suppress(OSError):
                (self.folder / SERVER).unlink(missing_ok=True)

    def keep_self_test(self, report: SelfTestReport) -> None:
        """Save a device's report in place of an earlier one."""
        with _explained(self.self_test_file, "write"):
            write_whole(self.self_test_file, json.dumps(asdict(report)).encode())

    def read_self_test(self) -> SelfTestReport | None:
        """Return the report of the last device that tested itself, or None."""
        try:
            return parse_json(read_bounded(self.self_test_file), SELF_TEST, SelfTestReport)
        except (OSError, PresetError):
            return None


@contextlib.contextmanager
def _explained(path: Path, verb: str) -> Iterator[None]:
    try:
        yield
    except Timeout:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError(f"MuseAroo cannot {verb} {path}: {reason}. Free some space or mend its rights.") from error
