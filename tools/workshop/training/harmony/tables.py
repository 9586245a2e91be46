"""Completes the weights of `engines.analysis.fast.harmony` with what is counted or fitted, and packs them.

`python3 -m musearoo.tools.workshop.training.harmony.tables --network F.npz --train DIR… --pop909 DIR --openewld DIR
--cache DIR --out F.npz`

Which chords belong to a key is counted in the corpora; what speaks for a key, and how far probabilities are kept, is
fitted on the train examples (keys are judged by a fit on the other half of them).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import torch

from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.library_environment import prepare_libraries
from musearoo.engines.analysis.fast.activation.sound import FloatArray
from musearoo.engines.analysis.fast.harmony.estimation import find_harmony
from musearoo.engines.analysis.fast.harmony.keys import describe_tonics, key_number
from musearoo.engines.analysis.fast.harmony.network import StepScores, Weights, score_steps
from musearoo.engines.analysis.fast.harmony.vocabulary import CHORD_COUNT, NONE, QUALITY_COUNT, chord_number
from musearoo.engines.errors import ParamError
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.analysis import Rhythm
from musearoo.tools.workshop.training.harmony.examples import UNUSED, Example, label_of, load_examples, true_steps
from musearoo.tools.workshop.training.harmony.sources import Tune, read_tunes

NETWORK_ARRAYS: Final = (
    "note", "note_bias", "root", "root_bias", "context", "context_bias", "quality", "quality_bias", "bass", "none",
    "none_bias",
)  # fmt: skip
PSEUDO_BEATS: Final = 20.0
"""Added to each chord's count of beats, so that chords missing in a corpus are rare but not impossible."""
KEY_DECAY: Final = 2e-3
MINOR_SHARE: Final = 0.4
"""The weight of minor keys in the fit: lead sheets of old songs are nearly all major, current songs are not."""
WINDOWS: Final = ((0.0, 1.0), (0.0, 0.5), (0.5, 1.0), (0.25, 0.75))
"""The parts of each example that keys are learned from, because most clips are short."""


def count_chords_in_keys(tunes: Sequence[Tune]) -> FloatArray:
    """Return the log likelihood ratio of each chord in a major or minor key on C to all music: float32 (2, 193)."""
    beats = np.full((2, 12, QUALITY_COUNT), PSEUDO_BEATS / 12)
    for tune in tunes:
        if tune.key is None:
            continue
        for span in tune.spans:
            if (number := label_of(span.chord)) == UNUSED:
                continue
            root, quality = divmod(number, QUALITY_COUNT)
            beats[int(tune.key.is_minor), (root - tune.key.tonic) % 12, quality] += span.end - span.start
    in_key = beats / beats.sum(axis=(1, 2), keepdims=True)
    # Anywhere: the quality's share in both kinds of key, on any root.
    anywhere = in_key.mean(axis=(0, 1)) + np.zeros_like(in_key)
    table = np.zeros((2, CHORD_COUNT), dtype=np.float32)
    table[:, :NONE] = np.clip(np.log(in_key / anywhere), -3.0, 3.0).reshape(2, -1)
    return table


