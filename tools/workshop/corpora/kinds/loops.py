"""Loops: one, two or four whole bars, cut exactly, or with a little silence around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from random import Random
from statistics import median
from typing import Final

from musearoo.engines.music.timing import bpm_of_period, seconds_per_beat
from musearoo.tools.bench.corpora.piece import Part, Piece, Tone, cut, file_name
from musearoo.tools.bench.corpora.pop909 import songs
from musearoo.tools.bench.corpora.splits import Split
from musearoo.tools.workshop.corpora.band.grooves import Pattern, play
from musearoo.tools.workshop.corpora.band.perform import plain_bass, walking_bass
from musearoo.tools.workshop.corpora.band.text_patterns import patterns
from musearoo.tools.workshop.corpora.band.time_map import breathe
from musearoo.tools.workshop.corpora.kinds.drums import KITS
from musearoo.tools.workshop.corpora.kinds.jazz import play_jazz
from musearoo.tools.workshop.corpora.kinds.pop import arrange, drummers_of
from musearoo.tools.workshop.corpora.sources import openewld
from musearoo.tools.workshop.corpora.sources.gmd import read_performance
from musearoo.tools.workshop.corpora.sources.lead_sheet import LeadSheet, repeat

BARS: Final = (1, 2, 2, 4, 4)
TEMPOS: Final = (70.0, 180.0)
_ORDER: Final = ("drums", "electronic", "pop", "drums", "jazz", "electronic", "bass", "keys", "drums", "pop")
_MACHINES: Final = (24, 25, 25, 0, 16, 8)
_BASS: Final = (33, 34, 36, 38, 39, 32)
_KEYS: Final = (0, 1, 4, 5, 24, 25, 27, 11, 16, 90)
_SILENT: Final = 0.2
"""Share of the loops with silence before or after them."""


def loop_excerpts(corpora: Path, split: Split, chance: Random) -> Iterator[Piece]:
    """Yield loops of a split, endlessly: drums, drum machines, pop, jazz, bass alone, keys alone."""
    tunes = [sheet for sheet in openewld.sheets(corpora, split) if sheet.meter == "4/4"]
    pop = list(songs(corpora, split))
    machines = list(patterns(corpora, split))
    drummers = drummers_of(corpora, split)
    makers: dict[str, Callable[[], Piece]] = {
        "drums": lambda: replace(read_performance(chance.choice(drummers)), kit=chance.choice(KITS)),
        "electronic": lambda: _machine(machines, tunes, chance),
        "pop": lambda: arrange(chance.choice(pop), drummers, chance),
        "jazz": lambda: play_jazz(chance.choice(tunes), chance, "jazz"),
        "bass": lambda: _bass(chance.choice(tunes), chance),
        "keys": lambda: _keys(chance.choice(pop), chance),
    }
    number = 0
    for wish in cycle(_ORDER):
        loop = cut_loop(makers[wish](), chance)
        if loop is not None:
            number += 1
            yield replace(loop, name=f"loop{number:03d}_{wish}_{loop.loop_bars}bars_{file_name(loop.song)}")


def cut_loop(whole: Piece, chance: Random) -> Piece | None:
    """Return some whole bars of a piece, occasionally with silence around; None if tempo or notes are unsuitable."""
    tempo = bpm_of_period(median(later - earlier for earlier, later in zip(whole.beats, whole.beats[1:], strict=False)))
    bars = chance.choice(BARS)
    if not TEMPOS[0] <= tempo <= TEMPOS[1] or len(whole.downbeats) < bars + 2:
        return None
    first = chance.randrange(len(whole.downbeats) - bars - 1)
    loop = replace(cut(whole, whole.downbeats[first], whole.downbeats[first + bars], whole.name), loop_bars=bars)
    if sum(note.start >= 0.0 for note in loop.tones) + sum(stroke.time >= 0.0 for stroke in loop.strokes) < 4 * bars:
        return None
    if chance.random() < _SILENT:
        before, after = chance.choice(((0.0, 0.3), (0.05, 0.0), (0.12, 0.25), (0.0, 0.08)))
        loop = add_silence(loop, before * chance.random(), after * chance.random())
    return loop


def add_silence(loop: Piece, before: float, after: float) -> Piece:
    """Return the loop with seconds of silence around it, without notes that sounded into its beginning."""
    strokes = tuple(stroke for stroke in loop.strokes if stroke.time >= 0.0)
    tones = tuple(tone for tone in loop.tones if tone.start >= 0.0)
    later = cut(replace(loop, strokes=strokes, tones=tones), -before, loop.duration + after, loop.name)
    return replace(later, silence=(before, after))


def _machine(machines: list[tuple[str, Pattern]], tunes: list[LeadSheet], chance: Random) -> Piece:
    """Return a drum machine's pattern in even time, in half of the cases with a bass line."""
    rhythm, pattern = chance.choice(machines)
    bars = max(BARS) + 3
    at = breathe(4 * bars + 1, seconds_per_beat(chance.uniform(*TEMPOS)), chance, 0.0)
    tones: list[Tone] = []
    parts: list[Part] = []
    chords = None
    if chance.random() < 0.5:
        tune = repeat(chance.choice(tunes), 4.0 * bars)
        tones = [tone for tone in plain_bass(tune, at, 0.0, chance) if tone.end < at.quarters[-1]]
        parts = [Part("bass", chance.choice(_BASS), chance.uniform(0.6, 0.9))]
        chords = tuple((at.seconds(start), at.seconds(end), chord.harte) for start, end, chord in tune.chords)
    beats = tuple(float(time) for time in at.quarters[:-1])
    return Piece(
        name=pattern.name,
        song=rhythm,
        duration=float(at.quarters[-1]),
        beats=beats,
        downbeats=beats[::4],
        meter="4/4",
        tones=tuple(tones),
        strokes=tuple(play(pattern, bars, at, chance, 0.0)),
        parts=tuple(parts),
        kit=chance.choice(_MACHINES),
        chords=chords,
        style=rhythm.removeprefix("patterns/"),
    )


def _bass(tune: LeadSheet, chance: Random) -> Piece:
    """Return a solo bass line."""
    tune = repeat(tune, 64.0)
    at = breathe(int(tune.length) + 2, seconds_per_beat(chance.uniform(*TEMPOS)), chance, 0.005)
    line = chance.choice((walking_bass, walking_bass, plain_bass))
    beats = tuple(float(time) for time in at.quarters[: int(tune.length)])
    return Piece(
        name="bass",
        song=tune.song,
        duration=beats[-1],
        beats=beats,
        downbeats=beats[::4],
        meter="4/4",
        tones=tuple(line(tune, at, chance.uniform(0.002, 0.008), chance)),
        parts=(Part("bass", chance.choice(_BASS)),),
        chords=tuple((at.seconds(start), at.seconds(end), chord.harte) for start, end, chord in tune.chords),
        style="jazz" if line is walking_bass else "pop",
    )


def _keys(song: Piece, chance: Random) -> Piece:
    """Return the piano of a pop song alone, on a random keyboard or guitar."""
    tones = tuple(tone for tone in song.tones if tone.part == "piano")
    return replace(song, tones=tones, parts=(Part("piano", chance.choice(_KEYS)),))
