"""Excerpts of pop songs in random arrangements: other instruments, with or without bass and drums."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

from musearoo.engines.music.timing import bpm_of_period
from musearoo.tools.bench.corpora.piece import Part, Piece, cut
from musearoo.tools.bench.corpora.pop909 import songs
from musearoo.tools.bench.corpora.splits import Split
from musearoo.tools.workshop.corpora.band.parts import bass_line, drums_along
from musearoo.tools.workshop.corpora.kinds.drums import KITS
from musearoo.tools.workshop.corpora.sources.gmd import Performance, performances, read_performance

LENGTHS: Final = (30.0, 8.0)
"""The alternating lengths of excerpts in seconds, which the measures report separately."""

# General MIDI programs that may play a part.
_MELODY: Final = (52, 53, 54, 56, 65, 66, 73, 71, 68, 40, 22, 26, 80, 81, 85, 11)
_BRIDGE: Final = (48, 49, 4, 5, 24, 25, 27, 61, 88, 89, 11, 12, 16)
_CHORDS: Final = (0, 0, 1, 2, 4, 5, 24, 25, 27, 16, 90)
_BASS: Final = (32, 33, 33, 34, 35, 36, 38, 39)


def pop_excerpts(corpora: Path, split: Split, chance: Random) -> Iterator[Piece]:
    """Yield excerpts of 30 s and 8 s alternately from songs of a split, endlessly."""
    own = list(songs(corpora, split))
    drummers = drummers_of(corpora, split)
    number = 0
    while own:
        for song in chance.sample(own, len(own)):
            number += 1
            yield pop_excerpt(song, drummers, chance, number, LENGTHS[(number - 1) % len(LENGTHS)])


@cache
def drummers_of(corpora: Path, split: Split) -> tuple[Performance, ...]:
    """Return the performances of a split in 4/4 that are grooves and long enough to accompany a song."""
    return tuple(
        one
        for one in performances(corpora)
        if one.split == split and one.meter == "4/4" and one.beat_type == "beat" and one.duration >= 8.0
    )


def pop_excerpt(song: Piece, drummers: tuple[Performance, ...], chance: Random, number: int, length: float) -> Piece:
    """Return an excerpt of a song with a random start and arrangement."""
    arranged = arrange(song, drummers, chance)
    first, last = song.beats[0], min(song.duration, max(tone.end for tone in song.tones))
    start = chance.uniform(first, max(first, last - length - 2.0))
    name = f"pop{number:03d}_{song.name.replace('/', '_')}_{length:.0f}s"
    return cut(arranged, start, min(start + length, last), name)


def arrange(song: Piece, drummers: tuple[Performance, ...], chance: Random) -> Piece:
    """Return the song with random instruments; in two thirds of the cases with a bass line, and with drums."""
    silent = chance.choices((None, "melody", "bridge"), (8, 1, 2))[0]
    programs = {"melody": _MELODY, "bridge": _BRIDGE, "piano": _CHORDS, "bass": _BASS}
    with_bass, with_drums = chance.random() < 0.67, chance.random() < 0.67
    tones = [tone for tone in song.tones if tone.part != silent]
    if with_bass and song.chords:
        tones += bass_line(song.chords, song.beats, chance)
    parts = tuple(
        Part(name, chance.choice(choices), chance.uniform(0.55, 0.95), chance.uniform(-0.6, 0.6) * (name != "bass"))
        for name, choices in programs.items()
    )
    arranged = replace(song, tones=tuple(sorted(tones, key=lambda tone: tone.start)), parts=parts)
    if with_drums:
        fitting = fitting_drummers(drummers, song)
        if fitting:
            performance = read_performance(chance.choice(fitting))
            strokes = [
                replace(stroke, velocity=max(1, round(stroke.velocity * 0.8)))
                for stroke in drums_along(song, performance, chance)
            ]
            arranged = replace(arranged, strokes=tuple(strokes), kit=chance.choice(KITS))
    return arranged


def fitting_drummers(drummers: tuple[Performance, ...], song: Piece) -> list[Performance]:
    """Return the performances with the nearest tempo: those within a fifth of the song's, or the nearest eight."""
    tempo = bpm_of_period(median(later - earlier for earlier, later in zip(song.beats, song.beats[1:], strict=False)))
    near = [one for one in drummers if abs(one.bpm / tempo - 1.0) < 0.2]
    return near or sorted(drummers, key=lambda one: abs(one.bpm / tempo - 1.0))[:8]
