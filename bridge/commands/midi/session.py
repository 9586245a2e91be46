"""A command's own MIDI process: `musearoo midi` plays and listens through it, without Live or the daemon."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.commands.shared.running_daemon import find_daemon
from musearoo.bridge.commands.shared.terminal import Terminal
from musearoo.bridge.midi.ports.options import MidiOptions
from musearoo.bridge.midi.ports.system import why_no_midi
from musearoo.bridge.midi.process_link import MidiLink
from musearoo.bridge.protocol.midi_process import Choose, Command, Fault, Follow, Ports, PortState, Report
from musearoo.bridge.services.playing.midi import LEDGER
from musearoo.bridge.settings.config_files import ConfigFolder, home_folder
from musearoo.bridge.settings.home_files import make_private_folder
from musearoo.bridge.text.escaping import escape_line

STARTS_WITHIN: Final = 20.0
"""Seconds until the process must have its ports: usually half a second, but a virus scanner is slower."""

LOOK_EVERY: Final = 0.02
"""Seconds between two updates without messages: fifty per second, as fast as the eye."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A command's messages on stderr: with `--json`, only about what does not work."""

    console: Terminal
    is_curt: bool

    @property
    def is_seen(self) -> bool:
        """Whether stderr is a terminal, on which lines can be updated in place."""
        return self.console.is_terminal and not self.is_curt

    def say(self, sentence: str) -> None:
        """Show progress."""
        if not self.is_curt:
            self._print(sentence, "dim")

    def warn(self, sentence: str) -> None:
        """Show a fault, without ending the command."""
        self._print(sentence, "yellow")

    def _print(self, sentence: str, style: str) -> None:
        self.console.print(escape_line(sentence), style=style, highlight=False, markup=False, soft_wrap=True)


class MidiSession:
    """The reports of a MIDI process, and commands to it; within `open_session`."""

    def __init__(self, link: MidiLink, reports: queue.SimpleQueue[Report]) -> None:
        self._link = link
        self._reports = reports

    def send(self, command: Command) -> None:
        """Send a command to the process."""
        self._link.send(command)

    def reports(self, seconds: float | None = None, every: float = LOOK_EVERY) -> Iterator[Report | None]:
        """Yield the process's reports, for `seconds` or for ever, and None after each silence of `every` seconds."""
        until = None if seconds is None else time.monotonic() + seconds
        while until is None or time.monotonic() < until:
            try:
                yield self._reports.get(timeout=every)
            except queue.Empty:
                yield None

    def wait_for_ports(self, voice: Voice) -> None:
        """Wait until the process has opened its ports, and return them. Faults are shown meanwhile.

        Raises CommandError if that fails.
        """
        for report in self.reports(STARTS_WITHIN):
            match report:
                # Its first report comes before it has been given ports.
                case Ports(ports) if any(port.chosen for port in ports):
                    for sentence in describe_ports(ports):
                        voice.say(sentence)
                    return
                case Fault(sentence):
                    voice.warn(sentence)
        raise CommandError(f"The MIDI process has no ports after {STARTS_WITHIN:g} seconds: try it again.")


@contextmanager
def open_session(purpose: str, choose: Choose, follow: Follow) -> Iterator[MidiSession]:
    """Open a MIDI process with these ports and clocks; it ends, all notes off, with the context.

    `purpose`: the command, for names. Raises CommandError if there is no MIDI on this machine.
    """
    missing = why_no_midi()
    if missing:
        raise CommandError(missing)
    home = home_folder()
    make_private_folder(home)
    # The daemon's own ports have the plain name; the same name again would be ambiguous in port lists.
    name = f"MuseAroo {purpose}" if find_daemon(ConfigFolder(home)) else "MuseAroo"
    # One ledger for all: the next process ends notes that a killed command left sounding.
    options = MidiOptions(ledger=home / LEDGER, output=home / f"midi-{purpose}.log", name=name)
    reports: queue.SimpleQueue[Report] = queue.SimpleQueue()
    link = MidiLink(options, reports.put, None)
    try:
        link.send(choose)
        link.send(follow)
        yield MidiSession(link, reports)
    finally:
        link.close()


def describe_ports(ports: Sequence[PortState]) -> list[str]:
    """Return one sentence on the ports in use for each direction that has any."""
    return [
        f"{verb} {', '.join(names)}."
        for verb, names in (
            ("Listening to", [port.name for port in ports if port.chosen and port.there and port.is_input]),
            ("Playing to", [port.name for port in ports if port.chosen and port.there and not port.is_input]),
        )
        if names
    ]
