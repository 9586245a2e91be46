"""Where an audio clip's strokes and chords lie in its scene."""

from __future__ import annotations

import pytest

from musearoo.engines.analysis.scene.clips import AnalyzedClip, SceneClip
from musearoo.engines.analysis.scene.harmony import merge_chords, vote_for_key
from musearoo.engines.errors import ParamError
from musearoo.engines.music.chord import Chord
from musearoo.engines.music.clip import Clip
from musearoo.engines.music.estimate import UNKNOWN, Estimate
from musearoo.engines.music.knowledge.analysis import Analysis, DetectedChord, DrumOnset, Harmony, Rhythm
from musearoo.engines.music.knowledge.context import Part
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import MAX_BEATS, Note
from musearoo.engines.music.scale import Key

TOLD = ((0.0, 0.0), (0.5, 1.0))
NOTHING = Analysis(4.0, "fast", Rhythm(UNKNOWN))


def drums(*times: float, velocity: float = 90.0, beats: tuple[float, ...] = (), first: int = 0) -> Analysis:
    rhythm = Rhythm(UNKNOWN, beats, beats[first::4])
    return Analysis(4.0, "fast", rhythm, hits=tuple(DrumOnset(time, "kick", velocity, 1.0) for time in times))


def place(analysis: Analysis, points: tuple[tuple[float, float], ...] = TOLD, length: float = 4.0) -> SceneClip:
    return SceneClip.of("Break", "drums", AnalyzedClip(analysis, points, length), Meter(), 120.0)


def test_lengths_and_points_that_can_be_are_taken() -> None:
    for points, length in (
        ((), 0.5),
        ((), MAX_BEATS),
        (((10.0, 0.0), (11.0, 1.0)), 4.0),
        (((0.0, 10.0), (1.0, 11.0)), 4.0),
        (((0.0, 0.0),), 4.0),
    ):
        assert AnalyzedClip(NOTHING, points, length).length == length
    for points, length in (((), MAX_BEATS + 1.0), (((0.0, 1.0), (1.0, 1.0)), 4.0), (((1.0, 0.0), (1.0, 1.0)), 4.0)):
        with pytest.raises(ParamError):
            AnalyzedClip(NOTHING, points, length)


def test_one_point_does_not_tell_the_tempo() -> None:
    """It is as none: then two beats that were found count, and for one the set's tempo."""
    for beats, second in (((1.0, 1.4), 2.0), ((1.0,), 1.0), ((), 1.0)):
        placed = place(drums(beats=beats), ((0.25, 0.0),))
        assert not placed.has_live_beats
        at = 1.8 if len(beats) == 2 else 0.5
        assert placed.beat(at) == pytest.approx(second), beats


def test_a_stroke_just_before_the_start_sounds_at_it_and_an_earlier_one_at_the_end() -> None:
    """Before the first downbeat lies the loop's end, where Live does not say where the loop begins."""
    beats = tuple(0.5 * beat for beat in range(9))
    placed = place(drums(0.0, 0.45, 0.5, 1.0, beats=beats, first=1), ())
    assert [stroke.time for stroke in placed.strokes(4.0)] == pytest.approx([-0.1, 0.0, 1.0, 3.0])
    assert [note.start for note in placed.part(Meter()).clip.notes] == pytest.approx([0.0, 1.0, 3.0])
    told = place(drums(0.0, 0.45, 0.5), ((0.5, 0.0), (1.0, 1.0)))
    assert [stroke.time for stroke in told.strokes(4.0)] == pytest.approx([-0.1, 0.0])


def test_strokes_come_again_until_a_beat_and_not_on_it() -> None:
    placed = place(drums(0.0, 1.0, 2.0))
    assert [stroke.time for stroke in placed.strokes(6.0)] == [0.0, 2.0, 4.0]
    assert [stroke.time for stroke in placed.strokes(6.5)] == [0.0, 2.0, 4.0, 6.0]


def test_a_stroke_is_a_note_as_loud_as_midi_has_it() -> None:
    for velocity, written in ((0.2, 1.0), (90.0, 90.0), (140.0, 127.0)):
        notes = place(drums(0.0, velocity=velocity)).part(Meter()).clip.notes
        assert [(note.velocity, note.pitch, note.duration) for note in notes] == [(written, 36, 0.25)]


