"""Choose a command's MIDI ports: those in its options, else those in the settings; and list this machine's ports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from musearoo.bridge.commands.shared.failure import CommandError
from musearoo.bridge.midi.ports.names import VIRTUAL, find_port
from musearoo.bridge.midi.ports.system import MidiPortError, PortList, list_ports
from musearoo.bridge.protocol.midi_process import Choose, ClockSource, Follow
from musearoo.bridge.settings.config_files import ConfigFolder, home_folder

USUAL_BPM: Final = 120.0
"""The default tempo."""

APIS: Final = {"alsa": "ALSA", "jack": "JACK", "coremidi": "CoreMIDI", "winmm": "Windows MIDI"}
"""Display names of the MIDI APIs."""


def choose_ports(inputs: Sequence[str] | None = None, outputs: Sequence[str] | None = None) -> Choose:
    """Return a command's ports: those in its options, else those in the settings."""
    settings = ConfigFolder(home_folder()).peek_settings()
    return Choose(
        inputs=tuple(inputs or settings.midi_in),
        outputs=tuple(outputs or settings.midi_out),
        latency=settings.midi_latency / 1000.0,
    )


def follow_clocks(bpm: float | None) -> Follow:
    """Return a command's clock sources: those in the settings except Live, whose transport it does not get; then MIDI
    clock, then a fixed tempo, by default USUAL_BPM."""
    named = [ClockSource(source) for source in ConfigFolder(home_folder()).peek_settings().clock]
    elsewhere = [source for source in named if source not in (ClockSource.LIVE, ClockSource.OWN)]
    sources = dict.fromkeys((*elsewhere, ClockSource.MIDI, ClockSource.OWN))
    return Follow(tuple(sources), bpm or USUAL_BPM)


def find_ports() -> PortList:
    """Return the ports of other programs and devices; raises CommandError without MIDI."""
    try:
        return list_ports()
    except MidiPortError as error:
        raise CommandError(str(error)) from error


def list_missing(wanted: Sequence[str], there: Sequence[str]) -> tuple[str, ...]:
    """Return the wanted names that match no port.

    >>> list_missing(("", "piano", "Synth"), ("Digital Piano 2",))
    ('Synth',)
    """
    return tuple(name for name in wanted if name != VIRTUAL and find_port(name, there) is None)
