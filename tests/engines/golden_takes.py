"""The takes that are kept as text: what they are, and how they are written down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Part
from musearoo.engines.music.piano_roll import DRUM_NAMES, draw_piano_roll
from musearoo.engines.players.band.catalogue import ENGINES, EngineRecord
from tests.engines.presets_on_disk import STYLES

FOLDER: Final = Path(__file__).parent / "golden"
KEPT_STYLES: Final = (
    *("ballad", "bossa nova", "disco", "drum and bass", "funk", "hip-hop"),
    *("house", "jazz swing", "reggae", "rock", "techno", "trap"),
)
"""A take of each is kept: enough to see what a change of an engine does, and few enough to be looked at."""
CHORDS: Final = "Am | F | C | G/B"


class GoldenTake(NamedTuple):
    """One kept take of the band together."""

    style: str
    meter: str
    bars: int
    complexity: float

    @property
    def path(self) -> Path:
        """Where its text lies."""
        return FOLDER / f"{self.style.replace(' ', '_')}_{self.meter.replace('/', '_')}.txt"


GOLDEN_TAKES: Final = (
    *(GoldenTake(style, "4/4", 4, 0.5) for style in KEPT_STYLES),
    GoldenTake("rock", "6/8", 4, 0.0),
    GoldenTake("rock", "7/8", 4, 1.0),
    GoldenTake("funk", "5/4", 4, 1.0),
    GoldenTake("hip-hop", "3/4", 4, 0.5),
)


def write_take(take: GoldenTake) -> str:
    """The text of a take: a piano roll to be looked at, and every note to the last digit that matters."""
    style = STYLES[take.style]
    context = MusicalContext.plain(bpm=style.tempo.usual, meter=take.meter, key="Am", chords=CHORDS)
    seed = 2026
    clips = []
    for engine in ENGINES:
        clips.append(_play(engine, take, context, seed))
        context = replace(context, parts=(*context.parts, Part(engine.part, engine.title, clips[-1])))
    lines = [
        f"{take.style}, {take.meter}, {take.bars} bars at {context.bpm:g} BPM, complexity {take.complexity:g}, "
        f"chords {CHORDS}, seed {seed}",
    ]
    for engine, clip in zip(ENGINES, clips, strict=True):
        names = DRUM_NAMES if engine.part == "drums" else None
        lines += ["", draw_piano_roll(clip, names=names, key=context.key.value)]
    for clip in clips:
        lines += ["", f"{clip.name}: start, pitch, duration, velocity", *_note_lines(clip)]
    return "\n".join(lines) + "\n"


def _play(engine: EngineRecord, take: GoldenTake, context: MusicalContext, seed: int) -> Clip:
    params = engine.params(style=STYLES[take.style], bars=take.bars, complexity=take.complexity)
    return engine.generate(params, context, seed)


def _note_lines(clip: Clip) -> Iterator[str]:
    for note in clip.notes:
        yield f"{note.start:9.6f} {note.pitch:3d} {note.duration:8.6f} {note.velocity:3.0f}"
