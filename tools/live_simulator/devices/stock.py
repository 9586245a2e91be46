"""Live's stock devices: their names in the browser, class names and types.

What a device does is not simulated. It has its switch and a parameter or two of its own, so that scripts have something
to list and to set; the names of these are Live's, what raw values mean is not known here.
"""

from __future__ import annotations

from typing import NamedTuple

from musearoo.tools.live_simulator.core.objects import Context, Model
from musearoo.tools.live_simulator.devices.base import AUDIO_EFFECT, DeviceModel
from musearoo.tools.live_simulator.devices.parameters import DeviceParameter, show_db

INSTRUMENT, MIDI_EFFECT = 1, 4


class Stock(NamedTuple):
    """One stock device: Live's class name for it, and its type."""

    class_name: str
    type: int


STOCK: dict[str, Stock] = {
    **{
        name: Stock(class_name, INSTRUMENT)
        for name, class_name in (
            ("Analog", "UltraAnalog"),
            ("Collision", "Collision"),
            ("Drift", "Drift"),
            ("Drum Sampler", "DrumCell"),
            ("Electric", "LoungeLizard"),
            ("External Instrument", "ProxyInstrumentDevice"),
            ("Impulse", "InstrumentImpulse"),
            ("Meld", "InstrumentMeld"),
            ("Operator", "Operator"),
            ("Sampler", "MultiSampler"),
            ("Simpler", "OriginalSimpler"),
            ("Tension", "StringStudio"),
            ("Wavetable", "InstrumentVector"),
        )
    },
    **{
        name: Stock(class_name, AUDIO_EFFECT)
        for name, class_name in (
            ("Auto Filter", "AutoFilter"),
            ("Beat Repeat", "BeatRepeat"),
            ("Channel EQ", "ChannelEq"),
            ("Chorus-Ensemble", "Chorus2"),
            ("Compressor", "Compressor2"),
            ("Delay", "Delay"),
            ("Drum Buss", "DrumBuss"),
            ("Echo", "Echo"),
            ("EQ Three", "FilterEQ3"),
            ("Gate", "Gate"),
            ("Glue Compressor", "GlueCompressor"),
            ("Limiter", "Limiter"),
            ("Overdrive", "Overdrive"),
            ("Redux", "Redux2"),
            ("Reverb", "Reverb"),
            ("Saturator", "Saturator"),
            ("Utility", "StereoGain"),
        )
    },
    **{
        name: Stock(class_name, MIDI_EFFECT)
        for name, class_name in (
            ("Arpeggiator", "MidiArpeggiator"),
            ("Chord", "MidiChord"),
            ("Note Length", "MidiNoteLength"),
            ("Pitch", "MidiPitcher"),
            ("Random", "MidiRandom"),
            ("Scale", "MidiScale"),
            ("Velocity", "MidiVelocity"),
        )
    },
}
"""Stock devices by the name that the browser shows; EQ Eight and the racks have classes of their own."""


class StockDevice(DeviceModel):
    """A stock device; `device_name` is its name in the browser, whatever the user or a preset calls it."""

    def __init__(self, context: Context, parent: Model, device_name: str) -> None:
        stock = STOCK[device_name]
        super().__init__(context, parent, device_name, stock.class_name, device_name, stock.type)
        self.device_name = device_name
        if stock.type == INSTRUMENT:
            self._add(DeviceParameter(context, self, "Volume", 0.0, 1.0, 0.85, show_db))
        elif stock.type == AUDIO_EFFECT:
            self._add(DeviceParameter(context, self, "Dry/Wet", 0.0, 1.0, 1.0))

    def _add(self, parameter: DeviceParameter) -> None:
        self.__dict__["parameters"] += (parameter,)

    def copy_to(self, parent: Model) -> StockDevice:
        """Return a copy under another parent."""
        copy = StockDevice(self.context, parent, self.device_name)
        self.copy_settings_to(copy)
        return copy
