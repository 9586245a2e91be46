"""The contract of audio generation models, and their requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

Report = Callable[[float, str], None]
"""Reports progress (0..1) with a label; it may raise to cancel the work."""


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """A sound in memory: float32 (channels, samples), full scale is 1, and its rate in Hz."""

    samples: FloatArray
    rate: int


@dataclass(frozen=True, slots=True)
class TuneNote:
    """A note of a melody: start and duration in seconds, and MIDI pitch."""

    start: float
    pitch: int
    duration: float


@dataclass(frozen=True, slots=True, eq=False)
class SoundRequest:
    """A request to an audio generation model. Deterministic on the same device at the same precision."""

    prompt: str
    """The prompt for the model."""
    seconds: float
    """Length of the new sound in seconds."""
    seed: int
    melody: Sound | tuple[TuneNote, ...] | None = None
    """A melody to follow from its start: audio with the melody in it, or its notes."""
    before: Sound | None = None
    """A sound to continue: the new one begins right after its last sample."""
    guidance: float = 3.0
    """Classifier-free guidance: 1 for none, 3 as published; higher values follow the prompt more stiffly."""
    temperature: float = 1.0
    top_k: int = 250
    """Each step chooses among this many of the most likely; 0 for all."""


class SoundModel(Protocol):
    """An audio generation model."""

    @property
    def rate(self) -> int:
        """Sample rate of the output in Hz."""

    @property
    def channels(self) -> int:
        """1 or 2."""

    @property
    def follows_melody(self) -> bool:
        """Whether it accepts a request with a melody."""

    @property
    def continues(self) -> bool:
        """Whether it accepts a request with a sound to continue."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Messages for the user about the latest request, such as words the model does not know."""

    def imagine(self, request: SoundRequest, report: Report) -> Iterator[FloatArray]:
        """Generate the sound in blocks as they are ready: float32 (channels, n), without a gap.

        The blocks have round(seconds * rate) finite samples in all. It calls `report` at each step or every few steps
        and lets its exceptions pass, without keeping anything of the request in memory. Raises ParamError for a request
        it cannot serve (an empty prompt is allowed), EngineError if the machine lacks something.
        """
