"""The runner of `musearoo bench stems`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from musearoo.bridge.models.store import FOLDER, ModelStore
from musearoo.bridge.settings.config_files import home_folder
from musearoo.engines.errors import EngineError
from musearoo.engines.neural.cards.catalogue import explain_missing_packages, find_model
from musearoo.tools.bench.options import STEMS_PARTS
from musearoo.tools.bench.rows import Results, Row
from musearoo.tools.bench.stems.dsp_split import judge_dsp
from musearoo.tools.bench.stems.memory import judge_memory

Progress = Callable[[str, int, int], None]
"""Progress callback: the measured item, how many of its parts are done, and their total."""

MODEL: Final = "htdemucs"
"""The measured model."""

LONG_MINUTES: Final = 3.0
"""The duration of the longer clip that times Demucs."""
QUICK_MINUTES: Final = 0.1
"""Its duration if `quick`, and that of the file for the memory measurement."""

_TINY: Final = (
    f"A quick look takes a tiny model of random weights for {MODEL}: what it shows of Demucs is that all works, and "
    "that it equals stock Demucs; no times and no memory."
)
_RANDOM: Final = (
    f"{MODEL} is not on this machine: random weights of its architecture and size stand for it, so times, memory and "
    "equality are real, and what the stems sound like is not."
)


def run(options: argparse.Namespace, progress: Progress = lambda _what, _done, _of: None) -> Results:
    """Run the requested benchmarks. Raises EngineError and OSError, each with one sentence."""
    wanted = options.only or STEMS_PARTS
    rows: list[Row] = []
    notes: list[str] = []
    if "dsp" in wanted:
        rows += judge_dsp(quick=options.quick, tell=progress)
    if "demucs" not in wanted and "memory" not in wanted:
        return Results(rows, notes)
    backends = ["dsp"]
    with TemporaryDirectory(prefix="musearoo-") as spare:
        models = ModelStore(options.weights or home_folder() / FOLDER)
        lack = explain_missing_packages(find_model(MODEL))
        if lack:
            notes.append(lack)
        else:
            backends.append("demucs")
            models, note = _find_models(options, Path(spare))
            notes += [note] if note else []
            if "demucs" in wanted:
                from musearoo.tools.bench.stems.demucs_split import judge_demucs  # imported here because it loads torch

                minutes = QUICK_MINUTES if options.quick else LONG_MINUTES
                rows += judge_demucs(models.find(MODEL) or models.place(MODEL), minutes=minutes, tell=progress)
        if "memory" in wanted:
            minutes = QUICK_MINUTES if options.quick else options.minutes
            for number, backend in enumerate(backends):
                progress(f"memory of {backend}", number, len(backends))
                rows += judge_memory(backend, models.folder, minutes)
    return Results(rows, notes)


def _find_models(options: argparse.Namespace, spare: Path) -> tuple[ModelStore, str]:
    """Return the store that contains MODEL, and a note if it is not the real one, which is then written to a spare
    folder.
    """
    if options.weights:
        store = ModelStore(options.weights)
        if store.find_own(MODEL) is None:
            raise EngineError(
                f"There is no complete {MODEL} in {options.weights}: it needs a folder {MODEL} with {MODEL}.yaml and "
                "its weights there."
            )
        return store, ""
    store = ModelStore(home_folder() / FOLDER)
    if store.find(MODEL) and not options.quick:
        return store, ""
    from musearoo.tools.bench.stems.random_demucs import write_random_demucs  # imported here because it loads torch

    store = ModelStore(spare)
    write_random_demucs(store.place(MODEL), MODEL, tiny=options.quick)
    return store, _TINY if options.quick else _RANDOM
