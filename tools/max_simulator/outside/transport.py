"""Live's transport as `plugphasor~` reports it: the beat position of each sample, across tempo changes and stops."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

START_BPM = 120.0
"""The tempo of a new set."""


@dataclass(frozen=True, slots=True)
class TransportSegment:
    """The transport state from a sample on: playing or not, the tempo, and the beat at that sample."""

    sample: int
    playing: bool
    bpm: float
    beat: float


@dataclass(slots=True)
class Transport:
    """The history of a transport at a sample rate. It starts stopped. While stopped, the ramp keeps its value."""

    rate: int
    stretches: list[TransportSegment] = field(default_factory=lambda: [TransportSegment(0, False, START_BPM, 0.0)])

    def change(self, sample: int, playing: bool, bpm: float | None = None, beat: float | None = None) -> None:
        """Change the transport at a sample; omitted values stay the same.

        Raises ValueError for a sample in the past.
        """
        last = self.stretches[-1]
        if sample < last.sample:
            raise ValueError(f"the transport is already at sample {last.sample}, not at {sample}")
        here = self.beats(sample, 1)[0] if beat is None else beat
        self.stretches.append(TransportSegment(sample, playing, last.bpm if bpm is None else bpm, float(here)))

    def beats(self, first: int, count: int) -> npt.NDArray[np.float64]:
        """Return the beat position of each of `count` samples, shape (count,)."""
        samples = np.arange(first, first + count)
        starts = np.array([stretch.sample for stretch in self.stretches])
        turns = np.maximum(np.searchsorted(starts, samples, side="right") - 1, 0)
        paces = np.array([stretch.bpm / 60.0 / self.rate if stretch.playing else 0.0 for stretch in self.stretches])
        begins = np.array([stretch.beat for stretch in self.stretches])
        places: npt.NDArray[np.float64] = begins[turns] + (samples - starts[turns]) * paces[turns]
        return places

    def ramp(self, first: int, count: int) -> npt.NDArray[np.float32]:
        """Return the output of `plugphasor~`: 0 to 1 within each beat, float32 (count,)."""
        beats = self.beats(first, count)
        return (beats - np.floor(beats)).astype(np.float32)
