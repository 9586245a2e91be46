"""The MIDI ports of this machine: which there are, those in use, and what happens when one comes or goes."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from bridge.midi.ledger import Ledger
from bridge.midi.ledger_file import LedgerFile
from bridge.midi.messages import Choose, Fault, Ports, PortState, Report
from bridge.midi.options import MISSING, MidiOptions
from bridge.midi.polled_input import PolledInput
from bridge.midi.port_names import VIRTUAL, find_port, foreign_ports, plain_name

OFFS_AGAIN_FOR: Final = 4.0
"""Seconds for which an output that comes gets what an earlier process left sounding ended, again and again: who listens
to a virtual port connects to it a moment after it came."""

DRAINED_AFTER: Final = 0.05
"""Seconds that a driver has to send what it was given last, before its port is closed."""

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
"""By the names of the options; the first that works is taken."""


class MidiPortError(Exception):
    """There is no MIDI here; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class PortList:
    """The ports of other programs and devices, and by which `api` they are reached."""

    api: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    is_virtual_possible: bool


def list_ports(api: str = "", name: str = "MuseAroo") -> PortList:
    """The ports there are now. Raises MidiPortError where there is no MIDI."""
    with _quiet():
        system = System(api, name)
        try:
            return PortList(system.api, *system.list(), system.has_virtual)
        finally:
            system.close()


