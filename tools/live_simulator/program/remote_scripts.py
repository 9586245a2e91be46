"""Load Remote Scripts as Live does: a package with its folder's name and `create_instance(c_instance)`."""

from __future__ import annotations

import collections
import importlib
import os
import sys
import traceback
from typing import Any, Callable

from musearoo.tools.live_simulator.core.objects import Context

KEPT_MESSAGES = 1000


class ScriptError(Exception):
    """The script could not be loaded; the text includes its traceback."""


class CInstance:
    """The object that Live passes to a script: the set, the log, the status bar, MIDI out."""

    def __init__(self, context: Context, song: Any, number: int, name: str, show: Callable[[str], None]) -> None:
        self._context = context
        self._song = song
        self._number = number
        self._name = name
        self._show = show
        self.needs_midi_map = True
        self.session_highlight: tuple[int, int, int, int, bool] | None = None
        self.sent_midi: collections.deque[tuple[int, ...]] = collections.deque(maxlen=KEPT_MESSAGES)

    def song(self) -> Any:
        """Return the open set."""
        return self._song

    def log_message(self, message: str) -> None:
        """Write a line to Live's log."""
        self._context.log(f"({self._name}) {message}")

    def show_message(self, message: str) -> None:
        """Show a line in the status bar."""
        self._show(message)

    def send_midi(self, midi_bytes: tuple[int, ...]) -> None:
        """Send MIDI to the surface's port."""
        self.sent_midi.append(tuple(midi_bytes))

    def request_rebuild_midi_map(self) -> None:
        """Request a call of `build_midi_map` at the next tick."""
        self.needs_midi_map = True

    def set_session_highlight(
        self, track_offset: int, scene_offset: int, width: int, height: int, include_return_tracks: bool
    ) -> None:
        """Show the box of slots that a controller controls."""
        self.session_highlight = (track_offset, scene_offset, width, height, include_return_tracks)

    def instance_identifier(self) -> int:
        """Return the surface's number."""
        return self._number

    def handle(self) -> int:
        """Return Live's handle of the surface."""
        return self._number

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise self._context.report_not_simulated("c_instance." + name)


class Script:
    """One loaded Remote Script."""

    def __init__(self, name: str, c_instance: CInstance, instance: Any) -> None:
        self.name = name
        self.c_instance = c_instance
        self.instance = instance


class ScriptHost:
    """The scripts that run in one Live."""

    def __init__(self, context: Context, song: Callable[[], Any]) -> None:
        self.context = context
        self.scripts: list[Script] = []
        self.status_messages: collections.deque[str] = collections.deque(maxlen=KEPT_MESSAGES)
        self._song = song
        self._paths: list[str] = []

    def load(self, folder: str) -> Script:
        """Import the package in a folder and create its surface."""
        folder = os.path.abspath(folder)
        name = os.path.basename(folder)
        if not os.path.isfile(os.path.join(folder, "__init__.py")):
            raise ScriptError(f"{folder} is not a Remote Script: it has no __init__.py")
        parent = os.path.dirname(folder)
        if parent not in sys.path:
            sys.path.append(parent)
            self._paths.append(parent)
        c_instance = CInstance(self.context, self._song(), len(self.scripts), name, self.status_messages.append)
        try:
            importlib.invalidate_caches()
            module = importlib.import_module(name)
            if not os.path.abspath(str(module.__file__)).startswith(folder + os.sep):
                raise ImportError(f"another module of that name was found first: {module.__file__}")
            instance = module.create_instance(c_instance)
        except Exception:
            text = traceback.format_exc()
            self.context.log_error(text)
            self._forget_modules(name)
            raise ScriptError(f"{name} could not be loaded:\n{text}") from None
        script = Script(name, c_instance, instance)
        self.scripts.append(script)
        self._call(script, "connect_script_instances", [other.instance for other in self.scripts])
        self._call(script, "refresh_state")
        return script

    def tick(self) -> None:
        """Call every script's `update_display`."""
        for script in list(self.scripts):
            if script.c_instance.needs_midi_map:
                script.c_instance.needs_midi_map = False
                self._call(script, "build_midi_map", script.c_instance.handle())
            self._call(script, "update_display")

    def disconnect(self) -> None:
        """Disconnect all scripts, the last one first, and unload their modules."""
        while self.scripts:
            script = self.scripts.pop()
            self._call(script, "disconnect")
            self._forget_modules(script.name)
        for path in self._paths:
            sys.path.remove(path)
        self._paths = []

    def _call(self, script: Script, method: str, *arguments: Any) -> None:
        function = getattr(script.instance, method, None)
        if function is None:
            return
        try:
            function(*arguments)
        except Exception:
            self.context.log_error(traceback.format_exc())

    @staticmethod
    def _forget_modules(package: str) -> None:
        for name in list(sys.modules):
            if name == package or name.startswith(package + "."):
                del sys.modules[name]
