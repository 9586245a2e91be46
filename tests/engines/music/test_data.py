"""The music types: one list of cases per type, parsed and formatted."""

from __future__ import annotations

import json
from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from musearoo.engines.errors import ParamError
from musearoo.engines.music.chord import QUALITIES, Chord
from musearoo.engines.music.clip import Clip, end_before_next
from musearoo.engines.music.estimate import Estimate
from musearoo.engines.music.knowledge.context import MusicalContext, Part
from musearoo.engines.music.knowledge.context_json import decode_context, encode_context
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.note import Note
from musearoo.engines.music.piano_roll import draw_piano_roll
from musearoo.engines.music.pitch import USUAL_NAMES, nearest_pitch, parse_pitch, pitch_name
from musearoo.engines.music.progression import chord_at, format_progression, parse_progression, repeat_progression
from musearoo.engines.music.scale import SCALES, Key
from musearoo.engines.music.swing import Swing
from tests.each_case import each_case

GOOD_NOTE = Note(1.0, 60, 0.5, 100.0)


@each_case(
    "field, value, bounds",
    [
        ("start", -0.1, "0 to below"),
        ("start", nan, "0 to below"),
        ("start", 2_000_000.0, "0 to below"),
        ("duration", 0.0, "above 0"),
        ("pitch", 128, "0 to 127"),
        ("pitch", -1, "0 to 127"),
        ("velocity", 0, "1 to 127"),
        ("velocity", 127.5, "1 to 127"),
        ("probability", 1.5, "0 to 1"),
        ("velocity_deviation", 128, "-127 to 127"),
        ("release_velocity", -1, "0 to 127"),
    ],
)
def test_notes_out_of_bounds_raise(field: str, value: float, bounds: str) -> None:
    with pytest.raises(ParamError, match=bounds) as error:
        replace(GOOD_NOTE, **{field: value})
    assert error.value.field == field


def test_a_clip_is_sorted_and_whole() -> None:
    late, early = replace(GOOD_NOTE, start=2.0), replace(GOOD_NOTE, start=0.5)
    assert Clip.of("c", 4.0, [late, early]).notes == (early, late)
    with pytest.raises(ParamError, match="sorted by start and pitch"):
        Clip("c", 4.0, (late, early))
    with pytest.raises(ParamError, match="0 to below 2 beats"):
        Clip("c", 2.0, (late,))
    with pytest.raises(ParamError, match="length"):
        Clip("c", 0.0)


def test_overlaps_of_a_pitch_are_cut_and_doubles_dropped() -> None:
    notes = [Note(0.0, 60, 4.0, 90), Note(1.0, 60, 1.0, 90), Note(1.0, 60, 2.0, 80), Note(0.0, 64, 4.0, 90)]
    assert [(note.start, note.pitch, note.duration) for note in end_before_next(notes)] == [
        (0.0, 60, 1.0),
        (0.0, 64, 4.0),
        (1.0, 60, 2.0),
    ]


@each_case("pitch", range(128))
def test_pitch_names_both_ways(pitch: int) -> None:
    for names in (USUAL_NAMES, *(Key(tonic).note_names for tonic in range(12))):
        assert parse_pitch(pitch_name(pitch, names)) == pitch


@given(st.integers(0, 11), st.floats(0, 127), st.integers(0, 100), st.integers(11, 27))
def test_the_nearest_pitch_is_of_its_class_and_in_range(pitch_class: int, target: float, low: int, span: int) -> None:
    pitch = nearest_pitch(pitch_class, target, low, low + span)
    assert pitch % 12 == pitch_class
    assert low <= pitch <= low + span


@each_case("scale", SCALES)
@each_case("tonic", range(12))
def test_keys_both_ways(tonic: int, scale: str) -> None:
    key = Key(tonic, scale)
    assert Key.parse(str(key)) == Key.from_live(tonic, scale) == key


