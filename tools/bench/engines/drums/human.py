"""Human reference: quartiles of each measure by style, and the classifier trained on their styles.

`human.json` is written by `python3 -m musearoo.tools.workshop.training.drums.judge` from the Groove MIDI Dataset's
train split (Gillick, Roberts, Engel, Eck and Bamman, "Learning to Groove with Inverse Sequence Transformations", 2019;
CC BY 4.0).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from musearoo.tools.bench.engines.drums.classifier import Classifier
from musearoo.tools.bench.engines.drums.window import Floats

_FILE: Final = Path(__file__).with_name("human.json")
_SOURCE: Final = (
    "Groove MIDI Dataset, train split (Gillick et al., 2019), CC BY 4.0; see tools/workshop/training/drums/judge.py"
)

Quartiles = Mapping[str, tuple[float, float]]
"""The lower and the upper quartile of each measure, by its name."""

ENOUGH_PERFORMANCES: Final = 5
ENOUGH_DRUMMERS: Final = 2
"""With fewer, a style's values represent a person or a song."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The number of performances behind a style's values, and of their drummers."""

    performances: int
    drummers: int

    @property
    def are_enough(self) -> bool:
        """Whether they represent the style rather than one person or song."""
        return self.performances >= ENOUGH_PERFORMANCES and self.drummers >= ENOUGH_DRUMMERS


@dataclass(frozen=True, slots=True)
class HumanDrums:
    """Quartiles by style, the style classifier, and its accuracy on held-out performances."""

    sources: Mapping[str, Sources]
    quartiles: Mapping[str, Quartiles]
    recognised: Mapping[str, float]
    classifier: Classifier


@cache
def read_human() -> HumanDrums:
    """Return the stored human reference."""
    data = json.loads(_FILE.read_text(encoding="utf-8"))
    quartiles = {
        style: {measure: (low, high) for measure, (low, high) in table.items()}
        for style, table in data["quartiles"].items()
    }
    sources = {style: Sources(**counts) for style, counts in data["sources"].items()}
    rows = data["classifier"]
    classifier = Classifier(
        tuple(rows), np.array([row["weights"] for row in rows.values()]), np.array([r["bias"] for r in rows.values()])
    )
    return HumanDrums(sources, quartiles, data["recognised"], classifier)


def save_human(human: HumanDrums) -> None:
    """Write the file that `read_human` reads, one line per style."""
    quartiles = {
        style: {measure: [_rounded(low), _rounded(high)] for measure, (low, high) in table.items()}
        for style, table in human.quartiles.items()
    }
    classifier = human.classifier
    rows = {
        name: {"bias": _rounded(float(bias)), "weights": _numbers(weights)}
        for name, weights, bias in zip(classifier.classes, classifier.weights, classifier.biases, strict=True)
    }
    recognised = {style: round(share, 2) for style, share in human.recognised.items()}
    sources = {
        style: {"performances": found.performances, "drummers": found.drummers}
        for style, found in human.sources.items()
    }
    lines = [f' "source": {json.dumps(_SOURCE)}', f' "recognised": {json.dumps(recognised)}']
    for title, table in (("sources", sources), ("quartiles", quartiles), ("classifier", rows)):
        inner = ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in table.items())
        lines.append(f" {json.dumps(title)}: {{\n{inner}\n }}")
    _FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _numbers(values: Floats) -> list[float]:
    return [_rounded(float(value)) for value in values]


def _rounded(value: float) -> float:
    return float(f"{value:.5g}")
