"""Device chains: tracks and rack chains that contain devices, racks, Max for Live devices.

The Python API cannot add a Max device to a set or move a track; commands of the control channel do (`control.py`).
"""

from __future__ import annotations

from typing import Any, Sequence

from musearoo.tools.live_simulator.core.objects import Context, Model, Owned, Stored
from musearoo.tools.live_simulator.devices.base import AUDIO_EFFECT, EQ_EIGHT, DeviceModel, EqEight
from musearoo.tools.live_simulator.devices.parameters import DeviceParameter

INSTRUMENT, MIDI_EFFECT = 1, 4

RACKS = {
    "Audio Effect Rack": ("AudioEffectGroupDevice", AUDIO_EFFECT),
    "Instrument Rack": ("InstrumentGroupDevice", INSTRUMENT),
    "MIDI Effect Rack": ("MidiEffectGroupDevice", MIDI_EFFECT),
}
"""Live's class name and type of each rack, by the name that the browser shows."""

MAX_KINDS = {
    "audio": ("MxDeviceAudioEffect", "Max Audio Effect", AUDIO_EFFECT),
    "instrument": ("MxDeviceInstrument", "Max Instrument", INSTRUMENT),
    "midi": ("MxDeviceMidiEffect", "Max MIDI Effect", MIDI_EFFECT),
}
"""Live's class name, display name and type of each kind of Max device."""


class DeviceHolder(Model):
    """A device chain: a track's own, or one of a rack's."""

    devices: Owned[tuple[DeviceModel, ...]] = Owned(())

    def notify(self, *names: str) -> None:
        super().notify(*names)
        if "devices" in names:
            # Notify here and not where a device is moved, because undo restores the list directly.
            for device in self.devices:
                device.parent = self

    def insert_device(self, name: str, index: int = -1) -> DeviceModel:
        """Insert a stock device into the chain, by default at its end."""
        if name == EQ_EIGHT:
            return self.place_device(EqEight(self.context, self), index)
        if name not in RACKS:
            known = ", ".join((EQ_EIGHT, *RACKS))
            raise RuntimeError(f"Could not insert {name!r}: only {known} are simulated")
        rack = RackDevice(self.context, self, name)
        self.place_device(rack, index)
        rack.insert_chain()
        return rack

    def insert_max_device(self, name: str, kind: str, index: int = -1, parameters: Sequence[str] = ()) -> MaxDevice:
        """Insert a Max for Live device into the chain, as dragging its file there does.

        `parameters` names the parameters that Live can automate.
        """
        if kind not in MAX_KINDS:
            raise ValueError("the kind of a Max device must be {}, not {!r}".format(" or ".join(MAX_KINDS), kind))
        device = MaxDevice(self.context, self, name, kind, parameters)
        self.place_device(device, index)
        return device

    def place_device(self, device: DeviceModel, index: int = -1) -> DeviceModel:
        """Insert a device without a parent into the chain; index -1 is its end."""
        if index > len(self.devices):
            raise IndexError("Index out of range")
        place = len(self.devices) if index < 0 else index
        self.devices = (*self.devices[:place], device, *self.devices[place:])
        return device

    def delete_device(self, index: int) -> None:
        """Remove a device from the chain."""
        device = self._at(index)
        self.devices = tuple(other for other in self.devices if other is not device)

    def duplicate_device(self, index: int) -> None:
        """Copy a device to the index after it."""
        self.place_device(self._at(index).copy_to(self), index + 1)

    def copy_devices_from(self, other: DeviceHolder) -> None:
        """Copy the devices of another chain, as duplicating a track does."""
        self.devices = tuple(device.copy_to(self) for device in other.devices)

    def _at(self, index: int) -> DeviceModel:
        if not 0 <= index < len(self.devices):
            raise IndexError("Index out of range")
        return self.devices[index]


class MaxDevice(DeviceModel):
    """A Max for Live device. `key` identifies it wherever it is moved; a copy has a new key.

    Live knows only the parameter names stored here; the values are in Max.
    """

    def __init__(self, context: Context, parent: Model, name: str, kind: str, parameters: Sequence[str]) -> None:
        class_name, display_name, device_type = MAX_KINDS[kind]
        super().__init__(context, parent, name, class_name, display_name, device_type)
        self.kind = kind
        self.key = context.next_device_key()
        self.copied_from = 0
        made = [DeviceParameter(context, self, each, 0.0, 1.0, 0.0) for each in parameters]
        self.__dict__["parameters"] += tuple(made)

    def copy_to(self, parent: Model) -> MaxDevice:
        """Return a copy, which Max loads as a new instance with this device's stored parameters."""
        copy = MaxDevice(self.context, parent, self.name, self.kind, [each.name for each in self.parameters[1:]])
        copy.copied_from = self.key
        self.copy_settings_to(copy)
        return copy


class Chain(DeviceHolder):
    """One chain of a rack."""

    name = Stored("Chain")
    mute = Stored(False)
    solo = Stored(False)

    @property
    def muted_via_solo(self) -> bool:
        """True while another chain's solo silences this one."""
        rack: Any = self.parent
        return not self.solo and any(chain.solo for chain in rack.chains)

    def children(self) -> tuple[Model, ...]:
        return self.devices


class RackDevice(DeviceModel):
    """A rack: devices in parallel chains."""

    chains: Owned[tuple[Chain, ...]] = Owned(())
    is_showing_chains = Stored(False, undoable=False)

    def __init__(self, context: Context, parent: Model, display_name: str) -> None:
        class_name, device_type = RACKS[display_name]
        super().__init__(context, parent, display_name, class_name, display_name, device_type)
        self.can_have_chains = True
        self.can_show_chains = True
        self.has_drum_pads = False
        self.drum_pads: tuple[Model, ...] = ()
        self.visible_drum_pads: tuple[Model, ...] = ()
        self.return_chains: tuple[Chain, ...] = ()

    def insert_chain(self, index: int = -1) -> Chain:
        """Add an empty chain, by default at the end, and return it."""
        chain = Chain(self.context, self)
        place = len(self.chains) if index < 0 else index
        self.chains = (*self.chains[:place], chain, *self.chains[place:])
        return chain

    def copy_to(self, parent: Model) -> RackDevice:
        """Return a copy with copies of everything in its chains."""
        copy = RackDevice(self.context, parent, self.class_display_name)
        for chain in self.chains:
            twin = copy.insert_chain()
            for name in ("name", "mute", "solo"):
                setattr(twin, name, getattr(chain, name))
            twin.copy_devices_from(chain)
        self.copy_settings_to(copy)
        return copy

    def children(self) -> tuple[Model, ...]:
        return (*super().children(), *self.chains)


def move_device(device: DeviceModel, target: DeviceHolder, position: int) -> int:
    """Move a device to another index or chain; return its new index.

    Scripts' handles of the device become dead, as after deleting it.
    """
    holder = device.parent
    if not isinstance(holder, DeviceHolder) or device not in holder.devices:
        raise RuntimeError("The device is not in a chain")
    inside: Model | None = target
    while inside is not None:
        if inside is device:
            raise RuntimeError("A rack cannot be moved into itself")
        inside = inside.parent
    holder.devices = tuple(other for other in holder.devices if other is not device)
    place = min(position, len(target.devices)) if position >= 0 else len(target.devices)
    target.place_device(device, place)
    return place
