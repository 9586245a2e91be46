"""What holds devices and what devices hold: tracks and chains, racks, Max for Live devices.

The Python API has no call that puts a Max device into a set or moves a track; the user's hands do that (`control.py`).
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
"""Live's class name and type of each rack, by the name under which the browser has it."""

MAX_KINDS = {
    "audio": ("MxDeviceAudioEffect", "Max Audio Effect", AUDIO_EFFECT),
    "instrument": ("MxDeviceInstrument", "Max Instrument", INSTRUMENT),
    "midi": ("MxDeviceMidiEffect", "Max MIDI Effect", MIDI_EFFECT),
}
"""Live's class name, display name and type of each kind of Max device."""


class DeviceHolder(Model):
    """A chain of devices: a track's own, or one of a rack's."""

    devices: Owned[tuple[DeviceModel, ...]] = Owned(())

    def notify(self, *names: str) -> None:
        super().notify(*names)
        if "devices" in names:
            # Here and not where a device is moved, for undo moves it back without asking.
            for device in self.devices:
                device.parent = self

    def insert_device(self, name: str, index: int = -1) -> DeviceModel:
        """Put a stock device into the chain, at its end where no place is given."""
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
        """Put a Max for Live device into the chain, as dragging its file there does.

        `parameters` names those of its parameters that Live can automate.
        """
        if kind not in MAX_KINDS:
            raise ValueError("the kind of a Max device must be {}, not {!r}".format(" or ".join(MAX_KINDS), kind))
        device = MaxDevice(self.context, self, name, kind, parameters)
        self.place_device(device, index)
        return device

    def place_device(self, device: DeviceModel, index: int = -1) -> DeviceModel:
        """Put a device that is nowhere yet into the chain; -1 is its end."""
        if index > len(self.devices):
            raise IndexError("Index out of range")
        place = len(self.devices) if index < 0 else index
        self.devices = (*self.devices[:place], device, *self.devices[place:])
        return device

    def delete_device(self, index: int) -> None:
        """Take a device out of the chain."""
        device = self._at(index)
        self.devices = tuple(other for other in self.devices if other is not device)

    def duplicate_device(self, index: int) -> None:
        """Copy a device to the place behind it."""
        self.place_device(self._at(index).copy_to(self), index + 1)

    def copy_devices_from(self, other: DeviceHolder) -> None:
        """Take over copies of another chain's devices, as duplicating a track does."""
        self.devices = tuple(device.copy_to(self) for device in other.devices)

    def _at(self, index: int) -> DeviceModel:
        if not 0 <= index < len(self.devices):
            raise IndexError("Index out of range")
        return self.devices[index]


class MaxDevice(DeviceModel):
    """A Max for Live device. `key` says which one it is, wherever it is moved; a copy has its own.

    Of its parameters Live knows the names here; their values live in Max.
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
        """Return a copy, which Max will load as an instance of its own with this one's stored parameters."""
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
    """A rack: devices side by side in chains."""

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
        """Add an empty chain, at the end where no place is given, and return it."""
        chain = Chain(self.context, self)
        place = len(self.chains) if index < 0 else index
        self.chains = (*self.chains[:place], chain, *self.chains[place:])
        return chain

    def copy_to(self, parent: Model) -> RackDevice:
        """Return a copy with copies of all that is in its chains."""
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
    """Move a device to another place or chain; returns the place that it got.

    Scripts lose it for a moment: what they held of it is dead, as after deleting.
    """
    holder = device.parent
    if not isinstance(holder, DeviceHolder) or device not in holder.devices:
        raise RuntimeError("The device is in no chain")
    inside: Model | None = target
    while inside is not None:
        if inside is device:
            raise RuntimeError("A rack cannot be moved into itself")
        inside = inside.parent
    holder.devices = tuple(other for other in holder.devices if other is not device)
    place = min(position, len(target.devices)) if position >= 0 else len(target.devices)
    target.place_device(device, place)
    return place
