"""Sounds as they were heard: a beat, chords, a bass, all of it and its stems."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import numpy as np

from engines.brainaroo.hearing.fast import hear
from engines.brainaroo.hearing.sound import Sound
from engines.brainaroo.hearing.stems import hear_stems
from tests.engines.brainaroo.hearing.ear.drums import play, rock_beat
from tests.engines.brainaroo.hearing.harmony.sounds import play_chords, play_drums
from tests.engines.brainaroo.hearing.test_stems import RATE, heard, learned, mix, parts, stems
from tests.kept import Outcome, check_kept, write


def _sounds() -> Iterator[tuple[str, Sound]]:
    yield "band", mix()
    yield "bass", Sound.of(parts()["bass"], RATE)
    yield "drums", play_drums()
    yield "late snare", Sound.of(play(rock_beat(4, 97.0, 0.02), 10.5), 44_100)
    yield "chords", play_chords(["Am", "F7", "Cmaj7", "Gsus4"], 1.7, cents=23.0)
    stereo = np.stack([play_chords(["Dm", "G"], 1.0).samples[0], 0.3 * play_chords(["A", "E"], 1.0).samples[0]])
    yield "two sides", Sound.of(stereo, 22_050)
    yield "silence", Sound.of(np.zeros((1, 44_100)), 44_100)


def outcomes() -> Iterator[Outcome]:
    for name, sound in _sounds():
        analysis = hear(sound, learned())
        for field in fields(analysis):
            yield f"{name}, {field.name}", _coarse(getattr(analysis, field.name))
    for names in (("drums",), ("bass",), ("drums", "bass", "other")):
        for trust in (1.0, 0.5):
            better = hear_stems(heard(), mix(), stems(*names, trust=trust), learned())
            for part in ("hits", "groove", "harmony", "character"):
                yield f"{names}, {trust}, {part}", _coarse(getattr(better, part))


def _coarse(value: object) -> str:
    """To four digits: what is heard comes out of long sums, which machines may round in their own ways."""
    return write(value, 4)


def test_outcomes_are_as_kept() -> None:
    check_kept(Path(__file__).parent, outcomes())
