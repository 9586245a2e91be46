"""The library's tables: one row per take, which points to its notes. They may be memory-mapped; nothing is copied.

Pitched takes are played over one chord, C major or C minor, so that they can be fitted to others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, get_args

import numpy as np
import numpy.typing as npt

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.players.library.features import FEATURES, describe

ROLES: Final[tuple[Role, ...]] = get_args(Role)
NOTE: Final = np.dtype([("start", "<f4"), ("duration", "<f4"), ("pitch", "u1"), ("velocity", "u1")])
"""Beats and MIDI numbers; single precision resolves a hundredth of a millisecond within a take of a few bars."""
ROW: Final = np.dtype(
    [
        *(("role", "u1"), ("style", "u1"), ("minor", "u1"), ("numerator", "u1"), ("denominator", "u1")),
        *(("complexity", "<f4"), ("seed", "<u4"), ("length", "<f4"), ("first", "<u4"), ("count", "<u4")),
        ("features", "<f4", (len(FEATURES),)),
    ]
)

Table = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One take: the clip, its role, and the parameters and seed from which its engine can reproduce it."""

    clip: Clip
    role: Role
    style: str
    minor: bool
    complexity: float
    seed: int


@dataclass(frozen=True, slots=True)
class Patterns:
    """All takes: `rows` of dtype ROW, `notes` of dtype NOTE, and the style names that rows refer to by index."""

    rows: Table
    notes: Table
    styles: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.rows)

    @classmethod
    def of(cls, patterns: Iterable[Pattern], styles: Sequence[str]) -> Patterns:
        """Return the tables of the given takes."""
        rows: list[tuple[object, ...]] = []
        notes: list[tuple[float, float, int, int]] = []
        for pattern in patterns:
            clip = pattern.clip
            rows.append(
                (
                    *(ROLES.index(pattern.role), styles.index(pattern.style), pattern.minor),
                    *(clip.meter.numerator, clip.meter.denominator, pattern.complexity, pattern.seed),
                    *(clip.length, len(notes), len(clip.notes), describe(clip)),
                )
            )
            notes += [(note.start, note.duration, note.pitch, round(note.velocity)) for note in clip.notes]
        return cls(np.array(rows, ROW), np.array(notes, NOTE), tuple(styles))

    def __getitem__(self, index: int) -> Pattern:
        row = self.rows[index]
        first, count, length = int(row["first"]), int(row["count"]), float(row["length"])
        notes = (
            Note(start, pitch, duration, float(velocity))
            for start, duration, pitch, velocity in self.notes[first : first + count].tolist()
        )
        style, role = self.styles[int(row["style"])], ROLES[int(row["role"])]
        clip = Clip.of(f"{style} {role}", length, notes, Meter(int(row["numerator"]), int(row["denominator"])))
        return Pattern(clip, role, style, bool(row["minor"]), float(row["complexity"]), int(row["seed"]))

    def nearest(
        self,
        features: Sequence[float],
        count: int = 1,
        *,
        role: Role | None = None,
        style: str | None = None,
        minor: bool | None = None,
        meter: Meter | None = None,
    ) -> list[int]:
        """Return the indices of the takes nearest to the features by Euclidean distance, nearest first.

        Only takes of the given role, style, mode and meter count; there may be fewer than `count`. A linear search over
        a few thousand rows is faster than a tree.
        """
        chosen = np.ones(len(self.rows), bool)
        if role is not None:
            chosen &= self.rows["role"] == ROLES.index(role)
        if style is not None:
            chosen &= self.rows["style"] == (self.styles.index(style) if style in self.styles else -1)
        if minor is not None:
            chosen &= self.rows["minor"] == minor
        if meter is not None:
            chosen &= (self.rows["numerator"] == meter.numerator) & (self.rows["denominator"] == meter.denominator)
        places = np.flatnonzero(chosen)
        far = np.square(self.rows["features"][places] - np.asarray(features, np.float32)).sum(axis=1)
        return [int(place) for place in places[np.argsort(far, kind="stable")[:count]]]
