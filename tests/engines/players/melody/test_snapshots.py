"""Snapshots of MelodyRoo's stages on random input, and of takes in every style, alone, in a band and refined."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.players.melody.engine import MelodyParams, generate, set_words
from musearoo.engines.players.melody.syllables import syllables_of
from tests.engines.players.melody.sweeps import sweeps
from tests.engines.presets_on_disk import STYLES
from tests.engines.some_takes import notes_of, takes_in_snapshots
from tests.snapshots import Outcome, check_snapshots

WORDS = (
    "Take me down to the river\nwhere the water runs slow\nRemember the lonely fire\nbefore the winter snow",
    "la la",
    "Electric celebration, engineer of the night;\n\nrunning, running away!\nI'm over it, alright",
    "Mississippi ukulele rhythm and blues - 99 times / don't stop, it's not the end of everything we know",
)


def outcomes() -> Iterator[Outcome]:
    yield from sweeps()
    yield from takes_in_snapshots("melodyroo")
    for number, style in enumerate(STYLES):
        words = WORDS[number % len(WORDS)]
        params = MelodyParams(style=STYLES[style], bars=(4, 8)[number % 2], lyrics=words, complexity=number % 3 / 2.0)
        context = MusicalContext.plain(
            meter=("4/4", "3/4", "6/8")[number % 3], chords=("", "Am | F | C | G")[number % 2]
        )
        yield f"{style}, sung", set_words(params, context, number)
        yield f"{style}, sung, notes", notes_of(generate(params, context, number))
    for words in WORDS:
        yield f"{words!r}", syllables_of(words)


def test_takes_are_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
