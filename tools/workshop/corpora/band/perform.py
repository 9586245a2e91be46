"""A band that plays a lead sheet with human timing: melody, comping, bass and drums."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from musearoo.engines.music.chord import Chord
from musearoo.tools.bench.corpora.chords import voicing
from musearoo.tools.bench.corpora.piece import Part, Piece, Tone, beats_in_bar, quarters_per_beat
from musearoo.tools.workshop.corpora.band.grooves import Pattern, play
from musearoo.tools.workshop.corpora.band.parts import LOWEST_BASS, chord_intervals
from musearoo.tools.workshop.corpora.band.time_map import TimeMap
from musearoo.tools.workshop.corpora.sources.lead_sheet import LeadSheet, SheetChord

SEVENTHS: Final = {"maj": ("maj7", "maj7", "maj6"), "min": ("min7", "min7", "min6"), "dim": ("dim7",)}
"""The qualities that jazz players use for plain triads."""

# Positions of chords in a bar of four quarters, and their durations.
_COMPING: Final = (
    ((0.0, 1.4), (1.5, 0.4)),
    ((0.0, 1.9), (2.0, 1.9)),
    ((1.0, 0.4), (3.0, 0.4)),
    ((0.5, 0.4), (2.5, 1.3)),
    ((0.0, 0.9), (1.5, 0.9), (3.5, 0.4)),
    ((0.0, 0.4), (1.0, 0.4), (2.0, 0.4), (3.0, 0.4)),
    ((0.0, 3.8),),
)


@dataclass(frozen=True, slots=True)
class Playing:
    """How a band plays: its drum pattern or none, walking or plain bass, programs, looseness in seconds."""

    pattern: Pattern | None
    walking: bool
    melody_program: int | None
    comping_program: int | None
    bass_program: int | None
    looseness: float
    kit: int = 0
    style: str = "jazz"


def enrich(sheet: LeadSheet, chance: Random) -> tuple[SheetChord, ...]:
    """Return the sheet's chords as jazz players play them: triads get sevenths or sixths, each the same throughout."""
    made: dict[Chord, Chord] = {}
    for _, _, chord in sheet.chords:
        if chord not in made:
            choices = SEVENTHS.get(chord.quality)
            made[chord] = Chord(chord.root, chance.choice(choices), chord.bass) if choices else chord
    return tuple(SheetChord(start, end, made[chord]) for start, end, chord in sheet.chords)


def perform(sheet: LeadSheet, at: TimeMap, playing: Playing, chance: Random, name: str) -> Piece:
    """Return the sheet, which begins with a whole bar, as played at the times of `at`, with its ground truth."""
    beat = quarters_per_beat(sheet.meter)
    count = int(sheet.length / beat + 1e-6)
    beats = tuple(float(TimeMap(at.quarters).seconds(number * beat)) for number in range(count + 1))
    tones: list[Tone] = []
    parts: list[Part] = []
    if playing.melody_program is not None:
        parts.append(Part("melody", playing.melody_program, chance.uniform(0.6, 0.95), chance.uniform(-0.4, 0.4)))
        tones += _melody(sheet, at, playing.looseness, chance)
    if playing.comping_program is not None:
        parts.append(Part("comping", playing.comping_program, chance.uniform(0.5, 0.85), chance.uniform(-0.7, 0.7)))
        tones += _comping(sheet, at, playing.looseness, chance)
    if playing.bass_program is not None:
        parts.append(Part("bass", playing.bass_program, chance.uniform(0.65, 0.95)))
        line = walking_bass if playing.walking else plain_bass
        tones += line(sheet, at, playing.looseness, chance)
    bars = int(sheet.length / sheet.quarters_per_bar + 1e-6)
    strokes = play(playing.pattern, bars, at, chance, playing.looseness) if playing.pattern else []
    return Piece(
        name=name,
        song=sheet.song,
        duration=beats[-1],
        beats=beats[:-1],
        downbeats=beats[:-1][:: beats_in_bar(sheet.meter)],
        meter=sheet.meter,
        tones=tuple(sorted(tones, key=lambda tone: tone.start)),
        strokes=tuple(sorted(strokes, key=lambda stroke: stroke.time)),
        parts=tuple(parts),
        kit=playing.kit,
        chords=tuple((at_plain(at, start), at_plain(at, end), chord.harte) for start, end, chord in sheet.chords),
        keys=((0.0, beats[-1], sheet.key),) if sheet.key else None,
        style=playing.style,
    )


