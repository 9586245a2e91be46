"""Excerpts in other meters than 4/4: human drumming, tunes, and recut 4/4."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle
from math import floor
from pathlib import Path
from random import Random
from typing import Final

from musearoo.engines.music.timing import seconds_per_beat
from musearoo.tools.bench.corpora.piece import Piece, cut, file_name, quarters_per_beat
from musearoo.tools.bench.corpora.splits import Split
from musearoo.tools.workshop.corpora.band.grooves import FOLK
from musearoo.tools.workshop.corpora.band.perform import Playing, perform
from musearoo.tools.workshop.corpora.band.time_map import breathe
from musearoo.tools.workshop.corpora.kinds.drums import KITS, LEAST_SECONDS, drum_excerpt
from musearoo.tools.workshop.corpora.kinds.meters import choose_cutting, recut
from musearoo.tools.workshop.corpora.sources import nottingham, openewld
from musearoo.tools.workshop.corpora.sources.gmd import performances, read_performance
from musearoo.tools.workshop.corpora.sources.lead_sheet import LeadSheet, SheetChord, SheetNote, repeat

_LENGTHS: Final = (8.0, 15.0, 30.0)
_MELODY: Final = (73, 40, 21, 65, 71, 22, 110, 109, 24, 56, 80, 0)
_COMPING: Final = (24, 25, 0, 21, 15, 4, 27, 48)
_BASS: Final = (32, 33, 34, 35, 36, 38)
_TEMPOS: Final = {"3/4": (80.0, 190.0), "6/8": (50.0, 130.0), "9/8": (60.0, 130.0), "12/8": (50.0, 130.0)}
"""The tempo range in BPM: quarters in 3/4, dotted quarters otherwise."""
_IN_TRIPLETS: Final = {"12/8": "4/4", "9/8": "3/4"}
"""If no tune of a split has that meter, one in this meter is played in triplets."""
_FOUR_TEMPOS: Final = (85.0, 170.0)
_ORDER: Final = ("6/8", "played", "7/8", "3/4", "5/4", "9/8", "7/8 drums", "12/8", "6/8", "5/4 drums")
"""The order of kinds: `played` are drummers' own, the others are a band's or a drummer's."""


def odd_excerpts(corpora: Path, split: Split, chance: Random) -> Iterator[Piece]:
    """Yield excerpts of 8 to 30 s in other meters than 4/4 from songs of a split, endlessly."""
    tunes = [*nottingham.sheets(corpora, split), *openewld.sheets(corpora, split)]
    drummers = [one for one in performances(corpora) if one.split == split and one.duration >= LEAST_SECONDS]
    played = [one for one in drummers if one.meter != "4/4"]
    grooves = [one for one in drummers if one.meter == "4/4" and one.beat_type == "beat"]
    makers: dict[str, Callable[[str], Piece]] = {
        "drums": lambda meter: replace(
            recut(read_performance(chance.choice(grooves)), choose_cutting(meter, chance)), kit=chance.choice(KITS)
        ),
        "band": lambda meter: _band(tunes, meter, chance),
    }
    for number, wish in enumerate(cycle(_ORDER), start=1):
        if wish == "played":
            if played:
                piece = drum_excerpt(chance.choice(played), chance, number)
                yield replace(piece, name=piece.name.replace("drums", "odd", 1))
            continue
        meter, _, by = wish.partition(" ")
        whole = makers[by or "band"](meter)
        length = min(chance.choice(_LENGTHS), whole.duration - 0.1)
        start = chance.uniform(0.0, whole.duration - length - 0.05)
        meter_name = meter.replace("/", "-")
        yield cut(whole, start, start + length, f"odd{number:03d}_{meter_name}_{file_name(whole.song)}")


def _band(tunes: list[LeadSheet], meter: str, chance: Random) -> Piece:
    """Return a tune in that meter, or one in 4/4 recut to it, as a band plays it."""
    native = [tune for tune in tunes if tune.meter == meter]
    if native and (meter in _TEMPOS):
        return play_tune(chance.choice(native), chance)
    if meter in _IN_TRIPLETS:
        simple = chance.choice([tune for tune in tunes if tune.meter == _IN_TRIPLETS[meter]])
        return replace(play_tune(in_triplets(simple, meter), chance), made=True)
    four = chance.choice([tune for tune in tunes if tune.meter == "4/4"])
    return recut(play_tune(four, chance), choose_cutting(meter, chance))


def play_tune(tune: LeadSheet, chance: Random) -> Piece:
    """Return a tune as a folk or pop band plays it: melody, chords, bass and, mostly, drums."""
    tune = repeat(tune, 96.0)
    low, high = _TEMPOS.get(tune.meter, _FOUR_TEMPOS)
    bpm = chance.uniform(low, high)
    at = breathe(int(tune.length) + 2, seconds_per_beat(bpm) / quarters_per_beat(tune.meter), chance, 0.006)
    patterns = [pattern for pattern in FOLK if pattern.meter == tune.meter]
    playing = Playing(
        pattern=chance.choice(patterns) if patterns and chance.random() < 0.85 else None,
        walking=False,
        melody_program=chance.choice(_MELODY) if chance.random() < 0.9 else None,
        comping_program=chance.choice(_COMPING) if chance.random() < 0.8 else None,
        bass_program=chance.choice(_BASS),
        looseness=chance.uniform(0.002, 0.009),
        kit=chance.choice(KITS),
        style="folk",
    )
    return perform(tune, at, playing, chance, tune.song)


def in_triplets(sheet: LeadSheet, meter: str) -> LeadSheet:
    """Return a sheet in 4/4 as one in 12/8, or in 3/4 as one in 9/8: quarters are dotted, their eighths long and
    short.
    """

    def place(quarters: float) -> float:
        beat = floor(quarters + 1e-9)
        inside = max(0.0, quarters - beat)
        return 1.5 * (beat + (inside * 4.0 / 3.0 if inside <= 0.5 else 2.0 / 3.0 + (inside - 0.5) * 2.0 / 3.0))

    return replace(
        sheet,
        meter=meter,
        first_bar=sheet.first_bar * 1.5,
        length=sheet.length * 1.5,
        notes=tuple(SheetNote(place(start), place(end), pitch) for start, end, pitch in sheet.notes),
        chords=tuple(SheetChord(place(start), place(end), chord) for start, end, chord in sheet.chords),
    )
