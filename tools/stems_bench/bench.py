"""Runs `musearoo bench stems`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bridge.config_files import home_folder
from bridge.model_store import FOLDER, ModelStore
from engines.models.catalogue import explain_missing_packages, find_model
from tools.bench_rows import Results, Row
from tools.stems_bench.dsp_bench import judge_dsp
from tools.stems_bench.memory import judge_memory
from tools.stems_bench.options import PARTS

Progress = Callable[[str, int, int], None]
"""Told what is judged, how many parts of it are done, and of how many."""

MODEL: Final = "htdemucs"
"""The model that is measured."""

LONG_MINUTES: Final = 3.0
"""How long the longer clip is on which Demucs is timed."""
QUICK_MINUTES: Final = 0.1
"""How long it is in a quick look, and the file whose memory is measured."""

_TINY: Final = (
    f"A quick look takes a tiny model of random weights for {MODEL}: what it shows of Demucs is that all works, and "
    "that it equals stock Demucs; no times and no memory."
)
_RANDOM: Final = (
    f"{MODEL} is not on this machine: random weights of its architecture and size stand for it, so times, memory and "
    "equality are real, and what the stems sound like is not."
)


def run(options: argparse.Namespace, progress: Progress = lambda _what, _done, _of: None) -> Results:
    """Judges what was asked for. Raises EngineError and OSError, each with one sentence."""
    wanted = options.only or PARTS
    rows: list[Row] = []
    notes: list[str] = []
    if "dsp" in wanted:
        rows += judge_dsp(quick=options.quick, tell=progress)
    lack = explain_missing_packages(find_model(MODEL))
    with TemporaryDirectory(prefix="musearoo-") as spare:
        store = ModelStore(options.weights or home_folder() / FOLDER)
        if lack:
            notes.append(lack)
        elif "demucs" in wanted or "memory" in wanted:
            if options.quick or store.find(MODEL) is None:
                store = ModelStore(Path(spare))
                notes.append(_write_random(store, tiny=options.quick))
            if "demucs" in wanted:
                rows += _judge_demucs(store, QUICK_MINUTES if options.quick else LONG_MINUTES, progress)
        if "memory" in wanted:
            minutes = QUICK_MINUTES if options.quick else options.minutes
            for number, backend in enumerate(("dsp",) if lack else ("dsp", "demucs")):
                progress(f"memory of {backend}", number, 1 if lack else 2)
                rows += judge_memory(backend, store.folder, minutes)
    return Results(rows, notes)


def _write_random(store: ModelStore, *, tiny: bool) -> str:
    """Writes a random model where the store finds it; returns the sentence that says so."""
    from tools.stems_bench.random_demucs import write_random_demucs  # here, for it loads torch

    write_random_demucs(store.place(MODEL), MODEL, tiny)
    return _TINY if tiny else _RANDOM


def _judge_demucs(store: ModelStore, minutes: float, progress: Progress) -> Iterator[Row]:
    from tools.stems_bench.demucs_bench import judge_demucs  # here, for it loads torch

    folder = store.find(MODEL)
    if folder is None:
        raise FileNotFoundError(store.explain_missing(MODEL))
    return judge_demucs(folder, minutes=minutes, tell=progress)
