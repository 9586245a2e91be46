"""Fit the weights for bridge/speech/recognition/choice.py on spoken sentences, and print their worth on others."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.library_environment import prepare_libraries
from musearoo.bridge.speech.recognition import choice as choosing
from musearoo.bridge.speech.recognition.choice import Evidence, choose, trust
from musearoo.tools.workshop.training.voice.choice.examples import Example, hear_all, plan_sessions
from musearoo.tools.workshop.training.voice.choice.fitting import FOLDS, Floats, fit_choice, fit_trust, fold_of
from musearoo.tools.workshop.training.voice.confidence.examples import BELOW

SHARES: Final = (0.005, 0.01, 0.02, 0.03, 0.05, 0.08)
"""Of foreign sound that is acted upon, for which the acceptance is shown."""

CHOSEN: Final = 0.02
"""Where a confidence of 0.5 is put: below the 5 % that are allowed, since others speak other sentences."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken of the candidates of an utterance: why it is trusted, and whether it is right."""

    reasons: Floats
    is_right: bool


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m musearoo.tools.workshop.training.voice.choice", description=__doc__
    )
    parser.add_argument("--sentences", type=int, default=8, help="of each kind, for each speaker and level")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--kept", type=Path, help="a file for what was heard, read where it is there")
    options = parser.parse_args()
    if options.kept and options.kept.exists():
        examples = msgspec.msgpack.decode(options.kept.read_bytes(), type=list[Example])
    else:
        examples = list(hear_all(plan_sessions(options.sentences), options.processes))
        if options.kept:
            options.kept.write_bytes(msgspec.msgpack.encode(examples))
    report([example for example in examples if example.choices])


def report(examples: list[Example]) -> None:
    """Prints the weights, and how many are accepted for how many false ones, each by weights of other sentences."""
    folds = np.array([fold_of(example, number) for number, example in enumerate(examples)])
    taken: list[Taken | None] = [None] * len(examples)
    for fold in range(FOLDS):
        use_weights(fit_choice([one for one, place in zip(examples, folds, strict=True) if place != fold]))
        for place in np.flatnonzero(folds == fold):
            taken[place] = take(examples[place])
    found = [one for one in taken if one]
    reasons = np.array([one.reasons for one in found])
    right = np.array([one.is_right for one in found])
    foreign = np.array([example.is_foreign for example in examples])
    scores = np.zeros(len(examples))
    for fold in range(FOLDS):
        known = folds != fold
        # What was meant for us but misheard counts as wrong, too: better to be asked than served something else.
        weights = fit_trust(reasons[known], right[known])
        scores[~known] = reasons[~known] @ weights[:-1] + weights[-1]
    # Where nobody seems to have spoken nothing is taken.
    scores[[not example.around.rises for example in examples]] = -np.inf
    show(examples, scores, right, foreign)
    threshold = np.sort(scores[foreign])[::-1][int(CHOSEN * foreign.sum())]
    choice = fit_choice(examples)
    use_weights(choice)
    again = [take(example) for example in examples]
    weights = fit_trust(np.array([one.reasons for one in again]), np.array([one.is_right for one in again]))
    print("CHOICE:", ", ".join(f"{weight:.4g}" for weight in choice))
    print("TRUST:", ", ".join(f"{weight:.4g}" for weight in weights[:-1]))
    print(f"BIAS: {weights[-1] - threshold:.4g}")


def use_weights(weights: Floats) -> None:
    """Has candidates be chosen by these weights from now on, in this process."""
    choosing.CHOICE = Evidence(*map(float, weights))  # type: ignore[misc]


def take(example: Example) -> Taken:
    """What is taken of an utterance by the weights in use."""
    best = choose(example.choices)
    place = example.choices.index(best)
    return Taken(np.array(trust(best, example.choices, example.around)), example.rights[place])


def show(examples: list[Example], scores: Floats, right: NDArray[np.bool_], foreign: NDArray[np.bool_]) -> None:
    """Prints what is right by level of the music, and what of it is accepted for shares of false ones."""
    own = {below: np.array([one.below == below for one in examples]) & ~foreign for below in BELOW}
    print(f"{len(examples)} utterances, {foreign.sum()} of them foreign")
    for below, mask in own.items():
        among = np.mean([any(one.rights) for one, is_own in zip(examples, mask, strict=True) if is_own])
        print(f"  music {below}: {right[mask].mean():.1%} of {mask.sum()} right, {among:.1%} among the candidates")
    ranked = np.sort(scores[foreign])[::-1]
    for share in SHARES:
        kept = scores > ranked[int(share * len(ranked))]
        rows = [
            f"{below}: {(kept & right & mask).sum() / mask.sum():.1%} right,"
            f" {(kept & ~right & mask).sum() / mask.sum():.1%} wrong"
            for below, mask in own.items()
        ]
        print(f"  {share:.1%} false: music {'; '.join(rows)}")


if __name__ == "__main__":
    prepare_libraries(home_folder())
    main()
