"""Mood: valence and arousal from a few weighted cues, with reasons."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from musearoo.engines.music.knowledge.analysis import Mood


@dataclass(frozen=True, slots=True)
class MoodCues:
    """The cues of a mood; None where unknown."""

    mode: float | None = None
    """1 for a certain major key, -1 for a certain minor key, between for lower confidence."""
    bpm: float | None = None
    """Beats per minute as perceived."""
    energy: float | None = None
    """0..1, as an EnergyCurve's mean."""
    onsets_per_second: float | None = None
    brightness: float | None = None
    """0 dark to 1 bright: the share of power above 2 kHz."""
    dissonance: float | None = None
    """0..1, the share of the time in which diminished, augmented or half-diminished chords sound."""
    middle_pitch: float | None = None
    """The MIDI pitch in the middle of the register."""


@dataclass(frozen=True, slots=True)
class _Cue:
    """The effect of one cue on valence and arousal at its maximum deviation from the usual value, and its words."""

    field: str
    usual: float
    reach: float
    valence: float
    arousal: float
    low: str
    high: str
    logarithmic: bool = False


# Directions and relative sizes follow listeners' ratings of systematically varied music: mode has the largest effect on
# valence, then tempo, register and loudness; tempo, loudness and density on arousal; and the cues add up (Eerola,
# Friberg and Bresin, "Emotional expression in music: contribution, linearity, and additivity of primary musical cues",
# 2013; Gabrielsson and Lindstroem, "The role of structure in the musical expression of emotions", 2010).
CUES: Final = (
    _Cue("mode", 0.0, 1.0, 0.45, 0.0, "minor key", "major key"),
    _Cue("bpm", 105.0, 1.8, 0.20, 0.35, "slow", "fast", logarithmic=True),
    _Cue("energy", 0.5, 0.4, 0.05, 0.40, "calm and soft", "loud and full"),
    _Cue("onsets_per_second", 4.5, 2.5, 0.08, 0.25, "few notes", "dense and busy", logarithmic=True),
    _Cue("brightness", 0.5, 0.5, 0.08, 0.12, "dark sound", "bright sound"),
    _Cue("dissonance", 0.1, 0.4, -0.25, 0.10, "", "dissonant chords"),
    _Cue("middle_pitch", 60.0, 18.0, 0.10, -0.03, "low register", "high register"),
)
WORTH_SAYING: Final = 0.06
"""A cue with a smaller effect on both valence and arousal is not named."""
MOST_WORDS: Final = 4
MOST_CONFIDENCE: Final = 0.7
"""Listeners agree on arousal better than on valence, and on neither fully."""


def find_mood(cues: MoodCues) -> Mood | None:
    """Return the mood from all cues, with the reasons in words, the most important first; None without any cue."""
    valence = arousal = known = whole = 0.0
    reasons: list[tuple[float, str]] = []
    for cue in CUES:
        weight = abs(cue.valence) + abs(cue.arousal)
        whole += weight
        value = getattr(cues, cue.field)
        if value is None:
            continue
        known += weight
        lean = _lean(value, cue)
        valence += lean * cue.valence
        arousal += lean * cue.arousal
        word = cue.high if lean > 0.0 else cue.low
        moved = abs(lean) * max(abs(cue.valence), abs(cue.arousal))
        if word and moved > WORTH_SAYING:
            reasons.append((moved, word))
    if known <= 0.0:
        return None
    words = tuple(word for _, word in sorted(reasons, key=lambda reason: -reason[0])[:MOST_WORDS])
    return Mood(_bound(valence), _bound(arousal), MOST_CONFIDENCE * known / whole, words)


def _lean(value: float, cue: _Cue) -> float:
    """Return the deviation of a value from the usual one, -1..1."""
    if cue.logarithmic:
        return _bound(math.log(max(value, 1e-3) / cue.usual) / math.log(cue.reach))
    return _bound((value - cue.usual) / cue.reach)


def _bound(value: float) -> float:
    return min(1.0, max(-1.0, value))
