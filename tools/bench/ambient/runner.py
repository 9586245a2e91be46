"""The runner of `musearoo bench ambient`: how fast it is made, how it sounds over minutes, when steering is heard."""

from __future__ import annotations

import argparse
import importlib.util
import queue
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from musearoo.bridge.ambient.messages import FromPlayer, PlayerOptions, Playing, Steer, Trouble
from musearoo.bridge.ambient.player import Player
from musearoo.bridge.settings.ambient_presets import read_ambient_presets
from musearoo.bridge.settings.presets_folder import read_shipped_style
from musearoo.engines.ambient.composing import begin, next_phrase
from musearoo.engines.ambient.steering import Steering
from musearoo.engines.audio.endless.ambience import Ambience
from musearoo.engines.audio.endless.synth import BLOCK, RATE
from musearoo.engines.errors import EngineError
from musearoo.engines.music.scale import Key
from musearoo.tools.bench.ambient.measures import (
    describe_sound,
    find_clicks,
    longest_silence,
    measure_novelty,
    measure_short_term,
    share_in_level,
    share_in_scale,
    tell_apart,
)
from musearoo.tools.bench.ambient.streaming import measure_streaming
from musearoo.tools.bench.busy import busy_machine
from musearoo.tools.bench.midi.jack import is_installed, jack_server
from musearoo.tools.bench.rows import Results, Row

Tell = Callable[[str, int, int], None]
Sound = npt.NDArray[np.float32]

MOST_RTF: Final = 0.15
"""Of real time on one core, for a whole preset."""
LEAST_LEVEL, LEAST_TOLD, LEAST_SCALE = 0.95, 0.90, 0.75
MOST_SILENCE, MOST_STEER = 2.0, 1.0
NOVELTY: Final = (0.02, 0.5)
"""Bounds of the mean change from four seconds to the next: neither a standstill nor another piece each time."""
PARTS: Final = ("_oscillators", "_strokes", "_clouds", "_chorus", "_echo", "_room", "_leveller", "_limiter")
SEEDS: Final = 4
TOLD_SECONDS: Final = 60.0
WITHOUT_STROKES: Final = (("percussion", 0.0),)
"""Strokes are clicks that are meant."""
WARM: Final = 5.0


def run(options: argparse.Namespace, tell: Tell) -> Results:
    """Return the rows that are asked for. Raises EngineError where a process fails."""
    presets = read_ambient_presets()
    names = [name for name in presets if not options.presets or name in options.presets]
    rows: list[Row] = []
    notes: list[str] = []
    if "speed" in options.only:
        rows += _speeds(names, options.seconds, tell)
    if "sound" in options.only:
        rows += _sounds(names, options.minutes, tell)
    if "told" in options.only:
        rows += _told(names, tell)
    if "stream" in options.only:
        if importlib.util.find_spec("fastapi") is None:
            notes.append("Nothing was streamed: that needs the server (pip install 'musearoo[server]').")
        else:
            rows += measure_streaming(options.seconds, tell)
    if "card" in options.only:
        if is_installed():
            rows += _card(options.seconds, options.busy, tell)
        else:
            notes.append("No card was played: that needs Linux and jackd, whose dummy driver stands in for one.")
    return Results(rows, notes)


def _open(name: str, seed: int = 3, **steering: Any) -> Ambience:
    wishes = Steering(preset=name, **steering)
    return Ambience(seed, wishes, read_ambient_presets(), read_shipped_style("ambient"))


def _play(ambience: Ambience, seconds: float) -> Sound:
    return np.concatenate([ambience.render() for _ in range(round(seconds * RATE / BLOCK))], axis=1)


# --- speed -----------------------------------------------------------------------------------------------------------


def _speeds(names: Sequence[str], seconds: float, tell: Tell) -> Iterator[Row]:
    presets, style = read_ambient_presets(), read_shipped_style("ambient")
    for number, name in enumerate(names):
        tell(f"speed of {name}", number, len(names))
        ambience = _open(name)
        _play(ambience, WARM)
        blocks = []
        for _ in range(round(seconds * RATE / BLOCK)):
            began = time.process_time()
            ambience.render()
            blocks.append(time.process_time() - began)
        share = sum(blocks) / (len(blocks) * BLOCK / RATE)
        yield Row(
            "speed", name, "of real time", share, MOST_RTF, share <= MOST_RTF, "whole preset on one core; its bound"
        )
        yield Row(
            "speed",
            f"{name}, worst block of 100",
            "ms",
            1000.0 * float(np.percentile(blocks, 99)),
            1000.0 * BLOCK / RATE,
            None,
            "a block's length",
        )
    spent = dict.fromkeys(PARTS, 0.0)
    ambience = _open(names[0])
    for part in PARTS:
        _time_part(ambience, part, spent)
    _play(ambience, WARM)
    spent.update(dict.fromkeys(PARTS, 0.0))
    _play(ambience, seconds)
    for part, taken in spent.items():
        yield Row("parts", f"{names[0]}: {part.strip('_')}", "of real time", taken / seconds)
    state, steering = begin(3), Steering(preset=names[0])
    began = time.process_time()
    count = 0
    while state.seconds < 3600.0:
        state, _ = next_phrase(state, steering, presets[names[0]], style)
        count += 1
    yield Row("parts", f"{names[0]}: composing a phrase", "ms", 1000.0 * (time.process_time() - began) / count)


