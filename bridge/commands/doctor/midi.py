"""The checks of `musearoo doctor` for live MIDI: the system's driver, the ports in the settings, and the clock."""

from __future__ import annotations

from typing import Final

from musearoo.bridge.commands.doctor.finding import Finding, find_optional
from musearoo.bridge.commands.midi.choice import APIS, list_missing
from musearoo.bridge.midi import ableton_link as link_clock
from musearoo.bridge.midi.ports.names import VIRTUAL, find_port
from musearoo.bridge.midi.ports.system import NO_VIRTUAL, MidiPortError, PortList, list_ports
from musearoo.bridge.settings.user_settings import Settings

WHAT: Final = "Live MIDI"
PORTS: Final = "MIDI ports"
CLOCK: Final = "Clock"

LOOP_PORT: Final = "loopmidi"
"""Part of the default name of loopMIDI's ports."""

CLOCKS: Final = {
    "live": "Live's transport",
    "midi": "MIDI clock at an input",
    "link": "Ableton Link",
    "own": "a tempo of its own",
}


def examine_midi(settings: Settings) -> list[Finding]:
    """Return the findings on live MIDI; opens no port."""
    package = find_optional(WHAT, "rtmidi", "python-rtmidi", "midi")
    if not settings.midi:
        return [Finding(WHAT, "note", "switched off", "Set midi to true in the settings to play along.")]
    if package.verdict != "good":
        return [package]
    try:
        ports = list_ports()
    except MidiPortError as error:
        # Not an error, because everything else works without MIDI.
        return [Finding(WHAT, "note", f"{package.found}, and no ports", str(error))]
    driver = Finding(WHAT, "good", f"{package.found}, by {APIS.get(ports.api, ports.api)}")
    return [driver, examine_ports(settings, ports), examine_clock(settings)]


def examine_ports(settings: Settings, ports: PortList) -> Finding:
    """Check that the ports in the settings are present, and list the others."""
    missing = [
        *(f"the input “{name}”" for name in list_missing(settings.midi_in, ports.inputs)),
        *(f"the output “{name}”" for name in list_missing(settings.midi_out, ports.outputs)),
    ]
    if missing:
        mend = f"Plug it in, or choose another by midi_in and midi_out in the settings. {_others(settings, ports)}"
        return Finding(PORTS, "note", f"not there: {', '.join(missing)}", mend.strip())
    if not ports.is_virtual_possible and VIRTUAL in (*settings.midi_in, *settings.midi_out):
        loop = next((name for name in ports.outputs if LOOP_PORT in name.casefold()), None)
        mend = f"Name it in the settings: midi_out: [{loop}], and another of loopMIDI's as midi_in."
        return Finding(PORTS, "note", "none is chosen", mend if loop else NO_VIRTUAL)
    found = [
        f"{verb} {' and '.join(_name(name, there, own) for name in dict.fromkeys(wanted))}"
        for verb, wanted, there, own in (
            ("listens to", settings.midi_in, ports.inputs, "MuseAroo In"),
            ("plays to", settings.midi_out, ports.outputs, "MuseAroo Out"),
        )
        if wanted
    ]
    return Finding(PORTS, "good", ", ".join(found) or "none is chosen", _others(settings, ports))


def examine_clock(settings: Settings) -> Finding:
    """Check the clock source, and Link if it is wanted."""
    found = ", else ".join(CLOCKS[source] for source in settings.clock)
    if "link" in settings.clock and not link_clock.is_installed():
        return Finding(CLOCK, "note", f"{found}; Link is not installed", link_clock.INSTALL)
    return Finding(CLOCK, "good", found)


def _name(wanted: str, there: tuple[str, ...], own: str) -> str:
    return f"{own} (its own)" if wanted == VIRTUAL else f"“{find_port(wanted, there)}”"


def _others(settings: Settings, ports: PortList) -> str:
    """Return the unused ports that are present."""
    used = {find_port(name, ports.inputs) for name in settings.midi_in}
    sent_to = {find_port(name, ports.outputs) for name in settings.midi_out}
    inputs = [f"“{name}”" for name in ports.inputs if name not in used]
    outputs = [f"“{name}”" for name in ports.outputs if name not in sent_to]
    kinds = (("inputs", inputs), ("outputs", outputs))
    others = [f"{kind} {', '.join(names)}" for kind, names in kinds if names]
    return f"Others here: {'; '.join(others)}." if others else ""
