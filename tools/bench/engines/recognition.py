"""Are our styles distinguishable? A classifier is trained on some takes and recognises others.

Its features are what is played at each position of the bar; it sees neither the tempo nor the test seeds. The drum
features are those of the human classifier in `tools.bench.engines.drums`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from statistics import mean
from typing import Final

import numpy as np
import numpy.typing as npt

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.knowledge.context import Role
from musearoo.engines.music.progression import ChordSpan, chord_at
from musearoo.engines.players.params import Effort
from musearoo.engines.styles.schema import Style
from musearoo.tools.bench.engines.drums.classifier import fit_classifier
from musearoo.tools.bench.engines.drums.features import window_features
from musearoo.tools.bench.engines.drums.window import clip_window
from musearoo.tools.bench.engines.excerpts import known_progressions
from musearoo.tools.bench.engines.measures.controls import scattered
from musearoo.tools.bench.engines.takes import parts_of, play_together
from musearoo.tools.bench.rows import Row

PART: Final = "recognition"
WANTED_ACCURACY: Final = 0.7
PLACES: Final = 16
SHRINKAGE: Final = 0.3
"""The shrinkage of the covariance to its diagonal: there are more features than takes of a style."""

Features = npt.NDArray[np.float64]


def judge_recognition(styles: Mapping[str, Style], seeds: range, effort: Effort = Effort.FULL) -> Iterator[Row]:
    """Yield the recognition rate of each part and of the whole band, compared with that of notes scattered in time."""
    if len(styles) < 2:
        return
    progressions = known_progressions()
    names = list(styles)
    learnt: list[dict[str, Features]] = []
    asked: list[dict[str, Features]] = []
    spoilt: list[dict[str, Features]] = []
    for number in range(2 * len(seeds)):
        seed = seeds.start + number
        context = progressions[seed % len(progressions)].context
        for name in names:
            scene = play_together(styles[name], context, seed, effort)
            parts = parts_of(scene)
            (learnt if number % 2 else asked).append(_features(parts, scene.chords))
            if number % 2 == 0:
                mixed: dict[Role, Clip] = {role: scattered(clip, seed) for role, clip in parts.items()}
                spoilt.append(_features(mixed, scene.chords))
    labels = names * len(seeds)
    for role in [*learnt[0], "band"]:
        classifier = fit_classifier(_stack(learnt, role), labels, labels, SHRINKAGE)
        told, control = (classifier.name(_stack(takes, role)) for takes in (asked, spoilt))
        accuracy, other = (mean(a == b for a, b in zip(named, labels, strict=True)) for named in (told, control))
        met = accuracy >= WANTED_ACCURACY if role in ("drums", "band") else None
        note = f"chance {1 / len(names):.2f}; the peer is the same of scattered notes"
        yield Row(PART, f"{role}, named right", "share", accuracy, other, met, note)
        given = {name: Counter(told[number :: len(names)]) for number, name in enumerate(names)}
        right = {name: counts[name] / len(seeds) for name, counts in given.items()}
        worst = sorted(right, key=lambda name: right[name])[:3]
        taken = {name: given[name].most_common(1)[0][0] for name in worst}
        words = ", ".join(
            f"{name} {right[name]:.2f}" + ("" if taken[name] == name else f" for {taken[name]}") for name in worst
        )
        yield Row(PART, f"{role}, the hardest style", "share", right[worst[0]], note=words)


def _tonal_features(clip: Clip, chords: Sequence[ChordSpan]) -> Features:
    """Return what a pitched part plays at each position of the bar, on which chord degrees, durations and pitches."""
    places, degrees = np.zeros(PLACES), np.zeros(12)
    lengths = [note.duration for note in clip.notes]
    for note in clip.notes:
        places[round(note.start * 4) % PLACES] += 1.0
        chord = chord_at(chords, note.start + 0.1)
        if chord is not None:
            degrees[(note.pitch - chord.root) % 12] += 1.0
    bars = max(1.0, clip.bars)
    pitches = [note.pitch for note in clip.notes]
    rest = (
        [len(pitches) / bars, mean(pitches) / 12.0, float(np.std(pitches)) / 12.0, mean(lengths)]
        if pitches
        else [0.0, 0.0, 0.0, 0.0]
    )
    return np.concatenate((np.sqrt(places / bars), np.sqrt(degrees / max(1.0, degrees.sum())), np.array(rest)))


def _features(parts: Mapping[Role, Clip], chords: Sequence[ChordSpan]) -> dict[str, Features]:
    return {
        role: window_features(clip_window(clip)) if role == "drums" else _tonal_features(clip, chords)
        for role, clip in parts.items()
    }


def _stack(takes: Sequence[Mapping[str, Features]], role: str) -> Features:
    return np.stack([np.concatenate(list(take.values())) if role == "band" else take[role] for take in takes])
