"""Choose where in a take the loop begins: on a downbeat, where the music is steady and its end leads to its start."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.analysis.fast.activation.evidence import FRAMES_PER_SECOND
from musearoo.engines.audio.loops.bars import STEPS, rate_bars
from musearoo.engines.audio.loops.beat_tracking import TrackedBeats
from musearoo.engines.audio.loops.features import AnalyzedTake
from musearoo.engines.audio.loops.stretching import Seconds
from musearoo.engines.audio.sound_model import FloatArray

EARLIEST: Final = 0.03
"""Seconds by which a loop may begin before the take's first sample: a take that begins on the downbeat may cut its
onset.
"""
UNLIKELY: Final = 12.0
"""Nats below the likeliest downbeat at which a start is still considered."""
FADING_DB: Final = 2.0
"""Level difference of a bar to its neighbours that is not yet fading."""
FADING_COSTS: Final = 0.3
"""Nats per dB beyond that."""
SEAM_COSTS: Final = 8.0
"""Nats for a seam whose two sides have nothing in common; consecutive music costs a fifth of that."""
DEVIATION_SECONDS: Final = 0.01
DEVIATION_COSTS: Final = 0.5
"""Nats for beats that deviate by that much on average."""
MOST_DEVIATION: Final = 3.0
ABRUPT_COSTS: Final = 0.5
"""Nats for a start without audio before it to cross-fade into."""
SEAM_ROOM: Final = 0.05
"""Seconds needed before a start for the seam."""
SILENT_DB: Final = -60.0
"""Lower bound of levels, in dB full scale."""
TEXTURE_STEP: Final = 0.1
"""Seconds between the candidate starts if there is no beat."""


@dataclass(frozen=True, slots=True)
class LoopPosition:
    """The start of a loop: its quarter in the take, and by how many dB its quietest bar is too quiet.

    `chance`: probability that a bar begins there, 0..1.
    """

    quarter: float
    fading_db: float
    chance: float


def choose_position(
    take: AnalyzedTake, tracked: TrackedBeats, quarters: float, beats_per_bar: float
) -> LoopPosition | None:
    """Choose the best start of a loop of `quarters`; None if the take is too short."""
    step = tracked.quarters / STEPS
    starts = step * np.arange(STEPS * tracked.tatums.size, dtype=np.float64)
    begins, ends = tracked.seconds_at(starts), tracked.seconds_at(starts + quarters)
    fits = (begins >= -EARLIEST) & (ends <= take.sound.duration)
    if not fits.any():
        return None
    odds = rate_bars(take, tracked)
    likely = odds[np.arange(starts.size) % odds.size]
    # Starts that are much less likely than another cannot win.
    fits &= likely > likely[fits].max() - UNLIKELY
    best, best_score = None, -np.inf
    for number in np.flatnonzero(fits):
        bars = np.arange(0.0, quarters, beats_per_bar)
        edges = tracked.seconds_at(starts[number] + np.append(bars, quarters))
        fading = measure_fading(measure_levels(take, edges))
        beat = (ends[number] - begins[number]) / quarters
        score = float(likely[number])
        score -= FADING_COSTS * fading
        score -= SEAM_COSTS * compare_seam(take.bands, begins[number], ends[number], beat)
        score -= DEVIATION_COSTS * _rate_deviations(tracked, begins[number], ends[number])
        score -= ABRUPT_COSTS * float(begins[number] < SEAM_ROOM)
        if score > best_score:
            best, best_score = LoopPosition(float(starts[number]), fading, float(np.exp(likely[number]))), score
    return best


def choose_stretch(take: AnalyzedTake, seconds: float, room: float) -> float:
    """Choose the start of the steadiest part of a take without a beat, with `room` before it for the seam.

    The take must be at least that long.
    """
    starts = np.arange(room, take.sound.duration - seconds + 1e-9, TEXTURE_STEP)
    if not starts.size:
        return max(0.0, take.sound.duration - seconds)

    def cost(start: float) -> float:
        levels = measure_levels(take, np.linspace(start, start + seconds, 9))
        seam = compare_seam(take.bands, start, start + seconds, room)
        return FADING_COSTS * float(np.ptp(levels)) + SEAM_COSTS * seam

    costs = np.asarray([cost(float(start)) for start in starts])
    return float(starts[int(costs.argmin())])


def measure_levels(take: AnalyzedTake, edges: Seconds) -> npt.NDArray[np.float64]:
    """Measure the level between edges (seconds), in dB full scale: (edges - 1,)."""
    mono = take.sound.mono
    places = np.clip(np.rint(edges * take.sound.rate).astype(np.int64), 0, mono.size)
    levels = [
        float(mono[start:stop] @ mono[start:stop]) / (stop - start) if stop > start else 0.0
        for start, stop in pairwise(places.tolist())
    ]
    return np.asarray(10.0 * np.log10(np.maximum(levels, 10.0 ** (SILENT_DB / 10.0))))


def measure_fading(levels: npt.NDArray[np.float64]) -> float:
    """Return by how many dB the quietest bar is below what is allowed relative to the loudest, 0.0 and up.

    >>> measure_fading(np.array([-12.0, -13.0, -12.5, -20.0]))
    6.0
    """
    return max(0.0, float(levels.max() - levels.min()) - FADING_DB)


def compare_seam(bands: FloatArray, start: float, end: float, beat: float) -> float:
    """Return the dissimilarity of the two sides of a seam, 0..1.

    Parts outside the take are ignored.
    """
    first, last = max(0, round(start * FRAMES_PER_SECOND)), round(end * FRAMES_PER_SECOND)
    reach = max(1, round(beat * FRAMES_PER_SECOND))
    differences = []
    before = min(reach, first)
    if before:
        differences.append(np.abs(bands[first - before : first] - bands[last - before : last][:before]).mean())
    after = min(reach, bands.shape[0] - last)
    if after > 0:
        differences.append(np.abs(bands[first : first + after] - bands[last : last + after]).mean())
    return float(np.mean(differences)) if differences else 0.5


def _rate_deviations(tracked: TrackedBeats, start: float, end: float) -> float:
    """Return the scatter of the beats in a stretch, in units of `DEVIATION_SECONDS`."""
    inside = (tracked.tatums >= start) & (tracked.tatums <= end)
    deviations = tracked.deviations[inside]
    return min(MOST_DEVIATION, float(np.sqrt(np.mean(deviations**2))) / DEVIATION_SECONDS) if deviations.size else 0.0
