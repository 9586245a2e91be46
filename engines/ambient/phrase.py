"""A phrase of endless music as plain data: what the composer hands to the synthesiser, to Live and to MIDI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key

AmbientLayer = Literal["drone", "pad", "swells", "melody", "bells", "texture", "percussion", "grains"]
"""The layers of endless music. Notes of `grains` choose moments and pitches of a granular texture."""

LAYERS: Final[tuple[AmbientLayer, ...]] = get_args(AmbientLayer)
USUAL_LEVEL: Final = 0.7
"""The level at which a layer sounds as its preset has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """What shapes the sound and not the notes, each 0..1: a synthesiser follows them from block to block.

    `levels` has one value for each of `LAYERS`: 0 is silent, `USUAL_LEVEL` as the preset has it.
    """

    brightness: float
    motion: float
    space: float
    levels: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LayerNotes:
    """The notes of one layer by start, in beats from the phrase's begin. They may ring past its end."""

    layer: AmbientLayer
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Some bars of endless music at one tempo.

    `began` is its first beat counted from the start of the stream, `length` is in beats. Controls go in a straight line
    from `enters` to `leaves`. `preset` names what plays, and so the sounds.
    """

    number: int
    seed: int
    began: float
    length: float
    bpm: float
    meter: Meter
    key: Key
    preset: str
    chords: tuple[ChordSpan, ...]
    layers: tuple[LayerNotes, ...]
    enters: Controls
    leaves: Controls

    @property
    def seconds(self) -> float:
        """How long the phrase lasts, without what rings on."""
        return self.length * 60.0 / self.bpm
