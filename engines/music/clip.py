"""Clips: named notes over a length, in a meter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from operator import attrgetter

from msgspec import structs

from musearoo.engines.errors import ParamError
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import MAX_BEATS, Note


@dataclass(frozen=True, slots=True)
class Clip:
    """Notes sorted by (start, pitch), each starting within `length` beats.

    >>> Clip("late", length=4.0, notes=(Note(4.0, 36, 0.25, 100),))
    Traceback (most recent call last):
    musearoo.engines.errors.ParamError: notes[0].start must be 0 to below 4 beats, but was 4.0
    """

    name: str
    length: float
    notes: tuple[Note, ...] = ()
    meter: Meter = field(default_factory=Meter)

    def __post_init__(self) -> None:
        if not 0.0 < self.length <= MAX_BEATS:
            raise ParamError("length", f"above 0 to {MAX_BEATS:g} beats", self.length)
        start, pitch = 0.0, -1
        for index, note in enumerate(self.notes):
            if note.start >= self.length:
                raise ParamError(f"notes[{index}].start", f"0 to below {self.length:g} beats", note.start)
            if note.start < start or (note.start == start and note.pitch < pitch):
                raise ParamError(f"notes[{index}]", "sorted by start and pitch", (note.start, note.pitch))
            start, pitch = note.start, note.pitch

    def __len__(self) -> int:
        return len(self.notes)

    @classmethod
    def of(cls, name: str, length: float, notes: Iterable[Note], meter: Meter | None = None) -> Clip:
        """Return a clip of notes given in any order."""
        return cls(name, length, sort_notes(notes), meter or Meter())

    @property
    def bars(self) -> float:
        """The length in bars of the clip's meter."""
        return self.length / self.meter.bar_beats

    def with_notes(self, notes: Iterable[Note]) -> Clip:
        """Return the clip with other notes, given in any order."""
        return replace(self, notes=sort_notes(notes))

    def repeated(self, length: float) -> Clip:
        """Return the clip looped or cut to a length in beats, as it would sound in a longer scene.

        >>> [note.start for note in Clip("k", 4.0, (Note(1.0, 36, 0.5, 90),)).repeated(10.0).notes]
        [1.0, 5.0, 9.0]
        """
        return replace(self, length=length, notes=tuple(self._looped(length)))

    def _looped(self, length: float) -> Iterator[Note]:
        offset = 0.0
        while offset < length:
            for note in self.notes:
                if offset + note.start >= length:
                    return
                yield note if not offset else structs.replace(note, start=offset + note.start)
            offset += self.length


def sort_notes(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Sort notes in a clip's order: by start, then by pitch, stably."""
    return tuple(sorted(notes, key=_place))


def end_before_next(notes: Iterable[Note]) -> tuple[Note, ...]:
    """End each of some sorted notes where the next of its pitch starts; of two that start together the later one is
    kept.

    >>> [note.duration for note in end_before_next([Note(0.0, 36, 2.0, 90), Note(1.0, 36, 0.5, 90)])]
    [1.0, 0.5]
    """
    following: dict[int, float] = {}
    kept = []
    for note in reversed(sort_notes(notes)):
        until = following.get(note.pitch, note.end)
        if until > note.start:
            kept.append(note if until >= note.end else structs.replace(note, duration=until - note.start))
            following[note.pitch] = note.start
    return tuple(reversed(kept))


_place = attrgetter("start", "pitch")
