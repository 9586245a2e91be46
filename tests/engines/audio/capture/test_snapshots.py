"""Reading recordings compared with snapshots: stretches and beats, bars before a press, and unrolled rings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import numpy as np

from musearoo.engines.audio.capture.bars import choose_bars
from musearoo.engines.audio.capture.beats import FloatArray, Stretch, find_stretches
from musearoo.engines.audio.capture.errors import CaptureError
from musearoo.engines.audio.capture.form import ROUND
from musearoo.engines.audio.capture.ring import unroll
from tests.snapshots import Outcome, check_snapshots

RATE = 8_000
"""Sample rate: low, so that beats are short and many fit into a small array."""


def outcomes() -> Iterator[Outcome]:
    yield from _transports()
    yield from _edges()
    yield from _presses()
    yield from _rings()


def _phase(chance: Random) -> FloatArray:
    """Return the phase of a transport that runs, stops, jumps, ramps and stutters; portable arithmetic."""
    phases: list[float] = []
    position = chance.choice((0.0, 0.0, 0.3, 0.004, 0.999))
    for _ in range(1 + chance.randrange(5)):
        roll = chance.random()
        step = chance.choice((60.0, 120.0, 250.0, 999.0)) / 60.0 / RATE
        if roll < 0.2:
            phases += [chance.choice((0.0, position % 1.0))] * chance.choice((3, 63, 64, 65, 66, 500))
        elif roll < 0.3:
            position += chance.choice((0.5, 1.0, 0.005, 0.3, -0.2, -0.004))
        elif roll < 0.4:
            phases.append(chance.choice((-0.1, 1.0, 1.1, float("nan"))))
        else:
            growth = chance.choice((0.0, 0.0, 1e-9, -1e-9))
            for _ in range(chance.choice((40, 62, 63, 64, 65, 66, 3000, 9000, 20_000))):
                phases.append(position % 1.0)
                position += step
                step += growth
    return np.array(phases, dtype=np.float32)


def _told(stretch: Stretch) -> object:
    at = [
        round(stretch.sample_at(beat, part), 2)
        for beat in (-1, 0, 1, 2, 99)
        for part in (0.0, 0.0003, 0.01, 0.5, 0.999)
    ]
    return stretch.first, stretch.end, [round(float(beat), 2) for beat in stretch.beats], at


def _transports() -> Iterator[Outcome]:
    for seed in range(70):
        chance = Random(f"transports {seed}")
        phase = _phase(chance)
        stretches = find_stretches(phase, RATE)
        results = []
        for press in (0, 1, phase.size // 3, phase.size - 1, phase.size, phase.size + 40):
            for song in (None, 0.1, 5.4, 6.0, 17.7):
                wanted = chance.choice((1, 2, 8))
                bar_beats = chance.choice((4.0, 3.0, 3.5, 1.0))
                try:
                    bars = choose_bars(stretches, press, song, bar_beats, wanted)
                except CaptureError:
                    results.append(())
                    continue
                lines = [round(float(sample), 2) for sample in bars.samples_at(bar_beats)]
                length = lines[-1] - lines[0]
                bpm = round(bars.bpm(RATE), 2) if length > 0.0 else None
                results.append((bars.stretch.first, bars.begin, bars.count, bars.is_one_known, bpm, lines))  # type: ignore[arg-type]
        yield f"transport {seed}", ([_told(stretch) for stretch in stretches], results)


def _steady(count: int, start: float = 0.0, step: float = 0.001) -> list[float]:
    return [(start + number * step) % 1.0 for number in range(count)]


def _edges() -> Iterator[Outcome]:
    """Yield runs at the limits of length, and steps just too large."""
    for count in (0, 1, 2, 3, 63, 64, 65, 66, 67, 130):
        phase = np.array(_steady(count), dtype=np.float32)
        yield f"{count} samples", [_told(stretch) for stretch in find_stretches(phase, RATE)]
    for still in (1, 62, 63, 64, 65, 66):
        phase = np.array([*_steady(500), *[0.5] * still, *_steady(500, 0.5)], dtype=np.float32)
        yield f"{still} that stand", [_told(stretch) for stretch in find_stretches(phase, RATE)]
    for jump in (0.008, 0.0095, 0.011, 0.0125, 0.0135, -0.0095, -0.011, 0.5, -0.5):
        phase = np.array([*_steady(300), *_steady(300, 0.3 + jump)], dtype=np.float32)
        yield f"jump by {jump}", [_told(stretch) for stretch in find_stretches(phase, RATE)]
    for begun in (0.0, 0.001, 0.009, 0.0101, 0.5):
        phase = np.array([*[0.0] * 100, *_steady(2500, begun), *[0.0] * 100], dtype=np.float32)
        yield f"begun at {begun}", [_told(stretch) for stretch in find_stretches(phase, RATE)]
    for step in (0.0001, 0.002, 0.004, 0.01, 0.0121, 0.0123):
        phase = np.array(_steady(3000, 0.1, step), dtype=np.float32)
        yield f"steps of {step}", [_told(stretch) for stretch in find_stretches(phase, RATE)]
    back = [0.9, 0.95, 0.99, 0.999, 0.002, 0.998, 0.003, 0.01, 0.02]
    phase = np.array([*_steady(300, 0.6), *back, *_steady(2300, 0.021)], dtype=np.float32)
    yield "a beat passed twice", [_told(stretch) for stretch in find_stretches(phase, RATE)]
    twice = np.array([*_steady(2500, 0.2), *[0.7] * 100, *phase], dtype=np.float32)
    yield "a beat passed twice later", [_told(stretch) for stretch in find_stretches(twice, RATE)]
    for odd in (1.0, 1.004, 1.1, -0.004, -0.1):
        for at in (999, 1000, 1001, 1500):
            phase = np.array(_steady(2500), dtype=np.float32)
            phase[at] = odd
            yield f"{odd} at {at}", [_told(stretch) for stretch in find_stretches(phase, RATE)]


def _presses() -> Iterator[Outcome]:
    """Yield presses around bar lines, with the song's position known, inexact, and unknown."""
    phase = np.array([*[0.0] * 100, *_steady(16_400, 0.0)], dtype=np.float32)
    late = np.array(_steady(16_400, 0.25), dtype=np.float32)
    stopped = np.array([*_steady(12_001, 0.0), *[0.0] * 300], dtype=np.float32)
    for name, own in (("phase", phase), ("late", late), ("stopped", stopped)):
        stretches = find_stretches(own, RATE)
        for press in (
            90,
            100,
            101,
            1_000,
            4_000,
            4_098,
            4_099,
            4_100,
            4_101,
            8_099,
            12_001,
            12_100,
            own.size - 1,
            own.size,
        ):
            results = []
            for song in (None, 0.0, 3.98, 4.05, 7.6, 8.3):
                for wanted in (1, 3):
                    try:
                        bars = choose_bars(stretches, press, song, 4.0, wanted)
                        results.append((bars.begin, bars.count, bars.is_one_known, bars.length))
                    except CaptureError:
                        results.append(())  # type: ignore[arg-type]
            yield f"press {name} {press}", results


