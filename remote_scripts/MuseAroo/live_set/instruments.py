"""The instrument of a track, and the pads of its drum rack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..host.live import read
from ..wire.messages import packet

if TYPE_CHECKING:
    from ..host.live import Device, Track

INSTRUMENT = 1
"""Live.Device.DeviceType.instrument."""

NO_OUTPUT = 6
"""Live.Track.RoutingTypeCategory.none."""


def find_instrument(track: Track) -> Device | None:
    """Return the first instrument in a track's chain, or None."""
    return next((device for device in read(track, "devices", ()) if int(read(device, "type", 0)) == INSTRUMENT), None)


def sounds_elsewhere(track: Track) -> str:
    """Return where a track without an instrument sends its MIDI, as Live shows it; "" for nowhere."""
    routing = read(track, "output_routing_type", None)
    goes = routing is not None and int(read(routing, "category", NO_OUTPUT)) != NO_OUTPUT
    return routing.display_name if routing is not None and goes else ""


def drum_rack(instrument: Device | None) -> Device | None:
    """Return the drum rack that an instrument is, or that is alone in it; None for none."""
    while instrument is not None and not read(instrument, "can_have_drum_pads", False):
        chains = list(read(instrument, "chains", ()))
        instrument = find_instrument(chains[0]) if len(chains) == 1 else None
    return instrument


def rack_parts(instrument: Device) -> list[Device]:
    """Return the drum rack inside an instrument, as a list; nothing if it is one itself or has none."""
    rack = drum_rack(instrument)
    return [] if rack is None or rack == instrument else [rack]


def filled_pads(instrument: Device | None) -> dict[int, tuple[str, int]]:
    """Return name and choke group of each pad of a drum rack that sounds, by note."""
    rack = drum_rack(instrument)
    pads = {}
    for pad in read(rack, "drum_pads", ()):
        chains = list(pad.chains)
        if chains:
            pads[pad.note] = (pad.name, int(read(chains[0], "choke_group", 0)))
    return pads


def instrument_packet(track: Track, track_id: int) -> bytes:
    """Return the `/roo/set/instrument` of a MIDI track."""
    instrument = find_instrument(track)
    pads = filled_pads(instrument)
    return packet(
        "/roo/set/instrument",
        track_id,
        sounds_elsewhere(track) if instrument is None else instrument.name,
        read(instrument, "class_name", "") or "",
        *[f"{note} {choke} {name}" for note, (name, choke) in sorted(pads.items())],
    )
