"""Fit the weights for bridge/speech/recognition/sphinx_evidence.py, and print what they are worth."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from musearoo.bridge.settings.config_files import home_folder
from musearoo.bridge.settings.library_environment import prepare_libraries
from musearoo.tools.workshop.training.voice.confidence.examples import BELOW, Example, hear_all, plan_sessions
from musearoo.tools.workshop.training.voice.confidence.fitting import cross_validate

SHARES: Final = (0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2)
"""Of foreign sound that is acted upon, for which the acceptance is shown."""

CHOSEN: Final = 0.03
"""Where a confidence of 0.5 is put: below the 5 % that are allowed, since others speak other sentences."""


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        prog="python -m musearoo.tools.workshop.training.voice.confidence", description=__doc__
    )
    parser.add_argument("--sentences", type=int, default=40, help="of each kind, for each speaker and level")
    parser.add_argument("--seed", type=int, default=100_000, help="of the sentences that are drawn")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--kept", type=Path, help="a file for what was heard, read where it is there")
    options = parser.parse_args()
    if options.kept and options.kept.exists():
        examples = msgspec.msgpack.decode(options.kept.read_bytes(), type=list[Example])
    else:
        examples = list(hear_all(plan_sessions(options.sentences, options.seed), options.processes))
        if options.kept:
            options.kept.write_bytes(msgspec.msgpack.encode(examples))
    report(examples)


def report(examples: list[Example]) -> None:
    """Prints the weights, and how many are accepted for how many false ones."""
    scores, weights = cross_validate(examples)
    foreign = np.array([example.wanted is None for example in examples])
    right = np.array([example.is_right for example in examples])
    print(f"{len(examples)} utterances, {foreign.sum()} of them foreign")
    for below in BELOW:
        own = np.array([example.below == below for example in examples]) & ~foreign
        print(f"  music {below}: {right[own].mean():.1%} of {own.sum()} mean what was meant")
    ranked = np.sort(scores[foreign])[::-1]
    for share in SHARES:
        threshold = ranked[int(share * len(ranked))]
        kept = scores > threshold
        rows = []
        for below in BELOW:
            own = np.array([example.below == below for example in examples]) & ~foreign
            rows.append(
                f"{below}: {(kept & right & own).sum() / own.sum():.1%} right,"
                f" {(kept & ~right & own).sum() / own.sum():.1%} wrong"
            )
        print(f"  {share:.0%} false: above {threshold:+.2f}; of all in the grammar, music {'; '.join(rows)}")
    chosen = ranked[int(CHOSEN * len(ranked))]
    print("WEIGHTS:", ", ".join(f"{weight:.4g}" for weight in weights[:-1]))
    print(f"BIAS: {weights[-1] - chosen:.4g}")


if __name__ == "__main__":
    prepare_libraries(home_folder())
    main()
