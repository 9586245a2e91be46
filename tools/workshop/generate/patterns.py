"""Generate the pattern library from takes of all engines in all styles: `python -m
musearoo.tools.workshop.generate.patterns`.

The library is the fallback when an engine fails, so it is stored and not generated on demand: run this before a
release.
"""

import argparse
from collections.abc import Iterator
from typing import Final

from rich.progress import track

from musearoo.bridge.settings.pattern_library import write_patterns
from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.progression import ChordSpan
from musearoo.engines.music.scale import Key
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord
from musearoo.engines.players.library.patterns import Pattern, Patterns
from musearoo.engines.styles.schema import Style
from musearoo.tools import ROOT

FOLDER: Final = ROOT / "presets" / "patterns"
BARS: Final = 4
TAKES: Final = ((Meter(4, 4), (0.2, 0.5, 0.5, 0.8)), (Meter(3, 4), (0.4,)), (Meter(6, 8), (0.4,)))
"""Meters, and the complexity of each take in them."""
CHORDS: Final = {False: Chord(0, "maj"), True: Chord(0, "min")}


def main() -> None:
    """Write the library."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    styles = read_styles()
    patterns = [
        pattern
        for style in track(styles.values(), "Playing")
        for engine in ENGINES
        for pattern in play_patterns(engine, style)
    ]
    write_patterns(Patterns.of(patterns, list(styles)), FOLDER)
    size = sum(path.stat().st_size for path in FOLDER.iterdir())
    print(f"{len(patterns)} takes, {size / 1e6:.2f} MB in {FOLDER}")


def play_patterns(engine: EngineRecord, style: Style) -> Iterator[Pattern]:
    """Yield the takes of one engine in one style: of drums in each meter, of others over a major and over a minor
    chord.
    """
    seed = 0
    for meter, amounts in TAKES:
        for minor in (False,) if engine.part == "drums" else (False, True):
            chords = (ChordSpan(0.0, BARS * meter.bar_beats, CHORDS[minor]),)
            key = Key(0, "Minor" if minor else "Major")
            context = MusicalContext.plain(bpm=style.tempo.usual, meter=meter, key=key, chords=chords)
            for complexity in amounts:
                seed += 1
                clip = engine.generate(engine.params(style=style, bars=BARS, complexity=complexity), context, seed)
                if clip.notes:
                    yield Pattern(clip, engine.part, style.name, minor, complexity, seed)


if __name__ == "__main__":
    main()
