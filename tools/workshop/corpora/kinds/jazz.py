"""Excerpts of jazz: songs of the public domain, played by trios and quartets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

from musearoo.engines.music.timing import seconds_per_beat
from musearoo.tools.bench.corpora.piece import Piece, cut, file_name
from musearoo.tools.bench.corpora.splits import Split
from musearoo.tools.workshop.corpora.band.grooves import BOSSA, JAZZ
from musearoo.tools.workshop.corpora.band.perform import Playing, enrich, perform
from musearoo.tools.workshop.corpora.band.time_map import breathe
from musearoo.tools.workshop.corpora.sources import openewld
from musearoo.tools.workshop.corpora.sources.lead_sheet import LeadSheet, repeat

_MELODY: Final = (65, 66, 64, 56, 59, 57, 71, 11, 0, 26)
_COMPING: Final = (0, 0, 0, 1, 26, 26, 11, 16)
_KITS: Final = (32, 32, 40, 0)
_LENGTHS: Final = (8.0, 15.0, 30.0)


def jazz_excerpts(corpora: Path, split: Split, chance: Random) -> Iterator[Piece]:
    """Yield excerpts of 8 to 30 s from lead sheets of a split, in 4/4 and occasionally 3/4, endlessly."""
    own = [sheet for sheet in openewld.sheets(corpora, split) if sheet.meter in ("4/4", "3/4")]
    number = 0
    while own:
        for sheet in chance.sample(own, len(own)):
            number += 1
            whole = play_jazz(sheet, chance, f"jazz{number:03d}_{file_name(sheet.song)}")
            length = chance.choice(_LENGTHS)
            start = chance.uniform(0.0, max(0.0, whole.duration - length - 1.0))
            yield cut(whole, start, min(start + length, whole.duration), whole.name)


def play_jazz(sheet: LeadSheet, chance: Random, name: str, least_quarters: float = 128.0) -> Piece:
    """Return a sheet as a jazz band plays it: mostly swung, else a bossa; with random tempo, players and swing."""
    sheet = repeat(sheet, least_quarters)
    sheet = replace(sheet, chords=enrich(sheet, chance))
    straight = sheet.meter == "4/4" and chance.random() < 0.2
    bpm = chance.uniform(110.0, 170.0) if straight else chance.triangular(80.0, 230.0, 140.0)
    # Swing decreases with tempo: Friberg and Sundström, "Swing ratios and ensemble timing in jazz performance" (2002).
    swing = 1.0 if straight else max(1.15, min(2.6, 2.6 - (bpm - 80.0) / 120.0 + chance.gauss(0.0, 0.15)))
    patterns = [pattern for pattern in (BOSSA if straight else JAZZ) if pattern.meter == sheet.meter]
    at = breathe(int(sheet.length) + 2, seconds_per_beat(bpm), chance, 0.01, swing)
    pattern = chance.choice(patterns) if chance.random() < 0.85 else None
    playing = Playing(
        pattern=pattern,
        walking=not straight and chance.random() < 0.8,
        melody_program=chance.choice(_MELODY) if chance.random() < 0.85 else None,
        comping_program=chance.choice(_COMPING),
        bass_program=32 if chance.random() < 0.95 or pattern is None else None,
        looseness=chance.uniform(0.003, 0.011),
        kit=chance.choice(_KITS),
        style="bossa nova" if straight else "jazz",
    )
    return perform(sheet, at, playing, chance, name)
