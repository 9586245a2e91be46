"""Device chains: tracks and rack chains that contain devices, racks, Max for Live devices.

The Python API cannot add a Max device to a set or move a track; commands of the control channel do (`control.py`).
"""

from __future__ import annotations

from typing import Any, Sequence

from musearoo.tools.live_simulator.core.checks import in_range
from musearoo.tools.live_simulator.core.objects import Context, Model, Owned, Stored
from musearoo.tools.live_simulator.core.palette import PALETTE, check_index, nearest_index
from musearoo.tools.live_simulator.devices.base import AUDIO_EFFECT, DeviceModel, DeviceView
from musearoo.tools.live_simulator.devices.parameters import ChainMixerDevice, DeviceParameter
from musearoo.tools.live_simulator.devices.stock import INSTRUMENT, MIDI_EFFECT

RACKS = {
    "Audio Effect Rack": ("AudioEffectGroupDevice", AUDIO_EFFECT),
    "Instrument Rack": ("InstrumentGroupDevice", INSTRUMENT),
    "MIDI Effect Rack": ("MidiEffectGroupDevice", MIDI_EFFECT),
    "Drum Rack": ("DrumGroupDevice", INSTRUMENT),
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
        return self.place_device(self.context.make_device(self.context, self, name), index)

    def insert_max_device(self, name: str, kind: str, index: int = -1, parameters: Sequence[str] = ()) -> MaxDevice:
        """Insert a Max for Live device into the chain, as dragging its file there does.

        `parameters` names the parameters that Live can automate.
        """
        if kind not in MAX_KINDS:
            raise ValueError("the kind of a Max device must be {}, not {!r}".format(" or ".join(MAX_KINDS), kind))
        device = MaxDevice(self.context, self, name, kind, parameters)
        self.place_device(device, index)
        return device

    @property
    def has_instrument(self) -> bool:
        """True with an instrument in the chain."""
        return any(device.type == INSTRUMENT for device in self.devices)

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
    color_index = Stored(0, check=lambda _, value: check_index(value), also=("color",))
    is_auto_colored = Stored(True)

    def __init__(self, context: Context, parent: Model) -> None:
        super().__init__(context, parent)
        self.mixer_device = ChainMixerDevice(context, self)

    @property
    def color(self) -> int:
        """The colour as 0x00RRGGBB; setting takes the palette's nearest."""
        return PALETTE[self.color_index]

    @color.setter
    def color(self, value: int) -> None:
        self.color_index = nearest_index(value)

    @property
    def has_midi_input(self) -> bool:
        """True in instrument and MIDI racks."""
        rack: Any = self.parent
        return bool(rack.type != AUDIO_EFFECT)

    @property
    def has_audio_input(self) -> bool:
        """True in audio effect racks."""
        return not self.has_midi_input

    @property
    def has_audio_output(self) -> bool:
        """True in audio effect racks, and with an instrument."""
        return self.has_audio_input or self.has_instrument

    @property
    def has_midi_output(self) -> bool:
        """True while the chain passes MIDI on."""
        return not self.has_audio_output

    @property
    def muted_via_solo(self) -> bool:
        """True while another chain's solo silences this one."""
        rack: Any = self.parent
        return not self.solo and any(chain.solo for chain in rack.chains)

    def copy_settings_to(self, copy: Chain) -> None:
        """Copy everything of this chain to another one."""
        for name, value in self.__dict__.items():
            if isinstance(getattr(type(self), name, None), Stored) and name != "devices":
                setattr(copy, name, value)
        copy.mixer_device.copy_from(self.mixer_device)
        copy.copy_devices_from(self)

    def children(self) -> tuple[Model, ...]:
        return (*self.devices, self.mixer_device)


MACROS = 16
"""The macros that a rack can have; eight are visible at first."""


class RackView(DeviceView):
    """The view of a rack."""

    is_showing_chain_devices = Stored(True, undoable=False)
    drum_pads_scroll_position = Stored(9, check=in_range(0, 28, "drum_pads_scroll_position"), undoable=False)
    selected_chain: Stored[Any] = Stored(None, undoable=False)
    selected_drum_pad: Stored[Any] = Stored(None, undoable=False)


class RackDevice(DeviceModel):
    """A rack: devices in parallel chains, macros and their variations. Nothing is mapped to a macro here."""

    chains: Owned[tuple[Chain, ...]] = Owned(())
    is_showing_chains = Stored(False, undoable=False)
    visible_macro_count = Stored(8, check=in_range(1, MACROS, "visible_macro_count"))
    _variations: Stored[tuple[tuple[float, ...], ...]] = Stored((), also=("variation_count",))
    _selected_variation = Stored(-1, undoable=False)

    def __init__(self, context: Context, parent: Model, display_name: str) -> None:
        class_name, device_type = RACKS[display_name]
        super().__init__(context, parent, display_name, class_name, display_name, device_type)
        self.can_have_chains = True
        self.can_show_chains = True
        self.has_drum_pads = False
        self.drum_pads: tuple[Any, ...] = ()
        self.return_chains: tuple[Chain, ...] = ()
        self.view: Any = RackView(context, self)
        self.has_macro_mappings = False
        self.macros_mapped = (False,) * MACROS
        made = [DeviceParameter(context, self, f"Macro {number}", 0.0, 127.0, 0.0) for number in range(1, MACROS + 1)]
        self.__dict__["parameters"] += tuple(made)
        self.chain_selector = DeviceParameter(context, self, "Chain Selector", 0.0, 127.0, 0.0)

    @property
    def visible_drum_pads(self) -> tuple[Any, ...]:
        """The drum pads in view; only drum racks have any."""
        return ()

    @property
    def variation_count(self) -> int:
        """The number of stored macro variations."""
        return len(self._variations)

    @property
    def selected_variation_index(self) -> int:
        """The variation that the next call concerns; -1 for none."""
        return self._selected_variation

    @selected_variation_index.setter
    def selected_variation_index(self, value: int) -> None:
        if not -1 <= value < len(self._variations):
            raise IndexError("Index out of range")
        self._selected_variation = value

    @property
    def macros(self) -> tuple[DeviceParameter, ...]:
        """The macros among the parameters."""
        return self.parameters[1 : MACROS + 1]

    def add_macro(self) -> None:
        """Show one more macro."""
        self.visible_macro_count = min(MACROS, self.visible_macro_count + 1)

    def remove_macro(self) -> None:
        """Show one macro less."""
        self.visible_macro_count = max(1, self.visible_macro_count - 1)

    def randomize_macros(self) -> None:
        """Give each visible macro another value: the middle of what is left above it, the same each time."""
        for macro in self.macros[: self.visible_macro_count]:
            macro.value = (macro.value + macro.max) / 2.0 if macro.value < macro.max else macro.min

    def store_variation(self) -> None:
        """Store the macros' values."""
        self._variations = (*self._variations, tuple(macro.value for macro in self.macros))
        self._selected_variation = len(self._variations) - 1

    def recall_selected_variation(self) -> None:
        """Set the macros to the selected variation."""
        if self._selected_variation < 0:
            raise RuntimeError("No variation is selected")
        for macro, value in zip(self.macros, self._variations[self._selected_variation]):
            macro.value = value

    recall_last_used_variation = recall_selected_variation

    def delete_selected_variation(self) -> None:
        """Remove the selected variation."""
        place = self._selected_variation
        if place < 0:
            raise RuntimeError("No variation is selected")
        self._variations = (*self._variations[:place], *self._variations[place + 1 :])
        self._selected_variation = -1

    def insert_chain(self, index: int = -1) -> Chain:
        """Add an empty chain, by default at the end, and return it."""
        chain = Chain(self.context, self)
        place = len(self.chains) if index < 0 else index
        self.chains = (*self.chains[:place], chain, *self.chains[place:])
        return chain

    def copy_pad(self, source: int, destination: int) -> None:
        """Refuse: only drum racks have pads."""
        raise RuntimeError("Only drum racks have pads")

    def copy_to(self, parent: Model) -> RackDevice:
        """Return a copy with copies of everything in its chains."""
        copy = RackDevice(self.context, parent, self.class_display_name)
        for chain in self.chains:
            chain.copy_settings_to(copy.insert_chain())
        copy.visible_macro_count = self.visible_macro_count
        copy._variations = self._variations
        self.copy_settings_to(copy)
        return copy

    def children(self) -> tuple[Model, ...]:
        return (*super().children(), *self.chains, self.chain_selector)


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
