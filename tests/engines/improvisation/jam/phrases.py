"""Hand-made phrases of a player."""

from __future__ import annotations

from typing import Final

from musearoo.engines.improvisation.jam.phrase import Phrase, read_phrase
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import MusicalContext, Role
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.scale import Key

Written = tuple[float, float, int]
"""Start, duration, pitch."""


def phrase(
    notes: tuple[Written, ...],
    bars: int,
    meter: str = "4/4",
    key: str | None = None,
    chords: str = "",
    *,
    bpm: float = 110.0,
    known_beats: float | None = None,
    role: Role | None = None,
    velocity: float = 88.0,
) -> Phrase:
    """A phrase of notes, straight and all as loud."""
    signature = Meter.parse(meter)
    clip = Clip.of(
        "call",
        bars * signature.bar_beats,
        [Note(start, pitch, duration, velocity) for start, duration, pitch in notes],
        signature,
    )
    context = MusicalContext.plain(bpm, signature, None if key is None else Key.parse(key), chords, swing=1.0)
    read = read_phrase(clip, context, known_beats, role)
    assert read is not None
    return read


def line(*pitches: int, step: float = 0.5, start: float = 0.0) -> tuple[Written, ...]:
    """Notes after each other, all as long."""
    return tuple((start + index * step, step, pitch) for index, pitch in enumerate(pitches))


OPEN: Final = phrase(
    ((0, 1, 67), (1, 0.5, 64), (1.5, 0.5, 67), (2, 1, 69), (3, 1, 67), (4, 0.5, 65), (4.5, 0.5, 64), (5, 2, 62)),
    2,
    key="C",
    chords="C | G",
)
"""Two bars in C that end on the second degree: a question."""
CLOSED: Final = phrase(
    ((0, 0.5, 64), (0.5, 0.5, 65), (1, 1, 67), (2, 1, 69), (3, 1, 65), (4, 1, 64), (5, 1, 62), (6, 2, 60)), 2, key="C"
)
BLUES: Final = phrase(
    (*line(69, 72, 74), (1.5, 0.25, 75), (1.75, 0.25, 74), (2, 0.5, 72), (2.5, 1, 69), (8, 0.5, 69), (8.5, 0.5, 67),
     (9, 0.5, 64), (9.5, 0.5, 67), (10, 2, 69)), 4, key="A blues", chords="A7 | D7 | A7 | E7", bpm=96,
)  # fmt: skip
SPARSE: Final = phrase(((0, 4, 76), (8, 2, 74), (10, 2, 71)), 4, key="Em")
DENSE: Final = phrase(line(72, 74, 76, 77, 79, 77, 76, 74, 72, 71, 69, 67, 69, 71, 72, 74, step=0.25), 1, key="C")
FOLK: Final = phrase(
    ((0, 1, 74), (1, 0.5, 76), (1.5, 1, 78), (2.5, 0.5, 76), (3, 1.5, 74), (4.5, 1.5, 69)), 2, "6/8", bpm=90
)
ODD: Final = phrase(
    ((0, 0.5, 64), (0.5, 0.5, 67), (1, 1, 69), (2, 0.5, 71), (2.5, 1, 69), (3.5, 0.5, 64), (4, 0.5, 67), (4.5, 1, 69)),
    2, "7/8", key="Em",
)  # fmt: skip
LOW: Final = phrase(line(40, 40, 43, 45, 40, 47, 45, 43), 1, key="Em", role="bass")
ONE_NOTE: Final = phrase(((2.5, 0.25, 60),), 1)
CHORDS: Final = phrase(
    tuple(
        (4.0 * bar, 3.5, pitch)
        for bar, chord in enumerate(((60, 64, 67), (57, 60, 64), (53, 57, 60), (55, 59, 62)))
        for pitch in chord
    ),
    4,
)
DRUMS: Final = phrase(
    (*((beat / 2.0, 0.25, 42) for beat in range(8)), *((beat, 0.25, 36 if beat % 2 == 0 else 38) for beat in range(4))),
    1,
    role="drums",
)

TUNES: Final = {
    "open": OPEN, "closed": CLOSED, "blues": BLUES, "sparse": SPARSE, "dense": DENSE, "folk": FOLK, "odd": ODD,
    "one note": ONE_NOTE,
}  # fmt: skip
ALL: Final = TUNES | {"low": LOW, "chords": CHORDS, "drums": DRUMS}
