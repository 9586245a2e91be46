"""Drums with measured timing of drummers: swing, drags, flams and rolls survive capturing."""

from __future__ import annotations

from importlib import resources

import pytest

from musearoo.bridge.settings.pattern_library import open_patterns
from musearoo.engines.analysis.groove import GrooveOnset, measure_groove
from musearoo.engines.analysis.groove.swing import middle
from musearoo.engines.improvisation.capture.bars import CapturedBars, capture_bars
from musearoo.engines.music.drum_map import KIND_OF_PITCH
from musearoo.engines.music.meter import Meter
from musearoo.engines.players.library.patterns import Pattern
from tests.each_case import each_case
from tests.engines.improvisation.some_playing import play

BPM = 110.0
STYLES = ("funk", "jazz swing", "hip-hop", "disco", "R&B", "blues", "house", "rock")


def patterns() -> list[Pattern]:
    """A pattern of drums in 4/4 of each style."""
    library = open_patterns(resources.files("musearoo.presets").joinpath("patterns"))
    every = (library[index] for index in range(len(library)))
    found: dict[str, Pattern] = {}
    for pattern in every:
        if pattern.role == "drums" and pattern.style in STYLES and pattern.clip.meter == Meter():
            found.setdefault(pattern.style, pattern)
    return list(found.values())


PATTERNS = patterns()


def captured(pattern: Pattern) -> CapturedBars:
    """The pattern played twice, from beat 8 on."""
    clip = pattern.clip
    keys = [
        (8.0 + clip.length * turn + note.start, min(0.1, note.duration), note.pitch)
        for turn in range(2)
        for note in clip.notes
    ]
    return capture_bars(play(keys, BPM, channel=9), 16)


@each_case("pattern", PATTERNS)
def test_captured_drums_equal_the_played_ones(pattern: Pattern) -> None:
    heard = captured(pattern)
    length = 2.0 * pattern.clip.length
    assert heard.role == "drums"
    assert heard.clip.length == length
    assert len(heard.clip) == 2 * len(pattern.clip)
    starts = sorted(
        (note.pitch, note.start + pattern.clip.length * turn) for turn in range(2) for note in pattern.clip.notes
    )
    as_played = sorted((note.pitch, note.start) for note in heard.raw.notes)
    tidied = sorted((note.pitch, note.start) for note in heard.clip.notes)
    # As played, each stroke is where it was; and none is moved by more than chance may have been.
    for (pitch, start), raw, tidy in zip(starts, as_played, tidied, strict=True):
        assert pitch == raw[0] == tidy[0]
        assert raw[1] == pytest.approx(start)
        assert abs(tidy[1] - start) * 60.0 / BPM < 0.08


@each_case("pattern", PATTERNS)
def test_the_groove_is_the_one_that_is_measured_of_a_clip(pattern: Pattern) -> None:
    heard = captured(pattern).context.groove.value
    beat = 60.0 / BPM
    strokes = [
        GrooveOnset((note.start + pattern.clip.length * turn) * beat, KIND_OF_PITCH.get(note.pitch), note.velocity)
        for turn in range(2)
        for note in pattern.clip.notes
    ]
    beats = [number * beat for number in range(round(2.0 * pattern.clip.length) + 1)]
    measured = measure_groove(strokes, beats, beats[::4], Meter(), exact=True)
    assert heard is not None
    assert heard.whole is not None
    assert measured.whole is not None
    ours = {round(position, 3): late for position, late in zip(heard.whole.positions, heard.whole.offsets, strict=True)}
    theirs = {
        round(position, 3): late
        for position, late in zip(measured.whole.positions, measured.whole.offsets, strict=True)
    }
    misses = [abs(ours[position] - theirs[position]) * beat for position in ours.keys() & theirs.keys()]
    assert len(misses) >= 0.7 * len(theirs)
    assert middle(misses) < 0.008
