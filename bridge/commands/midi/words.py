"""Describe MIDI messages in musicians' words."""

from __future__ import annotations

from typing import Final

from musearoo.engines.music.piano_roll import DRUM_NAMES
from musearoo.engines.music.pitch import pitch_name

DRUM_CHANNEL: Final = 10
"""General MIDI's drum channel, on which each pitch is a drum."""

PEDALS: Final = {64: "sustain pedal", 65: "portamento", 66: "sostenuto pedal", 67: "soft pedal", 69: "hold pedal"}
"""Switch controllers: on from 64, off below."""

CONTROLLERS: Final = {
    0: "bank",
    1: "modulation wheel",
    2: "breath",
    4: "foot pedal",
    5: "portamento time",
    7: "volume",
    8: "balance",
    10: "pan",
    11: "expression",
    32: "bank, fine",
    71: "resonance",
    72: "release",
    73: "attack",
    74: "brightness",
    91: "reverb",
    93: "chorus",
}
"""Controllers with a common name; others are described by number."""

MODES: Final = {
    120: "all sound off",
    121: "all controllers back",
    122: "local control",
    123: "all notes off",
    124: "omni off",
    125: "omni on",
    126: "mono",
    127: "poly",
}
"""Channel mode messages, which concern the whole instrument."""

SYSTEM: Final = {
    0xF0: "system exclusive",
    0xF1: "time code",
    0xF2: "song position",
    0xF3: "song select",
    0xF6: "tune request",
    0xF7: "end of system exclusive",
    0xF8: "clock",
    0xFA: "start",
    0xFB: "continue",
    0xFC: "stop",
    0xFE: "active sensing",
    0xFF: "reset",
}
"""System messages, which have no channel."""


def describe_message(data: bytes) -> str:
    """Describe a message in words. Invalid bytes are shown as they are.

    >>> [describe_message(bytes.fromhex(message)) for message in ("90 3c 64", "99 26 1e", "b0 40 7f")]
    ['C4, velocity 100', 'snare, velocity 30 · channel 10', 'sustain pedal down']
    """
    if not data or data[0] < 0x80:
        return f"no message: {data.hex(' ') or 'empty'}"
    if data[0] >= 0xF0:
        return _describe_system(data)
    channel = channel_of(data)
    if len(data) < (2 if data[0] & 0xF0 in (0xC0, 0xD0) else 3):
        return f"cut short: {data.hex(' ')}"
    words = _describe_voice(data[0] & 0xF0, channel, data[1], data[-1])
    return words if channel == 1 else f"{words} · channel {channel}"


def channel_of(data: bytes) -> int | None:
    """Return the channel of a message, 1..16, or None if it has none."""
    return data[0] % 16 + 1 if data and 0x80 <= data[0] < 0xF0 else None


def is_note_on(data: bytes) -> bool:
    """Whether it starts a note; a velocity of 0 ends one."""
    return len(data) == 3 and data[0] & 0xF0 == 0x90 and data[2] > 0


def is_note_off(data: bytes) -> bool:
    """Whether it ends a note."""
    return len(data) == 3 and (data[0] & 0xF0 == 0x80 or (data[0] & 0xF0 == 0x90 and data[2] == 0))


def name_note(pitch: int, channel: int | None) -> str:
    """Return the name of a note, on channel 10 that of the drum.

    >>> name_note(60, 1), name_note(36, 10), name_note(99, 10)
    ('C4', 'kick', 'drum 99')
    """
    if channel == DRUM_CHANNEL:
        return DRUM_NAMES.get(pitch, f"drum {pitch}")
    return pitch_name(pitch)


def _describe_voice(status: int, channel: int | None, first: int, second: int) -> str:
    match status:
        case 0x90 if second:
            return f"{name_note(first, channel)}, velocity {second}"
        case 0x80 | 0x90:
            return f"{name_note(first, channel)} off"
        case 0xA0:
            return f"pressure {second} on {name_note(first, channel)}"
        case 0xB0:
            return _describe_controller(first, second)
        case 0xC0:
            # Instruments and General MIDI count programs from 1.
            return f"programme {first + 1}"
        case 0xD0:
            return f"pressure {first}"
        case _:
            return _describe_bend((second << 7) + first - 8192)


def _describe_controller(number: int, value: int) -> str:
    if number in PEDALS:
        return f"{PEDALS[number]} {'down' if value >= 64 else 'up'}"
    if number in MODES:
        return MODES[number] if number != 122 else f"{MODES[number]} {'on' if value >= 64 else 'off'}"
    return f"{CONTROLLERS.get(number, f'controller {number}')} {value}"


def _describe_bend(bend: int) -> str:
    """Describe a pitch bend of -8192..8191; its semitones depend on the instrument."""
    if not bend:
        return "pitch bend in the middle"
    return f"pitch bend {'up' if bend > 0 else 'down'} {abs(bend) / (8191 if bend > 0 else 8192):.0%}"


def _describe_system(data: bytes) -> str:
    name = SYSTEM.get(data[0], f"unknown: {data.hex(' ')}")
    if data[0] == 0xF0:
        return f"{name}, {len(data)} bytes"
    if data[0] == 0xF2 and len(data) == 3:
        return f"{name}: beat {((data[2] << 7) + data[1]) / 4:g}"
    return name