def at_plain(at: TimeMap, place: float) -> float:
    """Return the time of a position in quarters on the beat's own grid, without swing."""
    return TimeMap(at.quarters).seconds(place)


def _melody(sheet: LeadSheet, at: TimeMap, looseness: float, chance: Random) -> list[Tone]:
    # Soloists lay back: a few milliseconds behind the beat, more than other players.
    back = abs(chance.gauss(0.0, looseness))
    tones = []
    for note in sheet.notes:
        start = at.seconds(note.start) + back + chance.gauss(0.0, looseness)
        end = max(start + 0.06, at.seconds(note.end) - 0.03)
        tones.append(Tone(start, end, note.pitch, 88 + chance.randrange(-12, 16), "melody"))
    return tones


def _comping(sheet: LeadSheet, at: TimeMap, looseness: float, chance: Random) -> list[Tone]:
    bar = sheet.quarters_per_bar
    rhythms = [chance.choice(_COMPING) for _ in range(2)]
    tones: list[Tone] = []
    for number in range(int(sheet.length / bar + 1e-6)):
        start = number * bar
        for place, length in chance.choice(rhythms):
            place *= bar / 4.0
            chord = chord_at(sheet, start + place + 1e-6)
            if chord is None:
                continue
            struck = at.seconds(start + place) + chance.gauss(0.0, looseness)
            end = max(struck + 0.08, at.seconds(start + place + length * bar / 4.0) - 0.02)
            loud = 72 + chance.randrange(-10, 14)
            tones += [Tone(struck + 0.002 * n, end, pitch, loud, "comping") for n, pitch in enumerate(voicing(chord))]
    return tones


def chord_at(sheet: LeadSheet, place: float) -> Chord | None:
    """Return the chord at a position in quarters."""
    return next((chord.chord for chord in sheet.chords if chord.start <= place < chord.end), None)


def walking_bass(sheet: LeadSheet, at: TimeMap, looseness: float, chance: Random) -> list[Tone]:
    """Return a walking bass: the root at each chord change, chord tones between, and a step to the next root before
    it.
    """
    tones: list[Tone] = []
    last = LOWEST_BASS + 8
    for start, end, chord in sheet.chords:
        quarters = range(int(start + 0.999), int(end + 0.999))
        following = next((c.chord for c in sheet.chords if c.start >= end - 1e-6), chord)
        for number, quarter in enumerate(quarters):
            if number == 0:
                pitch = _near(chord.bass_or_root, last)
            elif quarter + 1 >= end - 1e-6 and len(quarters) > 1:
                target = _near(following.bass_or_root, last)
                pitch = target + chance.choice((-1, 1, 2, -2))
            else:
                pitch = _near(chord.root + chance.choice(sorted(chord_intervals(chord))), last + chance.choice((-3, 3)))
            last = pitch
            begin = at.seconds(quarter) + chance.gauss(0.0, looseness)
            loud = 88 + chance.randrange(-10, 11)
            tones.append(Tone(begin, at.seconds(quarter + 0.9), pitch, loud, "bass"))
    return tones


def plain_bass(sheet: LeadSheet, at: TimeMap, looseness: float, chance: Random) -> list[Tone]:
    """Return a plain bass: the root where a bar or a chord begins; in longer bars the fifth in the middle."""
    bar, beat = sheet.quarters_per_bar, quarters_per_beat(sheet.meter)
    second = bar / 2 if bar == 4.0 or (bar in (3.0, 6.0) and beat != 1.0) else bar
    tones: list[Tone] = []
    place = 0.0
    while place < sheet.length - 1e-6:
        chord = chord_at(sheet, place)
        if chord is not None:
            root = LOWEST_BASS + (chord.bass_or_root - LOWEST_BASS) % 12
            pitch = root if place % bar < 1e-6 or 7 not in chord_intervals(chord) else root + 7
            begin = at.seconds(place) + chance.gauss(0.0, looseness)
            end = at.seconds(place + second * 0.8)
            tones.append(Tone(begin, max(end, begin + 0.1), pitch, 88 + chance.randrange(-8, 9), "bass"))
        place += second
    return tones


def _near(pitch_class: int, pitch: int) -> int:
    """Return the pitch of that class nearest to `pitch`, within the double bass's lower two octaves."""
    low = LOWEST_BASS + (pitch_class - LOWEST_BASS) % 12
    return min((low, low + 12), key=lambda candidate: abs(candidate - pitch))
