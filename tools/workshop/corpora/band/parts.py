"""Parts added to songs: bass lines from their chords, and drums that follow their beats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Final

import numpy as np

from musearoo.engines.music.chord import Chord
from musearoo.tools.bench.corpora.piece import Piece, Span, Stroke, Tone

LOWEST_BASS: Final = 28
"""The open E string."""


def bass_line(chords: Sequence[Span], beats: Sequence[float], chance: Random, looseness: float = 0.006) -> list[Tone]:
    """Return a bass line: roots in long notes, quarters or eighths, with fifths and octaves; `looseness` in seconds."""
    way = chance.choice(("long", "halves", "quarters", "eighths", "rock", "octaves"))
    tones: list[Tone] = []
    known = np.asarray(beats)
    for start, end, label in chords:
        if label == "N":
            continue
        chord = Chord.parse(label)
        root = LOWEST_BASS + ((chord.root if chord.bass is None else chord.bass) - LOWEST_BASS) % 12
        fifth = root + 7 if chord.bass is None and 7 in chord_intervals(chord) else root
        inside = [start, *known[(known > start + 0.05) & (known < end - 0.05)].tolist(), end]
        for number, (beat, following) in enumerate(pairwise(inside)):
            half = (beat + following) / 2
            if way == "long":
                notes = [(start, end, root)] if number == 0 else []
            elif way == "halves":
                stop = inside[min(number + 2, len(inside) - 1)]
                notes = [(beat, stop, fifth if number % 4 == 2 else root)] if number % 2 == 0 else []
            elif way == "quarters":
                notes = [(beat, following, fifth if number % 4 == 3 else root)]
            elif way == "eighths":
                notes = [(beat, half, root), (half, following, root)]
            elif way == "rock":
                notes = [(beat, half, root)] if number % 2 == 0 else [(half, following, root)]
                notes += [(beat, half, fifth)] if number % 4 == 3 else []
            else:
                notes = [(beat, half, root), (half, following, root + 12)]
            for begin, stop, pitch in notes:
                late = chance.gauss(0.0, looseness)
                loud = 84 + (8 if number == 0 else 0) + chance.randrange(-8, 9)
                tones.append(Tone(begin + late, max(stop - 0.02, begin + 0.05), pitch, loud, "bass"))
    return tones


def chord_intervals(chord: Chord) -> set[int]:
    """Return the semitones of a chord above its root, within the octave."""
    return {(pitch_class - chord.root) % 12 for pitch_class in chord.pitch_classes}


def drums_along(song: Piece, performance: Piece, chance: Random) -> list[Stroke]:
    """Return the strokes of a performance in the same meter, mapped to the song's beats, and repeated from its end."""
    bar = round(len(performance.beats) / max(len(performance.downbeats), 1))
    theirs = np.asarray(performance.beats)
    times = np.array([stroke.time for stroke in performance.strokes])
    places = np.interp(times, theirs, np.arange(len(theirs)))
    bars = max(1, int(places.max()) // bar) if len(places) else 0
    if not bars:
        return []
    mine = np.asarray(song.beats)
    first = int(np.argmin(np.abs(mine - song.downbeats[0])))
    shift = chance.randrange(bars) * bar
    strokes: list[Stroke] = []
    for turn in range(first - bars * bar, len(mine), bars * bar):
        for stroke, place in zip(performance.strokes, places, strict=True):
            there = turn + (place - shift) % (bars * bar)
            if place < bars * bar and 0.0 <= there <= len(mine) - 1:
                strokes.append(replace(stroke, time=float(np.interp(there, np.arange(len(mine)), mine))))
    return sorted(strokes, key=lambda stroke: stroke.time)
