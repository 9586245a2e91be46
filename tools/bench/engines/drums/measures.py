"""Measures of eight bars of drumming, each one number, computed in the same way for humans and DrummaRoo.

Grooving similarity after Wu and Yang, "The Jazz Transformer on the Front Line" (2020), on sixteen positions a bar; the
others are counts in a drummer's terms.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from musearoo.tools.bench.engines.drums.window import STEPS_PER_BAR, Sound, Window

CYMBALS: Final[tuple[Sound, ...]] = ("closed", "open", "ride", "bell")
"""The timekeeping sounds of the right hand."""
GHOST_SHARE: Final = 0.5
"""A snare below this share of the loud ones is a ghost note."""
ON_BEAT: Final = 0.12
OFF_BEAT: Final = (0.42, 0.72)
"""The distance within which a stroke is on the beat, and the range of an off-beat eighth, swung or not."""
LEAST_OFF_BEATS: Final = 4


def notes_per_bar(window: Window) -> float:
    """Return strokes per bar."""
    return len(window.places) / window.bars


def grooving_similarity(window: Window) -> float:
    """Return the rhythmic similarity of bars, 0..1: the share of sixteenths struck in both or neither, over all
    pairs.
    """
    return _similarity(window, np.ones(len(window.places), dtype=bool))


def kick_similarity(window: Window) -> float:
    """Return the grooving similarity of the kicks, 0..1."""
    return _similarity(window, window.of("kick"))


def snare_similarity(window: Window) -> float:
    """Return the grooving similarity of the loud snares, 0..1."""
    return _similarity(window, loud_snares(window))


def cymbal_similarity(window: Window) -> float:
    """Return the grooving similarity of the timekeeping, 0..1."""
    return _similarity(window, window.of(*CYMBALS))


def distinct_bars(window: Window) -> float:
    """Return the share of bars whose rhythm differs from all earlier bars."""
    struck = struck_steps(window, np.ones(len(window.places), dtype=bool))
    return len({bar.tobytes() for bar in struck}) / window.bars


def velocity_deviation(window: Window) -> float:
    """Return the standard deviation of all velocities."""
    return float(np.std(window.velocities))


def grid_distance(window: Window) -> float:
    """Return the rms distance of strokes from the nearest sixteenth, in hundredths of a beat."""
    places = window.places * 4.0
    return float(25.0 * np.sqrt(np.mean((places - np.rint(places)) ** 2)))


def kicks_per_bar(window: Window) -> float:
    """Return kicks per bar."""
    return _per_bar(window, "kick")


def backbeats_per_bar(window: Window) -> float:
    """Return snares and rims per bar, without ghost notes."""
    return float(loud_snares(window).sum()) / window.bars


def ghosts_per_bar(window: Window) -> float:
    """Return ghost notes of the snare per bar."""
    return float((window.of("snare", "rim") & ~loud_snares(window)).sum()) / window.bars


def cymbals_per_bar(window: Window) -> float:
    """Return strokes of the timekeeping hand per bar."""
    return _per_bar(window, *CYMBALS)


def toms_per_bar(window: Window) -> float:
    """Return tom strokes per bar."""
    return _per_bar(window, "tom")


def backbeat_share(window: Window) -> float:
    """Return the share of loud snares that are on two and four."""
    return _share(np.isin(window.steps[loud_snares(window)] % STEPS_PER_BAR, (4, 12)))


def kick_beat_share(window: Window) -> float:
    """Return the share of kicks that are on a beat."""
    return _share(window.steps[window.of("kick")] % 4 == 0)


def downbeat_share(window: Window) -> float:
    """Return the share of bars with a kick on the one."""
    return float(np.mean(struck_steps(window, window.of("kick"))[:, 0]))


def snare_beat_share(window: Window) -> float:
    """Return the share of loud snares that are on a beat."""
    return _share(window.steps[loud_snares(window)] % 4 == 0)


def cymbal_eighth_share(window: Window) -> float:
    """Return the share of timekeeping strokes that are on an eighth."""
    return _share(window.steps[window.of(*CYMBALS)] % 2 == 0)


def sixteenth_share(window: Window) -> float:
    """Return the share of strokes between the eighths."""
    return _share(window.steps % 2 == 1)


def together_share(window: Window) -> float:
    """Return the share of struck sixteenths with strokes of two or more limbs."""
    counts = np.unique(window.steps, return_counts=True)[1]
    return _share(counts > 1)


def off_beat_place(window: Window) -> float:
    """Return the median position of off-beat eighths relative to the played beat: .5 is straight, .67 a triplet.

    .5 where there are none.
    """
    inside = (window.places + ON_BEAT) % 1.0 - ON_BEAT
    beats = inside[inside < ON_BEAT]
    found = inside[(inside > OFF_BEAT[0]) & (inside < OFF_BEAT[1])]
    if len(found) < LEAST_OFF_BEATS or not len(beats):
        return 0.5
    return float(np.median(found) - np.median(beats))


def kick_to_snare(window: Window) -> float:
    """Return the mean velocity of kicks over that of loud snares."""
    return _ratio(window, window.of("kick"))


def cymbals_to_snare(window: Window) -> float:
    """Return the mean velocity of timekeeping strokes over that of loud snares."""
    return _ratio(window, window.of(*CYMBALS))


def cymbal_deviation(window: Window) -> float:
    """Return the standard deviation of the timekeeping hand's velocities: its accents."""
    velocities = window.velocities[window.of(*CYMBALS)]
    return float(np.std(velocities)) if len(velocities) else 0.0


