"""Learn the parameters of `engines.analysis.traits.style_likelihoods`: the weights of its cues, and the drummers' usual
bars.

`python3 -m musearoo.tools.workshop.training.drums.styles --corpora DIR [--patterns F.py] [--seed N]`

From drummers of the Groove MIDI Dataset's train split (CC BY 4.0) in styles with and without a preset, and from
DrummaRoo's own playing of every preset; evaluated on held-out sessions and seeds.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from musearoo.bridge.settings.presets_folder import read_styles
from musearoo.engines.analysis.traits.drum_pattern import find_pattern
from musearoo.engines.analysis.traits.style_likelihoods import (
    CueWeights,
    StyleFeatures,
    guess_styles,
    measure_cues,
    measure_none_cues,
)
from musearoo.engines.music.drum_map import KIND_OF_PITCH
from musearoo.engines.music.knowledge.context import MusicalContext
from musearoo.engines.music.timing import beats_to_seconds
from musearoo.engines.players.drums.engine import DrumParams, generate
from musearoo.engines.styles.schema import Style
from musearoo.tools.bench.corpora.feel import swing_ratio
from musearoo.tools.workshop.corpora.sources.gmd import performances, read_performance
from musearoo.tools.workshop.training.drums.judge import PRESET_OF

NONE: Final = "none"
NEITHER: Final = frozenset(
    {"neworleans/funk", "jazz/funk", "dance/breakbeat", "latin/brazilian-samba", "rock/folk", "rock/prog"}
)
"""So similar to a preset that calling them none would be as wrong as calling them one."""

Bars = npt.NDArray[np.float64]
KINDS: Final = 6
"""The maximum number of bar clusters of a style."""

PATTERNS_HEAD: Final = '''"""The commonest kinds of bars that drummers play in a style: a share, then sixteen steps
a voice, in ninths.

Written by `python3 -m musearoo.tools.workshop.training.drums.styles` from the train split of the Groove MIDI Dataset
(Gillick and others, 2019; CC BY 4.0). Kick and snare without ghost notes are FEET, hats and cymbals HANDS.
"""

from __future__ import annotations

from typing import Final
'''

WINDOW_BARS: Final = (2, 4, 8)
MADE_PER_STYLE: Final = 60


@dataclass(frozen=True, slots=True)
class Example:
    """Features of a clip, its style, whether it was played by a human, and whether it is held out."""

    features: StyleFeatures
    style: str
    human: bool
    judging: bool


def played_examples(corpora: Path) -> Iterator[Example]:
    """Yield windows of human drumming in 4/4."""
    for performance in performances(corpora):
        style = performance.style
        if performance.beat_type != "beat" or performance.meter != "4/4" or style in NEITHER:
            continue
        piece = read_performance(performance)
        if performance.split == "held":
            continue
        for bars in WINDOW_BARS:
            for first in range(0, len(piece.downbeats) - bars, 2 * bars):
                start, end = piece.downbeats[first], piece.downbeats[first + bars]
                strokes = [
                    (stroke.time, KIND_OF_PITCH[stroke.pitch], float(stroke.velocity))
                    for stroke in piece.strokes
                    if start - 0.03 <= stroke.time < end and stroke.pitch in KIND_OF_PITCH
                ]
                beats = [beat for beat in piece.beats if start <= beat <= end]
                swing = swing_ratio([stroke[0] for stroke in strokes], beats)
                pattern = find_pattern(strokes, beats, beats[:-1:4], swing)
                if pattern is None:
                    continue
                features = StyleFeatures(performance.bpm, swing, pattern)
                yield Example(features, PRESET_OF.get(style, NONE), True, performance.split == "dev")


def made_examples(styles: dict[str, Style], seed: int) -> Iterator[Example]:
    """Yield DrummaRoo's playing in each style, at tempos of the style."""
    chance = Random(seed)
    for name, style in styles.items():
        for number in range(MADE_PER_STYLE):
            tempo = style.tempo
            bpm = min(max(chance.gauss(tempo.usual, (tempo.high - tempo.low) / 5), tempo.low), tempo.high)
            params = DrumParams(
                style=style, bars=chance.choice(WINDOW_BARS), complexity=chance.random(), density=chance.random()
            )
            clip = generate(params, MusicalContext.plain(bpm=bpm), chance.randrange(1 << 30))
            strokes = [
                (note.start, KIND_OF_PITCH[note.pitch], note.velocity)
                for note in clip.notes
                if note.pitch in KIND_OF_PITCH
            ]
            beats = [float(beat) for beat in range(round(clip.length) + 1)]
            swing = swing_ratio(
                [beats_to_seconds(stroke[0], bpm) for stroke in strokes],
                [beats_to_seconds(beat, bpm) for beat in beats],
            )
            pattern = find_pattern(strokes, beats, beats[:-1:4], swing)
            yield Example(StyleFeatures(bpm, swing, pattern), name, False, number % 4 == 0)


