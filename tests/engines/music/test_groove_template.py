"""Applying and measuring a groove are inverse."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from musearoo.engines.analysis.groove import GrooveOnset, measure_groove
from musearoo.engines.errors import ParamError
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.drum_map import KIND_OF_PITCH, PITCHES
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.groove import Groove, GrooveProfile
from musearoo.engines.music.groove_template import apply_groove, groove_offset
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from tests.each_case import each_case

BPM = 120.0
SIXTEENTHS = tuple(step / 4.0 for step in range(16))
HATS = Clip.of("hats", 16.0, [Note(bar * 4.0 + at, 42, 0.2, 80) for bar in range(4) for at in SIXTEENTHS])
SHUFFLE = Groove(swing=Estimate(2.0, 1.0, "clip"))


def measure(clip: Clip) -> Groove:
    strokes = [GrooveOnset(note.start * 60.0 / BPM, KIND_OF_PITCH[note.pitch], note.velocity) for note in clip.notes]
    beats = [beat * 60.0 / BPM for beat in range(round(clip.length))]
    return measure_groove(strokes, beats, beats[::4], clip.meter, exact=True)


def template(offsets: tuple[float, ...], velocities: tuple[float, ...], swing: float = 1.0) -> Groove:
    feel = GrooveProfile(SIXTEENTHS, offsets, velocities, (4,) * 16)
    return Groove(Estimate(swing, 1.0, "clip"), None, 4.0, feel, {"hat": feel}, 1.0)


@given(
    st.lists(st.floats(0.0, 0.06), min_size=16, max_size=16),
    st.lists(st.floats(1.0, 127.0), min_size=16, max_size=16),
)
@settings(max_examples=40)
def test_measuring_an_applied_groove_restores_it(offsets: list[float], velocities: list[float]) -> None:
    groove = template(tuple(offsets), tuple(velocities))
    found = measure(apply_groove(HATS, groove, 1.0, 1.0))
    assert found.drums is not None
    assert found.drums["hat"].positions == SIXTEENTHS
    assert found.drums["hat"].offsets == pytest.approx(offsets, abs=1e-9)
    assert found.drums["hat"].velocities == pytest.approx(velocities, abs=1e-9)


@each_case("swing", [1.0, 1.3, 1.7, 2.0])
def test_applying_a_measured_groove_restores_the_notes(swing: float) -> None:
    """A groove taken from one clip makes a straight clip of the same places measure the same."""
    place = swing / (1.0 + swing)
    eighths = [Note(beat + part, 42, 0.2, 70 + 20 * (part == 0)) for beat in range(16) for part in (0.0, place)]
    groove = measure(Clip.of("played", 16.0, eighths))
    straight = Clip.of("straight", 16.0, [Note(step / 2.0, 42, 0.2, 80) for step in range(32)])
    again = measure(apply_groove(straight, groove, 1.0, 1.0))
    assert again.swing.value == pytest.approx(groove.swing.value, abs=1e-6)
    assert again.whole is not None
    assert groove.whole is not None
    assert again.whole.offsets == pytest.approx(groove.whole.offsets, abs=1e-9)
    assert again.whole.velocities == groove.whole.velocities


@given(st.floats(0.0, 1.0))
def test_the_amount_is_the_way_between(amount: float) -> None:
    groove = template((0.04,) * 16, (100.0,) * 16)
    moved = apply_groove(HATS, groove, amount, amount)
    for note, before in zip(moved.notes, HATS.notes, strict=True):
        assert note.start == pytest.approx(before.start + 0.04 * amount)
        assert note.velocity == pytest.approx(before.velocity + 20.0 * amount)
        assert note.duration == before.duration


def test_a_swung_clip_meets_the_groove_where_it_was_meant() -> None:
    shuffled = Clip.of("s", 4.0, [Note(beat + 2 / 3, 42, 0.2, 80) for beat in range(4)])
    straight = template((0.0,) * 16, (80.0,) * 16)
    groove = Groove(Estimate(2.0, 1.0, "clip"), None, 4.0, straight.whole, None, 1.0)
    assert [note.start for note in apply_groove(shuffled, groove).notes] == pytest.approx([0.5, 1.5, 2.5, 3.5])


def test_places_that_it_does_not_play_swing_along() -> None:
    off = Clip.of("off", 4.0, [Note(0.5, 60, 0.5, 80)])
    assert apply_groove(off, SHUFFLE).notes[0].start == pytest.approx(2 / 3)
    assert apply_groove(off, Groove()) == off


def test_drums_follow_their_own_drum_and_others_the_whole() -> None:
    late, early = GrooveProfile((0.0,), (0.05,), (90.0,), (4,)), GrooveProfile((0.0,), (0.01,), (90.0,), (4,))
    groove = Groove(bar_beats=4.0, whole=early, drums={"snare": late}, confidence=1.0)
    clip = Clip.of("all", 4.0, [Note(0.0, 38, 0.2, 90), Note(0.0, 60, 0.2, 90)])
    assert {note.pitch: note.start for note in apply_groove(clip, groove).notes} == {38: 0.05, 60: 0.01}


def test_notes_stay_in_their_clip() -> None:
    edge = Clip.of("edge", 4.0, [Note(0.0, 42, 0.2, 80), Note(3.75, 42, 0.2, 80)])
    feel = GrooveProfile((0.0, 3.75), (-0.2, 0.25), (80.0, 80.0), (4, 4))
    moved = apply_groove(edge, Groove(bar_beats=4.0, whole=feel)).notes
    assert moved[0].start == 0.0
    assert moved[1].start < 4.0


def test_a_groove_of_another_meter_gives_its_place_in_the_beat() -> None:
    groove = Groove(bar_beats=4.0, whole=GrooveProfile((0.0, 0.5, 2.5), (0.0, 0.1, 0.2), (90.0,) * 3, (8, 2, 6)))
    assert groove_offset(groove, 1.5, Meter(3, 4)) == 0.2
    assert groove_offset(groove, 1.25, Meter(3, 4)) is None


def test_beats_of_other_meters_are_counted_as_they_are() -> None:
    groove = Groove(bar_beats=2.0, whole=GrooveProfile((0.0, 1.0), (0.0, 0.1), (90.0, 90.0), (4, 4)))
    assert groove_offset(groove, 1.5, Meter(6, 8)) == pytest.approx(0.15)


@each_case("field", ["amount", "velocity_amount"])
def test_amounts_have_bounds(field: str) -> None:
    with pytest.raises(ParamError, match="0 to 1"):
        apply_groove(HATS, SHUFFLE, **{field: 1.5})


def test_every_pitch_of_the_map_strikes_one_drum() -> None:
    listed = [pitch for pitches in PITCHES.values() for pitch in pitches]
    assert len(listed) == len(set(listed)) == len(KIND_OF_PITCH)
