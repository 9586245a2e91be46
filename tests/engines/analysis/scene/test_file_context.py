"""Passages of files as contexts: the bars that were asked for, in the one tempo and meter that a clip can have."""

from __future__ import annotations

import pytest

from musearoo.engines.analysis.scene.file_context import Passage, PassageRequest, read_passage
from musearoo.engines.errors import ParamError
from musearoo.engines.music.meter import Meter
from musearoo.engines.music.midi_files.score import DRUM_CHANNEL, Controller, ControllerKind, MidiScore, MidiTrack
from musearoo.engines.music.note import Note
from musearoo.engines.music.scale import Key
from musearoo.engines.music.tempo_map import TempoMap
from musearoo.engines.styles.kit_maps import KitMap
from tests.each_case import each_case

C, F, G = (60, 64, 67), (60, 65, 69), (59, 62, 67)
CHORDS = tuple(
    Note(4.0 * bar, pitch, 4.0, 80.0) for bar, chord in enumerate((C, F, G, C) * 2) for pitch in sorted(chord)
)
BASS = tuple(Note(float(beat), 36 + 5 * (beat // 4 % 2), 1.0, 90.0) for beat in range(32))
BEAT = tuple(Note(float(beat), 36 if beat % 2 == 0 else 38, 0.5, 100.0) for beat in range(32))
TRACKS = (
    MidiTrack("Piano", 0, CHORDS, (), 32.0),
    MidiTrack("Bass", 1, BASS, (), 32.0),
    MidiTrack("", DRUM_CHANNEL, BEAT, (), 32.0),
)
FILE = MidiScore(TRACKS, TempoMap(((0.0, 100.0),)), keys=((0.0, Key.parse("F")),))
CHANGING = MidiScore(
    (MidiTrack("Piano", 0, CHORDS, (), 32.0),),
    TempoMap(((0.0, 120.0), (8.0, 60.0), (30.0, 90.0))),
    ((0.0, Meter()), (8.0, Meter(3, 4)), (14.0, Meter(6, 8))),
)


def read(score: MidiScore = FILE, **wish: object) -> Passage:
    return read_passage(score, PassageRequest(**wish), "song.mid")  # type: ignore[arg-type]


def test_the_whole_of_a_plain_file() -> None:
    passage = read()
    context = passage.context
    assert (context.bpm, context.tempo.source, context.meter.value) == (100.0, "clip", Meter())
    assert context.key.value == Key.parse("F")
    assert [(part.role, part.name) for part in context.parts] == [
        ("harmony", "Piano"),
        ("bass", "Bass"),
        ("drums", "drums"),
    ]
    assert [(span.start, span.chord.root) for span in context.chords[:2]] == [(0.0, 0), (4.0, 5)]
    assert passage.sentences == ("Heard bars 1 to 8 of song.mid: 4/4, 100 BPM, F major; Piano, Bass, drums.",)


def test_a_passage_is_counted_from_its_own_first_bar() -> None:
    (part, *_) = read(first_bar=2, bars=2).context.parts
    assert part.clip.length == 8.0
    assert [(note.start, note.pitch) for note in part.clip.notes] == [(0.0, p) for p in F] + [
        (4.0, p) for p in sorted(G)
    ]


def test_what_reaches_into_a_passage_or_out_of_it_is_cut() -> None:
    pad = MidiTrack("Pad", 0, (Note(2.0, 60, 30.0, 80.0),), (), 32.0)
    (part,) = read(MidiScore((pad,)), first_bar=2, bars=3).context.parts
    assert [(note.start, note.duration) for note in part.clip.notes] == [(0.0, 12.0)]


def test_the_part_that_is_to_be_made_anew_is_left_out() -> None:
    passage = read(without="bass")
    assert "bass" not in {part.role for part in passage.context.parts}
    assert passage.sentences[-1] == "Left out, for the new part takes its place: Bass."
    assert passage.program is None
    picked = MidiTrack("Bass", 1, BASS, (Controller(0.0, ControllerKind.PROGRAM, 34),), 32.0)
    assert read(MidiScore((TRACKS[0], picked)), without="bass").program == 34


def test_a_passage_may_hold_nothing_but_what_is_made_anew() -> None:
    passage = read(MidiScore(TRACKS[1:2]), without="bass")
    assert passage.context.parts == ()
    assert passage.sentences[0].endswith("; nothing beside it.")


@each_case(
    "first, bars, last, meter, bpm, starts",
    [
        (1, 2, 2, Meter(), 120.0, [0.0, 4.0]),
        (1, 8, 2, Meter(), 120.0, [0.0, 4.0]),
        (3, 2, 4, Meter(3, 4), 60.0, [0.0, 4.0]),
        (4, 8, 4, Meter(3, 4), 60.0, [0.0, 1.0]),
        (5, 8, 10, Meter(6, 8), 62.308, [0.0, 2.0, 6.0, 10.0, 14.0]),
    ],
)
def test_a_passage_has_one_meter_and_one_tempo(
    first: int, bars: int, last: int, meter: Meter, bpm: float, starts: list[float]
) -> None:
    passage = read(CHANGING, first_bar=first, bars=bars)
    assert (passage.first_bar, passage.last_bar) == (first, last)
    assert passage.context.meter.value == meter
    assert passage.context.bpm == pytest.approx(bpm, abs=1e-3)
    (part,) = passage.context.parts
    assert sorted({note.start for note in part.clip.notes}) == starts


def test_it_is_told_where_the_meter_changes_and_where_the_file_ends() -> None:
    assert read(CHANGING).sentences[1] == (
        "After bar 2 its meter changes to 3/4: what was heard up to there is taken to go on."
    )
    passage = read(CHANGING, first_bar=5)
    assert passage.sentences[0].startswith("Heard bars 5 to 10 of song.mid: 6/8, 62.308 BPM (the mean of 2 tempos)")
    assert passage.sentences[1].startswith("After bar 10 it ends")
    assert passage.tempos.changes == ((0.0, 60.0), (16.0, 90.0))


def test_c_major_is_what_programs_write_of_themselves_and_is_not_believed() -> None:
    minor = MidiTrack(
        "Piano",
        0,
        tuple(Note(n / 2, 57 + step, 0.5, 80.0) for n, step in enumerate((0, 3, 7, 11, 12, 8) * 8)),
        (),
        32.0,
    )
    assert read(MidiScore((minor,), keys=((0.0, Key.parse("C")),))).context.key.value != Key.parse("C")
    assert read(MidiScore((minor,), keys=((0.0, Key.parse("E minor")),))).context.key.value == Key.parse("E minor")
    asked = read(key=Key.parse("D minor"), chords="Dm | Gm").context
    assert (asked.key.value, asked.key.source) == (Key.parse("D minor"), "user")
    assert [(span.start, span.chord.symbol) for span in asked.chords] == [(0.0, "Dm"), (4.0, "Gm")]


def test_a_file_without_a_tempo_is_told_so() -> None:
    passage = read(MidiScore(TRACKS, has_tempo=False))
    assert (passage.context.bpm, passage.context.tempo.confidence) == (120.0, 0.0)
    assert "it has no tempo" in passage.sentences[0]


def test_a_hundred_tracks_are_not_all_named() -> None:
    passage = read(MidiScore(TRACKS[1:2] * 100))
    assert len(passage.context.parts) == 100
    assert passage.sentences[0].endswith("Bass, Bass 2, Bass 3, Bass 4, Bass 5, Bass 6, Bass 7, Bass 8 and 92 more.")


def test_drums_are_read_by_their_kit() -> None:
    low = MidiTrack("", DRUM_CHANNEL, tuple(Note(float(beat), 24, 0.5, 90.0) for beat in range(32)), (), 32.0)
    (part,) = read(MidiScore((low,)), kit=KitMap("low", {"kick": 24})).context.parts
    assert {note.pitch for note in part.clip.notes} == {36}


@each_case(
    "score, wish, words",
    [
        (FILE, {"first_bar": 9}, "first bar must be 1 to 8, as song.mid has them, but was 9"),
        (CHANGING, {"first_bar": 11}, "1 to 10"),
        (MidiScore(), {}, "bars must be some in which song.mid plays, but was '1 to 1'"),
        (MidiScore((MidiTrack("", 0, (Note(30.0, 60, 1.0, 90.0),), (), 32.0),)), {"bars": 4}, "but was '1 to 4'"),
        (MidiScore(TRACKS, TempoMap(((0.0, 5.0),))), {}, "tempo must be 20 to 999 BPM"),
    ],
)
def test_what_cannot_be_taken_is_told(score: MidiScore, wish: dict[str, object], words: str) -> None:
    with pytest.raises(ParamError, match=words):
        read(score, **wish)
