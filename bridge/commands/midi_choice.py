"""The ports that a command uses: those it was told, else those of the settings; and the ports of this machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bridge.commands.failure import CommandError
from bridge.config_files import ConfigFolder, home_folder
from bridge.midi.port_names import VIRTUAL, find_port
from bridge.midi.ports import MidiPortError, PortList, list_ports

APIS: Final = {"alsa": "ALSA", "jack": "JACK", "coremidi": "CoreMIDI", "winmm": "Windows MIDI"}
"""What the systems are called by those who use them."""


def chosen_inputs(wanted: Sequence[str] | None) -> tuple[str, ...]:
    """The inputs of the options, else those of the settings."""
    return tuple(wanted or ConfigFolder(home_folder()).peek_settings().midi_in)


def chosen_outputs(wanted: Sequence[str] | None) -> tuple[str, ...]:
    """The outputs of the options, else those of the settings."""
    return tuple(wanted or ConfigFolder(home_folder()).peek_settings().midi_out)


def look_at_ports() -> PortList:
    """The ports of other programs and devices; raises CommandError where there is no MIDI."""
    try:
        return list_ports()
    except MidiPortError as error:
        raise CommandError(str(error)) from error


def list_missing(wanted: Sequence[str], there: Sequence[str]) -> tuple[str, ...]:
    """Those of the wanted names that no port has, nor contains.

    >>> list_missing(("", "piano", "Synth"), ("Digital Piano 2",))
    ('Synth',)
    """
    return tuple(name for name in wanted if name != VIRTUAL and find_port(name, there) is None)
