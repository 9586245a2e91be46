"""Small pieces of music that the tests of the sets are made with."""

from __future__ import annotations

from musearoo.engines.music.chord import Chord
from musearoo.tools.bench.corpora.piece import Part, Piece, Stroke, Tone
from musearoo.tools.workshop.corpora.sources.lead_sheet import LeadSheet, SheetChord, SheetNote


def four_bars(bpm: float = 120.0, swing: float = 1.0, late: float = 0.0) -> Piece:
    """Four bars of 4/4: kick and snare in turn, hats in swung eighths, `late` by seconds, and a bass note a bar."""
    beat = 60.0 / bpm
    half = swing / (1.0 + swing)
    beats = tuple(number * beat for number in range(16))
    strokes = [Stroke(time, 36 if number % 2 == 0 else 38, 100) for number, time in enumerate(beats)]
    strokes += [Stroke(time + late, 42, 80) for time in beats]
    strokes += [Stroke(time + half * beat + late, 42, 60) for time in beats]
    return Piece(
        name="four bars",
        song="tests/four bars",
        duration=16 * beat,
        beats=beats,
        downbeats=beats[::4],
        meter="4/4",
        tones=tuple(Tone(time, time + 3 * beat, 40 + number, 90, "bass") for number, time in enumerate(beats[::4])),
        strokes=tuple(sorted(strokes, key=lambda stroke: stroke.time)),
        parts=(Part("bass", 33),),
        chords=((0.0, 8 * beat, "A:min7"), (8 * beat, 16 * beat, "D:7")),
        keys=((0.0, 16 * beat, "A minor"),),
        sections=((0.0, 8 * beat, "A"), (8 * beat, 16 * beat, "B")),
        style="funk",
    )


def short_sheet(meter: str = "4/4") -> LeadSheet:
    """Eight bars of a tune with a pickup of a quarter, a chord a bar."""
    numerator, denominator = (int(part) for part in meter.split("/"))
    bar = numerator * 4.0 / denominator
    chords = tuple(
        SheetChord(1.0 + bar * number, 1.0 + bar * (number + 1), Chord.parse(symbol))
        for number, symbol in enumerate(("C", "Am", "F", "G7") * 2)
    )
    notes = tuple(
        SheetNote(0.5 * number, 0.5 * number + 0.5, 60 + number % 5) for number in range(int(2 * (1 + 8 * bar)))
    )
    return LeadSheet("tests/short", meter, 1.0, 1.0 + 8 * bar, notes, chords, "C major")
