"""The interface of a take maker of the job `imagine`, and the sound that it returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from musearoo.bridge.imagining.job import Correction
from musearoo.bridge.jobs.contract import Report

if TYPE_CHECKING:
    from musearoo.engines.audio.sound_model import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class TakeSound:
    """A finished take: float32 (channels, samples) at the requested sample rate.

    `beats` are seconds in it, `first_audio_ms` is the time to its first sound, `notices` are sentences for the user.
    """

    samples: FloatArray
    beats: tuple[float, ...]
    correction: Correction | None
    first_audio_ms: float
    notices: tuple[str, ...]


class TakeMaker(Protocol):
    """Make the takes of one job, on a device at a precision ("" if neither matters)."""

    device: str
    precision: str

    def make(self, seed: int, report: Report) -> TakeSound:
        """Return the take of a seed; lets exceptions of `report` pass. Raises ParamError and EngineError."""
