"""Bass instruments: range, strings, hand span, and how fast a player can move and pluck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

InstrumentName = Literal["bass guitar", "five-string bass", "upright bass", "synth bass"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A bass. Pitches are MIDI numbers, times seconds.

    `strings` are the open strings, lowest first; none means a keyboard without fingering. `reach` is how many semitones
    the hand covers without moving, one more from fret `wide_from` on, where frets are narrower. A shift of the hand
    takes `shift_seconds` plus `fret_seconds` per semitone; `stroke_seconds` is the least time between two plucks.
    `glides` is whether notes may overlap to slide from one into the next.
    """

    name: InstrumentName
    low: int
    high: int
    strings: tuple[int, ...] = ()
    reach: int = 3
    wide_from: int = 99
    shift_seconds: float = 0.0
    fret_seconds: float = 0.0
    stroke_seconds: float = 0.0
    glides: bool = False


# A fretting hand has one finger a fret: four frets low on the neck, five from the seventh on. On the upright the first
# to the fourth finger span a whole tone (Franz Simandl, "New Method for the Double Bass", 1881). The time of a hand
# movement grows with its distance: Paul Fitts, "The information capacity of the human motor system" (1954). Two
# fingers, or alternate picking, pluck at most about fifteen times a second.
INSTRUMENTS: Final[dict[InstrumentName, Instrument]] = {
    instrument.name: instrument
    for instrument in (
        Instrument(
            name="bass guitar",
            low=28,
            high=63,
            strings=(28, 33, 38, 43),
            wide_from=7,
            shift_seconds=0.04,
            fret_seconds=0.012,
            stroke_seconds=0.066,
        ),
        Instrument(
            name="five-string bass",
            low=23,
            high=63,
            strings=(23, 28, 33, 38, 43),
            wide_from=7,
            shift_seconds=0.04,
            fret_seconds=0.012,
            stroke_seconds=0.066,
        ),
        Instrument(
            name="upright bass",
            low=28,
            high=62,
            strings=(28, 33, 38, 43),
            reach=2,
            shift_seconds=0.05,
            fret_seconds=0.016,
            stroke_seconds=0.085,
        ),
        Instrument(name="synth bass", low=12, high=84, glides=True),
    )
}
