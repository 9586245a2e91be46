"""A phrase of endless music as a part for a MIDI output: a channel for each layer, and its controls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import structs

from musearoo.bridge.midi.parts.clip import DRUM_CHANNEL, make_part
from musearoo.bridge.protocol.midi_process import Part, TimedMessage
from musearoo.engines.music.clip import Clip

if TYPE_CHECKING:
    from musearoo.engines.ambient.phrase import AmbientLayer, Phrase

CHANNELS: Final[dict[AmbientLayer, int]] = {
    "melody": 4,
    "pad": 5,
    "drone": 6,
    "swells": 7,
    "bells": 8,
    "texture": 9,
    "percussion": DRUM_CHANNEL,
    "grains": 11,
}
"""MIDI channels (1..16): melody and pad on those of the band, so that its instruments play them."""

PROGRAMS: Final[dict[AmbientLayer, int]] = {
    "melody": 11,
    "pad": 89,
    "drone": 95,
    "swells": 92,
    "bells": 14,
    "texture": 97,
    "grains": 98,
}
"""General MIDI programs, counted from 0: vibraphone, warm, sweep and bowed pad, tubular bells, soundtrack, crystal."""

CONTROLLERS: Final = {"motion": 1, "brightness": 74, "space": 91}
"""MIDI controllers that tell the amounts, once a beat."""

_CONTROL: Final = 0xB0


def part_of_phrase(phrase: Phrase, stretch: float) -> Part:
    """Return the part of a phrase; its beats are `stretch` times as long at the output as they are in the phrase.

    Notes that ring past the phrase's end are cut there.
    """
    messages: list[TimedMessage] = []
    length = phrase.length * stretch
    for layer in phrase.layers:
        channel = CHANNELS[layer.layer]
        notes = (
            structs.replace(note, start=note.start * stretch, duration=note.duration * stretch) for note in layer.notes
        )
        clip = Clip.of(layer.layer, length, (note for note in notes if note.start < length))
        messages += make_part(clip, channel, PROGRAMS.get(layer.layer)).messages
        messages += _controls(phrase, channel, length)
    messages.sort(key=lambda message: message.beat)
    return Part(tuple(messages), length)


def _controls(phrase: Phrase, channel: int, length: float) -> list[TimedMessage]:
    found = []
    for beat in range(int(length)):
        share = beat / length
        for name, number in CONTROLLERS.items():
            enters, leaves = getattr(phrase.enters, name), getattr(phrase.leaves, name)
            value = round(127.0 * (enters + share * (leaves - enters)))
            found.append(TimedMessage(float(beat), bytes((_CONTROL | (channel - 1), number, value))))
    return found
