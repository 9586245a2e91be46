"""Set the level of a rendered take: the same loudness for all takes, except that one played softer stays softer.

`engines.audio.loops.levelling` levels loops to within 0.05 dB of a true peak. It is several times slower than the
rendering itself and needs 3 MB for each second, which a page that shows many takes cannot wait for.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log10, sqrt
from typing import TYPE_CHECKING, Final

from musearoo.bridge.renders.parts import TakePart
from musearoo.engines.music.knowledge.context import Role

if TYPE_CHECKING:
    from musearoo.engines.audio.synthesis.stem import Samples

LOUDNESS: Final = -18.0
"""LUFS of an ordinary take, which is also the reference of ReplayGain 2: drums reach it without audible limiting."""

CEILING_DB: Final = -2.0
"""Highest sample: the wave between samples, MP3 and Opus exceed it by up to 1.5 dB."""

MOST_LIMITING_DB: Final = 3.0
"""Greatest reduction of a peak: beyond it drums lose their punch, so the take stays quieter than LOUDNESS."""

LOOK_AHEAD_SECONDS: Final = 0.012
"""Attack and release of the limiter: a kick of 50 Hz has a peak every hundredth of a second."""

USUAL_VELOCITY: Final[dict[Role, float]] = {
    "drums": 78.0,
    "bass": 95.0,
    "harmony": 78.0,
    "melody": 88.0,
    "atmosphere": 50.0,
    "unknown": 88.0,
}
"""Root mean square of the velocities in the engines' takes: medians over all styles, at 8 bars."""

MOST_DYNAMICS_DB: Final = 3.0
"""Greatest distance from LOUDNESS for how hard a take is played: an ambient take stays audible next to metal."""


def choose_loudness(parts: Sequence[TakePart]) -> float:
    """Return the target loudness of some parts in LUFS: half the velocity is 6 dB less, within bounds.

    >>> from musearoo.engines.music.clip import Clip
    >>> from musearoo.engines.music.note import Note
    >>> soft = Clip("soft", 4.0, (Note(0.0, 40, 1.0, 76.0),))
    >>> round(choose_loudness([TakePart.of(soft, "bass")]), 1)
    -19.9
    """
    levels = []
    for part in parts:
        squares = [note.velocity**2 for note in part.clip.notes if not note.mute]
        if squares:
            levels.append(20.0 * log10(sqrt(sum(squares) / len(squares)) / USUAL_VELOCITY[part.role]))
    played = sum(levels) / len(levels) if levels else 0.0
    return LOUDNESS + max(-MOST_DYNAMICS_DB, min(MOST_DYNAMICS_DB, played))


def level_samples(samples: Samples, rate: int, loudness: float) -> Samples:
    """Return a sound, float32 (2, samples), at a loudness in LUFS, or below it where its peaks allow no more.

    Peaks are at most CEILING_DB. Silence, and what is shorter than 0.4 s, only keeps below it.
    """
    import numpy as np

    from musearoo.engines.audio.synthesis.measuring import measure_samples

    peak = float(np.abs(samples).max(initial=0.0))
    if peak == 0.0:
        return samples
    measured = measure_samples(samples, rate).sound
    room = CEILING_DB - 20.0 * log10(peak)
    gain = min(0.0, room) if measured is None else min(loudness - measured.lufs, room + MOST_LIMITING_DB)
    louder = samples * np.float32(10.0 ** (gain / 20.0))
    return louder if gain <= room else _limit_peaks(louder, rate)


def _limit_peaks(samples: Samples, rate: int) -> Samples:
    """Return a sound whose samples are at most CEILING_DB, by a gain that changes smoothly."""
    import numpy as np
    from scipy import ndimage

    ceiling = np.float32(10.0 ** (CEILING_DB / 20.0))
    gain = ceiling / np.maximum(np.abs(samples).max(axis=0), ceiling)
    reach = round(LOOK_AHEAD_SECONDS * rate / 2.0)
    # The lowest gain within both averages, so that their result is nowhere above what a peak needs.
    gain = ndimage.minimum_filter1d(gain, 4 * reach + 1, mode="nearest")
    for _ in range(2):
        gain = ndimage.uniform_filter1d(gain, 2 * reach + 1, mode="nearest")
    return np.asarray(np.clip(samples * gain, -ceiling, ceiling), dtype=np.float32)
