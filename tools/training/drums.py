"""Learns what `tools.engines_bench.drums` judges by: quartiles of human measures, and what human styles are told by.

`python3 -m tools.training.drums --corpora DIR [--write]`

From the Groove MIDI Dataset's train split (Gillick and others, 2019; CC BY 4.0), whole grooves in 4/4; nothing that
DrummaRoo played. It tells how often a style is named rightly in performances that were not learned from.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from tools.analysis_sets.gmd import performances, read_performance
from tools.engines_bench.drums.classifier import cross_validate, fit_classifier
from tools.engines_bench.drums.features import window_features
from tools.engines_bench.drums.human import HumanDrums, save_human
from tools.engines_bench.drums.measures import MEASURES, measure_window
from tools.engines_bench.drums.window import Window, cut_windows

PRESET_OF: Final = {
    "rock": "rock",
    "rock/indie": "rock",
    "rock/halftime": "rock",
    "punk": "rock",
    "funk": "funk",
    "funk/rock": "funk",
    "jazz": "jazz swing",
    "jazz/swing": "jazz swing",
    "jazz/mediumfast": "jazz swing",
    "jazz/fast": "jazz swing",
    "hiphop": "hip-hop",
    "dance/disco": "disco",
    "latin/brazilian-bossa": "bossa nova",
    "afrocuban": "salsa",
    "afrocuban/rhumba": "salsa",
    "latin/brazilian-songo": "salsa",
    "afrobeat": "afrobeat",
    "highlife": "afrobeat",
    "reggae": "reggae",
    "reggae/slow": "reggae",
    "soul": "soul",
    "soul/motown": "soul",
    "pop": "pop",
    "pop/soft": "pop",
    "country": "country",
    "blues/shuffle": "blues",
}
"""The dataset's styles that ours are judged by; songo is Cuban, whatever the dataset files it under."""

HOP: Final = 4
SHRINKAGE: Final = 0.3


class Example(NamedTuple):
    """A window of a performance of a style."""

    window: Window
    style: str
    performance: str


def examples(corpora: Path) -> Iterator[Example]:
    """The windows of all performances whose style we have."""
    for performance in performances(corpora):
        style = PRESET_OF.get(performance.style)
        if style is None or performance.beat_type != "beat" or performance.meter != "4/4":
            continue
        piece = read_performance(performance)
        beat = piece.beats[1] - piece.beats[0]
        strokes = [(stroke.time / beat, stroke.pitch, float(stroke.velocity)) for stroke in piece.strokes]
        bars = int(strokes[-1][0] / 4.0 + 0.1) if strokes else 0
        for window in cut_windows(strokes, bars, HOP):
            yield Example(window, style, piece.name)


def main() -> None:
    """Learns, tells how well styles are told, and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="replaces the figures in the repository")
    options = parser.parse_args()
    found = list(examples(options.corpora))
    features = np.array([window_features(example.window) for example in found])
    labels = [example.style for example in found]
    groups = [example.performance for example in found]
    given = cross_validate(features, labels, groups, SHRINKAGE)
    confused = Counter(zip(labels, given, strict=True))
    for style, count in sorted(Counter(labels).items()):
        others = Counter({name: number for (truth, name), number in confused.items() if truth == style != name})
        right = confused[style, style] / count
        print(f"{style:12}{count:5} windows  right {right:.2f}  else {others.most_common(3)}")
    shares = {style: confused[style, style] / count for style, count in Counter(labels).items()}
    print(f"mean over styles {np.mean(list(shares.values())):.2f}, chance {1 / len(shares):.2f}")
    if options.write:
        quartiles = {}
        for style in sorted(set(labels)):
            values = np.array([measure_window(e.window) for e in found if e.style == style])
            lows, highs = np.quantile(values, 0.25, axis=0), np.quantile(values, 0.75, axis=0)
            quartiles[style] = {
                name: (float(low), float(high)) for name, low, high in zip(MEASURES, lows, highs, strict=True)
            }
        save_human(HumanDrums(quartiles, shares, fit_classifier(features, labels, groups, SHRINKAGE)))


if __name__ == "__main__":
    main()
