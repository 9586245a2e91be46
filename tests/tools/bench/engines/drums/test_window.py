"""Windows of drumming: which strokes are in them, and as what."""

import pytest

from musearoo.engines.music.clip import Clip
from musearoo.engines.music.note import Note
from musearoo.tools.bench.engines.drums.window import SOUNDS, Window, clip_window, cut_windows, make_window


def names(window: Window) -> list[str]:
    return [SOUNDS[number] for number in window.sounds]


def test_what_stands_for_what() -> None:
    window = make_window([(1.0, 39, 90.0), (0.0, 36, 100.0), (2.0, 70, 60.0), (3.0, 75, 70.0), (3.5, 12, 99.0)])
    assert names(window) == ["kick", "snare", "closed", "rim"]


def test_a_clip_keeps_its_places() -> None:
    window = clip_window(Clip("k", 8.0, (Note(0.0, 36, 0.25, 90.0), Note(4.26, 38, 0.25, 80.0))))
    assert window.bars == 2
    assert list(window.steps) == [0, 17]
    assert window.of("snare").tolist() == [False, True]


def test_an_early_stroke_belongs_to_the_bar_that_it_begins() -> None:
    strokes = [(float(beat) - (0.05 if beat == 32 else 0.0), 36, 90.0) for beat in range(64)]
    first, second = cut_windows(strokes, 16, 8)
    assert len(first.places) == len(second.places) == 32
    assert second.places[0] == pytest.approx(-0.05)
    assert second.steps[0] == 0


def test_rests_are_no_windows() -> None:
    assert not list(cut_windows([(float(beat), 36, 90.0) for beat in range(7)], 8, 8))
    assert not list(cut_windows([(float(beat), 36, 90.0) for beat in range(16)], 7, 8))