@each_case(
    "text, key",
    [
        ("A minor", Key(9, "Minor")),
        ("Am", Key(9, "Minor")),
        ("a min", Key(9, "Minor")),
        ("C", Key(0, "Major")),
        ("CM", Key(0, "Major")),
        ("F# dorian", Key(6, "Dorian")),
        ("Bb MIXOLYDIAN", Key(10, "Mixolydian")),
        ("E♭ aeolian", Key(3, "Minor")),
        ("G 8-tone spanish", Key(7, "8-Tone Spanish")),
    ],
)
def test_keys_as_people_write_them(text: str, key: Key) -> None:
    assert Key.parse(text) == key


@each_case("text", ["", "H major", "C wonky", "12", "Amaj7b5"])
def test_invalid_keys_raise(text: str) -> None:
    with pytest.raises(ParamError, match="key must be a tonic"):
        Key.parse(text)


@each_case("quality", QUALITIES)
@each_case("root", range(12))
def test_chords_both_ways(root: int, quality: tuple[str, str]) -> None:
    for bass in (None, (root + 7) % 12, (root + 10) % 12, (root + 6) % 12):
        chord = Chord(root, quality[1], bass)
        assert Chord.parse(chord.symbol) == chord
        assert Chord.parse(chord.harte) == chord


def test_chord_symbols_are_unambiguous() -> None:
    names = [name for quality in QUALITIES for name in (quality.symbol, *quality.other_symbols)]
    assert len(names) == len(set(names))
    assert len({quality.harte for quality in QUALITIES}) == len(QUALITIES)


@each_case("text", ["", "H7", "Cfoo", "C:foo", "A:min7/x", "C//E", "/E", "am7"])
def test_invalid_chords_raise(text: str) -> None:
    with pytest.raises(ParamError, match="chord must be"):
        Chord.parse(text)


@each_case(
    "text, meter, spans",
    [
        ("Am F", "4/4", [(0, 4, "Am"), (4, 8, "F")]),
        ("Am | F G", "4/4", [(0, 4, "Am"), (4, 6, "F"), (6, 8, "G")]),
        (
            "| Am7 Dm7/G G7 | % |",
            "4/4",
            [(0, 2, "Am7"), (2, 3, "Dm7/G"), (3, 4, "G7"), (4, 6, "Am7"), (6, 7, "Dm7/G"), (7, 8, "G7")],
        ),
        ("Am F", "6/8", [(0, 3, "Am"), (3, 6, "F")]),
        ("Am F | G", "7/8", [(0, 2, "Am"), (2, 3.5, "F"), (3.5, 7, "G")]),
        ("Am N.C. | F", "4/4", [(0, 2, "Am"), (4, 8, "F")]),
        (
            "C D E F G | A",
            "4/4",
            [(0, 0.8, "C"), (0.8, 1.6, "D"), (1.6, 2.4, "E"), (2.4, 3.2, "F"), (3.2, 4, "G"), (4, 8, "A")],
        ),
        ("", "4/4", []),
    ],
)
def test_progressions_are_read(text: str, meter: str, spans: list[tuple[float, float, str]]) -> None:
    found = parse_progression(text, Meter.parse(meter))
    for span, (start, end, symbol) in zip(found, spans, strict=True):
        assert [span.start, span.end] == pytest.approx([start, end])
        assert str(span.chord) == symbol
    assert not text or format_progression(found, Meter.parse(meter), 1)


@each_case("text, problem", [("% | C", "repeat sign"), ("C | | D", "bar 2"), ("C Zm", "chord must")])
def test_invalid_progressions_raise(text: str, problem: str) -> None:
    with pytest.raises(ParamError, match=problem):
        parse_progression(text)


def test_chords_are_found_by_place() -> None:
    spans = repeat_progression(parse_progression("Am F"), 20.0, 8.0)
    assert [str(chord_at(spans, beat)) for beat in (0.0, 3.99, 4.0, 8.0, 16.0, 19.9, 20.0)] == [
        *("Am", "Am", "F", "Am", "Am", "Am", "None"),
    ]