def hear(*spans: tuple[float, float, str], sure: float = 0.8, key: Estimate[Key | None] = UNKNOWN) -> SceneClip:
    chords = tuple(
        DetectedChord(start, end, Chord.parse(label) if label else None, sure) for start, end, label in spans
    )
    analysis = Analysis(8.0, "fast", Rhythm(UNKNOWN), Harmony(key, (), chords, sure))
    return SceneClip("harmony", "Pad", analysis, ((0.0, 0.0), (1.0, 1.0)), 8.0, True)


def rows(part: SceneClip, *written: Part, meter: str = "4/4") -> list[tuple[float, float, str]]:
    spans = merge_chords(written, [part], Meter.parse(meter))
    return [(span.start, span.end, str(span.chord)) for span in spans]


def test_heard_chords_change_on_the_pulses_of_the_meter() -> None:
    assert rows(hear((0.0, 3.2, "C"), (3.2, 8.0, "G"))) == [(0.0, 3.0, "C"), (3.0, 8.0, "G")]
    assert rows(hear((0.0, 3.2, "C"), (3.2, 8.0, "G")), meter="6/8") == [(0.0, 3.0, "C"), (3.0, 8.0, "G")]
    assert rows(hear((0.0, 3.6, "C"), (3.6, 8.0, "G")), meter="7/8") == [(0.0, 3.5, "C"), (3.5, 8.0, "G")]
    assert rows(hear((0.0, 3.4, "C"), (3.4, 8.0, "G"))) == [(0.0, 3.4, "C"), (3.4, 8.0, "G")]


def test_what_ends_at_the_start_or_begins_at_the_end_is_left_out() -> None:
    spans = ((-2.0, 0.2, "F"), (0.2, 4.0, "C"), (4.0, 7.9, "G"), (7.9, 9.0, "Am"))
    assert rows(hear(*spans)) == [(0.0, 4.0, "C"), (4.0, 8.0, "G")]


def test_of_two_chords_on_one_pulse_the_later_counts() -> None:
    assert rows(hear((0.0, 3.9, "C"), (3.9, 4.1, "F"), (4.1, 8.0, "G"))) == [(0.0, 4.0, "C"), (4.0, 8.0, "G")]
    assert rows(hear((0.0, 3.9, "C"), (3.9, 4.1, "F"), (4.1, 8.0, "C"))) == [(0.0, 8.0, "C")]


def test_a_bass_of_notes_turns_a_heard_chord_over_only_with_one_of_its_notes() -> None:
    pad = hear((0.0, 4.0, "C"), (4.0, 8.0, "G7"))
    for low, high, expected in ((40, 47, ["C/E", "G7/B"]), (36, 43, ["C", "G7"]), (42, 42, ["C", "G7"])):
        bass = Part("bass", "b", Clip.of("b", 8.0, [Note(0.0, low, 4.0, 90.0), Note(3.8, high, 4.0, 90.0)]))
        empty = Part("bass", "e", Clip("e", 8.0))
        assert [label for _, _, label in rows(pad, empty, bass)] == expected, low


def test_drums_and_parts_without_chords_give_none_and_written_harmony_goes_first() -> None:
    keys = Part("harmony", "k", Clip.of("k", 8.0, [Note(0.0, pitch, 8.0, 90.0) for pitch in (57, 60, 64)]))
    assert [label for _, _, label in rows(hear((0.0, 8.0, "C")), keys)] == ["Am"]
    assert rows(hear((0.0, 8.0, ""))) == []
    pad = hear((0.0, 8.0, "C"))
    beat = SceneClip("drums", "Beat", pad.analysis, pad.points, 8.0, True)
    assert merge_chords([], [beat], Meter()) == ()


def test_a_key_that_nobody_is_sure_of_has_no_confidence_and_a_relative_lends_half() -> None:
    def key(name: str, sure: float) -> SceneClip:
        return hear((0.0, 8.0, ""), key=Estimate(Key.parse(name), sure, "clip"))

    assert vote_for_key([], [key("C", 0.0)], ()) == Estimate(Key.parse("C"), 0.0, "clip")
    assert vote_for_key([], [], ()) == Estimate(None, 0.0, "guess")
    both = vote_for_key([], [key("C", 0.6), key("A minor", 0.4), key("Eb", 0.7)], ())
    assert both.value == Key.parse("C")
    assert both.confidence == pytest.approx((0.6 + 0.2) / 1.7 * 0.6)