MEASURES: Final[dict[str, Callable[[Window], float]]] = {
    measure.__name__: measure
    for measure in (
        notes_per_bar,
        grooving_similarity,
        kick_similarity,
        snare_similarity,
        cymbal_similarity,
        distinct_bars,
        velocity_deviation,
        grid_distance,
        kicks_per_bar,
        backbeats_per_bar,
        ghosts_per_bar,
        cymbals_per_bar,
        toms_per_bar,
        backbeat_share,
        kick_beat_share,
        downbeat_share,
        snare_beat_share,
        cymbal_eighth_share,
        sixteenth_share,
        together_share,
        off_beat_place,
        kick_to_snare,
        cymbals_to_snare,
        cymbal_deviation,
    )
}


def measure_window(window: Window) -> tuple[float, ...]:
    """Return all measures, in the order of MEASURES."""
    return tuple(measure(window) for measure in MEASURES.values())


def struck_steps(window: Window, chosen: np.ndarray) -> np.ndarray:
    """Return the sixteenths struck by the chosen strokes, bool (bars, 16)."""
    hit = np.zeros((window.bars, STEPS_PER_BAR), dtype=bool)
    steps = window.steps[chosen]
    hit[steps // STEPS_PER_BAR, steps % STEPS_PER_BAR] = True
    return hit


def loud_snares(window: Window) -> np.ndarray:
    """Return which strokes are snares or rims but not ghost notes, relative to this drummer's backbeats."""
    snares = window.of("snare", "rim")
    if not snares.any():
        return snares
    loud = np.quantile(window.velocities[snares], 0.9)
    return snares & (window.velocities >= GHOST_SHARE * loud)


def _similarity(window: Window, chosen: np.ndarray) -> float:
    """Return the mean over all pairs of bars, computed from the number of bars that strike each sixteenth."""
    struck = struck_steps(window, chosen).sum(axis=0)
    silent = window.bars - struck
    alike = struck * (struck - 1) + silent * (silent - 1)
    return float(np.mean(alike) / (window.bars * (window.bars - 1)))


def _per_bar(window: Window, *sounds: Sound) -> float:
    return float(window.of(*sounds).sum()) / window.bars


def _share(true: np.ndarray) -> float:
    return float(np.mean(true)) if len(true) else 0.0


def _ratio(window: Window, chosen: np.ndarray) -> float:
    loud = loud_snares(window)
    if not loud.any() or not chosen.any():
        return 0.0
    return float(np.mean(window.velocities[chosen]) / np.mean(window.velocities[loud]))
