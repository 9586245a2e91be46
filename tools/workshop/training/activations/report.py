"""Report the activation network's accuracy on sets: `python -m musearoo.tools.workshop.training.activations.report
WEIGHTS FOLDER…` prints a table per folder.

Drums and onsets: F within 50 ms, then the spread of timing errors and the correlation of velocities. Beats and
downbeats: F within 70 ms of the activation's peaks alone, at the best threshold for the set: an upper bound.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import mir_eval
import numpy as np
import soundfile

from musearoo.engines.analysis.fast.activation.drum_onsets import find_hits
from musearoo.engines.analysis.fast.activation.network import Weights, listen, read_weights
from musearoo.engines.analysis.fast.activation.onsets import find_onsets
from musearoo.engines.analysis.fast.activation.peaks import find_peaks
from musearoo.engines.analysis.fast.activation.sound import Sound
from musearoo.engines.analysis.fast.activation.spectrogram import compute_spectrogram
from musearoo.engines.music.drum_map import DRUM_KINDS

HIT_WINDOW: Final = 0.05
BEAT_WINDOW: Final = 0.07
THRESHOLDS: Final = (0.15, 0.25, 0.35, 0.45, 0.55)


@dataclass(slots=True)
class Tally:
    """Counts over excerpts."""

    matched: int = 0
    estimated: int = 0
    true: int = 0
    errors: list[float] = field(default_factory=list)
    velocities: list[tuple[float, float]] = field(default_factory=list)

    @property
    def f_measure(self) -> float:
        """Twice the matches over the sum of true and estimated events."""
        return 2.0 * self.matched / max(self.estimated + self.true, 1)

    def count(self, true: Sequence[float], estimated: Sequence[float], window: float) -> list[tuple[int, int]]:
        """Add an excerpt; return the pairs (true, estimated) that match."""
        matches: list[tuple[int, int]] = mir_eval.util.match_events(np.array(true), np.array(estimated), window)
        self.matched += len(matches)
        self.estimated += len(estimated)
        self.true += len(true)
        self.errors.extend(estimated[right] - true[left] for left, right in matches)
        return matches


def measure(files: list[Path], weights: Weights) -> dict[str, Tally]:
    """Return the tallies of each output over sound files with ground truth."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for file in files:
        truth = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
        samples, rate = soundfile.read(file, dtype="float32", always_2d=True)
        heard = listen(compute_spectrogram(Sound.of(samples.T, rate)), weights)
        hits = find_hits(heard)
        for kind in DRUM_KINDS:
            true = [(time, velocity) for time, name, velocity in truth["drums"] or () if name == kind]
            found = [hit for hit in hits if hit.kind == kind]
            pairs = tallies[kind].count([time for time, _ in true], [hit.time for hit in found], HIT_WINDOW)
            tallies[kind].velocities += [(true[left][1], found[right].velocity) for left, right in pairs]
        events = [row[0] for name in ("drums", "percussion", "notes") for row in truth.get(name) or ()]
        onsets = np.unique(np.round(events, 2))
        onsets = onsets[np.diff(onsets, prepend=-1.0) > 0.025]
        tallies["onset"].count(onsets.tolist(), [onset.time for onset in find_onsets(heard)], HIT_WINDOW)
        for name, evidence in (("beat", heard.beats.beat), ("downbeat", heard.beats.downbeat)):
            for threshold in THRESHOLDS:
                peaks = find_peaks(evidence, threshold, 8) / 100.0
                tallies[f"{name} {threshold}"].count(truth[f"{name}s"], peaks.tolist(), BEAT_WINDOW)
    return tallies


def describe(name: str, tally: Tally) -> str:
    """Return one line of the table."""
    errors = np.array(tally.errors or [0.0]) * 1000.0
    line = f"{name:14} F {tally.f_measure:.3f}  P {tally.matched / max(tally.estimated, 1):.3f}"
    line += f"  R {tally.matched / max(tally.true, 1):.3f}  n {tally.true:5}"
    line += f"  error ms: median {np.median(errors):+5.1f}, rms {np.sqrt((errors**2).mean()):4.1f}"
    line += f", middle 80 % within {np.quantile(np.abs(errors), 0.8):4.1f}"
    if len(tally.velocities) > 5:
        true, found = np.array(tally.velocities).T
        line += f"  velocity r {np.corrcoef(true, found)[0, 1]:.2f}, bias {np.mean(found - true):+.0f}"
    return line


def main() -> None:
    """Print the tables."""
    weights = read_weights(Path(sys.argv[1]).read_bytes())
    for folder in sys.argv[2:]:
        groups: dict[str, list[Path]] = defaultdict(list)
        for file in sorted(Path(folder).glob("**/*.flac")):
            if file.with_suffix(".json").exists():
                truth = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
                groups[f"{folder} {truth['rendered']['soundfont']}"].append(file)
        for name, files in groups.items():
            print(f"{name}: {len(files)} excerpts")
            tallies = measure(files, weights)
            best = {
                part: max(
                    (key for key in tallies if key.startswith(f"{part} ")), key=lambda key: tallies[key].f_measure
                )
                for part in ("beat", "downbeat")
            }
            for key in (*DRUM_KINDS, "onset", *best.values()):
                print(f"  {describe(key, tallies[key])}")


if __name__ == "__main__":
    main()
