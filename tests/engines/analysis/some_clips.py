"""Clips and analyses by chance, for sweeps: of all roles, meters and lengths, played well or badly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import TypeVar

from msgspec import structs

from musearoo.engines.analysis.symbolic.analyzer import analyze_notes
from musearoo.engines.foundation.chance import bell
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_map import DRUM_KINDS, PITCHES
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.knowledge.analysis import (
    Analysis,
    Character,
    DetectedChord,
    DrumOnset,
    EnergyCurve,
    Harmony,
    Rhythm,
    Section,
    StyleGuess,
)
from musearoo.engines.music.knowledge.hints import Hints
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.scale import Key
from musearoo.engines.music.swing import Swing

Choice = TypeVar("Choice")

METERS = tuple(map(Meter.parse, ("4/4", "4/4", "4/4", "3/4", "6/8", "12/8", "7/8", "5/4", "2/2")))
SYMBOLS = ("C", "Am", "F", "G7", "Dm7", "Em", "Cmaj7", "Bm7b5", "E7", "F#dim7", "Gsus4", "A7", "Bbmaj7", "Eb", "Abm",
           "D5", "Caug", "C/E", "G/B", "Fm6", "Am9", "Dsus2", "Cadd9", "AmMaj7", "G7sus4", "F#m")  # fmt: skip
KEYS = tuple(map(Key.parse, ("C", "Am", "G", "E minor", "Eb", "F# minor", "D dorian")))
NAMES = {
    "drums": ("Drums", "MIDI 1", "808 Kit"),
    "bass": ("Bass", "MIDI 2", "MIDI 2"),
    "harmony": ("Keys", "MIDI 3", "Pad"),
    "melody": ("Lead", "MIDI 4"),
    "noise": ("?", "Ambience", "Keys"),
    "empty": ("MIDI 6", "Drums"),
}
ROLES = ("drums", "drums", "bass", "harmony", "harmony", "melody", "noise", "empty")


def any_of(chance: Random, choices: Sequence[Choice]) -> Choice:
    return choices[int(chance.random() * len(choices))]


def some_clips(chance: Random, most: int = 4) -> list[tuple[str, Clip]]:
    """Clips that begin together, each under a name that may tell its role."""
    meter, bars = any_of(chance, METERS), any_of(chance, (1, 2, 4, 4, 8, 8, 16))
    progression = [any_of(chance, SYMBOLS) for _ in range(any_of(chance, (1, 2, 4, 8)))]
    pairs = []
    for _ in range(1 + int(most * chance.random())):
        role = any_of(chance, ROLES)
        own = max(1, any_of(chance, (bars, bars, bars // 2)))
        clip = some_clip(chance, role, any_of(chance, (meter, meter, meter, Meter(3, 4))), own, progression)
        pairs.append((any_of(chance, NAMES[role]), clip))
    return pairs


def some_clip(chance: Random, role: str, meter: Meter, bars: int, progression: Sequence[str]) -> Clip:
    """A clip of a player: drums, bass, chords, a tune, anything, or nothing."""
    length = bars * meter.bar_beats + any_of(chance, (0.0,) * 6 + (0.3, -0.25))
    chords = [Chord.parse(each) for each in progression]
    notes: list[Note] = []
    if role == "drums":
        notes = _play_drums(chance, length)
    elif role == "noise":
        for _ in range(int(30 * chance.random())):
            at, pitch = length * chance.random(), int(128 * chance.random())
            notes.append(Note(at, pitch, 0.05 + 5.0 * chance.random(), 1.0 + 126.0 * chance.random()))
    elif role != "empty":
        play = {"bass": _play_bass, "harmony": _play_chords, "melody": _play_tune}[role]
        for bar in range(bars):
            start = bar * meter.bar_beats
            notes += play(chance, chords[bar % len(chords)], start, min(length, start + meter.bar_beats))
    spread = any_of(chance, (0.0, 0.0, 0.02, 0.06))
    moved = [structs.replace(note, start=max(0.0, note.start + spread * bell(chance))) for note in notes]
    return Clip.of(role, length, [note for note in moved if note.start < length], meter)


def _play_drums(chance: Random, length: float) -> list[Note]:
    swing = Swing(any_of(chance, (1.0, 1.0, 1.3, 1.8, 2.0)), any_of(chance, (1.0, 1.0, 0.5)))
    rows = [(any_of(chance, PITCHES[kind]), [chance.random() < 0.35 for _ in range(16)]) for kind in DRUM_KINDS]
    rows = [row for row in rows if chance.random() < 0.8]
    if chance.random() < 0.2:
        rows.append((60, [chance.random() < 0.2 for _ in range(16)]))
    return [
        Note(at, pitch, 0.1, 30.0 + 90.0 * chance.random())
        for pitch, row in rows
        for step in range(int(length * 4.0))
        if row[step % 16] and chance.random() < 0.95 and (at := swing.warp(step / 4.0)) < length
    ]


def _play_bass(chance: Random, chord: Chord, start: float, end: float) -> list[Note]:
    low, step = 28 + (chord.bass_or_root - 4) % 12, any_of(chance, (0.5, 1.0, 1.0, 2.0, 8.0))
    notes, at = [], start
    while at < end:
        above = 0 if at == start else any_of(chance, (0, 0, 7, *chord.intervals, 1))
        notes.append(Note(at, low + above, min(step, end - at) * 0.9, 60.0 + 50.0 * chance.random()))
        at += step
    return notes


def _play_chords(chance: Random, chord: Chord, start: float, end: float) -> list[Note]:
    pitches = [48 + chord.root + each for each in chord.intervals] + [36 + chord.bass_or_root]
    manner, velocity = any_of(chance, ("held", "struck", "broken", "stabs")), 50.0 + 60.0 * chance.random()
    if manner == "held":
        return [Note(start, pitch, end - start, velocity) for pitch in pitches]
    notes: list[Note] = []
    at, step = start, any_of(chance, (0.5, 1.0))
    while at + step / 2.0 < end:
        place = at + (step / 2.0 if manner == "stabs" else 0.0)
        struck = [pitches[len(notes) % len(pitches)]] if manner == "broken" else pitches
        mute = chance.random() < 0.05
        notes += [Note(place, pitch, step * 0.8, velocity, mute=mute) for pitch in struck]
        at += step
    return notes


def _play_tune(chance: Random, chord: Chord, start: float, end: float) -> list[Note]:
    notes, at = [], start
    while at < end:
        step = any_of(chance, (0.25, 0.5, 0.75, 1.0, 1.5, 2 / 3))
        if chance.random() < 0.8:
            above = any_of(chance, (*chord.intervals, *chord.intervals, 2, 5, 9))
            notes.append(
                Note(at, 60 + chord.root + above, step * any_of(chance, (0.9, 1.6)), 40.0 + 80.0 * chance.random())
            )
        at += step
    return notes


def some_hearing(chance: Random) -> Analysis:
    """The analysis of an audio clip as it may be: right or wrong, sure or not, with all or little of it found."""
    bpm = 60.0 + 110.0 * chance.random()
    clip = some_clip(
        chance,
        any_of(chance, ROLES),
        any_of(chance, METERS),
        any_of(chance, (1, 2, 4, 8)),
        [any_of(chance, SYMBOLS) for _ in range(4)],
    )
    read = analyze_notes([(any_of(chance, ("Drums", "x")), clip)], _at(bpm))
    first = any_of(chance, (0.0, 0.0, 0.4))
    beats = tuple(first + beat for beat in read.rhythm.beats) if chance.random() < 0.8 else ()
    rhythm = Rhythm(
        UNKNOWN
        if not beats or chance.random() < 0.2
        else Estimate(any_of(chance, (bpm, bpm, 7.0)), chance.random(), "clip"),
        beats,
        beats[any_of(chance, (0, 1)) :: 4] if chance.random() < 0.8 else (),
        UNKNOWN if chance.random() < 0.3 else Estimate(any_of(chance, METERS), chance.random(), "clip"),
    )
    chords = tuple(
        DetectedChord(
            first + span.start + 0.15 * bell(chance) * (index > 0),
            first + span.end,
            None if chance.random() < 0.1 else span.chord,
            chance.random(),
        )
        for index, span in enumerate(read.harmony.chords)
    )
    key = UNKNOWN if chance.random() < 0.3 else Estimate(any_of(chance, KEYS), chance.random(), "clip")
    hits = tuple(
        DrumOnset(first + onset.time, any_of(chance, DRUM_KINDS), 127.0 * onset.strength, chance.random())
        for onset in read.onsets
        if chance.random() < 0.9
    )
    third = read.duration / 3.0
    sections = tuple(
        Section(
            first + third * number, first + third * (number + 1) + 0.1 * bell(chance), "ABA"[number], chance.random()
        )
        for number in range(3)
    )
    return replace(
        read,
        depth="fast",
        rhythm=rhythm,
        harmony=Harmony(key, (), chords if chance.random() < 0.7 else (), chance.random()),
        hits=any_of(chance, (hits, hits, hits[:6], ())),
        onsets=any_of(chance, (read.onsets, read.onsets, ())),
        character=Character(
            energy=any_of(chance, (None, EnergyCurve(0.5, (0.4,), chance.random(), 0.0, chance.random()))),
            sections=any_of(chance, ((), sections, sections[:1])),
            styles=any_of(chance, ((), (StyleGuess("rock", 0.4 + 0.4 * chance.random()), StyleGuess("house", 0.2)))),
            register=any_of(
                chance,
                (
                    UNKNOWN,
                    Estimate((30, 45), 0.8, "clip"),
                    Estimate((50, 70), 0.8, "clip"),
                    Estimate((30, 71), 0.5, "clip"),
                ),
            ),
        ),
    )


def _at(bpm: float) -> Hints:
    return Hints(tempo=Estimate(bpm, 1.0, "set"))
