"""Drum racks: 128 pads, and the chains that sound on them."""

from __future__ import annotations

from typing import Any, Mapping

from musearoo.tools.live_simulator.core.checks import in_range
from musearoo.tools.live_simulator.core.objects import Context, Model, Stored
from musearoo.tools.live_simulator.devices.racks import Chain, RackDevice
from musearoo.tools.live_simulator.devices.stock import StockDevice

DRUM_RACK = "Drum Rack"
PADS_IN_VIEW, PADS_IN_ROW = 16, 4
NOTE_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def note_name(note: int) -> str:
    """Return Live's name of a note.

    >>> note_name(36), note_name(127)
    ('C1', 'G8')
    """
    return f"{NOTE_NAMES[note % 12]}{note // 12 - 2}"


class DrumChain(Chain):
    """A chain of a drum rack: the note that plays it, and its choke group (0 for none)."""

    in_note = Stored(36, check=in_range(-1, 127, "in_note"))
    out_note = Stored(60, check=in_range(0, 127, "out_note"))
    choke_group = Stored(0, check=in_range(0, 16, "choke_group"))

    def notify(self, *names: str) -> None:
        super().notify(*names)
        rack = self.parent
        if isinstance(rack, DrumRack) and ("in_note" in names or "name" in names):
            rack.notify_pads("chains", "name")


class DrumPad(Model):
    """One pad: all chains that its note plays."""

    def __init__(self, context: Context, rack: DrumRack, note: int) -> None:
        super().__init__(context, rack)
        self.note = note

    @property
    def chains(self) -> tuple[DrumChain, ...]:
        """The chains on the pad."""
        rack: Any = self.parent
        return tuple(chain for chain in rack.chains if chain.in_note == self.note)

    @property
    def name(self) -> str:
        """The name of the first chain, or that of the note."""
        chains = self.chains
        return chains[0].name if chains else note_name(self.note)

    @property
    def mute(self) -> bool:
        """Whether all chains of the pad are muted."""
        return bool(self.chains) and all(chain.mute for chain in self.chains)

    @mute.setter
    def mute(self, value: bool) -> None:
        for chain in self.chains:
            chain.mute = value
        self.notify("mute")

    @property
    def solo(self) -> bool:
        """Whether a chain of the pad is soloed."""
        return any(chain.solo for chain in self.chains)

    @solo.setter
    def solo(self, value: bool) -> None:
        for chain in self.chains:
            chain.solo = value
        self.notify("solo")

    def delete_all_chains(self) -> None:
        """Empty the pad."""
        rack: Any = self.parent
        rack.chains = tuple(chain for chain in rack.chains if chain.in_note != self.note)


class DrumRack(RackDevice):
    """A drum rack. A bare one has no chain, so no pad sounds."""

    def __init__(self, context: Context, parent: Model) -> None:
        super().__init__(context, parent, DRUM_RACK)
        self.can_have_drum_pads = self.has_drum_pads = True
        self.drum_pads = tuple(DrumPad(context, self, note) for note in range(128))

    @property
    def visible_drum_pads(self) -> tuple[DrumPad, ...]:
        """The sixteen pads in view."""
        first = self.view.drum_pads_scroll_position * PADS_IN_ROW
        return self.drum_pads[first : first + PADS_IN_VIEW]

    def fill(self, pads: Mapping[int, tuple[str, int]]) -> None:
        """Put a sample on each of these pads, given as name and choke group by note."""
        chains = []
        for note, (name, choke) in sorted(pads.items()):
            chain = DrumChain(self.context, self)
            chain.__dict__.update(name=name, in_note=note, choke_group=choke)
            sampler = StockDevice(self.context, chain, "Simpler")
            sampler.__dict__["name"] = name
            chain.__dict__["devices"] = (sampler,)
            chains.append(chain)
        self.chains = tuple(chains)

    def insert_chain(self, index: int = -1) -> DrumChain:
        """Add an empty chain, on the first pad without one from C1 up."""
        chain = DrumChain(self.context, self)
        used = {other.in_note for other in self.chains if isinstance(other, DrumChain)}
        chain.__dict__["in_note"] = next(note for note in range(36, 128) if note not in used)
        place = len(self.chains) if index < 0 else index
        self.chains = (*self.chains[:place], chain, *self.chains[place:])
        return chain

    def copy_pad(self, source: int, destination: int) -> None:
        """Copy the chains of one pad to another, in place of what is there."""
        if not (0 <= source < 128 and 0 <= destination < 128):
            raise IndexError("Index out of range")
        copies = []
        for chain in self.drum_pads[source].chains:
            copy = DrumChain(self.context, self)
            chain.copy_settings_to(copy)
            copy.__dict__["in_note"] = destination
            copies.append(copy)
        kept = tuple(chain for chain in self.chains if getattr(chain, "in_note", -1) != destination)
        self.chains = (*kept, *copies)

    def notify(self, *names: str) -> None:
        super().notify(*names)
        if "chains" in names:
            self.notify_pads("chains", "name")
            super().notify("visible_drum_pads")

    def notify_pads(self, *names: str) -> None:
        """Notify the listeners of all pads."""
        for pad in self.__dict__.get("drum_pads", ()):
            pad.notify(*names)

    def copy_to(self, parent: Model) -> DrumRack:
        """Return a copy with copies of all chains."""
        copy = DrumRack(self.context, parent)
        made = []
        for chain in self.chains:
            twin = DrumChain(self.context, copy)
            chain.copy_settings_to(twin)
            made.append(twin)
        copy.chains = tuple(made)
        self.copy_settings_to(copy)
        return copy

    def children(self) -> tuple[Model, ...]:
        return (*super().children(), *self.drum_pads)
