"""The runner of `musearoo bench musicgen`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection
from typing import Final

from musearoo.engines.neural.cards.catalogue import explain_missing_packages, find_model
from musearoo.tools.bench.options import MUSICGEN_PARTS
from musearoo.tools.bench.rows import Results, Row

Progress = Callable[[str, int, int], None]
"""Progress callback: the measured item, how many of its parts are done, and their total."""

MODEL: Final = "musicgen-small"
"""The model whose size and format the random one has."""

RANDOM: Final = (
    "All models here are of random weights, in the form in which the real ones are published: sizes, times, memory and "
    "equality are real, and what they make is noise."
)
TINY: Final = "A quick look takes tiny models: it shows that all works and is equal, and no times of a real one."
NO_AUDIOCRAFT: Final = (
    "audiocraft is not installed here: nothing was measured beside it. For that, run "
    "`python3 tools/dev.py setup --with models,audiocraft`."
)
NO_GPU: Final = "There is no NVIDIA GPU that torch can use: nothing was measured on one."


def run(options: argparse.Namespace, progress: Progress = lambda _what, _done, _of: None) -> Results:
    """Run the requested benchmarks. Raises EngineError and OSError, each with one sentence."""
    wanted = options.only or MUSICGEN_PARTS
    quick: bool = options.quick
    rows: list[Row] = []
    notes: list[str] = []
    if set(wanted) != {"loops"}:
        lack = explain_missing_packages(find_model(MODEL))
        if lack:
            notes.append(lack)
        else:
            rows, notes = _judge_models(wanted, quick, progress)
    if "loops" in wanted:
        from musearoo.tools.bench.musicgen.loops import (
            judge_loops,
        )  # imported here because it loads NumPy and all presets

        rows += judge_loops(quick=quick, tell=progress)
    return Results(rows, notes)


def _judge_models(wanted: Collection[str], quick: bool, tell: Progress) -> tuple[list[Row], list[str]]:
    """Return the rows of all model benchmarks, and their notes."""
    from musearoo.tools.bench.musicgen.peers import has_audiocraft  # imported here and below because they load torch

    rows: list[Row] = []
    notes = [RANDOM, *([TINY] if quick else [])]
    with_peer = has_audiocraft()
    if not with_peer and {"steps", "codec", "gpu"} & set(wanted):
        notes.append(NO_AUDIOCRAFT)
    if "steps" in wanted:
        from musearoo.tools.bench.musicgen.steps import judge_steps

        rows += judge_steps(quick=quick, has_audiocraft=with_peer, tell=tell)
    if "codec" in wanted:
        from musearoo.tools.bench.musicgen.codec import judge_codec

        rows += judge_codec(quick=quick, has_audiocraft=with_peer, tell=tell)
    if {"sound", "stopping", "likeness"} & set(wanted):
        from musearoo.tools.bench.musicgen.sound import judge_likeness, judge_sound, judge_stopping

        if "sound" in wanted:
            rows += judge_sound(quick=quick, tell=tell)
        if "stopping" in wanted:
            rows += judge_stopping(quick=quick, tell=tell)
        if "likeness" in wanted:
            rows += judge_likeness(tell=tell)
    if "gpu" in wanted:
        import torch

        if torch.cuda.is_available():
            from musearoo.tools.bench.musicgen.gpu import judge_gpu

            rows += judge_gpu(quick=quick, has_audiocraft=with_peer, tell=tell)
        else:
            notes.append(NO_GPU)
    return rows, notes
