"""Sounds as they were rendered, by their levels: every tenth program, every drum, and a mix."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from engines.mixaroo.slots import Cut
from engines.rendering.drum_kit import render_stroke
from engines.rendering.equalising import apply_cuts
from engines.rendering.instruments import voice_of
from engines.rendering.measuring import measure_stem
from engines.rendering.mixing import add_room, limit_peak, mix_stems, pan_gains, render_stem
from engines.rendering.stem import stem_of
from engines.rendering.tones import render_tone
from tests.engines.jamming.phrases import ALL
from tests.engines.rendering.test_mixdown import SECONDS, SECTIONS, SONG
from tests.kept import Outcome, check_kept, write

RATE = 22_050


def outcomes() -> Iterator[Outcome]:
    for program in range(0, 128, 3):
        for pitch, velocity in ((40, 50.0), (71, 110.0)):
            tone = render_tone(voice_of(program), pitch, 0.4, velocity, RATE)
            yield f"program {program}, {pitch}", _levels(np.atleast_2d(tone), 8)
    for pitch in range(30, 85):
        yield f"drum {pitch}", _levels(render_stroke(pitch, RATE), 6)
    for stem in SONG:
        yield f"{stem.name}, measured", write(measure_stem(stem, SECONDS, SECTIONS), 4)
    for name, phrase in ALL.items():
        stem = stem_of(name, phrase.clip, 100.0, None if name == "drums" else 4, -3.0, 0.2)
        yield f"{name}, stem", stem
        yield f"{name}, rendered", _levels(render_stem(stem, 3.0, RATE), 12)
    mixed = mix_stems(SONG, 4.0, RATE)
    yield "mix", _levels(mixed, 16)
    yield "mix, looped", _levels(mix_stems(SONG, 4.0, RATE, loop=True), 16)
    yield "room", _levels(add_room(mixed, 0.3 * mixed, RATE), 16)
    yield "limited", _levels(limit_peak(4.0 * mixed), 16)
    for kind in ("bell", "low cut"):
        yield kind, _levels(apply_cuts(mixed, [Cut(kind, 250.0, -4.0, 0.9)], RATE), 16)
    yield "pan", [pan_gains(place / 4.0) for place in range(-4, 5)]


def _levels(samples: np.ndarray, parts: int) -> list[str]:
    """How loud a sound is from part to part, and about how often it goes through zero."""
    pieces = np.array_split(samples, parts, axis=1)
    crossings = [int((np.diff(np.signbit(piece[0])) != 0).sum() // 40) for piece in pieces]
    return [f"{level:.3g}" for piece in pieces for level in np.sqrt((piece**2).mean(axis=1))] + [str(crossings)]


def test_outcomes_are_as_kept() -> None:
    check_kept(Path(__file__).parent, outcomes())
