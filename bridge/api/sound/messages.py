"""What the server and its sound process send each other: plain data, pickled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from musearoo.bridge.api.types.answers import NoteRow

RATE: Final = 48_000
"""Hz of all streams: that of Opus, and of most sound cards."""
FRAME: Final = 960
"""Samples of a frame: 20 ms, the usual packet of Opus."""
SLICE: Final = 24_000
"""Samples that are rendered at once: half a second, of which a part takes some 10 ms."""
SAMPLE_BYTES: Final = 4
"""Bytes of a sample: 16 bits, left and right."""
METRONOME: Final = "metronome"
"""The id of the metronome among the parts of a stream."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesSource:
    """A part of notes: a clip of `beats`, which repeats up to the end of the piece.

    `role` is "" where nobody knows it: then name and notes tell.
    """

    name: str
    role: str
    style: str
    beats: float
    time_signature: str
    notes: tuple[NoteRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSource:
    """A part that is an audio file, from second `start` to second `end` of it; None for its end."""

    path: str
    start: float = 0.0
    end: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickSource:
    """The metronome of a meter."""

    time_signature: str


Source = NotesSource | FileSource | ClickSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What is played: parts that begin together, for so many beats; then again, or with what rings on after them."""

    sources: tuple[Source, ...]
    bpm: float
    beats: float

    @property
    def length(self) -> int:
        """Its length in samples, without what rings on after it."""
        return max(1, round(self.beats * 60.0 / self.bpm * RATE))


@dataclass(frozen=True, slots=True)
class Open:
    """Get the parts of a piece ready; answered by `Opened`, and `Broken` for each that cannot be."""

    player: int
    piece: Piece


@dataclass(frozen=True, slots=True)
class Want:
    """Render a slice of a part in a lap of the loop; answered by `Slice`."""

    player: int
    part: int
    lap: int
    slice: int


@dataclass(frozen=True, slots=True)
class Drop:
    """Nobody listens to a player any more: what it still wants is not rendered."""

    player: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The process has loaded what it needs."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The parts are known: what each depends on, hashed; its gain in the mix; and where its sound ends, in samples."""

    player: int
    keys: tuple[str, ...]
    gains: tuple[float, ...]
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """A piece, or a slice of it, cannot be rendered: one sentence why."""

    player: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Slice:
    """A rendered slice: 16 bits, little-endian, left and right in turn; b"" where it is silent."""

    player: int
    part: int
    lap: int
    slice: int
    data: bytes


ToProcess = Open | Want | Drop
FromProcess = Ready | Opened | Broken | Slice
