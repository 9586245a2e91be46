"""Device parameters and the mixer of a track."""

from __future__ import annotations

import math
import struct
from typing import Any

from musearoo.tools.live_simulator.core.objects import Context, Model, Owned, Stored, reads

UNITY_VOLUME = 0.85
"""The fader value of 0 dB; 1.0 is +6 dB."""

SILENCE_DB = -70.0
"""The level at and below which Live shows -inf for faders and sends."""

RANGE_ERROR = "Invalid value. Check the parameters range with min/max"


def float32(value: float) -> float:
    """Return the value rounded to a C++ float.

    >>> float32(0.85)
    0.8500000238418579
    """
    rounded: float = struct.unpack("f", struct.pack("f", value))[0]
    return rounded


def fader_db(value: float) -> float:
    """Return the level of a fader value in dB: 40 dB per unit from 0.4 up, increasingly steep below."""
    if value >= 0.4:
        return (value - UNITY_VOLUME) * 40.0
    x = value - 0.4
    return max(SILENCE_DB, -18.0 + 42.0 * x - 200.0 * x * x) if value > 0.0 else SILENCE_DB


def fader_value(level: float) -> float:
    """Return the fader value of a level in dB; the inverse of `fader_db`.

    >>> round(fader_value(-6.0), 6), round(fader_db(fader_value(-30.0)), 6)
    (0.7, -30.0)
    """
    if level >= -18.0:
        return level / 40.0 + UNITY_VOLUME
    if level <= SILENCE_DB:
        return 0.0
    return 0.4 + (42.0 - math.sqrt(42.0**2 - 4 * 200.0 * (level + 18.0))) / 400.0


def show_db(value: float) -> str:
    """Return a fader value formatted as in Live: '-6.0 dB'."""
    level = fader_db(value)
    return "-inf dB" if level <= SILENCE_DB else "%.1f dB" % (level if abs(level) >= 0.05 else 0.0)


def show_pan(value: float) -> str:
    """Return a pan value formatted as in Live: '25L', 'C', '50R'."""
    amount = round(abs(value) * 50)
    return "C" if amount == 0 else f"{amount}{'L' if value < 0 else 'R'}"


def show_plain(value: float) -> str:
    """Return a value with two decimals."""
    return f"{value:.2f}"


def _in_range(parameter: DeviceParameter, value: float) -> float:
    if math.isnan(value) or not parameter.min <= float32(value) <= parameter.max:
        raise RuntimeError(RANGE_ERROR)
    return float32(value)


class DeviceParameter(Model):
    """One automatable value of a device or mixer, stored as a 32-bit float as in Live."""

    value = Stored(0.0, check=_in_range, also=("display_value",))

    def __init__(
        self,
        context: Context,
        parent: Model,
        name: str,
        low: float,
        high: float,
        default: float,
        show: Any = show_plain,
    ) -> None:
        super().__init__(context, parent)
        self.name = name
        self.original_name = name
        self.min = float32(low)
        self.max = float32(high)
        self.default_value = float32(default)
        self.is_quantized = False
        self.is_enabled = True
        self.state = 0
        self.automation_state = 0
        self.__dict__["value"] = self.default_value
        self._show = show

    @property
    def value_items(self) -> tuple[str, ...]:
        """The names of a quantized parameter's values."""
        raise RuntimeError("This property is only available for quantized parameters.")

    short_value_items = value_items

    @reads
    def str_for_value(self, value: float) -> str:
        """Return a value as the parameter would display it."""
        text: str = self._show(value)
        return text

    @property
    def display_value(self) -> float:
        """The value in the units of the display: dB, or -50 (left) to 50."""
        if self._show is show_db:
            return fader_db(self.value)
        return self.value * 50.0 if self._show is show_pan else self.value

    @display_value.setter
    def display_value(self, value: float) -> None:
        if self._show is show_db:
            self.value = fader_value(value)
        else:
            self.value = value / 50.0 if self._show is show_pan else value

    def begin_gesture(self) -> None:
        """Start a knob gesture; automation recording is not simulated."""

    def end_gesture(self) -> None:
        """End the knob gesture."""

    def re_enable_automation(self) -> None:
        """Do nothing: there is no automation to re-enable."""


