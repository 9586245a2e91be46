"""The open ports: handle ports that come and go, and leave no stuck notes at any of them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from musearoo.bridge.midi.parts.sounding import Ledger
from musearoo.bridge.midi.ports.ledger_file import LedgerFile
from musearoo.bridge.midi.ports.names import VIRTUAL, find_port, plain_name
from musearoo.bridge.midi.ports.options import MidiOptions
from musearoo.bridge.midi.ports.system import NO_VIRTUAL, MidiPortError, System
from musearoo.bridge.protocol.midi_process import Choose, Fault, Ports, PortState, Report

OFFS_AGAIN_FOR: Final = 4.0
"""Seconds for which note offs for an earlier process's notes are repeated: listeners connect to a virtual port a moment
after it appears."""

DRAINED_AFTER: Final = 0.05
"""Seconds in which a driver must send its last messages before its port is closed."""


class Outlet:
    """An output in use, with the ledger of its sounding notes. Only the sender thread calls methods that send."""

    def __init__(self, port: Any, name: str, ledger: Ledger) -> None:
        self.name = name
        self.ledger = ledger
        self.is_broken = False
        self._owing_since: float | None = None
        self._port = port

    def send(self, data: bytes) -> None:
        """Send a message."""
        self.ledger.note(data)
        if self._hand_over(data):
            now = time.perf_counter()
            self.ledger.note_sent(data, now)
            self.ledger.settle(now)

    def end_all(self) -> None:
        """End all notes that may be sounding."""
        for message in self.ledger.offs():
            self.send(message)

    def poll(self, now: float) -> None:
        """End left-over notes, at every call for some time."""
        if not self.ledger.has_left_over:
            self._owing_since = None
        elif self._owing_since is None or now - self._owing_since <= OFFS_AGAIN_FOR:
            self._owing_since = self._owing_since or now
            for message in self.ledger.left_over_offs():
                self._hand_over(message)
        else:
            self.ledger.forget_left_over()

    def close(self) -> None:
        """Close the port."""
        self.is_broken = True
        _close(self._port)

    def _hand_over(self, data: bytes) -> bool:
        """Send a message to the port; returns False if that fails: then it counts as broken until the next poll."""
        if self.is_broken:
            return False
        try:
            self._port.send_message(data)
        except Exception as error:
            # A driver's error must not end the thread that sends to the other ports, too.
            print(f"The MIDI output {self.name} does not take a message: {error}")
            self.is_broken = True
        return not self.is_broken


class OpenPorts:
    """The chosen ports that are present. One thread calls everything except `send`.

    `on_message` gets each message in a driver's thread: the port's name, the time of arrival, the data. `post` runs a
    function in the sender thread; `lost` is called when an input has gone.
    """

    def __init__(
        self,
        options: MidiOptions,
        ledgers: LedgerFile,
        on_message: Callable[[str, float, bytes], None],
        post: Callable[[Callable[[], None]], None],
        lost: Callable[[str], None],
        report: Callable[[Report], None],
    ) -> None:
        self._options = options
        self._ledgers = ledgers
        self._on_message = on_message
        self._post = post
        self._lost = lost
        self._send_report = report
        self._system: System | None = None
        self._choice = Choose(inputs=(), outputs=())
        self._is_new_choice = True
        self._outlets: dict[str, Outlet] = {}
        self._inlets: dict[str, Any] = {}
        self._sending: tuple[Outlet, ...] = ()
        self._clocked: tuple[Outlet, ...] = ()
        self._reported: Ports | None = None
        self._faults: set[str] = set()

    def send(self, data: bytes) -> None:
        """Send a message to all chosen outputs that are present."""
        for outlet in self._sending:
            outlet.send(data)

    def send_clock(self, data: bytes) -> None:
        """Send a message of MIDI clock to the outputs that are to have it."""
        for outlet in self._clocked:
            outlet.send(data)

    def choose(self, choice: Choose) -> None:
        """Use other ports from now on."""
        self._choice = choice
        self._is_new_choice = True
        if self._system is not None:
            self._faults.clear()
        self.poll(time.perf_counter())

    @property
    def is_worn(self) -> bool:
        """Whether the MIDI system has gone: this process cannot connect to another one."""
        return self._system is not None and self._system.has_gone

    def poll(self, now: float) -> None:
        """Open ports that have appeared, close those that have gone, end left-over notes, and report changes."""
        try:
            self._system = self._system or System(self._options.api, self._options.name)
        except MidiPortError as error:
            self._fault(str(error))
            self._report((), ())
            return
        self._ledgers.adopt()
        inputs, outputs = self._system.list()
        self._poll_outputs(self._system, outputs, now)
        self._poll_inputs(self._system, inputs)
        self._is_new_choice = False
        self._report(inputs, outputs)

    def close(self) -> None:
        """End all notes and close all ports; the sender thread must have ended."""
        for outlet in self._outlets.values():
            outlet.end_all()
        time.sleep(DRAINED_AFTER)
        for outlet in self._outlets.values():
            outlet.close()
        for inlet in self._inlets.values():
            _close(inlet)

    def _poll_outputs(self, system: System, there: tuple[str, ...], now: float) -> None:
        played = self._find(self._choice.outputs, there, "output")
        clocked = self._find(self._choice.clock_outputs, there, "output")
        wanted = (*played, *clocked)
        for name in list(self._outlets):
            self._poll_outlet(name, name == VIRTUAL or name in there, name in wanted)
        for name in dict.fromkeys((*wanted, *self._owing(there))):
            if name not in self._outlets and (port := self._try(system.open_output, name)):
                # Notes that sound there were left by an earlier process, or when the port disappeared.
                self._outlets[name] = Outlet(port, name, self._ledgers.reopen(self._key(name)))
        self._sending = tuple(outlet for name, outlet in self._outlets.items() if name in played)
        self._clocked = tuple(outlet for name, outlet in self._outlets.items() if name in clocked)
        for outlet in self._outlets.values():
            self._post(partial(outlet.poll, now))

    def _owing(self, there: tuple[str, ...]) -> tuple[str, ...]:
        """Return the present outputs at which notes were left sounding."""
        left = self._ledgers.left_over()
        named = tuple(port for name in left if name != self._key(VIRTUAL) and (port := find_port(name, there)))
        return (VIRTUAL, *named) if self._key(VIRTUAL) in left else named

    def _poll_outlet(self, name: str, is_there: bool, is_wanted: bool) -> None:
        """Close an output that has gone, or that is not needed any more."""
        outlet = self._outlets[name]
        if is_there and not outlet.is_broken:
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

    def _poll_inputs(self, system: System, there: tuple[str, ...]) -> None:
        wanted = self._find(self._choice.inputs, there, "input")
        for name in [name for name in self._inlets if name not in wanted]:
            _close(self._inlets.pop(name))
            self._lost(name)
            if name != VIRTUAL and name not in there:
                self._fault(f"The MIDI input {name} has gone: it is used again when it is back.")
        for name in wanted:
            if name not in self._inlets:
                on_message = partial(self._on_message, self._shown(name, True))
                if port := self._try(partial(system.open_input, on_message=on_message), name):
                    self._inlets[name] = port

    def _find(self, names: Sequence[str], there: tuple[str, ...], kind: str) -> tuple[str, ...]:
        """Return the present ports that the names refer to, each once."""
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
        """Open and return a port, or None: then the next poll tries again."""
        try:
            port = open_port(name)
        except Exception as error:
            # Drivers raise any kind of error; the other ports must still be opened.
            why = f"The MIDI port {name or self._options.name} cannot be opened ({error}): another program may have it."
            self._fault(why)
            return None
        self._faults = {sentence for sentence in self._faults if not name or name not in sentence}
        return port

    def _key(self, name: str) -> str:
        """Return the key of an output in the ledger."""
        return plain_name(name) if name else self._shown(name, False)

    def _shown(self, name: str, is_input: bool) -> str:
        return name or f"{self._options.name} {'In' if is_input else 'Out'}"

    def _fault(self, sentence: str) -> None:
        if sentence not in self._faults:
            self._faults.add(sentence)
            self._send_report(Fault(sentence))

    def _report(self, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> None:
        """Report the ports if they have changed."""
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
        if ports != self._reported:
            self._reported = ports
            self._send_report(ports)


def _close(port: Any) -> None:
    with contextlib.suppress(Exception):
        # Some drivers raise an error when an unplugged port is closed.
        port.close_port()
        port.delete()