def _time_part(ambience: Ambience, part: str, spent: dict[str, float]) -> None:
    """Add the time that a part of the synthesiser takes to `spent`."""
    of = getattr(ambience._synth, part)
    render = of.render

    class Timed:
        def __getattr__(self, name: str) -> Any:
            return getattr(of, name)

        def __len__(self) -> int:
            return len(of)

        def render(self, *args: Any) -> Any:
            began = time.process_time()
            try:
                return render(*args)
            finally:
                spent[part] += time.process_time() - began

    setattr(ambience._synth, part, Timed())


# --- sound -----------------------------------------------------------------------------------------------------------


def _sounds(names: Sequence[str], minutes: float, tell: Tell) -> Iterator[Row]:
    for number, name in enumerate(names):
        tell(f"sound of {name}", number, len(names))
        ambience = _open(name, levels=WITHOUT_STROKES)
        levels, novelty, scale, clicks, silence = [], [], [], 0, 0.0
        for _ in range(max(1, round(minutes))):
            sound = _play(ambience, 60.0 * minutes / max(1, round(minutes)))
            levels.append(measure_short_term(sound, RATE))
            novelty.append(measure_novelty(sound, RATE))
            scale.append(share_in_scale(sound, RATE, Key.parse(read_ambient_presets()[name].key).pitch_classes))
            clicks += len(find_clicks(sound))
            silence = max(silence, longest_silence(sound[:, RATE:], RATE))
        level, change = share_in_level(np.concatenate(levels)), float(np.mean(np.concatenate(novelty)))
        yield Row(
            "sound",
            f"{name}: within 2 LU",
            "share",
            level,
            LEAST_LEVEL,
            level >= LEAST_LEVEL,
            "of the time after 30 s; the least",
        )
        yield Row("sound", f"{name}: loudness", "LUFS", float(np.median(np.concatenate(levels))), -22.0, None, "wished")
        yield Row("sound", f"{name}: clicks", "", clicks, 0.0, clicks == 0)
        yield Row("sound", f"{name}: longest silence", "s", silence, MOST_SILENCE, silence < MOST_SILENCE, "the most")
        yield Row(
            "sound", f"{name}: novelty", "", change, None, NOVELTY[0] < change < NOVELTY[1], "between 0.02 and 0.5"
        )
        inside = float(np.mean(scale))
        yield Row(
            "sound",
            f"{name}: in its scale",
            "share",
            inside,
            LEAST_SCALE,
            inside >= LEAST_SCALE,
            "the least; some phrases borrow",
        )


def _told(names: Sequence[str], tell: Tell) -> Iterator[Row]:
    described = {}
    for number, name in enumerate(names):
        tell(f"telling {name} apart", number, len(names))
        described[name] = [
            describe_sound(_play(_open(name, seed), TOLD_SECONDS)[:, 4 * RATE :], RATE) for seed in range(SEEDS)
        ]
    verdict = tell_apart(described)
    share = verdict.right / verdict.of
    mistaken = ", ".join(f"{one} for {other}" for one, other in verdict.mistaken)
    yield Row("sound", "presets told apart", "share", share, LEAST_TOLD, share >= LEAST_TOLD, mistaken or "no mistake")


# --- the sound card --------------------------------------------------------------------------------------------------


def _card(seconds: float, busy: int, tell: Tell) -> Iterator[Row]:
    """Play on JACK's dummy driver, steer, and count gaps."""
    told: queue.SimpleQueue[FromPlayer] = queue.SimpleQueue()
    steering = Steering(preset="glass")
    with tempfile.TemporaryDirectory(prefix="musearoo-ambient-") as folder, ExitStack() as stack:
        stack.enter_context(jack_server())
        beside = stack.enter_context(busy_machine(busy))
        log = str(Path(folder) / "ambience.log")
        player = Player(PlayerOptions(seed=1, steering=steering, log=log, card=""), told.put)
        stack.callback(player.close)
        began = _wait(told, lambda playing: playing.at > RATE)
        tell("sound card", 1, 3)
        heard: list[float] = []
        for number in range(6):
            wished = replace(steering, brightness=0.1 + 0.15 * number, key=Key((2 * number) % 12, "Lydian"))
            player.steer(Steer(wished))
            heard.append(_wait(told, lambda playing: playing.steered > len(heard)).heard_after)
            time.sleep(0.3)
        tell("sound card", 2, 3)
        time.sleep(max(0.0, seconds - 6.0))
        last = _wait(told, lambda _: True, newest=True)
    worst = max(heard)
    yield Row(
        "card",
        "steering to sound, worst of six",
        "s",
        worst,
        MOST_STEER,
        worst <= MOST_STEER,
        f"beside {beside}; the most",
    )
    yield Row(
        "card",
        f"underruns in {(last.at - began.at) / RATE:.0f} s",
        "",
        last.underruns,
        0.0,
        last.underruns == 0,
        f"beside {beside}",
    )
    yield Row("card", "sound ahead", "s", last.ahead)


def _wait(told: queue.SimpleQueue[FromPlayer], is_it: Callable[[Playing], bool], *, newest: bool = False) -> Playing:
    until = time.monotonic() + 20.0
    found: Playing | None = None
    while time.monotonic() < until:
        try:
            message = told.get(timeout=0.01 if newest and found else 1.0)
        except queue.Empty:
            if newest and found is not None:
                return found
            continue
        if isinstance(message, Trouble):
            raise EngineError(message.sentence)
        if isinstance(message, Playing) and is_it(message):
            if not newest:
                return message
            found = message
    raise EngineError("The player told nothing for 20 s.")
