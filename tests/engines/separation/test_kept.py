"""Stems as they were separated, by their levels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.engines.separation.sounds import play_band
from tests.engines.separation.test_dsp import SOUNDS, take_apart
from tests.kept import Outcome, check_kept


def outcomes() -> Iterator[Outcome]:
    band = np.asarray(sum(play_band(4.0).values()), dtype=np.float32)
    for name, sound in {"band": band, "a click": SOUNDS["a click"]}.items():
        for stem, samples in take_apart(sound).items():
            pieces = np.array_split(samples, 10, axis=1)
            yield f"{name}, {stem}", [f"{level:.3g}" for piece in pieces for level in np.sqrt((piece**2).mean(axis=1))]


def test_outcomes_are_as_kept() -> None:
    check_kept(Path(__file__).parent, outcomes())
