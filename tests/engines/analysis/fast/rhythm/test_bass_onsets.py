from __future__ import annotations

import numpy as np

from musearoo.engines.analysis.fast.activation.evidence import DrumEvidence
from musearoo.engines.analysis.fast.activation.sound import FloatArray, Sound
from musearoo.engines.analysis.fast.activation.spectrogram import compute_spectrogram
from musearoo.engines.analysis.fast.rhythm.bass_onsets import find_bass
from musearoo.engines.music.drum_map import DRUM_KINDS
from tests.each_case import each_case

RATE = 22_050


def walk(hertz: tuple[float, ...]) -> FloatArray:
    """The bands of plucked notes, one every half second."""
    time = np.arange(RATE // 2) / RATE
    notes = [np.sin(2 * np.pi * pitch * time) * np.exp(-3.0 * time) for pitch in hertz]
    return compute_spectrogram(Sound.of(np.concatenate(notes), RATE)).bands


def silent_drums(frames: int) -> DrumEvidence:
    return DrumEvidence(np.zeros((frames, len(DRUM_KINDS)), dtype=np.float32))


def test_each_note_of_a_walking_bass_is_a_rise() -> None:
    bands = walk((55.0, 65.4, 73.4, 82.4))
    rises = find_bass(bands, silent_drums(len(bands)))
    starts = np.asarray([50, 100, 150])
    at_notes = [rises[start - 4 : start + 5].max() for start in starts]
    between = [rises[start + 15 : start + 36].max() for start in starts]
    assert min(at_notes) > 5.0 * max(between)


def test_high_notes_are_no_bass() -> None:
    low, high = walk((55.0, 82.4)), walk((880.0, 1320.0))
    drums = silent_drums(len(low))
    assert find_bass(high, drums)[40:60].max() < 0.5 * find_bass(low, drums)[40:60].max()


def test_the_rise_at_a_kick_is_the_kicks() -> None:
    bands = walk((55.0, 65.4, 73.4))
    drums = silent_drums(len(bands))
    drums.onsets[100, DRUM_KINDS.index("kick")] = 1.0
    rises = find_bass(bands, drums)
    assert rises[98:103].max() == 0.0
    assert rises[46:55].max() > 0.0


@each_case("frames", [1, 2, 3, 4])
def test_the_shortest_clips_have_as_many_frames(frames: int) -> None:
    bands = np.ones((frames, 130), dtype=np.float32)
    assert find_bass(bands, silent_drums(frames)).shape == (frames,)