def why_no_midi(api: str = "") -> str:
    """Why there is no MIDI here, in a sentence; "" where there is."""
    try:
        with _quiet():
            System(api, "MuseAroo").close()
    except MidiPortError as error:
        return str(error)
    return ""


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keeps from the terminal what ALSA and JACK have to say at length where they are not to be had."""
    terminal, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)
        os.close(nowhere)


class System:
    """The operating system's MIDI by python-rtmidi. Raises MidiPortError where there is none."""

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
        """Whether it has ended: only JACK can, which then goes on to list what was there."""
        return self._server is not None and _find_jack() != self._server

    def list(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The inputs and the outputs of others."""
        inputs, outputs = self._in.get_ports(), self._out.get_ports()
        return foreign_ports(inputs, self._name), foreign_ports(outputs, self._name)

    def open_input(self, port: str, heard: Callable[[float, bytes], None]) -> Any:
        """A port that is listened to; VIRTUAL makes our own."""
        midi_in = self._rtmidi.MidiIn(self._number, name=self._name)
        midi_in.ignore_types(sysex=False, timing=False, active_sense=True)

        def take(message: tuple[list[int], float], _: object) -> None:
            heard(time.perf_counter(), bytes(message[0]))

        if self.api != "jack":
            midi_in.set_callback(take)
        _open(midi_in, port, f"{self._name} In")
        return PolledInput(midi_in, heard) if self.api == "jack" else midi_in

    def open_output(self, port: str) -> Any:
        """A port to send to; VIRTUAL makes our own."""
        midi_out = self._rtmidi.MidiOut(self._number, name=self._name)
        _open(midi_out, port, f"{self._name} Out")
        return midi_out

    def close(self) -> None:
        """Frees what it needs to look."""
        self._in.delete()
        self._out.delete()


def _find_jack() -> tuple[int, int] | None:
    """What tells JACK's server, as it runs now, from any other; None where there is none of the usual kind."""
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


class Outlet:
    """An output in use, and the ledger of what sounds at it. Only the thread that sends calls what sends."""

    def __init__(self, port: Any, name: str, ledger: Ledger, opened: float) -> None:
        self.name = name
        self.ledger = ledger
        self.opened = opened
        self.is_broken = False
        self._port = port

    def send(self, data: bytes) -> None:
        """Sends a message."""
        self.ledger.note(data)
        if self._hand_over(data):
            now = time.perf_counter()
            self.ledger.note_sent(data, now)
            self.ledger.settle(now)

    def end_all(self) -> None:
        """Ends all that may sound."""
        for message in self.ledger.offs():
            self.send(message)

    def end_left_over(self) -> None:
        """Ends what another left sounding, which stays noted: perhaps nobody listens yet."""
        for message in self.ledger.left_over_offs():
            self._hand_over(message)

    def close(self) -> None:
        """Closes the port."""
        self.is_broken = True
        _close(self._port)

    def _hand_over(self, data: bytes) -> bool:
        """Whether the port took a message. One that does not is broken from then on, which the next look finds."""
        if self.is_broken:
            return False
        try:
            self._port.send_message(data)
        except Exception as error:
            # Whatever a driver comes up with must not end the thread that sends to the others too.
            print(f"The MIDI output {self.name} does not take a message: {error}")
            self.is_broken = True
        return not self.is_broken


class OpenPorts:
    """The chosen ports, as far as they are there. One thread calls all of it but `send`.

    `heard` takes what comes in, in a driver's thread: the port's name, when it came, the message. `post` has something
    done by the thread that sends; `lost` is told that an input has gone.
    """

    def __init__(
        self,
        options: MidiOptions,
        ledgers: LedgerFile,
        heard: Callable[[str, float, bytes], None],
        post: Callable[[Callable[[], None]], None],
        lost: Callable[[str], None],
        tell: Callable[[Report], None],
    ) -> None:
        self._options = options
        self._ledgers = ledgers
        self._heard = heard
        self._post = post
        self._lost = lost
        self._tell = tell
        self._system: System | None = None
        self._choice = Choose(inputs=(), outputs=())
        self._is_new_choice = True
        self._outlets: dict[str, Outlet] = {}
        self._inlets: dict[str, Any] = {}
        self._sending: tuple[Outlet, ...] = ()
        self._clocked: tuple[Outlet, ...] = ()
        self._told: Ports | None = None
        self._faults: set[str] = set()

    def send(self, data: bytes) -> None:
        """Sends a message to all outputs that are chosen and there."""
        for outlet in self._sending:
            outlet.send(data)

    def send_clock(self, data: bytes) -> None:
        """Sends a message of MIDI clock to the outputs that are to have it."""
        for outlet in self._clocked:
            outlet.send(data)

    def choose(self, choice: Choose) -> None:
        """Uses other ports from now on."""
        self._choice = choice
        self._is_new_choice = True
        if self._system is not None:
            self._faults.clear()
        self.look(time.perf_counter())

    @property
    def is_worn(self) -> bool:
        """Whether the system that the ports were opened in has gone: nothing in this process can reach another one."""
        return self._system is not None and self._system.has_gone

    def look(self, now: float) -> None:
        """Opens what has come, closes what has gone, ends what was left sounding, and reports if anything changed."""
        try:
            self._system = self._system or System(self._options.api, self._options.name)
        except MidiPortError as error:
            self._fault(str(error))
            self._report((), ())
            return
        inputs, outputs = self._system.list()
        self._look_at_outputs(self._system, outputs, now)
        self._look_at_inputs(self._system, inputs)
        self._is_new_choice = False
        self._ledgers.settle(now)
        self._report(inputs, outputs)

    def close(self) -> None:
        """Ends what sounds and closes all ports; the thread that sends must have ended."""
        for outlet in self._outlets.values():
            outlet.end_all()
        time.sleep(DRAINED_AFTER)
        for outlet in self._outlets.values():
            outlet.close()
        for inlet in self._inlets.values():
            _close(inlet)

    def _look_at_outputs(self, system: System, there: tuple[str, ...], now: float) -> None:
        played = self._find(self._choice.outputs, there, "output")
        clocked = self._find(self._choice.clock_outputs, there, "output")
        wanted = (*played, *clocked)
        for name in list(self._outlets):
            self._look_at_outlet(name, name == VIRTUAL or name in there, name in wanted, now)
        for name in dict.fromkeys((*wanted, *self._owing(there))):
            if name not in self._outlets and (port := self._try(system.open_output, name)):
                # What sounds there was left by an earlier process, or when the port went.
                self._outlets[name] = Outlet(port, name, self._ledgers.reopen(self._key(name)), now)
        self._sending = tuple(outlet for name, outlet in self._outlets.items() if name in played)
        self._clocked = tuple(outlet for name, outlet in self._outlets.items() if name in clocked)
        for outlet in self._outlets.values():
            if outlet.ledger.has_left_over:
                self._post(outlet.end_left_over)

    def _owing(self, there: tuple[str, ...]) -> tuple[str, ...]:
        """The outputs there at which something was left sounding."""
        left = self._ledgers.left_over()
        named = tuple(port for name in left if name != self._key(VIRTUAL) and (port := find_port(name, there)))
        return (VIRTUAL, *named) if self._key(VIRTUAL) in left else named

    def _look_at_outlet(self, name: str, is_there: bool, is_wanted: bool, now: float) -> None:
        """Closes an output that has gone, or that is not needed any more."""
        outlet = self._outlets[name]
        if is_there and not outlet.is_broken:
            if outlet.ledger.has_left_over and now - outlet.opened > OFFS_AGAIN_FOR:
                outlet.ledger.forget_left_over()
            if is_wanted or outlet.ledger.has_left_over:
                return
            self._post(outlet.end_all)
            time.sleep(DRAINED_AFTER)
            outlet.close()
        else:
            outlet.close()
            self._ledgers.reopen(self._key(name))
            self._fault(f"The MIDI output {name} has gone: it is used again when it is back.")
        del self._outlets[name]

    def _look_at_inputs(self, system: System, there: tuple[str, ...]) -> None:
        wanted = self._find(self._choice.inputs, there, "input")
        for name in [name for name in self._inlets if name not in wanted]:
            _close(self._inlets.pop(name))
            self._lost(name)
            if name != VIRTUAL and name not in there:
                self._fault(f"The MIDI input {name} has gone: it is used again when it is back.")
        for name in wanted:
            if name not in self._inlets:
                heard = partial(self._heard, self._shown(name, True))
                if port := self._try(partial(system.open_input, heard=heard), name):
                    self._inlets[name] = port

    def _find(self, names: Sequence[str], there: tuple[str, ...], kind: str) -> tuple[str, ...]:
        """Those of the ports there that are meant by names, each once."""
        found: dict[str, None] = {}
        for name in names:
            if name == VIRTUAL:
                if self._system is not None and self._system.has_virtual:
                    found[VIRTUAL] = None
                else:
                    self._fault(NO_VIRTUAL)
                continue
            port = find_port(name, there)
            if port is not None:
                found[port] = None
            elif self._is_new_choice:
                self._fault(
                    f"The MIDI {kind} {name} is not there: plug it in, or choose another. It is used when it comes."
                )
        return tuple(found)

    def _try(self, open_port: Callable[[str], Any], name: str) -> Any:
        """A port that was opened, or None: then it is tried again at the next look."""
        try:
            port = open_port(name)
        except Exception as error:
            # Drivers raise what they like; the others must still be opened.
            why = f"The MIDI port {name or self._options.name} cannot be opened ({error}): another program may have it."
            self._fault(why)
            return None
        self._faults = {sentence for sentence in self._faults if not name or name not in sentence}
        return port

    def _key(self, name: str) -> str:
        """By what the ledger knows an output."""
        return plain_name(name) if name else self._shown(name, False)

    def _shown(self, name: str, is_input: bool) -> str:
        return name or f"{self._options.name} {'In' if is_input else 'Out'}"

    def _fault(self, sentence: str) -> None:
        if sentence not in self._faults:
            self._faults.add(sentence)
            self._tell(Fault(sentence))

    def _report(self, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> None:
        """Tells what ports there are, if that has changed."""
        states = []
        for is_input, there, names, used in (
            (True, inputs, self._choice.inputs, self._inlets),
            (False, outputs, (*self._choice.outputs, *self._choice.clock_outputs), self._outlets),
        ):
            used_names = [name for name in used if name != VIRTUAL]
            states += [PortState(name, is_input, name in used_names, True) for name in there]
            states += [
                PortState(self._shown(name, is_input), is_input, True, name == VIRTUAL and name in used)
                for name in dict.fromkeys(names)
                if name == VIRTUAL or find_port(name, there) is None
            ]
        ports = Ports(tuple(states))
        if ports != self._told:
            self._told = ports
            self._tell(ports)


def _close(port: Any) -> None:
    with contextlib.suppress(Exception):
        # Some drivers complain when what is closed has been unplugged.
        port.close_port()
        port.delete()
