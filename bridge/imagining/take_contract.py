"""The interface of what makes one take of the job `imagine`, and the sound that it returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from musearoo.bridge.imagining.job import Correction
from musearoo.bridge.jobs.contract import Report

if TYPE_CHECKING:
    from musearoo.engines.audio.sound_model import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class TakeSound:
    """A take ready to be written: float32 (channels, samples) at the requested sample rate.

    `beats` are seconds in it, `first_audio_ms` how long its first sound took to come, `notices` sentences for the user.
    """

    samples: FloatArray
    beats: tuple[float, ...]
    correction: Correction | None
    first_audio_ms: float
    notices: tuple[str, ...]


class TakeMaker(Protocol):
    """Makes the takes of one job, on a device at a precision ("" where neither matters)."""

    device: str
    precision: str

    def make(self, seed: int, report: Report) -> TakeSound:
        """The take of a seed; lets what `report` raises pass. Raises ParamError and EngineError."""
