"""What makes sound of words, and what it is given: any model that imagines keeps to this."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

Report = Callable[[float, str], None]
"""Takes how much is done (0..1) and what is being done; raises what ends the work when it is not wanted any more."""


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """A sound in memory: float32 (channels, samples), full scale is 1, and its rate in Hz."""

    samples: FloatArray
    rate: int


@dataclass(frozen=True, slots=True)
class TuneNote:
    """A note of a tune: when it begins and how long it lasts, in seconds, and its MIDI pitch."""

    start: float
    pitch: int
    duration: float


@dataclass(frozen=True, slots=True, eq=False)
class SoundRequest:
    """What is to be imagined. The same wish gives the same sound, on the same device at the same precision."""

    prompt: str
    """What the model reads."""
    seconds: float
    """How long the new sound is to be."""
    seed: int
    melody: Sound | tuple[TuneNote, ...] | None = None
    """A tune to be followed from its start: a sound that carries it, or its notes."""
    before: Sound | None = None
    """What is to be continued: the new sound begins with the sample behind its last."""
    guidance: float = 3.0
    """How closely the prompt is followed: 1 as the model likes it, 3 as it was published, more is stiffer."""
    temperature: float = 1.0
    top_k: int = 250
    """Each step chooses among this many of the most likely; 0 for all."""


class SoundModel(Protocol):
    """Imagines sounds, one after the other."""

    @property
    def rate(self) -> int:
        """Of what it makes, Hz."""

    @property
    def channels(self) -> int:
        """1 or 2."""

    @property
    def follows_melody(self) -> bool:
        """Whether it takes a wish with a melody."""

    @property
    def continues(self) -> bool:
        """Whether it takes a wish with something before."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences for the user on the latest wish, such as words that the model does not know."""

    def imagine(self, request: SoundRequest, report: Report) -> Iterator[FloatArray]:
        """The sound, block after block as it comes into being: float32 (channels, n), without a gap.

        In all round(seconds * rate) samples, finite. It calls `report` at each step or each few steps, and lets what
        that raises pass; nothing of the wish is kept in memory then. Raises ParamError for a wish that it cannot take
        (an empty prompt is one that it can), EngineError for what the machine lacks.
        """