@each_case("text", ["4/4", "3/4", "5/4", "6/8", "7/8", "12/8", "2/2", "15/16", "99/1"])
def test_meters_both_ways(text: str) -> None:
    meter = Meter.parse(text)
    assert str(meter) == text
    assert sum(meter.pulses) == pytest.approx(meter.bar_beats)


@each_case("text", ["4", "4/3", "0/4", "100/4", "4/32", "x/4"])
def test_invalid_meters_raise(text: str) -> None:
    with pytest.raises(ParamError, match="meter must be"):
        Meter.parse(text)


@given(st.floats(1.0, 3.5), st.sampled_from([0.5, 1.0]), st.floats(0, 1000), st.floats(0, 1000))
def test_swing_keeps_order_and_has_an_inverse(ratio: float, pair: float, one: float, other: float) -> None:
    swing = Swing(ratio, pair)
    assert swing.unwarp(swing.warp(one)) == pytest.approx(one, abs=1e-9)
    assert (one <= other) == (swing.warp(one) <= swing.warp(other)) or abs(one - other) < 1e-9


def test_contexts_both_ways_through_json() -> None:
    drums = Clip.of("beat", 4.0, [Note(0.0, 36, 0.25, 100), Note(1.0, 38, 0.25, 90, True, 0.5, 10.0, 30.0)])
    context = MusicalContext.plain(
        96.5, "7/8", "F# dorian", "F#m7 | B7/A", swing=1.4, parts=[Part("drums", "Beat", drums)]
    )
    assert decode_context(json.loads(json.dumps(encode_context(context)))) == context
    empty = MusicalContext()
    assert decode_context(json.loads(json.dumps(encode_context(empty)))) == empty
    assert decode_context({}) == empty


@each_case(
    "data, problem",
    [
        ({"tempo": 5}, "tempo must be 20 to 999"),
        ({"tempo": "fast"}, "context must be"),
        ({"tempo": {"value": "x"}}, "tempo must be a number"),
        ({"key": {"value": 5}}, "key must be a text"),
        ({"meter": "4/5"}, "meter must be"),
        ({"key": "H"}, "key must be"),
        ({"chords": "Am Q"}, "chord must be"),
        ({"chords": [{"start": 0, "end": 4, "chord": "Am"}, {"start": 2, "end": 6, "chord": "F"}]}, "at or after"),
        ({"colour": "red"}, "unknown field"),
        ({"parts": [{"role": "kazoo", "name": "", "length": 4, "notes": []}]}, "role"),
        ({"parts": [{"role": "bass", "name": "", "length": 4, "notes": [[0, 36.5, 1, 90]]}]}, "whole pitch"),
        ({"swing": 9}, "swing must be"),
        ({"tempo": {"value": 100, "confidence": 2}}, "confidence must be"),
    ],
)
def test_invalid_contexts_raise(data: dict[str, object], problem: str) -> None:
    with pytest.raises(ParamError, match=problem):
        decode_context(data)


def test_a_context_knows_its_parts_and_how_long_its_chords_last() -> None:
    bass = Part("bass", "B", Clip.of("b", 4.0, [GOOD_NOTE]))
    context = MusicalContext.plain(chords="Am F | G", parts=[Part("drums", "silent", Clip("d", 4.0)), bass])
    assert context.part("bass") is bass
    assert context.part("drums") is None
    assert context.chords_length == 8.0
    with pytest.raises(ParamError, match="one of set, clip, user, guess"):
        Estimate(1.0, source="rumour")  # type: ignore[arg-type]


def test_a_piano_roll_has_a_row_a_pitch_and_parts_its_systems() -> None:
    clip = Clip.of("r", 12.0, [Note(0.0, 60, 0.5, 120), Note(9.0, 62, 1.0, 60)], Meter(3, 4))
    rows = draw_piano_roll(clip, steps_per_beat=2, bars_per_system=2).splitlines()
    assert rows == [
        "D4 |      |      |",
        "C4 |█     |      |",
        "",
        "D4 |      |▒─    |",
        "C4 |      |      |",
    ]
