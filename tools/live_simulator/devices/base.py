"""Devices: their common base, and EQ Eight, the only simulated stock device apart from racks.

Parameter names are Live's own. The dumps do not say what a raw value means, so this is assumed: frequency 0..1 is
logarithmic over 10 Hz to 22 kHz, resonance is logarithmic over 0.1 to 18, gain is in dB.
"""

from __future__ import annotations

from math import log
from typing import Any

from musearoo.tools.live_simulator.core.objects import Context, Model, Owned, Stored, reads
from musearoo.tools.live_simulator.devices.parameters import DeviceParameter

EQ_EIGHT = "EQ Eight"
AUDIO_EFFECT = 2
BANDS = range(1, 9)
USUAL_HERTZ = (70.0, 180.0, 450.0, 1000.0, 2400.0, 5000.0, 9000.0, 14000.0)
LOW_CUT_48, LOW_CUT_12, LOW_SHELF, BELL = range(4)


def by_octaves(raw: float, low: float, high: float) -> float:
    """Return the value displayed for a raw value 0..1 on a logarithmic scale.

    >>> by_octaves(0.0, 10.0, 22000.0), round(by_octaves(1.0, 10.0, 22000.0))
    (10.0, 22000)
    """
    return float(low * (high / low) ** raw)


def show_hertz(raw: float) -> str:
    """Return a frequency formatted as in Live: '110 Hz', '1.20 kHz'."""
    hertz = by_octaves(raw, 10.0, 22000.0)
    return f"{hertz:.1f} Hz" if hertz < 1000.0 else f"{hertz / 1000.0:.2f} kHz"


def show_gain(raw: float) -> str:
    """Return a formatted gain in dB."""
    return f"{raw:.2f} dB"


def show_resonance(raw: float) -> str:
    """Return a formatted Q."""
    return f"{by_octaves(raw, 0.1, 18.0):.2f}"


class DeviceModel(Model):
    """The base of all devices: a name, a class, and parameters, of which the first is the on/off switch."""

    name: Stored[str] = Stored("")
    is_using_compare_preset_b = Stored(False, check=lambda _, __: _refuse_compare())
    parameters: Owned[tuple[DeviceParameter, ...]] = Owned(())

    def __init__(
        self, context: Context, parent: Model, name: str, class_name: str, display_name: str, device_type: int
    ) -> None:
        super().__init__(context, parent)
        self.__dict__["name"] = name
        self.class_name = class_name
        self.class_display_name = display_name
        self.type = device_type
        self.is_active = True
        self.can_have_chains = self.can_have_drum_pads = False
        self.can_compare_ab = False
        self.view: Model = DeviceView(context, self)
        self._bank = 0
        self.latency_in_ms, self.latency_in_samples = 0.0, 0
        self.__dict__["parameters"] = (DeviceParameter(context, self, "Device On", 0.0, 1.0, 1.0),)

    def copy_to(self, parent: Model) -> DeviceModel:
        """Return a copy under another parent."""
        raise NotImplementedError

    def copy_settings_to(self, copy: DeviceModel) -> None:
        """Copy this device's name and parameter values to another device."""
        copy.name = self.name
        for mine, theirs in zip(self.parameters, copy.parameters):
            theirs.value = mine.value

    def save_preset_to_compare_ab_slot(self) -> None:
        """Refuse: no device here has a second state to compare with."""
        _refuse_compare()

    @reads
    def store_chosen_bank(self, script_index: int, bank_index: int) -> None:
        """Remember the parameter bank that a controller chose."""
        self._bank = bank_index

    def children(self) -> tuple[Model, ...]:
        return (*self.parameters, self.view)


class DeviceView(Model):
    """The view of a device."""

    is_collapsed = Stored(False, undoable=False)


def _refuse_compare() -> bool:
    raise RuntimeError("This device does not support A/B comparison")


class EqEight(DeviceModel):
    """An EQ Eight."""

    def __init__(self, context: Context, parent: Model) -> None:
        super().__init__(context, parent, EQ_EIGHT, "Eq8", EQ_EIGHT, AUDIO_EFFECT)
        made = list(self.parameters)
        for band, hertz in zip(BANDS, USUAL_HERTZ):
            made += self._make_band(band, hertz)
        self.__dict__["parameters"] = tuple(made)

    def _make_band(self, band: int, hertz: float) -> list[DeviceParameter]:
        def make(name: str, low: float, high: float, default: float, show: Any = None) -> DeviceParameter:
            more = () if show is None else (show,)
            return DeviceParameter(self.context, self, f"{band} {name} A", low, high, default, *more)

        # In a new EQ Eight the first four bands are on and flat, except the low cut, which is off.
        return [
            make("Filter On", 0.0, 1.0, 1.0 if 2 <= band <= 4 else 0.0),
            make("Filter Type", 0.0, 7.0, float(LOW_CUT_12 if band == 1 else BELL)),
            make("Frequency", 0.0, 1.0, log(hertz / 10.0) / log(2200.0), show_hertz),
            make("Gain", -15.0, 15.0, 0.0, show_gain),
            make("Resonance", 0.0, 1.0, log(0.71 / 0.1) / log(180.0), show_resonance),
        ]

    def copy_to(self, parent: Model) -> EqEight:
        copy = EqEight(self.context, parent)
        self.copy_settings_to(copy)
        return copy
