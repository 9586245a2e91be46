"""Learn the reference of `tools.bench.engines.drums`: quartiles of human measures, and a classifier of human styles.

`python3 -m musearoo.tools.workshop.training.drums.judge --corpora DIR [--write]`

From the Groove MIDI Dataset's train split (Gillick and others, 2019; CC BY 4.0), whole grooves in 4/4; nothing that
DrummaRoo played. It prints the classifier's accuracy on held-out performances.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean
from typing import Final, NamedTuple

import numpy as np

from musearoo.tools.bench.engines.drums.classifier import cross_validate, fit_classifier
from musearoo.tools.bench.engines.drums.features import window_features
from musearoo.tools.bench.engines.drums.human import HumanDrums, Sources, save_human
from musearoo.tools.bench.engines.drums.measures import MEASURES, measure_window
from musearoo.tools.bench.engines.drums.window import Window, cut_windows
from musearoo.tools.workshop.corpora.sources.gmd import performances, read_performance

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
"""The dataset's styles that correspond to ours; songo is Cuban, whatever the dataset files it under."""

HOP: Final = 4
SHRINKAGE: Final = 0.3


class Example(NamedTuple):
    """A window of a performance in a style, and its source."""

    window: Window
    style: str
    performance: str
    drummer: str


def examples(corpora: Path) -> Iterator[Example]:
    """Yield the windows of all performances in styles that we have."""
    for performance in performances(corpora):
        style = PRESET_OF.get(performance.style)
        if style is None or performance.beat_type != "beat" or performance.meter != "4/4":
            continue
        piece = read_performance(performance)
        beat = piece.beats[1] - piece.beats[0]
        strokes = [(stroke.time / beat, stroke.pitch, float(stroke.velocity)) for stroke in piece.strokes]
        bars = int(strokes[-1][0] / 4.0 + 0.1) if strokes else 0
        for window in cut_windows(strokes, bars, HOP):
            yield Example(window, style, piece.name, performance.session.split("/")[0])


def learn(found: Sequence[Example]) -> HumanDrums:
    """Return the reference learned from these examples; prints its accuracy on held-out performances."""
    features = np.array([window_features(example.window) for example in found])
    labels = [example.style for example in found]
    groups = [example.performance for example in found]
    given = cross_validate(features, labels, groups, SHRINKAGE)
    sources, quartiles, recognised = {}, {}, {}
    for style in sorted(set(labels)):
        own = [example for example in found if example.style == style]
        sources[style] = Sources(len({e.performance for e in own}), len({e.drummer for e in own}))
        values = np.array([measure_window(example.window) for example in own])
        lows, highs = np.quantile(values, 0.25, axis=0), np.quantile(values, 0.75, axis=0)
        quartiles[style] = {
            name: (float(low), float(high)) for name, low, high in zip(MEASURES, lows, highs, strict=True)
        }
        named = Counter(name for label, name in zip(labels, given, strict=True) if label == style)
        recognised[style] = named[style] / len(own)
        print(f"{style:12}{len(own):5} windows  right {recognised[style]:.2f}  named {named.most_common(4)}")
    return HumanDrums(sources, quartiles, recognised, fit_classifier(features, labels, groups, SHRINKAGE))


def main() -> None:
    """Learn, print the accuracy, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help="replaces the figures in the repository")
    options = parser.parse_args()
    human = learn(list(examples(options.corpora)))
    print(f"mean over styles {fmean(human.recognised.values()):.2f}, chance {1 / len(human.recognised):.2f}")
    if options.write:
        save_human(human)


if __name__ == "__main__":
    main()
