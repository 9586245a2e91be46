"""Snapshots of found and fitted patterns, and of clip features."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.players.band.catalogue import ENGINES
from musearoo.engines.players.library.features import describe
from musearoo.engines.players.library.fitting import pattern_for
from tests.engines.players.library.sweeps import sweeps
from tests.engines.players.library.test_library import PATTERNS
from tests.engines.presets_on_disk import STYLES
from tests.engines.some_takes import notes_of
from tests.snapshots import Outcome, check_snapshots


def outcomes() -> Iterator[Outcome]:
    yield from sweeps()
    for number, style in enumerate(STYLES):
        for engine in ENGINES:
            meter = ("4/4", "3/4", "7/8")[number % 3]
            chords = ("Dm7 | G7 | Cmaj7 | F#m7b5", "", "E | A")[number % 3]
            context = MusicalContext.plain(bpm=100.0, meter=meter, key="C", chords=chords)
            clip = pattern_for(PATTERNS, engine.part, STYLES[style], context, 1 + number % 5)
            yield f"{style}, {engine.part}", clip and (notes_of(clip), describe(clip))


def test_outcomes_are_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