def fit_keys(features: npt.NDArray[np.float32], keys: npt.NDArray[np.int64]) -> tuple[FloatArray, FloatArray]:
    """The weights and biases by which (examples, 12, features) tell `keys`: softmax regression."""
    inputs, labels = torch.from_numpy(features), torch.from_numpy(keys)
    minor = float((keys >= 12).mean())
    importance = torch.from_numpy(np.where(keys >= 12, MINOR_SHARE / minor, (1.0 - MINOR_SHARE) / (1.0 - minor)))
    weight = torch.zeros(features.shape[2], 2, requires_grad=True)
    bias = torch.zeros(2, requires_grad=True)
    optimiser = torch.optim.LBFGS([weight, bias], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        logits = (inputs @ weight + bias).transpose(1, 2).flatten(1)
        losses = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
        total = (losses * importance).mean() + KEY_DECAY * (weight**2).sum()
        total.backward()
        return total

    optimiser.step(loss)
    return weight.detach().numpy(), bias.detach().numpy()


def fit_reliability(chances: npt.NDArray[np.float64], right: npt.NDArray[np.float64]) -> FloatArray:
    """Slope and offset on log odds that turn `chances` into how often they were `right`: float32 (2,)."""
    odds = torch.from_numpy(np.log(np.clip(chances, 1e-4, 1 - 1e-4) / (1 - np.clip(chances, 1e-4, 1 - 1e-4))))
    line = torch.tensor([1.0, 0.0], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([line], max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        total = torch.nn.functional.binary_cross_entropy_with_logits(odds * line[0] + line[1], torch.from_numpy(right))
        total.backward()
        return total

    optimiser.step(loss)
    fitted: FloatArray = line.detach().numpy().astype(np.float32)
    return fitted


def complete(arrays: dict[str, FloatArray], examples: Sequence[Example], tunes: Sequence[Tune]) -> Weights:
    """All weights: the network's, and what is counted and fitted here."""
    channels = arrays["root"].shape[0]
    if channels % 60:
        raise ParamError("root weights", "a multiple of 60 rows", channels)
    keyless = {
        "key": np.zeros((1, 2), np.float32),
        "key_bias": np.zeros(2, np.float32),
        "chords_in_key": count_chords_in_keys(tunes),
        "reliability": np.array([[1.0, 0.0], [1.0, 0.0]], np.float32),
    }
    weights = Weights(**{name: arrays[name].astype(np.float32) for name in NETWORK_ARRAYS}, **keyless)
    features, keys, folds = _key_examples(examples, weights)
    halves = [fit_keys(features[folds != fold], keys[folds != fold]) for fold in (0, 1)]
    logits = [
        (features[folds == fold] @ halves[fold][0] + halves[fold][1]).transpose(0, 2, 1).reshape(-1, 24)
        for fold in (0, 1)
    ]
    guesses = np.concatenate(logits)
    truths = np.concatenate([keys[folds == fold] for fold in (0, 1)])
    chances = np.exp(guesses - guesses.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    right = (chances.argmax(axis=1) == truths).astype(np.float64)
    print(f"keys, each half by the other: {right.mean():.3f} of {right.size}")
    key, key_bias = fit_keys(features, keys)
    weights = replace(weights, key=key, key_bias=key_bias)
    of_chords = fit_reliability(*_chord_confidences(examples, weights))
    of_keys = fit_reliability(chances.max(axis=1).astype(np.float64), right)
    print("reliability", of_chords, of_keys)
    return replace(weights, reliability=np.stack([of_chords, of_keys]))


def _key_examples(
    examples: Sequence[Example], weights: Weights
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    features, keys, folds = [], [], []
    for index, example in enumerate(examples):
        if example.key is None:
            continue
        steps = true_steps(example)
        scores = score_steps(example.spectrum, steps, weights)
        for start, end in WINDOWS:
            part = slice(int(start * steps.count), max(int(start * steps.count) + 1, int(end * steps.count)))
            chosen = StepScores(scores.chords[part], scores.basses[part], scores.classes[part])
            features.append(describe_tonics(chosen, steps.lengths[part]))
            keys.append(key_number(example.key))
            folds.append(index % 2)
    return np.stack(features), np.array(keys), np.array(folds)


def _chord_confidences(
    examples: Sequence[Example], weights: Weights
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Of every found chord its confidence, and the share of its time in which it is right."""
    confidences, right = [], []
    for example in examples:
        if not example.chords:
            continue
        rhythm = Rhythm(Estimate(None, 0.0, "guess"), example.beats, example.downbeats)
        for chord in find_harmony(example.spectrum, rhythm, weights).chords:
            known = [
                (min(end, chord.end) - max(start, chord.start), number)
                for start, end, number, _ in example.chords
                if number != UNUSED and min(end, chord.end) > max(start, chord.start)
            ]
            total = sum(length for length, _ in known)
            if total > 0.0:
                confidences.append(chord.confidence)
                right.append(sum(length for length, number in known if number == chord_number(chord.chord)) / total)
    return np.array(confidences), np.array(right)


def main() -> None:
    """Complete the network that the command line names, and write all weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, nargs="+", required=True)
    for name in ("network", "pop909", "openewld", "cache", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    with np.load(arguments.network) as arrays:
        network = dict(arrays)
    examples = load_examples(arguments.train, arguments.cache)
    weights = complete(network, examples, list(read_tunes(arguments.pop909, arguments.openewld)))
    packed = {name: getattr(weights, name).astype(np.float16) for name in weights.__dataclass_fields__}
    np.savez_compressed(arguments.out, allow_pickle=False, **packed)
    print(f"{arguments.out}: {arguments.out.stat().st_size} bytes")


if __name__ == "__main__":
    prepare_libraries(home_folder())
    main()