def _rings() -> Iterator[Outcome]:
    """Yield rings that begin anywhere, were recorded into while being written, or are broken."""
    for seed in range(80):
        chance = Random(f"rings {seed}")
        size = 24
        first = chance.choice((0, 5, 1000, ROUND - 10, ROUND - size))
        head = chance.randrange(size)
        newest = [first + (place if place <= head else place - size) for place in range(size)]
        if chance.random() < 0.5:
            cut = chance.randrange(size)
            newest = [number + (size if place < cut and place > head - 3 else 0) for place, number in enumerate(newest)]
        counters = [float(number % ROUND) if number >= 0 else 0.0 for number in newest]
        if chance.random() < 0.3:
            counters[chance.randrange(size)] = chance.choice((float("nan"), -1.0, 0.5, float(ROUND), 7.0, 0.0))
        if chance.random() < 0.1:
            counters = [0.0] * size
        ring = np.zeros((4, size), dtype=np.float32)
        ring[0], ring[1], ring[2] = np.arange(size), -np.arange(size), np.arange(size) / 100.0
        ring[3] = counters
        results = []
        for press in (first, first + head, first + head + 3, first - 4, first + head + 8_200, first + head + 8_190):
            try:
                found = unroll(ring, press)
                results.append((found.audio[0].astype(int), found.phase.size, found.counter, found.press))
            except CaptureError:
                results.append(())  # type: ignore[arg-type]
        yield f"ring {seed}", results
    for broken in (1998, 2002):
        ring = np.zeros((4, broken), dtype=np.float32)
        ring[3] = [float(3 * number) for number in range(broken)]
        ring[3, broken // 2 :] = np.arange(5000, 5000 + broken - broken // 2)
        try:
            yield f"{broken} broken", unroll(ring, 5100).press
        except CaptureError as error:
            yield f"{broken} broken", type(error).__name__


def test_outcomes_are_as_in_snapshots() -> None:
    check_snapshots(Path(__file__).parent, outcomes())
