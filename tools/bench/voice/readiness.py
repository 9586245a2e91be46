"""The time until Talk works: after the daemon's start, with and without its cache, and after a crash.

Each time a sentence is spoken as soon as a device is in a set, or as soon as the recogniser has been killed; on an idle
machine, and with two busy processes.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from musearoo.bridge.cache.catalogue import RECOGNISER
from musearoo.bridge.protocol import Done
from musearoo.bridge.protocol.types import Message
from musearoo.tools.bench.measures import percentile
from musearoo.tools.bench.rows import Row
from musearoo.tools.bench.voice.spoken import RATE, Speaker, Voice, speak, write_flac
from musearoo.tools.studio.device_stand_in import NoAnswerError
from musearoo.tools.studio.processes import Studio

PART: Final = "Readiness of Talk"

SENTENCE: Final = "play house drums, two bars"

BUSY: Final = 2
"""The number of processes that keep a processor busy."""

ANSWERED_WITHIN: Final = {0: 1.0, BUSY: 3.0}
"""The limit in seconds from releasing Talk to its result, by the number of busy processes."""

READY_WITHIN: Final = 1.0
"""The limit in seconds from the daemon's readiness to the recogniser's, with the cache."""

PATIENCE: Final = 80.0
"""Seconds after which the daemon itself gives up a sentence."""


@dataclass(slots=True)
class _Tries:
    """Results of one kind: seconds from release to a right answer, and from the daemon to the recogniser."""

    answered: list[float] = field(default_factory=list)
    ready: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def judge_readiness(speaker: Speaker, times: int, tell: Callable[[str, int, int], None]) -> Iterator[Row]:
    """Yield the rows of `times` tries of each kind. Raises STUDIO_FAILURES when a process does not start."""
    voice = speak(SENTENCE, speaker)
    done, of = 0, 3 * times * len(ANSWERED_WITHIN)
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "said.flac"
        write_flac(said, voice)
        for busy in ANSWERED_WITHIN:
            with keep_busy(busy):
                for kind, try_it in (
                    ("nothing kept", _try_cold),
                    ("from what is kept", _try_warm),
                    ("after a crash", _try_crashes),
                ):
                    tries = _Tries()
                    for _ in try_it(Path(folder), said, voice, times, tries):
                        done += 1
                        tell("sentences", done, of)
                    yield from _rows(kind, busy, tries)


def _rows(kind: str, busy: int, tries: _Tries) -> Iterator[Row]:
    name = f"{kind}, {'idle' if not busy else f'{busy} busy processes'}"
    limit = ANSWERED_WITHIN[busy]
    count = len(tries.answered) + len(tries.wrong)
    soon = sum(seconds <= limit for seconds in tries.answered)
    note = f"within {limit:g} s of letting go, of {count}; {'; '.join(sorted(set(tries.wrong))) or 'all were right'}"
    yield Row(PART, f"{name}: first sentence understood", "", float(soon), None, soon == count, note)
    for percent in (50, 100) if tries.answered else ():
        value = 1000.0 * percentile(tries.answered, percent)
        yield Row(PART, f"{name}: from letting go to the clip, p{percent}", "ms", value)
    for percent in (50, 100) if tries.ready else ():
        value = 1000.0 * percentile(tries.ready, percent)
        met = value <= 1000.0 * READY_WITHIN if kind == "from what is kept" and not busy else None
        note = "" if met is None else f"within {READY_WITHIN:g} s"
        yield Row(PART, f"{name}: from the daemon to the recogniser, p{percent}", "ms", value, None, met, note)


def _try_cold(folder: Path, said: Path, voice: Voice, times: int, tries: _Tries) -> Iterator[None]:
    home = folder / "home"
    for _ in range(times):
        shutil.rmtree(home / RECOGNISER.folder, ignore_errors=True)
        _try_start(home, said, voice, tries)
        yield


def _try_warm(folder: Path, said: Path, voice: Voice, times: int, tries: _Tries) -> Iterator[None]:
    for _ in range(times):
        _try_start(folder / "home", said, voice, tries)
        yield


def _try_start(home: Path, said: Path, voice: Voice, tries: _Tries) -> None:
    with Studio(home=home, settings=_settings(said)) as studio:
        _say(studio, voice, tries)
        tries.ready.append(studio.daemon.wait_for_recogniser())


def _try_crashes(folder: Path, said: Path, voice: Voice, times: int, tries: _Tries) -> Iterator[None]:
    with Studio(home=folder / "home", settings=_settings(said)) as studio:
        for _ in range(times):
            studio.daemon.wait_for_recogniser()
            os.kill(studio.daemon.recogniser_pid(), signal.SIGTERM)
            _say(studio, voice, tries)
            studio.live.undo()
            studio.device.idle(0.2)
            yield


def _settings(said: Path) -> str:
    return f"microphone: {json.dumps(f'file:{said}')}\nlisten: false\nwarm_up: true\nlog_level: debug\n"


def _say(studio: Studio, voice: Voice, tries: _Tries) -> None:
    """Hold Talk for the duration of the sentence, and wait for its result."""
    press = studio.device.talk()
    studio.device.idle(len(voice) / RATE)
    released = time.perf_counter()
    studio.device.let_go(press)
    try:
        answer: Message | None = studio.device.wait_for(press, PATIENCE)
    except NoAnswerError:
        answer = None
    if isinstance(answer, Done) and press.answered_at is not None:
        tries.answered.append(press.answered_at - released)
    else:
        tries.wrong.append("not answered" if answer is None else str(getattr(answer, "sentence", answer)))


@contextlib.contextmanager
def keep_busy(count: int) -> Iterator[None]:
    """Keep processors busy with `count` processes."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()