class ChainMixerDevice(Model):
    """The mixer strip of a rack's chain."""

    sends: Owned[tuple[DeviceParameter, ...]] = Owned(())

    def __init__(self, context: Context, chain: Model) -> None:
        super().__init__(context, chain)
        self.volume = DeviceParameter(context, self, "Chain Volume", 0.0, 1.0, UNITY_VOLUME, show_db)
        self.panning = DeviceParameter(context, self, "Chain Panning", -1.0, 1.0, 0.0, show_pan)
        self.chain_activator = DeviceParameter(context, self, "Chain Activator", 0.0, 1.0, 1.0)

    def children(self) -> tuple[Model, ...]:
        return (self.volume, self.panning, self.chain_activator, *self.sends)

    def copy_from(self, other: ChainMixerDevice) -> None:
        """Copy another strip's values."""
        for name in ("volume", "panning", "chain_activator"):
            getattr(self, name).value = getattr(other, name).value


class MixerDevice(Model):
    """A track's mixer strip."""

    sends: Owned[tuple[DeviceParameter, ...]] = Owned(())
    crossfade_assign = Stored(1)
    panning_mode = Stored(0)

    def __init__(self, context: Context, track: Model, is_master: bool, send_count: int) -> None:
        super().__init__(context, track)
        self.volume = DeviceParameter(context, self, "Track Volume", 0.0, 1.0, UNITY_VOLUME, show_db)
        self.panning = DeviceParameter(context, self, "Track Panning", -1.0, 1.0, 0.0, show_pan)
        self.left_split_stereo = DeviceParameter(context, self, "Split Stereo Pan L", -1.0, 1.0, -1.0, show_pan)
        self.right_split_stereo = DeviceParameter(context, self, "Split Stereo Pan R", -1.0, 1.0, 1.0, show_pan)
        self.__dict__["sends"] = tuple(self._make_send(index) for index in range(send_count))
        self.track_activator = DeviceParameter(context, self, "Track Activator", 0.0, 1.0, 1.0)
        self._master_only: dict[str, DeviceParameter] = {}
        if is_master:
            self._master_only = {
                "crossfader": DeviceParameter(context, self, "Crossfader", -1.0, 1.0, 0.0, show_pan),
                "cue_volume": DeviceParameter(context, self, "Preview Volume", 0.0, 1.0, UNITY_VOLUME, show_db),
                "song_tempo": DeviceParameter(context, self, "Song Tempo", 20.0, 999.0, 120.0),
            }

    def _make_send(self, index: int) -> DeviceParameter:
        return DeviceParameter(self.context, self, f"{chr(65 + index)} Send", 0.0, 1.0, 0.0, show_db)

    @property
    def crossfader(self) -> DeviceParameter:
        """The crossfader, on the master track only."""
        return self._of_master("crossfader")

    @property
    def cue_volume(self) -> DeviceParameter:
        """The cue level, on the master track only."""
        return self._of_master("cue_volume")

    @property
    def song_tempo(self) -> DeviceParameter:
        """The tempo as a parameter, on the master track only; it does not follow the song's tempo here."""
        return self._of_master("song_tempo")

    def _of_master(self, name: str) -> DeviceParameter:
        if name not in self._master_only:
            raise RuntimeError("Only the master track has a {}".format(name.replace("_", " ")))
        return self._master_only[name]

    def children(self) -> tuple[Model, ...]:
        fixed: tuple[Model, ...] = (
            self.volume,
            self.panning,
            self.left_split_stereo,
            self.right_split_stereo,
            self.track_activator,
        )
        return fixed + self.sends + tuple(self._master_only.values())

    def resize_sends(self, count: int) -> None:
        """Have one send for each return track."""
        sends = self.sends[:count]
        self.sends = sends + tuple(self._make_send(index) for index in range(len(sends), count))

    def drop_send(self, index: int) -> None:
        """Remove the send of a deleted return track."""
        self.sends = self.sends[:index] + self.sends[index + 1 :]

    def copy_from(self, other: MixerDevice) -> None:
        """Copy another strip's values, as duplicating a track does."""
        for name in ("volume", "panning", "left_split_stereo", "right_split_stereo"):
            getattr(self, name).value = getattr(other, name).value
        for mine, theirs in zip(self.sends, other.sends):
            mine.value = theirs.value
        self.crossfade_assign = other.crossfade_assign
        self.panning_mode = other.panning_mode