def cluster_patterns(examples: Sequence[Example], seed: int) -> str:
    """Return the text of `pattern_tables.py`: the most common kinds of bars that drummers play in a style."""
    feet, hands = [], []
    for style in sorted({example.style for example in examples if example.human} - {NONE}):
        patterns = [example.features.pattern for example in examples if example.human and example.style == style]
        bars = [pattern for pattern in patterns if pattern is not None]
        kinds = max(1, min(KINDS, len(bars) // 12))
        feet.append((style, find_kinds(np.array([[*bar.kick, *bar.snare] for bar in bars]), kinds, seed)))
        hands.append((style, find_kinds(np.array([bar.cymbals for bar in bars]), kinds, seed)))
    lines = [PATTERNS_HEAD]
    for name, width, table in (("FEET", 2, feet), ("HANDS", 1, hands)):
        lines.append(
            f"PLAYED_{name}: Final[dict[str, tuple[tuple[{', '.join(['float'] + ['str'] * width)}], ...]]] = {{"
        )
        for style, kinds_of_style in table:
            lines.append(f'    "{style}": (')
            for share, centre in kinds_of_style:
                rows = ["".join(str(round(rate * 9)) for rate in row) for row in centre.reshape(width, -1)]
                lines.append("        (" + ", ".join([f"{share:.2f}"] + [f'"{row}"' for row in rows]) + "),")
            lines.append("    ),")
        lines.append("}\n")
    return "\n".join(lines)


def find_kinds(bars: Bars, kinds: int, seed: int) -> list[tuple[float, Bars]]:
    """Return the shares and the centres of `kinds` clusters of bars (n, steps), by k-means, the largest first."""
    chance = np.random.default_rng(seed)
    centres = bars[chance.choice(len(bars), kinds, replace=False)]
    for _ in range(30):
        nearest = ((bars[:, np.newaxis] - centres) ** 2).sum(axis=2).argmin(axis=1)
        centres = np.array(
            [bars[nearest == kind].mean(axis=0) if (nearest == kind).any() else centres[kind] for kind in range(kinds)]
        )
    shares = [float((nearest == kind).mean()) for kind in range(kinds)]
    return sorted(
        ((max(share, 0.01), centre) for share, centre in zip(shares, centres, strict=True)), key=lambda row: -row[0]
    )


def fit(examples: Sequence[Example], styles: dict[str, Style]) -> CueWeights:
    """Return the weights that maximise the likelihood of the examples' styles; all styles count equally."""
    names = sorted(styles)
    cues = np.array([[measure_cues(example.features, styles[name]) for name in names] for example in examples])
    none = np.array([measure_none_cues(example.features) for example in examples])
    targets = np.array([names.index(example.style) if example.style in styles else len(names) for example in examples])
    groups = Counter((example.style, example.human) for example in examples)
    counts = np.array([groups[example.style, example.human] ** -0.5 for example in examples])
    counts /= counts.sum()

    def loss(logs: Bars) -> float:
        weights, bias = np.exp(logs[:-1]), logs[-1]
        scores = np.concatenate([cues @ weights, (none @ weights + bias + math.log(len(names)))[:, None]], axis=1)
        highest = scores.max(axis=1, keepdims=True)
        shares = scores - highest - np.log(np.exp(scores - highest).sum(axis=1, keepdims=True))
        return float(-(counts * shares[np.arange(len(targets)), targets]).sum() + 1e-3 * (logs[:-1] ** 2).sum())

    found = minimize(
        loss,
        np.array([-0.5, -0.5, -0.5, -1.0, -0.5, -0.5, -0.5, -1.0]),
        method="Nelder-Mead",
        options={"maxiter": 4000},
    )
    return CueWeights(*(round(float(weight), 3) for weight in (*np.exp(found.x[:-1]), found.x[-1])))


def tell(examples: Sequence[Example], styles: dict[str, Style], weights: CueWeights) -> None:
    """Print the accuracy of the likeliest style, and the mean likelihood of the right one."""
    rows: dict[tuple[bool, str], list[tuple[bool, float]]] = defaultdict(list)
    sureness: list[tuple[float, bool]] = []
    confusions: Counter[tuple[str, str]] = Counter()
    for example in examples:
        guesses = guess_styles(example.features, styles, weights)
        best = guesses[0]
        right = best.name == example.style if example.style != NONE else best.likelihood < 0.4
        share = next((guess.likelihood for guess in guesses if guess.name == example.style), 0.0)
        rows[example.human, example.style].append((right, share))
        sureness.append((best.likelihood, best.name == example.style))
        if not right:
            confusions[example.style, best.name] += 1
    for (human, style), results in sorted(rows.items()):
        hits = sum(result for result, _ in results) / len(results)
        mean = sum(share for _, share in results) / len(results)
        print(f"{'played' if human else 'made':7}{style:15}{len(results):5}  right {hits:.2f}  likelihood {mean:.2f}")
    for low, high in ((0.0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.01)):
        inside = [(likelihood, right) for likelihood, right in sureness if low <= likelihood < high]
        if inside:
            mean = sum(likelihood for likelihood, _ in inside) / len(inside)
            print(
                f"likelihood {mean:.2f}: right {sum(right for _, right in inside) / len(inside):.2f} of {len(inside)}"
            )
    print(confusions.most_common(12))


def main() -> None:
    """Fit the weights and print the evaluation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--patterns", type=Path, help="writes pattern_tables.py there, and fits nothing")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    styles = read_styles()
    examples = [*played_examples(options.corpora), *made_examples(styles, options.seed)]
    fitted = [example for example in examples if not example.judging]
    if options.patterns:
        options.patterns.write_text(cluster_patterns(fitted, options.seed), encoding="utf-8")
        return
    weights = fit(fitted, styles)
    print(weights)
    tell([example for example in examples if example.judging], styles, weights)


if __name__ == "__main__":
    main()
