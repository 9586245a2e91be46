"""The terminal commands that control a device."""

import contextlib
import re
import shlex
from pathlib import Path

from musearoo.tools.max_simulator.formats.atoms import format_atoms
from musearoo.tools.max_simulator.formats.faults import HostTimeout
from musearoo.tools.max_simulator.objects.host import Host
from musearoo.tools.max_simulator.runtime.device import Device
from musearoo.tools.max_simulator.runtime.reactions import Reaction

COMMANDS = {
    "press": "press NAME",
    "set": "set NAME VALUE (a number, or the text of a menu's choice)",
    "type": 'type TEXT or type FIELD "TEXT" (the prompt when no field is named)',
    "hold": "hold NAME SECONDS",
    "show": "show (the face as text) or show NAME",
    "info": "info NAME (its Info text)",
    "wait": "wait SECONDS or wait TEXT [SECONDS] (until the status has the text)",
    "sent": "sent (what went to the daemon)",
    "state": "state (what the set would keep)",
    "png": "png FILE",
    "quit": "quit",
}

WAIT_SECONDS = 30.0
"""The default timeout of `wait TEXT`."""

ANSWER_SECONDS = 0.1
"""The time within which the display must respond to a click."""

PNG_SCALE = 2

STATUS, PROMPT = "status", "prompt"
"""The scripting names of the status line and of the prompt field."""


class CommandError(ValueError):
    """A command is unknown or malformed; the text says what is valid."""


class Terminal:
    """Runs commands on one device."""

    def __init__(self, host: Host, device: Device) -> None:
        self.host = host
        self.device = device

    def do(self, line: str) -> str | None:
        """Run a command and return its output, None after `quit`. Raises CommandError and the device's errors."""
        try:
            words = shlex.split(line, comments=True)
        except ValueError as error:
            raise CommandError(f"{error}; put texts into double quotes") from error
        match words:
            case []:
                return ""
            case ["quit"]:
                return None
            case ["press", name]:
                return self._report_reaction(self.device.press(name))
            case ["set", name, *value] if value:
                return self._report_reaction(self.device.set(name, _number_or_text(" ".join(value))))
            case ["type", text]:
                self.device.type(PROMPT, text)
            case ["type", name, text]:
                self.device.type(name, text)
            case ["hold", name, seconds]:
                self.device.hold(name)
                self.host.run_for(_seconds(seconds))
                self.device.release(name)
            case ["show"]:
                return self.device.face()
            case ["show", name]:
                return str(self.device.shown(name))
            case ["info", name]:
                return self.device.annotation(name)
            case ["wait", text, *within] if len(within) < 2:
                self._wait(text, *within)
            case ["sent"]:
                return "\n".join(format_atoms(message) for message in self.device.sent)
            case ["state"]:
                return "\n".join(f"{name}: {value}" for name, value in self.device.save_state().items())
            case ["png", file]:
                self._draw(Path(file))
            case [command, *_] if command in COMMANDS:
                raise CommandError(f"usage: {COMMANDS[command]}")
            case _:
                raise CommandError(f"there are {', '.join(COMMANDS)}")
        return ""

    def _report_reaction(self, reaction: Reaction) -> str:
        """Return what the device displayed at the next frame, and the response time."""
        with contextlib.suppress(HostTimeout):
            self.host.run_until(lambda: reaction.drawn_at is not None, ANSWER_SECONDS)
        if reaction.seconds is None:
            return ""
        shown = ", ".join(f"{name}: {value}" for name, value in reaction.changed.items() if name)
        return f"after {reaction.seconds * 1000:.0f} ms  {shown}"

    def _wait(self, text: str, within: str = "") -> None:
        if _is_number(text):
            self.host.run_for(float(text))
        else:
            limit = _seconds(within) if within else WAIT_SECONDS
            self.host.run_until(lambda: text in str(self.device.shown(STATUS)), limit, f"{text!r} in the status")

    def _draw(self, file: Path) -> None:
        """Draw the face to a file; this command alone needs Pillow."""
        from musearoo.tools.max_simulator.drawing.face import write_png

        write_png(file, self.device.patcher, self.device.values(), scale=PNG_SCALE)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


def _number_or_text(text: str) -> float | str:
    return float(text) if _is_number(text) else text


def _seconds(text: str) -> float:
    if not _is_number(text):
        raise CommandError(f"{text!r} is not a number of seconds")
    return float(text)
