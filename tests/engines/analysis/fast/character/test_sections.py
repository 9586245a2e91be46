"""The form of made pieces."""

import numpy as np
import pytest

from musearoo.engines.analysis.fast.activation.sound import FloatArray, Sound
from musearoo.engines.analysis.fast.character.sections import part_blocks, place_blocks
from musearoo.engines.music.estimate import UNKNOWN
from musearoo.engines.music.knowledge.analysis import Rhythm
from tests.engines.analysis.fast.character.sounds import hear, make_noise, make_sine, make_steady_rhythm


def make_part(kind: str, seconds: float) -> FloatArray:
    """A stretch of one of three sounds, each with a pulse at 120 BPM."""
    tone = {"verse": 220.0, "chorus": 660.0, "bridge": 110.0}[kind]
    level = {"verse": 0.01, "chorus": 0.15, "bridge": 0.002}[kind]
    pulse = np.exp(-np.mod(np.arange(round(seconds * 44_100)) / 44_100, 0.5) * 9)
    wave = make_sine(tone, seconds, -12.0, 44_100) + make_noise(seconds, level, seed=len(kind))
    return np.asarray(wave * pulse, dtype=np.float32)


def test_parts_that_come_back_have_one_label() -> None:
    form = [("verse", 16.0), ("chorus", 16.0), ("verse", 16.0), ("chorus", 16.0), ("bridge", 8.0), ("chorus", 16.0)]
    sound = Sound.of(np.concatenate([make_part(kind, seconds) for kind, seconds in form]), 44_100)
    sections = hear(sound, make_steady_rhythm(sound.duration)).sections
    assert [section.label for section in sections] == ["A", "B", "A", "B", "C", "B"]
    edges = np.cumsum([seconds for _, seconds in form])
    assert [section.end for section in sections] == pytest.approx(list(edges), abs=1.0)
    assert all(section.confidence > 0.5 for section in sections)


def test_without_beats_blocks_of_two_seconds_do() -> None:
    sound = Sound.of(np.concatenate([make_part("verse", 16.0), make_part("chorus", 16.0)]), 44_100)
    sections = hear(sound).sections
    assert [section.label for section in sections] == ["A", "B"]
    assert sections[0].end == pytest.approx(16.0, abs=1.0)


def test_what_stays_the_same_is_one_section() -> None:
    sound = Sound.of(make_part("verse", 32.0), 44_100)
    assert [section.label for section in hear(sound, make_steady_rhythm(32.0)).sections] == ["A"]


def test_short_clips_are_one_section() -> None:
    sound = Sound.of(np.concatenate([make_part("verse", 4.0), make_part("chorus", 4.0)]), 44_100)
    (section,) = hear(sound, make_steady_rhythm(8.0)).sections
    assert (section.start, section.end, section.label) == (0.0, 8.0, "A")


def test_blocks_are_bounded_however_long_a_piece_is() -> None:
    edges = place_blocks(make_steady_rhythm(1800.0, 240.0), 1800.0)
    assert 200 < len(edges) <= 513
    assert (edges[0], edges[-1]) == (0.0, 1800.0)
    assert np.all(np.diff(edges) > 0.0)
    assert len(place_blocks(Rhythm(UNKNOWN), 31.0)) == 16


def test_the_partition_of_equal_blocks_is_one_part() -> None:
    assert part_blocks(np.zeros((40, 3))) == [0, 40]
    assert part_blocks(np.repeat([[2.0], [-2.0]], 8, axis=0)) == [0, 8, 16]
