"""The MIDI ports of this machine, by python-rtmidi: list and open them."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from musearoo.bridge.midi.ports.names import VIRTUAL, foreign_ports
from musearoo.bridge.midi.ports.options import MISSING
from musearoo.bridge.midi.ports.polled_input import QUEUE, PolledInput

NO_VIRTUAL: Final = (
    "Windows has no virtual MIDI ports of its own: install loopMIDI (free, by Tobias Erichsen), make a port in it,"
    " and choose that for MuseAroo's MIDI and in Live."
)

_NOTHING_WORKS: Final = {
    "linux": "No MIDI system can be reached: neither ALSA's sequencer (load the module snd-seq) nor a running JACK.",
    "darwin": "CoreMIDI cannot be reached: start Audio MIDI Setup once, then try again.",
    "win32": "Windows' MIDI cannot be reached: start the computer again.",
}

_APIS: Final = {
    "coremidi": "API_MACOSX_CORE",
    "alsa": "API_LINUX_ALSA",
    "jack": "API_UNIX_JACK",
    "winmm": "API_WINDOWS_MM",
}
"""The MIDI APIs by the names of the options; the first that works is used."""


class MidiPortError(Exception):
    """MIDI is not available; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class PortList:
    """The ports of other programs and devices, and the `api` that lists them."""

    api: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    is_virtual_possible: bool


def list_ports(api: str = "", name: str = "MuseAroo") -> PortList:
    """Return the current ports. Raises MidiPortError without MIDI."""
    with _quiet():
        system = System(api, name)
        try:
            return PortList(system.api, *system.list(), system.has_virtual)
        finally:
            system.close()


def why_no_midi(api: str = "") -> str:
    """Return one sentence why there is no MIDI, or ""."""
    try:
        with _quiet():
            System(api, "MuseAroo").close()
    except MidiPortError as error:
        return str(error)
    return ""


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Suppress the messages that ALSA and JACK print if they are not available."""
    terminal, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)
        os.close(nowhere)


class System:
    """The operating system's MIDI by python-rtmidi. Raises MidiPortError if there is none."""

    def __init__(self, api: str, name: str) -> None:
        try:
            self._rtmidi: Any = importlib.import_module("rtmidi")
        except ImportError as error:
            raise MidiPortError(MISSING) from error
        if api not in ("", *_APIS):
            raise MidiPortError(f"No MIDI system is named {api}: choose one of {', '.join(_APIS)}.")
        self._name = name
        compiled = self._rtmidi.get_compiled_api()
        for self.api in (api,) if api else _APIS:
            self._number = getattr(self._rtmidi, _APIS[self.api])
            if self._number not in compiled:
                continue
            try:
                self._in: Any = self._rtmidi.MidiIn(self._number, name=name)
                self._out: Any = self._rtmidi.MidiOut(self._number, name=name)
            except (self._rtmidi.RtMidiError, SystemError, RuntimeError):
                continue
            self._server = _find_jack() if self.api == "jack" else None
            return
        raise MidiPortError(_NOTHING_WORKS.get(sys.platform, "No MIDI system can be reached here."))

    @property
    def has_virtual(self) -> bool:
        """Whether programs can offer ports of their own."""
        return self.api != "winmm"

    @property
    def has_gone(self) -> bool:
        """Whether the system has ended: only JACK can, and then lists stale ports."""
        return self._server is not None and _find_jack() != self._server

    def list(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the inputs and the outputs of other programs and devices."""
        inputs, outputs = self._in.get_ports(), self._out.get_ports()
        return foreign_ports(inputs, self._name), foreign_ports(outputs, self._name)

    def open_input(self, port: str, on_message: Callable[[float, bytes], None]) -> Any:
        """Open an input; VIRTUAL creates our own."""
        midi_in = self._rtmidi.MidiIn(self._number, name=self._name, queue_size_limit=QUEUE)
        midi_in.ignore_types(sysex=False, timing=False, active_sense=True)

        def on_rtmidi(message: tuple[list[int], float], _: object) -> None:
            on_message(time.perf_counter(), bytes(message[0]))

        if self.api != "jack":
            midi_in.set_callback(on_rtmidi)
        _open(midi_in, port, f"{self._name} In")
        return PolledInput(midi_in, on_message) if self.api == "jack" else midi_in

    def open_output(self, port: str) -> Any:
        """Open an output; VIRTUAL creates our own."""
        midi_out = self._rtmidi.MidiOut(self._number, name=self._name)
        _open(midi_out, port, f"{self._name} Out")
        return midi_out

    def close(self) -> None:
        """Free the resources for listing ports."""
        self._in.delete()
        self._out.delete()


def _find_jack() -> tuple[int, int] | None:
    """Return a key of the running JACK server, or None if there is none of the usual kind."""
    name = os.environ.get("JACK_DEFAULT_SERVER", "default")
    try:
        found = Path(f"/dev/shm/jack_{name}_{os.getuid()}_0").stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _open(end: Any, port: str, our_name: str) -> None:
    if port == VIRTUAL:
        end.open_virtual_port(our_name)
    else:
        end.open_port(tuple(end.get_ports()).index(port), our_name)
