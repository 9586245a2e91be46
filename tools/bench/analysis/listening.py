"""Run an analyzer over files in a separate process. A peer's answers are cached: they never change."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from musearoo.tools.bench.analysis.answers import Answer, decode_answer

Run = Callable[[str, Sequence[Path]], Iterator[dict[str, Any]]]


class ListenerError(Exception):
    """An analyzer is not installed, or failed; the text says which and why."""


@dataclass(frozen=True, slots=True)
class AnalyzerRun:
    """Answers in the order of the files, and the process's peak memory in MB if it was run."""

    answers: tuple[Answer, ...]
    peak_mb: float | None


def listen_as(
    listener: str,
    files: Sequence[Path],
    cache: Path | None,
    progress: Callable[[int], None] = lambda _: None,
    run: Run | None = None,
) -> AnalyzerRun:
    """Return the answers of one of LISTENERS for sound files, from the cache where possible. Raises ListenerError.

    `run` starts the process; the default is `run_listener`.
    """
    places = [cache / f"{listener}-{_digest(file)}.json" if cache else None for file in files]
    answers = [_recall(place) for place in places]
    missing = [number for number, answer in enumerate(answers) if answer is None]
    progress(len(files) - len(missing))
    peak = None
    if missing:
        lines = (run or run_listener)(listener, [files[number] for number in missing])
        for done, number in enumerate(missing, start=1):
            data = next(lines)
            answers[number] = decode_answer(data)
            _keep(places[number], data)
            progress(len(files) - len(missing) + done)
        peak = next(lines)["peak_mb"]
    return AnalyzerRun(tuple(answer for answer in answers if answer is not None), peak)


def _recall(place: Path | None) -> Answer | None:
    return decode_answer(json.loads(place.read_text(encoding="utf-8"))) if place and place.exists() else None


def _keep(place: Path | None, data: dict[str, Any]) -> None:
    if place is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(data), encoding="utf-8")


def _digest(file: Path) -> str:
    return hashlib.blake2b(file.read_bytes(), digest_size=12).hexdigest()


def run_listener(listener: str, files: Sequence[Path]) -> Iterator[dict[str, Any]]:
    """Yield the process's output: one JSON answer per file, then its peak memory. Raises ListenerError."""
    # One thread each, so that no peer benefits from the number of cores.
    alone = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "musearoo.tools.bench.analysis.listeners", listener, *map(str, files)]
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=alone) as process,
    ):
        count = 0
        for line in process.stdout or ():
            count += 1
            yield json.loads(line)
        process.wait()
        errors.seek(0)
        output = errors.read().strip().splitlines()
    if process.returncode or count <= len(files):
        raise ListenerError(f"{listener} failed: {output[-1] if output else f'exit status {process.returncode}'}")
