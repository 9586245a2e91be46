"""Loops as they were cut: where, how stretched, and how loud."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engines.looping.cutting import cut_loop
from engines.looping.seams import close_loop, reflect_start
from engines.looping.stretching import find_attacks, stretch_evenly
from engines.looping.tracking import feels
from engines.looping.wish import LoopWish, seconds_needed
from tests.engines.looping.sounds import RATE, even_beats, ignore, play_groove, play_pad, read_ear
from tests.kept import Outcome, check_kept


def outcomes() -> Iterator[Outcome]:
    for number, (bpm, off, meter, bars) in enumerate(
        ((118.0, 1.03, 4.0, 2), (92.0, 0.94, 3.0, 2), (140.0, 1.0, 4.0, 2))
    ):
        seconds = seconds_needed(bars, bpm, meter)
        sound = play_groove(even_beats(bpm * off, 0.1 * number, seconds), seconds, number, int(meter))
        wish = LoopWish(bpm=bpm, beats_per_bar=meter, bars=bars)
        for name, samples, before in (("groove", sound, None), ("continued", sound, sound[:, -RATE:])):
            loop = cut_loop(samples, RATE, wish, read_ear(), ignore, before)
            yield f"{name} {bpm:g}", (loop.stretch, loop.beats, loop.made_beats, loop.samples.shape)
            yield f"{name} {bpm:g}, sound", _levels(loop.samples)
    pad = cut_loop(play_pad(9.0), RATE, LoopWish(bpm=100.0, beats_per_bar=4.0, bars=2), read_ear(), ignore, None)
    yield "pad", (pad.stretch, pad.beats, pad.made_beats, _levels(pad.samples))
    tones = play_pad(1.0)
    yield "seam", (_levels(close_loop(tones, 4000, 900, 300)), _levels(reflect_start(tones, 500)))
    yield "stretched", (_levels(stretch_evenly(tones, RATE, 30_000)), find_attacks(sound, RATE))
    yield "feels", tuple(feels(beats) for beats in (2.0, 3.0, 3.5, 4.0, 6.0))


def _levels(samples: np.ndarray) -> list[str]:
    """How loud a sound is from part to part."""
    return [f"{level:.3f}" for part in np.array_split(samples, 24, axis=1) for level in np.sqrt((part**2).mean(axis=1))]


def test_outcomes_are_as_kept() -> None:
    check_kept(Path(__file__).parent, outcomes())
