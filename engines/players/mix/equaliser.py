"""Convert cuts to settings of Live's EQ Eight: bands, filter types and raw values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
from typing import Final

from musearoo.engines.players.mix.eq_bands import Cut
from musearoo.engines.players.mix.tracks import DeviceMove, MixDevice, MixTrack

EQ_EIGHT: Final = "EQ Eight"
EQ_CLASS: Final = "Eq8"
BANDS: Final = 8
LOWEST_HZ, HIGHEST_HZ = 10.0, 22_000.0
"""EQ Eight's range; its raw frequency is logarithmic, 0..1 over this range, as users have measured."""
LEAST_Q, MOST_Q = 0.1, 18.0
LOW_CUT_12, BELL = 1, 3
"""Live's numbers of filter types: 0 is the steep low cut, 1 the 12 dB low cut, 2 the low shelf, 3 the bell."""
SAME_PLACE: Final = 0.04
"""The raw difference below which two frequencies count as equal: under half an octave."""
FLAT_TYPES: Final = (2, 3, 5)
"""The types without effect at 0 dB: shelves and bell."""


def set_equaliser(track: MixTrack, cuts: Sequence[Cut]) -> tuple[DeviceMove, ...]:
    """Return the settings that make the cuts, on the track's first EQ Eight with enough free bands, else on a new one.

    A cut that the equaliser already makes is not repeated.
    """
    device = next((device for device in track.devices if device.class_name == EQ_CLASS), None)
    cuts = [cut for cut in cuts if device is None or not _is_made(device, cut)]
    free = _free_bands(device) if device else list(range(1, BANDS + 1))
    if len(free) < len(cuts):
        device, free = None, list(range(1, BANDS + 1))
    moves = []
    for band, cut in zip(free, cuts, strict=False):
        kind = float(_filter_type(cut))
        settings = [
            ("Filter On", 1.0, "", 1.0),
            ("Filter Type", kind, "", kind),
            ("Frequency", cut.hertz, "Hz", raw_frequency(cut.hertz)),
        ]
        if cut.kind == "bell":
            settings.append(("Gain", cut.gain_db, "dB", cut.gain_db))
            settings.append(("Resonance", cut.q, "Q", raw_q(cut.q)))
        for name, value, unit, raw in settings:
            parameter = f"{band} {name} A"
            old = device.parameters.get(parameter) if device else None
            why = describe_cut(track.name, cut)
            moves.append(
                DeviceMove(track.id, device.id if device else None, EQ_EIGHT, parameter, value, unit, raw, old, why)
            )
    return tuple(moves)


def raw_frequency(hertz: float) -> float:
    """Return the raw value of a frequency in Hz.

    >>> raw_frequency(10.0), raw_frequency(22_000.0), round(raw_frequency(30.0), 3)
    (0.0, 1.0, 0.143)
    """
    return log(min(HIGHEST_HZ, max(LOWEST_HZ, hertz)) / LOWEST_HZ) / log(HIGHEST_HZ / LOWEST_HZ)


def raw_q(q: float) -> float:
    """Return the raw value of a Q, which is logarithmic too."""
    return log(min(MOST_Q, max(LEAST_Q, q)) / LEAST_Q) / log(MOST_Q / LEAST_Q)


def describe_cut(name: str, cut: Cut) -> str:
    """Describe a cut in words.

    >>> describe_cut("Keys", Cut("low cut", 110.0)), describe_cut("Pad", Cut("bell", 346.0, -3.0, 0.9))
    ('low cut on Keys at 110 Hz', '3 dB out of Pad at 346 Hz (Q 0.9)')
    """
    if cut.kind == "low cut":
        return f"low cut on {name} at {cut.hertz:g} Hz"
    return f"{-cut.gain_db:g} dB out of {name} at {cut.hertz:g} Hz (Q {cut.q:g})"


def _filter_type(cut: Cut) -> int:
    return LOW_CUT_12 if cut.kind == "low cut" else BELL


def _is_made(device: MixDevice, cut: Cut) -> bool:
    """Return whether a band of the equaliser already makes this cut or a similar one."""
    parameters = device.parameters
    return any(
        parameters.get(f"{band} Filter On A", 0.0) >= 0.5
        and parameters.get(f"{band} Filter Type A", -1.0) == _filter_type(cut)
        and abs(parameters.get(f"{band} Frequency A", -1.0) - raw_frequency(cut.hertz)) < SAME_PLACE
        and (cut.kind == "low cut" or parameters.get(f"{band} Gain A", 0.0) < 0.0)
        for band in range(1, BANDS + 1)
    )


def _free_bands(device: MixDevice) -> list[int]:
    """Return the bands without effect: switched off or flat."""
    parameters: Mapping[str, float] = device.parameters

    def is_free(band: int) -> bool:
        is_off = parameters.get(f"{band} Filter On A", 1.0) < 0.5
        is_flat = (
            parameters.get(f"{band} Gain A", 1.0) == 0.0 and parameters.get(f"{band} Filter Type A", 0.0) in FLAT_TYPES
        )
        return is_off or is_flat

    return [band for band in range(1, BANDS + 1) if is_free(band)]
